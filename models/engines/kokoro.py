"""Kokoro-82M, int8, on onnxruntime: phonemes and a style vector in, 24 kHz samples out."""

import json
from functools import cache
from pathlib import Path

import numpy as np
import onnxruntime

from models.audio import Pcm, Samples
from models.catalogue import Voice
from models.engines.base import ChunkLimits, EngineError, settings_for
from models.phonemes import phonemes
from models.phonemes.stress import StressUnavailable
from models.weights import MODEL_SHA256

_DATA = Path(__file__).parent.parent / "data"

# The network takes 510 positions and two of them are the ends of the sequence. Beyond some 300 ids it begins
# to hurry (16 to 20 % faster near the end of its window). From 40 to 220 it was understood equally well; of those a
# short piece is best, since a greeting that arrives while a book is read waits for the piece in hand.
MAXIMUM_IDS = 508
_END = 0


class KokoroRuler:
    """Limits are in token ids (one a phoneme symbol)."""

    limits = ChunkLimits(target=110, maximum=220)

    def measure(self, text: str, voice: Voice) -> int:
        """Token ids without the two ends."""
        return len(_symbols(text, voice))


class Kokoro(KokoroRuler):
    """One session, safe to share among threads."""

    name = "kokoro"
    sample_rate = 24_000

    def __init__(self, model: Path, threads: int = 1) -> None:
        """Load the model file; EngineError when onnxruntime cannot."""
        self._session: onnxruntime.InferenceSession | None = _open_session(model, threads)
        self._vocabulary = vocabulary()
        self._styles = styles()

    def version(self, voice: Voice) -> str:
        """Weights and runtime, the same for all voices."""
        return f"{MODEL_SHA256} {onnxruntime.__version__}"

    def speak(self, text: str, voice: Voice) -> Pcm:
        """See the contract. The text must fit in MAXIMUM_IDS; the caller cuts, this refuses."""
        style = self._style(voice)
        ids = [self._vocabulary[symbol] for symbol in _symbols(text, voice)]
        if not ids:
            raise EngineError("nothing in the text can be spoken", code="nothing_to_speak", permanent=True)
        if len(ids) > MAXIMUM_IDS:
            raise EngineError(f"{len(ids)} phonemes are more than {MAXIMUM_IDS}", code="text_too_long", permanent=True)
        samples = self._run(ids, style[len(ids)], voice.speed)
        if samples.size == 0 or not np.isfinite(samples).all():
            raise EngineError("the network gave no usable sound", code="bad_output")
        return Pcm(samples, self.sample_rate)

    def close(self) -> None:
        """Give the session's memory back."""
        self._session = None

    def _style(self, voice: Voice) -> Samples:
        name = settings_for(voice, self.name).get("style")
        try:
            return self._styles[str(name)]
        except KeyError:
            raise EngineError(
                f"voice {voice.id}: there is no Kokoro style {name!r}",
                code="voice_not_supported",
                permanent=True,
            ) from None

    def _run(self, ids: list[int], style: Samples, speed: float) -> Samples:
        if self._session is None:
            raise EngineError("the engine is closed", code="engine_closed")
        tokens = np.array([[_END, *ids, _END]], dtype=np.int64)
        inputs = {"tokens": tokens, "style": style[np.newaxis], "speed": np.array([speed], dtype=np.float32)}
        try:
            (samples,) = self._session.run(None, inputs)
        except _RUNTIME_ERRORS as error:
            raise EngineError(f"onnxruntime failed: {type(error).__name__}") from error
        return np.asarray(samples, dtype=np.float32).reshape(-1)


def _symbols(text: str, voice: Voice) -> str:
    try:
        return phonemes(text, voice.language)
    except StressUnavailable as error:
        raise EngineError(str(error), code="stress_unavailable") from error


@cache
def vocabulary() -> dict[str, int]:
    """Token id by phoneme symbol."""
    ids: dict[str, int] = json.loads((_DATA / "kokoro_vocab.json").read_text(encoding="utf-8"))
    return ids


@cache
def styles() -> dict[str, Samples]:
    """Style vectors by name: a row of 256 for every number of ids."""
    with np.load(_DATA / "kokoro_styles.npz", allow_pickle=False) as archive:
        return {name: archive[name] for name in archive.files}


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


def _open_session(model: Path, threads: int) -> onnxruntime.InferenceSession:
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = threads
    options.inter_op_num_threads = 1
    # A waiting thread sleeps instead of spinning: other workers of the host need the core, and on two busy cores
    # two threads were no slower for it. The memory arena stays on: without it the peak rose from 0.56 to 1 GB.
    options.add_session_config_entry("session.intra_op.allow_spinning", "0")
    options.log_severity_level = 3  # errors; its warnings about the graph help nobody who runs the service
    try:
        return onnxruntime.InferenceSession(str(model), options, providers=["CPUExecutionProvider"])
    except _RUNTIME_ERRORS as error:
        raise EngineError(f"onnxruntime cannot load {model.name}: {type(error).__name__}") from error
