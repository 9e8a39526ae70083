"""One chunk of text to audio that can stand beside any other: checked, trimmed, at the voice's level."""

import numpy as np

from models.audio import Pcm
from models.catalogue import Voice
from models.engines.base import Engine, EngineError

# The edges are cut where frames of 10 ms first and last rise above this part of the loudest one. Relative and not to
# full scale: raw levels differ by 11 dB between voices, and a fixed threshold would eat the soft consonants of quiet
# ones. Power and not single samples, and not lower: one voice hisses for 0.7 s after its last word, 36 to 40 dB below
# its loudest frame. In the other voices -30 and -45 dB are no further apart than what is kept below.
TRIM_BELOW_PEAK_DB = -32.0
FRAME = 0.010
"""Seconds over which power is taken."""
LEAD_KEPT = 0.030
"""Seconds kept before the first sound, so that its onset stays natural."""
TAIL_KEPT = 0.120
"""Seconds kept after the last one, for the room to fade."""

# Below -80 dBFS nobody hears anything: the engine has spoken nothing.
_SILENCE = 10 ** (-80 / 20)


def speak(text: str, voice: Voice, engine: Engine) -> Pcm:
    """`text` in this voice, with edges trimmed and the voice's gain applied; peaks may lie beyond 1.

    Raises EngineError: what the engine raises, or its audio is empty, silent or not a number.
    """
    raw = engine.speak(text, voice)
    _check(raw.samples)
    gain = 10 ** (voice.gain_db / 20)
    return Pcm(samples=trim(raw).samples * np.float32(gain), sample_rate=raw.sample_rate)


def trim(pcm: Pcm) -> Pcm:
    """`pcm` without the silence at its edges but for what is kept; it must hold a sound."""
    length = round(FRAME * pcm.sample_rate)
    power = np.add.reduceat(np.square(pcm.samples), np.arange(0, pcm.samples.size, length))
    loud = np.flatnonzero(power >= power.max() * 10 ** (TRIM_BELOW_PEAK_DB / 10))
    start = max(0, int(loud[0]) * length - round(LEAD_KEPT * pcm.sample_rate))
    end = (int(loud[-1]) + 1) * length + round(TAIL_KEPT * pcm.sample_rate)
    return Pcm(samples=pcm.samples[start:end], sample_rate=pcm.sample_rate)


def _check(samples: np.ndarray[tuple[int], np.dtype[np.float32]]) -> None:
    if samples.size == 0:
        raise EngineError("the engine returned no audio", code="empty_audio", permanent=False)
    if not np.isfinite(samples).all():
        raise EngineError("the engine returned samples that are not numbers", code="broken_audio", permanent=False)
    if np.abs(samples).max() < _SILENCE:
        raise EngineError("the engine returned silence", code="silent_audio", permanent=False)
