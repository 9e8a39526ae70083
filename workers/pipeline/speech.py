"""One chunk of text to audio that can stand beside any other: checked, trimmed, at the voice's level.

A network sometimes stumbles: it swallows words, falls silent or does not end. What cannot be the speech of its text is
spoken again with another seed, then in two parts; what is still wrong then is refused with its reason.
"""

import logging
from collections.abc import Iterator
from dataclasses import replace

import numpy as np

from models.audio import Pcm, Samples
from models.catalogue import Voice
from models.engines.base import ChunkLimits, Engine, EngineError
from workers.pipeline import loudness, sanity
from workers.pipeline.chunking import Chunk, Rest, Utterance, split

logger = logging.getLogger("voicen.speech")

LEAD_KEPT = 0.030
"""Seconds kept before the first sound, so that its onset stays natural."""
TAIL_KEPT = 0.120
"""Seconds kept after the last one, for the room to fade."""

# An engine's own word for a sound that is none: worth another seed or a split like what is found here.
_NO_SPEECH = frozenset({"bad_output"})


def speak(text: str, voice: Voice, engine: Engine, sound: Pcm | None = None) -> Pcm:
    """`text` in this voice, with edges trimmed and the voice's gain applied; peaks may lie beyond 1.

    `sound` is what the engine has given for it already, among other texts; only if that will not do is it asked again.

    Raises EngineError: what the engine raises, or, with the fault's code, what it speaks is not the text.
    """
    gain = 10 ** (voice.gain_db / 20)
    spoken = _whole_or_split(text, voice, engine, sound)
    return Pcm(samples=spoken.samples * np.float32(gain), sample_rate=spoken.sample_rate)


def trim(pcm: Pcm) -> Pcm:
    """`pcm` without the silence at its edges but for what is kept; it must hold a sound."""
    length = loudness.frame_samples(pcm)
    loud = loudness.loud_frames(pcm)
    start = max(0, int(loud[0]) * length - round(LEAD_KEPT * pcm.sample_rate))
    end = (int(loud[-1]) + 1) * length + round(TAIL_KEPT * pcm.sample_rate)
    return Pcm(samples=pcm.samples[start:end], sample_rate=pcm.sample_rate)


def _whole_or_split(text: str, voice: Voice, engine: Engine, sound: Pcm | None) -> Pcm:
    try:
        return _spoken(text, voice, engine, sound)
    except EngineError as error:
        parts = _parts(text, voice.language) if _is_fault(error) else []
        if len(parts) < 2:
            raise
        logger.warning("voice %d: %s; it is spoken in %d parts", voice.id, error, len(parts))
        return _joined([(_spoken(part.text, voice, engine), part.pause_ms) for part in parts])


def _spoken(text: str, voice: Voice, engine: Engine, sound: Pcm | None = None) -> Pcm:
    """The first plausible reading, trimmed. Raises EngineError with the last one's fault."""
    figures = sanity.plausible(voice, engine.name)
    for seed in range(1, figures.seeds):
        try:
            return _plausible(text, voice, engine, figures, sound)
        except EngineError as error:
            if not _is_fault(error):
                raise
            sound = None
            logger.warning("voice %d: %s; another seed is tried (%d of %d)", voice.id, error, seed, figures.seeds - 1)
            voice = _with_next_seed(voice, engine.name)
    return _plausible(text, voice, engine, figures, sound)


def _plausible(text: str, voice: Voice, engine: Engine, figures: sanity.Plausible, sound: Pcm | None) -> Pcm:
    raw = engine.speak(text, voice) if sound is None else sound
    fault = sanity.fault(raw, text, figures)
    if fault is not None:
        raise EngineError(fault.reason, code=fault.code)
    return trim(raw)


def _is_fault(error: EngineError) -> bool:
    """Whether the engine has spoken, but not the text; anything else is not mended by another try at once."""
    return error.code in sanity.FAULTS | _NO_SPEECH


def _with_next_seed(voice: Voice, engine: str) -> Voice:
    """The same voice, whose engine starts from another seed than voices.toml says."""
    settings = dict(voice.engines.get(engine, {}))
    settings["seed"] = int(settings.get("seed", 0)) + 1
    return replace(voice, engines={**voice.engines, engine: settings})


def _parts(text: str, language: str) -> list[Chunk]:
    """`text` cut near its middle where it is heard least, never inside a word; less than two when it is one word.

    Measured in letters: every word has at least one, so none is as long as all together, and none is cut.
    """
    if not _has_words(text):
        return []
    size = sanity.letters(text)
    limits = ChunkLimits(target=-(-size // 2), maximum=size - 1)
    return list(split([Utterance(text.strip(), Rest.WORD)], limits, sanity.letters, language))


def _has_words(text: str) -> bool:
    return sum(sanity.letters(word) > 0 for word in text.split()) > 1


def _joined(parts: list[tuple[Pcm, int]]) -> Pcm:
    """Parts with the rests between them."""
    return Pcm(np.concatenate(list(_with_rests(parts))), parts[0][0].sample_rate)


def _with_rests(parts: list[tuple[Pcm, int]]) -> Iterator[Samples]:
    for number, (pcm, pause_ms) in enumerate(parts, start=1):
        yield pcm.samples
        if number < len(parts):
            yield np.zeros(round(pause_ms * pcm.sample_rate / 1000), dtype=np.float32)
