"""Kokoro-82M: phonemes and a style vector in, 24 kHz samples out. ``kokoro_networks`` computes the network."""

import json
import logging
from functools import cache
from pathlib import Path

import numpy as np
import onnxruntime

from models.audio import Pcm, Samples
from models.catalogue import Voice
from models.engines import kokoro_networks as networks
from models.engines.base import ChunkLimits, EngineError, settings_for
from models.phonemes import phonemes
from models.phonemes.stress import StressUnavailable
from models.weights import MODEL_SHA256

logger = logging.getLogger("voicen.kokoro")

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
    """One network, safe to share among threads."""

    name = "kokoro"
    sample_rate = 24_000

    def __init__(self, model: Path, threads: int = 1, data_dir: Path | None = None, runtime: str = "auto") -> None:
        """Load the model file by one of ``networks.RUNTIMES``; EngineError when it cannot be done.

        ``data_dir`` keeps what the fast runtime makes of the file.
        """
        self._network: networks.Network | None = networks.load(model, data_dir, threads, runtime)
        logger.info("Kokoro is computed by %s (%s), threads: %d", self.runtime, self.reason, threads)
        self._vocabulary = vocabulary()
        self._styles = styles()

    def version(self, voice: Voice) -> str:
        """Weights and runtime, the same for all voices."""
        return f"{MODEL_SHA256} {self.runtime} {onnxruntime.__version__}"

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
        """Give the network's memory back."""
        network, self._network = self._network, None
        if network is not None:
            network.close()

    @property
    def runtime(self) -> str:
        """What computes the network."""
        return self._network.runtime if self._network else "none"

    @property
    def reason(self) -> str:
        """Why that."""
        return self._network.reason if self._network else "closed"

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
        network = self._network
        if network is None:
            raise EngineError("the engine is closed", code="engine_closed")
        return network.run(np.array([[_END, *ids, _END]], dtype=np.int64), style[np.newaxis], speed)


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
