"""The compiled part of ``kokoro_blocks`` and ``hifigan``: ``kernels.c``, built once with the host's C compiler.

``python -m models.engines.kernels`` builds it beside the source, for an image that has no compiler.
"""

import ctypes
import hashlib
import os
import platform
import shutil
import subprocess
from pathlib import Path
from typing import TYPE_CHECKING

from models.engines.errors import EngineError

if TYPE_CHECKING:
    from models.audio import Samples
    from models.engines.hifigan import Block

_SOURCE = Path(__file__).with_suffix(".c")
_BUILT = Path(__file__).with_suffix(".so")
_FLAGS = ("-O3", "-fno-math-errno", "-fno-trapping-math", "-ffp-contract=fast", "-shared", "-fPIC")
_SECONDS = 300
# No newer instructions than these: an image or a data folder may come to another host.
_X86_FLAGS = ("avx2", "fma")


# Of kernels.c: channels come in groups, and the weights of a product in panels of columns.
GROUP, COLUMNS = 32, 16


class LayerStruct(ctypes.Structure):
    """``struct layer`` of kernels.c. Who makes one keeps the arrays that it points to."""

    _fields_ = (
        *((name, ctypes.c_long) for name in ("taps", "dilation", "tile", "n")),
        *((name, ctypes.c_void_p) for name in ("forward", "back", "panels", "bias")),
    )


class Kernels:
    """The functions of the library. Arrays are single precision, contiguous but for the rows of a phase."""

    def __init__(self, library: Path) -> None:
        """EngineError when it cannot be loaded, as from a folder that forbids programs."""
        try:
            functions = ctypes.CDLL(str(library))
            self._snake = functions.kokoro_snake
            self._forward = functions.kokoro_forward
            self._back = functions.kokoro_back
            self._leaky_block = functions.leaky_block
        except (OSError, AttributeError) as error:
            raise EngineError(f"{library.name} cannot be loaded: {error}", code="kernels_missing") from error
        pointer, number = ctypes.c_void_p, ctypes.c_long
        self._snake.argtypes = [pointer, *[number] * 5, *[pointer] * 3]
        self._forward.argtypes = [pointer, *[number] * 4, *[pointer] * 2]
        self._back.argtypes = [pointer, *[number] * 4, *[pointer] * 2, *[number] * 3, pointer]
        self._leaky_block.argtypes = [pointer, number, number, ctypes.c_float, pointer, *[number] * 3, *[pointer] * 3]
        for function in (self._snake, self._forward, self._back, self._leaky_block):
            function.restype = None

    def snake(self, rows: "Samples", begin: int, gain: "Samples", offset: "Samples", padded: "Samples") -> None:
        """Snake of ``rows * gain + offset`` from row ``begin`` on, zeros beyond its ends."""
        stride = rows.strides[0] // rows.itemsize
        wanted, channels = padded.shape
        pointers = (array.ctypes.data for array in (gain, offset, padded))
        self._snake(rows.ctypes.data, stride, len(rows), begin, wanted, channels, *pointers)

    def forward(self, padded: "Samples", tile: int, transform: "Samples", points: "Samples") -> None:
        """The tiles of ``padded`` to ``points`` [n, tiles, channels]."""
        size, tiles, channels = points.shape
        self._forward(padded.ctypes.data, channels, tiles, tile, size, transform.ctypes.data, points.ctypes.data)

    def back(self, products: "Samples", transform: "Samples", target: "Samples", sums: "Samples", *, add: bool) -> None:
        """Write (or ``add``) the outputs to the rows ``target``; ``sums`` [2, channels]: of them, of their squares."""
        size, tiles, channels = products.shape
        stride = target.strides[0] // target.itemsize
        self._back(
            *(products.ctypes.data, channels, tiles, len(transform), size, transform.ctypes.data),
            *(target.ctypes.data, stride, len(target), add, sums.ctypes.data),
        )

    def leaky_block(
        self, block: "Block", sound: "Samples", stream: "Samples", other: "Samples", scratch: "Samples"
    ) -> None:
        """The block's output for ``sound`` [steps, channels] in as many rows of ``stream``; ``other`` is work space."""
        steps, channels = sound.shape
        self._leaky_block(
            *(ctypes.addressof(block.layers), len(block.layers), block.depth, block.slope),
            *(sound.ctypes.data, steps, channels, block.tiles),
            *(array.ctypes.data for array in (stream, other, scratch)),
        )


def kernels_in(folder: Path) -> Kernels:
    """The kernels, compiled into the folder at first use. Several processes may ask at once. Raises EngineError."""
    flags = [*_FLAGS, *_machine_flags()]
    if _BUILT.is_file():
        return Kernels(_BUILT)
    name = hashlib.sha256(_SOURCE.read_bytes() + " ".join(flags).encode()).hexdigest()[:16]
    library = folder / f"kernels-{name}.so"
    if not library.is_file():
        _compile(library, flags)
    return Kernels(library)


def _machine_flags() -> list[str]:
    if platform.machine() != "x86_64":
        return []
    try:
        known = Path("/proc/cpuinfo").read_text().split("\n\n", 1)[0].split()
    except OSError:
        known = []
    if not set(_X86_FLAGS) <= set(known):
        raise EngineError("the processor has no AVX2", code="kernels_missing")
    return [f"-m{flag}" for flag in _X86_FLAGS]


def _compile(library: Path, flags: list[str]) -> None:
    """Under a name of this process, then renamed: nobody ever loads half a library."""
    compiler = next(filter(None, map(shutil.which, ("cc", "gcc", "clang"))), None)
    if compiler is None:
        raise EngineError("there is no C compiler (apt-get install gcc)", code="kernels_missing")
    part = library.with_suffix(f".{os.getpid()}.part")
    command = [compiler, *flags, str(_SOURCE), "-o", str(part), "-lm"]
    try:
        done = subprocess.run(command, capture_output=True, text=True, timeout=_SECONDS, check=False)
        if done.returncode:
            reason = (done.stderr.strip().splitlines() or ["no reason given"])[0]
            raise EngineError(f"the C compiler failed: {reason}", code="kernels_missing")
        part.replace(library)
    except (OSError, subprocess.TimeoutExpired) as error:
        raise EngineError(f"the kernels cannot be compiled: {type(error).__name__}", code="kernels_missing") from error
    finally:
        part.unlink(missing_ok=True)


if __name__ == "__main__":
    _compile(_BUILT, [*_FLAGS, *_machine_flags()])
