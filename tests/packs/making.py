"""Small files of voice packs, made without torch: what torch.save writes, and what it never would."""

import io
import json
import pickle
import struct
import zipfile
from collections import OrderedDict
from pathlib import Path

TENSOR_PICKLE = pickle.dumps({"model": OrderedDict(step=1), "config": {"hop": 256, "name": "vits"}}, protocol=2)
EVIL_PICKLE = b"\x80\x02cposix\nsystem\nX\x0a\x00\x00\x00touch evil\x85R."


def checkpoint(data: bytes = TENSOR_PICKLE, weights: bytes = b"\x00" * 64) -> bytes:
    """A zip archive such as torch.save writes, with this pickle and one storage."""
    return archive([("archive/data.pkl", data), ("archive/version", b"3\n"), ("archive/data/0", weights)])


def archive(members: list[tuple[str, bytes]], compression: int = zipfile.ZIP_STORED) -> bytes:
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", compression) as file:
        for name, content in members:
            file.writestr(zipfile.ZipInfo(name), content, compression)
    return target.getvalue()


def safetensors(tensors: bytes = b"\x00" * 8) -> bytes:
    header = json.dumps({"a": {"dtype": "F32", "shape": [2], "data_offsets": [0, len(tensors)]}}).encode()
    return struct.pack("<Q", len(header)) + header + tensors


def model_folder(folder: Path, weights: bytes = b"\x01" * 100) -> Path:
    """A folder with a Coqui VITS model's files."""
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "config.json").write_text('{"model": "vits"}', encoding="utf-8")
    (folder / "model.pth").write_bytes(checkpoint(weights=weights))
    return folder
