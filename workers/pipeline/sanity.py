"""Whether a sound can be the speech of its text: what a network returns when it fails looks like audio too.

Nothing here understands words. A network that stumbles swallows part of the text, falls silent inside it or goes on
after it, and each shows in lengths and levels alone.
"""

import math
import re
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from models.audio import Pcm
from models.catalogue import Voice
from models.engines.base import EngineError
from models.pronunciations import PATTERN, sounds, without_marks
from workers.pipeline import loudness

IMPLAUSIBLE = "implausible_speech"
FAULTS = frozenset({"empty_audio", "broken_audio", "silent_audio", IMPLAUSIBLE})
"""The codes that a `Fault` may have."""

# Below -80 dBFS nobody hears anything: the engine has spoken nothing.
_INAUDIBLE = 10 ** (-80 / 20)

# What may come on top of the letters, in seconds: a word alone is drawn out, and every mark is a short rest. Longer
# ones are no part of the length: they are looked at by themselves.
_START = 0.8
_SHORT_REST = 0.25
# The longest rest of the Kokoro voices, between two sentences, takes 0.6 s.
LONGEST_SILENCE = 1.5
# Writers ask for a long rest with these, and some voices give it.
LONGEST_SILENCE_AT_DASH = 2.5
_DASH = re.compile(r"[—–…]|\.\.")

# Levels of the Kokoro voices, taken over 50 ms, vary by 2.6 dB at least within 1.5 s (within one second a held vowel
# may keep to 1.2); a hum or hiss stays within 1. A chunk whose end is shorter than that is not looked at.
_STEADY_DB = 1.5
_STEADY_FRAME = 0.050
_SHORTEST_TAIL = 1.5

_MARKS = re.compile(r"[^\w\s]+")
_RUN = re.compile(r"(\w)\1+")


@dataclass(frozen=True, slots=True)
class Plausible:
    """What speech of one voice by one engine is like.

    `fastest` and `slowest` are seconds a letter, rests not counted. `seeds` is how many different readings of one text
    are worth asking for: 1 where the engine gives the same one each time. `steady` says that the sound has no levels.
    """

    fastest: float
    slowest: float
    seeds: int = 1
    steady: bool = False


# Kokoro: what its nine voices do lies well inside; a voice's own band in voices.toml is narrower. An engine that is not
# listed is only held to what no voice at all can do, and the test tone, which stands for any sound, to less.
_ANY = Plausible(fastest=0.02, slowest=0.40)
_BY_ENGINE = {
    "kokoro": Plausible(fastest=0.030, slowest=0.18),
    "coqui": Plausible(fastest=0.025, slowest=0.25, seeds=3),
    "tone": Plausible(fastest=0.0, slowest=0.25, steady=True),
}


@dataclass(frozen=True, slots=True)
class Fault:
    """Why a sound is no speech of its text; the reason holds figures and no text."""

    code: str
    reason: str


def plausible(voice: Voice, engine: str) -> Plausible:
    """The engine's figures at the voice's speed, with the voice's own ``band`` where voices.toml has one.

    Raises a permanent EngineError when that is no pair of growing positive numbers.
    """
    figures = _BY_ENGINE.get(engine, _ANY)
    band = voice.engines.get(engine, {}).get("band")
    if band is None:
        return _at(voice.speed, figures)
    match band:
        case [float() | int() as fastest, float() | int() as slowest] if 0 < fastest < slowest < math.inf:
            return _at(voice.speed, replace(figures, fastest=float(fastest), slowest=float(slowest)))
    raise EngineError(
        f"voice {voice.id}: engines.{engine}.band is {band!r}, not two growing numbers of seconds a letter",
        code="voice_not_supported",
        permanent=True,
    )


def _at(speed: float, figures: Plausible) -> Plausible:
    return replace(figures, fastest=figures.fastest / speed, slowest=figures.slowest / speed)


def fault(pcm: Pcm, text: str, figures: Plausible) -> Fault | None:
    """The first thing that is wrong with the raw sound of `text`; None when it may pass."""
    return _no_sound(pcm) or _wrong_length(pcm, text, figures) or _silence(pcm, text) or _hum(pcm, text, figures)


def _no_sound(pcm: Pcm) -> Fault | None:
    if pcm.samples.size == 0:
        return Fault("empty_audio", "the engine returned no audio")
    if not np.isfinite(pcm.samples).all():
        return Fault("broken_audio", "the engine returned samples that are not numbers")
    if np.abs(pcm.samples).max() < _INAUDIBLE:
        return Fault("silent_audio", "the engine returned silence")
    return None


def _wrong_length(pcm: Pcm, text: str, figures: Plausible) -> Fault | None:
    """From the first to the last loud frame: silence at the edges is cut, and tells nothing."""
    frames, gaps = loudness.loud_frames(pcm), _gaps(pcm)
    rests = gaps[gaps > _SHORT_REST].sum()
    seconds = float(frames[-1] + 1 - frames[0]) * loudness.FRAME - float(rests)
    # A word that carries its sounds is spoken as one or the other: not every engine reads sounds.
    readings = without_marks(text), PATTERN.sub(sounds, text)
    fewest = min(letters(_RUN.sub(r"\1", reading)) for reading in readings)
    most = max(map(letters, readings))
    longest = figures.slowest * most + _SHORT_REST * len(_MARKS.findall(readings[0])) + _START
    if seconds < figures.fastest * fewest:
        return Fault(IMPLAUSIBLE, f"{fewest} letters were spoken in {seconds:.2f} s, which is too fast")
    if seconds > longest:
        return Fault(IMPLAUSIBLE, f"{most} letters were spoken in {seconds:.2f} s, which is too slow")
    return None


def _silence(pcm: Pcm, text: str) -> Fault | None:
    longest = float(_gaps(pcm).max(initial=0.0))
    if longest <= (LONGEST_SILENCE_AT_DASH if _DASH.search(text) else LONGEST_SILENCE):
        return None
    return Fault(IMPLAUSIBLE, f"there is a silence of {longest:.1f} s inside the speech")


def _gaps(pcm: Pcm) -> NDArray[np.float64]:
    """Seconds between each loud frame and the next."""
    return (np.diff(loudness.loud_frames(pcm)) - 1) * loudness.FRAME


def _hum(pcm: Pcm, text: str, figures: Plausible) -> Fault | None:
    """The last third holds one level, which no speech does, unless the text is one letter again and again."""
    written = without_marks(text)
    if figures.steady or 2 * letters(_RUN.sub(r"\1", written)) < letters(written):
        return None
    frames, length = loudness.loud_frames(pcm), loudness.frame_samples(pcm)
    spoken = pcm.samples[frames[0] * length : (frames[-1] + 1) * length]
    tail = Pcm(spoken[-(spoken.size // 3) :], pcm.sample_rate)
    if tail.duration < _SHORTEST_TAIL:
        return None
    energies = loudness.power(tail, round(_STEADY_FRAME * pcm.sample_rate))[:-1]  # the last one is shorter
    if np.std(10 * np.log10(energies + np.finfo(np.float32).tiny)) >= _STEADY_DB:
        return None
    return Fault(IMPLAUSIBLE, f"the speech ends in a hum of {tail.duration:.1f} s")


def letters(text: str) -> int:
    """How many letters the text has; marks and digits are none."""
    return sum(map(str.isalpha, text))
