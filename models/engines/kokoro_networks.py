"""What computes Kokoro's network: onnxruntime alone, or onnxruntime with the residual blocks done here.

``winograd`` is the faster one on a processor; docs/speed.md has the figures. ``cuda`` and ``tensorrt`` give the whole
graph to onnxruntime's GPU providers.
"""

import logging
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Protocol

import numpy as np
import onnxruntime
from numpy.typing import NDArray
from threadpoolctl import threadpool_limits

from models.audio import Samples
from models.engines.base import EngineError
from models.engines.kernels import Kernels, kernels_in
from models.engines.kokoro_blocks import Affine, Workshop
from models.engines.kokoro_parts import NOISE, RESIDUAL, StyledBlock, blocks_of, parts_of

logger = logging.getLogger("voicen.kokoro")

RUNTIMES = ("auto", "winograd", "onnxruntime", "cuda", "tensorrt")
_PROVIDERS = {
    "onnxruntime": ["CPUExecutionProvider"],
    "cuda": ["CUDAExecutionProvider", "CPUExecutionProvider"],
    "tensorrt": ["TensorrtExecutionProvider", "CUDAExecutionProvider", "CPUExecutionProvider"],
}
_SET = "set"
_STYLE = 128  # numbers of a style vector that the vocoder takes; the others are for the prosody

_STATE = onnxruntime.capi.onnxruntime_pybind11_state
# onnxruntime's exceptions have no base class of their own; these are what a model file or a run can raise.
_RUNTIME_ERRORS = (
    _STATE.Fail,
    _STATE.RuntimeException,
    _STATE.InvalidArgument,
    _STATE.InvalidGraph,
    _STATE.InvalidProtobuf,
    _STATE.NoSuchFile,
    _STATE.NotImplemented,
    RuntimeError,
    MemoryError,
)


class Network(Protocol):
    """Safe to share among threads; the same inputs give the same bytes on one machine."""

    @property
    def runtime(self) -> str:
        """One of RUNTIMES."""

    @property
    def reason(self) -> str:
        """Why this one, in a word: see `ChoosesRuntime`."""

    def run(self, tokens: NDArray[np.int64], style: Samples, speed: float = 1.0) -> Samples:
        """The sound [samples] of token ids [1, n] in a style [1, 256], at this tempo. Raises EngineError."""

    def close(self) -> None:
        """Free the memory; it is not run afterwards."""


def load(model: Path, data_dir: Path | None, threads: int, runtime: str) -> Network:
    """The network by the chosen runtime; ``auto`` takes the faster one that works here.

    ``data_dir`` keeps what is made of the model; without one ``auto`` is ``onnxruntime``. Raises EngineError.
    """
    if runtime == "auto":
        return _fastest(model, data_dir, threads)
    if runtime != "winograd":
        return Whole(model, threads, runtime)
    if data_dir is None:
        raise EngineError("runtime winograd needs a data folder", code="parts_missing")
    return _split(model, data_dir, threads)


def _fastest(model: Path, data_dir: Path | None, threads: int) -> Network:
    if data_dir is None:
        return Whole(model, threads, "onnxruntime", "no_data_folder")
    if _multiplies_tiles():
        return Whole(model, threads, "onnxruntime", "amx")
    try:
        return _split(model, data_dir, threads, "fastest")
    except EngineError as error:
        logger.warning("Kokoro runs on onnxruntime alone, which is slower: %s", error)
        return Whole(model, threads, "onnxruntime", error.code)


def _split(model: Path, data_dir: Path, threads: int, reason: str = _SET) -> "Split":
    parts = parts_of(model, data_dir)
    return Split(parts, threads, kernels_in(parts.parent), reason)


def _multiplies_tiles() -> bool:
    """Does the processor multiply tiles of bytes (AMX)? Then onnxruntime's eight bits should be the faster ones."""
    try:
        return "amx_int8" in Path("/proc/cpuinfo").read_text().split("\n\n", 1)[0].split()
    except OSError:
        return False


def _tempo(speed: float) -> Samples:
    return np.array([speed], dtype=np.float32)


class Whole:
    """The model file as it is, in one session."""

    def __init__(self, model: Path, threads: int, runtime: str, reason: str = _SET) -> None:
        providers = _PROVIDERS[runtime]
        if providers[0] not in onnxruntime.get_available_providers():
            raise EngineError(f"onnxruntime has no {providers[0]} here", code="runtime_missing")
        self.runtime, self.reason = runtime, reason
        self._session: onnxruntime.InferenceSession | None = open_session(model, threads, providers)

    def run(self, tokens: NDArray[np.int64], style: Samples, speed: float = 1.0) -> Samples:
        """See Network."""
        (samples,) = _run(self._session, {"tokens": tokens, "style": style, "speed": _tempo(speed)})
        return np.asarray(samples, dtype=np.float32).reshape(-1)

    def close(self) -> None:
        """See Network."""
        self._session = None


class Split:
    """Three sessions and the residual blocks between them."""

    runtime = "winograd"

    def __init__(self, folder: Path, threads: int, kernels: Kernels | None, reason: str = _SET) -> None:
        self.reason = reason
        self._kernels = kernels
        # The blocks share their work among threads by themselves, and workers share the machine's cores: a product
        # that took threads of its own would take them from others.
        threadpool_limits(limits=1, user_api="blas")
        self._threads = threads
        sessions = (open_session(folder / f"{part}.onnx", threads) for part in ("front", "middle", "tail"))
        self._front, self._middle, self._tail = sessions
        self._blocks = blocks_of(folder)
        self._idle: list[Workshop] = []
        self._lock = threading.Lock()
        self._closed = False

    def run(self, tokens: NDArray[np.int64], style: Samples, speed: float = 1.0) -> Samples:
        """See Network."""
        if self._closed:
            raise EngineError("the engine is closed", code="engine_closed")
        voice = style[0, :_STYLE]
        with self._workshop() as workshop:
            low, high, sound = _run(self._front, {"tokens": tokens, "style": style, "speed": _tempo(speed)})
            sound = self._stage(0, low, sound, voice, workshop)
            (sound,) = _run(self._middle, {self._middle.get_inputs()[0].name: sound})
            sound = self._stage(1, high, sound, voice, workshop)
            (samples,) = _run(self._tail, {self._tail.get_inputs()[0].name: sound})
        return np.asarray(samples, dtype=np.float32).reshape(-1)

    def close(self) -> None:
        """See Network."""
        with self._lock:
            self._closed = True
            for workshop in self._idle:
                workshop.close()
            self._idle.clear()
        self._front = self._middle = self._tail = None
        self._blocks = {}

    def _stage(self, number: int, noise: Samples, sound: Samples, style: Samples, workshop: Workshop) -> Samples:
        """The excitation through its block joins the sound [1, channels, steps]; the mean of three blocks of that."""
        stream = np.ascontiguousarray(noise[0].T)
        stream = _speak(self._blocks[NOISE[number]], stream, style, workshop)
        stream += self._blocks[NOISE[number]].block.bias
        stream += sound[0].T
        first, *others = (self._blocks[name] for name in RESIDUAL[number])
        total = _speak(first, stream, style, workshop)
        for other in others:
            total += _speak(other, stream, style, workshop)
        total += sum(styled.block.bias for styled in (first, *others))
        total /= np.float32(len(RESIDUAL[number]))
        return np.ascontiguousarray(total.T)[np.newaxis]

    @contextmanager
    def _workshop(self) -> Iterator[Workshop]:
        """One that nobody else uses meanwhile."""
        with self._lock:
            workshop = self._idle.pop() if self._idle else Workshop(self._threads, self._kernels)
        try:
            yield workshop
        finally:
            with self._lock:
                if self._closed:
                    workshop.close()
                else:
                    self._idle.append(workshop)


def _speak(styled: StyledBlock, sound: Samples, style: Samples, workshop: Workshop) -> Samples:
    affines = []
    for weight, base in styled.affines:
        scale, shift = np.split(style @ weight + base, 2)
        affines.append(Affine(1 + scale, shift))
    return workshop.block(sound, styled.block, affines)


def _run(session: onnxruntime.InferenceSession | None, inputs: dict[str, NDArray[np.generic]]) -> list[Samples]:
    if session is None:
        raise EngineError("the engine is closed", code="engine_closed")
    try:
        outputs: list[Samples] = session.run(None, inputs)
    except _RUNTIME_ERRORS as error:
        raise EngineError(f"onnxruntime failed: {type(error).__name__}") from error
    return outputs


def open_session(
    model: Path, threads: int, providers: list[str] = _PROVIDERS["onnxruntime"]
) -> onnxruntime.InferenceSession:
    """A session on the file; EngineError when onnxruntime cannot."""
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = threads
    options.inter_op_num_threads = 1
    # A waiting thread sleeps instead of spinning: other workers of the host need the core, and on two busy cores
    # two threads were no slower for it. The memory arena stays on: without it the peak rose from 0.56 to 1 GB.
    options.add_session_config_entry("session.intra_op.allow_spinning", "0")
    options.log_severity_level = 3  # errors; its warnings about the graph help nobody who runs the service
    try:
        return onnxruntime.InferenceSession(str(model), options, providers=providers)
    except _RUNTIME_ERRORS as error:
        raise EngineError(f"onnxruntime cannot load {model.name}: {type(error).__name__}") from error
