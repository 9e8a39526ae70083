"""Kokoro's model file cut in five: what onnxruntime runs before, between and after the vocoder's residual blocks, and
the blocks' weights as ``kokoro_blocks`` takes them.

Made once from the checked model file, in a process of its own that gives its memory back, and kept in the data folder:
210 MB, of which the processes of a host share the matrices in memory.
"""

import json
import os
import shutil
import subprocess
import sys
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from models.audio import Samples
from models.engines.base import EngineError
from models.engines.kokoro_blocks import Block, Layer
from models.engines.winograd import transformed, transforms
from models.weights import locked, sha256_of

if TYPE_CHECKING:
    import onnx

# Another number for another layout of the files: they are made anew.
FORMAT = 1
BYTES = 220_000_000
NOISE = ("noise_res.0", "noise_res.1")
RESIDUAL = (("resblocks.0", "resblocks.1", "resblocks.2"), ("resblocks.3", "resblocks.4", "resblocks.5"))

_TAPS = {"noise_res.0": 7, "noise_res.1": 11} | {f"resblocks.{i}": (3, 7, 11)[i % 3] for i in range(6)}
_DILATIONS = (1, 3, 5)
_GRAPH, _WEIGHTS = "/decoder/decoder/generator/", "decoder.decoder.generator."
_FILES = ("front.onnx", "middle.onnx", "tail.onnx", "matrices.npy", "vectors.npz")
_CUTS = {
    "front.onnx": (
        ("tokens", "style", "speed"),
        (
            f"{_GRAPH}noise_convs.0/Conv_output_0",
            f"{_GRAPH}noise_convs.1/Conv_output_0",
            f"{_GRAPH}ups.0/ConvTranspose_output_0",
        ),
    ),
    "middle.onnx": ((f"{_GRAPH}Div_2_output_0",), (f"{_GRAPH}reflection_pad/Pad_output_0",)),
    "tail.onnx": ((f"{_GRAPH}Div_4_output_0",), ("audio",)),
}
_CONTENTS = "contents.json"
_PROJECT = Path(__file__).resolve().parents[2]
_SECONDS = 900  # to make the parts: some ten on an idle machine


@dataclass(frozen=True, slots=True)
class StyledBlock:
    """A block, and what makes its norms' scales and shifts of a style: [128, 2 · channels] and [2 · channels] each."""

    block: Block
    affines: tuple[tuple[Samples, Samples], ...]


def parts_of(model: Path, data_dir: Path) -> Path:
    """The folder with the parts of this checked model file, made at first use. Several processes may ask at once.

    Raises EngineError (``parts_missing``) when it cannot be made.
    """
    folder = data_dir / "weights" / f"{model.stem}.parts"
    if _is_good(folder):
        return folder
    command = [sys.executable, "-m", "models.engines.kokoro_parts", str(model.resolve()), str(folder.resolve())]
    try:
        made = subprocess.run(command, cwd=_PROJECT, capture_output=True, text=True, timeout=_SECONDS, check=False)
    except (OSError, subprocess.TimeoutExpired) as error:
        raise _missing(type(error).__name__) from error
    if made.returncode or not _is_good(folder):
        raise _missing((made.stderr.strip().splitlines() or [f"exit status {made.returncode}"])[-1])
    return folder


def blocks_of(folder: Path) -> dict[str, StyledBlock]:
    """The blocks by name; their matrices are mapped from the file, read-only."""
    matrices = np.asarray(np.load(folder / "matrices.npy", mmap_mode="r"))
    with np.load(folder / "vectors.npz", allow_pickle=False) as vectors:
        place = 0
        blocks = {}
        for name, taps in _TAPS.items():
            layers, affines = [], []
            for key, dilation in _layers(name):
                alpha = vectors[f"{key}.alpha"]
                shape = (len(transforms(taps).forward), alpha.size, alpha.size)
                size = int(np.prod(shape))
                layers.append(Layer(matrices[place : place + size].reshape(shape), alpha, taps, dilation))
                affines.append((vectors[f"{key}.style"], vectors[f"{key}.base"]))
                place += size
            blocks[name] = StyledBlock(Block(tuple(layers), vectors[f"{name}.bias"]), tuple(affines))
    return blocks


def _missing(reason: str) -> EngineError:
    return EngineError(f"the parts of Kokoro's model cannot be made: {reason}", code="parts_missing")


def _layers(block: str) -> list[tuple[str, int]]:
    """``block.convolution.step`` and dilation, in the order in which they are computed."""
    return [
        (f"{block}.{convolution}.{step}", dilation if convolution == 1 else 1)
        for step, dilation in enumerate(_DILATIONS)
        for convolution in (1, 2)
    ]


# --- Checking -------------------------------------------------------------------------------------------------------


def _is_good(folder: Path) -> bool:
    """Is everything there and whole? Believes time stamps that fit, else hashes."""
    try:
        contents = json.loads((folder / _CONTENTS).read_text())
        if contents["format"] != FORMAT or set(contents["files"]) != set(_FILES):
            return False
        for name, known in contents["files"].items():
            status = (folder / name).stat()
            if status.st_size != known["bytes"]:
                return False
            if status.st_mtime_ns != known["mtime_ns"] and sha256_of(folder / name) != known["sha256"]:
                return False
    except (OSError, ValueError, KeyError, TypeError):
        return False
    return True


def _contents(folder: Path) -> dict[str, Any]:
    files = {}
    for name in _FILES:
        status = (folder / name).stat()
        files[name] = {"bytes": status.st_size, "mtime_ns": status.st_mtime_ns, "sha256": sha256_of(folder / name)}
    return {"format": FORMAT, "files": files}


# --- Making: runs in a process of its own ---------------------------------------------------------------------------


def make(model: Path, folder: Path) -> None:
    """Make the folder unless another process has. OSError when the disk does not let it."""
    folder.parent.mkdir(parents=True, exist_ok=True)
    with locked(folder.with_suffix(".parts.lock")):
        if _is_good(folder):
            return
        making = folder.with_suffix(".parts.making")  # one name, under the lock: what a killed process left goes
        shutil.rmtree(making, ignore_errors=True)
        shutil.rmtree(folder, ignore_errors=True)
        if (free := shutil.disk_usage(folder.parent).free) < BYTES:
            raise OSError(f"{BYTES / 1e6:.0f} MB are needed and {free / 1e6:.0f} MB free in {folder.parent}")
        try:
            making.mkdir()
            _write(model, making)
            (making / _CONTENTS).write_text(json.dumps(_contents(making), indent=1))
            for file in making.iterdir():
                _sync(file)
            making.replace(folder)
            _sync(folder.parent)
        finally:
            shutil.rmtree(making, ignore_errors=True)


def _write(model: Path, folder: Path) -> None:
    import onnx
    from onnx.helper import make_tensor_value_info
    from onnx.utils import Extractor

    network = onnx.load(model)
    known = {value.name for value in network.graph.value_info}
    for inputs, outputs in _CUTS.values():
        for name in {*inputs, *outputs} - known - {"tokens", "style", "speed", "audio"}:
            sizes: list[str | int | None] = [1, f"{name}_channels", f"{name}_steps"]
            network.graph.value_info.append(make_tensor_value_info(name, onnx.TensorProto.FLOAT, sizes))
    extractor = Extractor(network)
    for file, (inputs, outputs) in _CUTS.items():
        onnx.save(extractor.extract_model(list(inputs), list(outputs)), folder / file)
    _write_blocks(_Reader(network), folder)


def _write_blocks(reader: "_Reader", folder: Path) -> None:
    matrices: list[Samples] = []
    vectors: dict[str, Samples] = {}
    for name in _TAPS:
        for key, _ in _layers(name):
            _, _, convolution, step = key.split(".")
            alpha = reader.values(f"{_WEIGHTS}{name}.alpha{convolution}.{step}").reshape(-1)
            weight = reader.weight(f"{_GRAPH}{name}/convs{convolution}.{step}/Conv_quant")
            matrices.append(transformed(weight / alpha[np.newaxis, :, np.newaxis]).reshape(-1))
            affine = f"{name}/adain{convolution}.{step}/fc/Gemm_MatMul_quant"
            vectors[f"{key}.alpha"] = alpha
            vectors[f"{key}.style"] = reader.weight(f"{_GRAPH}{affine}")
            vectors[f"{key}.base"] = reader.values(f"{_WEIGHTS}{name}.adain{convolution}.{step}.fc.bias")
        biases = [reader.values(f"{_WEIGHTS}{name}.convs2.{step}.bias") for step in range(len(_DILATIONS))]
        vectors[f"{name}.bias"] = np.sum(biases, axis=0, dtype=np.float32)
    np.save(folder / "matrices.npy", np.concatenate(matrices))
    np.savez(folder / "vectors.npz", allow_pickle=False, **vectors)


class _Reader:
    """Weights of the network by name, in single precision."""

    def __init__(self, network: "onnx.ModelProto") -> None:
        self._initializers = {tensor.name: tensor for tensor in network.graph.initializer}
        self._nodes = {node.name: node for node in network.graph.node}

    def values(self, name: str) -> Samples:
        from onnx.numpy_helper import to_array

        return np.array(to_array(self._initializers[name]), dtype=np.float32)

    def weight(self, node: str) -> Samples:
        """The second input of an integer product, as the numbers that its scale and zero point stand for."""
        _, weight, _, zero = self._nodes[node].input
        return (self.values(weight) - self.values(zero)) * self.values(f"{weight.removesuffix('_quantized')}_scale")


def _sync(path: Path) -> None:
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


if __name__ == "__main__":
    with suppress(KeyboardInterrupt):
        try:
            make(Path(sys.argv[1]), Path(sys.argv[2]))
        except (OSError, ImportError) as reason:
            sys.exit(str(reason))
