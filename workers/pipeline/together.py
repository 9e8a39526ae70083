"""Chunks of voices that are alike to the engine, spoken in one go, each with an end of its own.

What the engine cannot do with all of them it is asked for with half: that mends a memory that is too small, and leaves
a chunk that cannot be spoken alone at last, with the blame.
"""

import logging
from collections.abc import Callable, Iterator, Sequence

from models.audio import Pcm
from models.catalogue import Voice
from models.engines.base import Engine, EngineError, SpeaksTogether
from workers.pipeline.chunking import Chunk
from workers.pipeline.joining import encode_chunk
from workers.pipeline.speech import speak

logger = logging.getLogger("voicen.speech")

Spoken = tuple[int, bytes | Exception]
"""A place in the sequence of chunks, and its audio with the rest after it, s16le mono, or why there is none."""


def speak_together(
    chunks: Sequence[Chunk], voices: Sequence[Voice], engine: Engine, before_each: Callable[[], None]
) -> Iterator[Spoken]:
    """Each chunk once in its voice, as soon as it is spoken, checked and mended as if it were spoken alone.

    `before_each` is called before each work of the engine; what it raises ends the iteration.
    """
    # Of one length as far as it goes: short ones wait for the longest of their batch.
    places = sorted(range(len(chunks)), key=lambda place: len(chunks[place].text))
    if isinstance(engine, SpeaksTogether):
        yield from _in_halves(places, chunks, voices, engine, before_each)
        return
    for place in places:
        before_each()
        yield place, _checked(chunks[place], voices[place], engine)


def _in_halves(
    places: Sequence[int],
    chunks: Sequence[Chunk],
    voices: Sequence[Voice],
    engine: Engine,
    before_each: Callable[[], None],
) -> Iterator[Spoken]:
    before_each()
    if len(places) == 1:
        yield places[0], _checked(chunks[places[0]], voices[places[0]], engine)
        return
    sounds = _batch([chunks[place].text for place in places], [voices[place] for place in places], engine)
    if sounds is not None:
        for place, sound in zip(places, sounds, strict=True):
            yield place, _checked(chunks[place], voices[place], engine, sound)
        return
    middle = len(places) // 2
    yield from _in_halves(places[:middle], chunks, voices, engine, before_each)
    yield from _in_halves(places[middle:], chunks, voices, engine, before_each)


def _batch(texts: list[str], voices: list[Voice], engine: Engine) -> list[Pcm] | None:
    """The raw sounds; None when something is wrong with one of the texts, or with all at once."""
    assert isinstance(engine, SpeaksTogether)  # noqa: S101 - the caller has looked
    try:
        sounds = engine.speak_batch(texts, voices)
    except Exception as error:  # noqa: BLE001 - whatever it is, it need not be the fault of every text
        code = error.code if isinstance(error, EngineError) else type(error).__name__
        logger.warning("voice %s: %d chunks together failed (%s); they are halved", _named(voices), len(texts), code)
        return None
    if len(sounds) != len(texts):
        logger.error("voice %s: %d texts gave %d sounds; they are halved", _named(voices), len(texts), len(sounds))
        return None
    return sounds


def _named(voices: list[Voice]) -> str:
    return ", ".join(str(number) for number in dict.fromkeys(voice.id for voice in voices))


def _checked(chunk: Chunk, voice: Voice, engine: Engine, sound: Pcm | None = None) -> bytes | Exception:
    try:
        return encode_chunk(speak(chunk.text, voice, engine, sound), chunk.pause_ms, chunk.lead_ms)
    except Exception as error:  # noqa: BLE001 - handed to whoever ends the chunk
        return error
