"""Where models run, and with how many threads."""

import contextlib
import ctypes
import gc
import logging
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar

import torch

from models.engines.errors import EngineError
from models.engines.kernels import Kernels, kernels_in

logger = logging.getLogger("voicen.coqui")

_ARENA_MAX = -8  # malloc.h of glibc

Item = TypeVar("Item")
Result = TypeVar("Result")


@dataclass(frozen=True, slots=True)
class Device:
    """A CPU or one GPU. ``decoding`` is the precision of networks that make samples of frames: they bear half.

    ``kernels`` compute such networks on a CPU; without them torch does, which is slower.
    """

    torch: torch.device
    decoding: torch.dtype = torch.float32
    kernels: Kernels | None = None

    @property
    def is_cuda(self) -> bool:
        """Whether it is a GPU."""
        return bool(self.torch.type == "cuda")


def choose(name: str, kernels_dir: Path | None = None) -> Device:
    """The device that "auto", "cpu", "cuda" or "cuda:1" means here; a permanent EngineError when it is not there.

    ``kernels_dir`` is where a CPU's kernels are compiled into; None: it does without.

    The first question about CUDA makes a process unfit to fork: this is called in the process that speaks.
    """
    if name == "cpu" or (name == "auto" and not torch.cuda.is_available()):
        return Device(torch.device("cpu"), kernels=None if kernels_dir is None else _kernels(kernels_dir))
    try:
        device = torch.device("cuda" if name == "auto" else name)
    except RuntimeError as error:
        raise _not_there(name, "it is not auto, cpu, cuda or cuda:NUMBER") from error
    if device.type != "cuda":
        raise _not_there(name, "it is not auto, cpu, cuda or cuda:NUMBER")
    if not torch.cuda.is_available():
        raise _not_there(name, "torch finds no CUDA device here")
    if (device.index or 0) >= torch.cuda.device_count():
        raise _not_there(name, f"there are {torch.cuda.device_count()} CUDA devices, counted from 0")
    return Device(device, decoding=torch.float16)


def _kernels(folder: Path) -> Kernels | None:
    try:
        folder.mkdir(parents=True, exist_ok=True)
        return kernels_in(folder)
    except (EngineError, OSError) as error:
        logger.warning("torch alone decodes speech, which is slower: %s", error)
        return None


def _not_there(name: str, reason: str) -> EngineError:
    return EngineError(f"VOICEN_DEVICE is {name!r}: {reason}", code="device_not_there", permanent=True)


def set_threads(count: int) -> None:
    """Threads of one operation, for the whole process; operations run one after another."""
    torch.set_num_threads(count)
    # Can be said once in a process, before the first work; what was said before stays.
    with contextlib.suppress(RuntimeError):
        torch.set_num_interop_threads(1)


class Lanes:
    """Threads of which each computes on its own: `count` pieces of work go side by side."""

    def __init__(self, count: int) -> None:
        self.count = count
        _share_freed_memory()
        self._pool = ThreadPoolExecutor(count, thread_name_prefix="lane", initializer=lambda: torch.set_num_threads(1))

    def map(self, work: Callable[[Item], Result], items: Sequence[Item]) -> list[Result]:
        """`work` on each item, in their order. Raises what the first failing one raises."""
        try:
            return list(self._pool.map(work, items))
        finally:
            # A lane's own setting is also what torch gives to threads that it sees for the first time
            torch.set_num_threads(self.count)

    def close(self) -> None:
        """End the threads; the work that waits is dropped."""
        self._pool.shutdown(wait=False, cancel_futures=True)


def _share_freed_memory() -> None:
    """Threads that are new take memory from one heap: with one for each, what a thread frees no other one can use.

    Two threads took 10 % less that way in all, at the same speed: a network asks for little, but large memory.
    """
    with contextlib.suppress(OSError, AttributeError):
        ctypes.CDLL("libc.so.6").mallopt(_ARENA_MAX, 1)


def in_halves(work: Callable[[Sequence[Item]], list[Result]], items: Sequence[Item]) -> list[Result]:
    """`work` on all items at once; when a GPU's memory is too small, on two halves one after the other, and so on.

    A single item that does not fit is an EngineError that may be tried again: something else may have had the memory.
    """
    try:
        return work(items)
    except torch.OutOfMemoryError as error:
        if len(items) == 1:
            raise EngineError("one piece of text does not fit in the GPU's memory", code="out_of_memory") from error
    # Outside of the handler: the error's traceback keeps the tensors of the failed try alive.
    release()
    middle = len(items) // 2
    return in_halves(work, items[:middle]) + in_halves(work, items[middle:])


def release() -> None:
    """Give memory that nothing uses back to the system and to other processes on the GPU."""
    gc.collect()
    if torch.cuda.is_available() and torch.cuda.is_initialized():
        torch.cuda.empty_cache()
    with contextlib.suppress(OSError, AttributeError):
        ctypes.CDLL("libc.so.6").malloc_trim(0)
