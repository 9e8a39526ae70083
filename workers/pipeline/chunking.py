"""Splits what is spoken into chunks that an engine speaks at once: whole sentences, packed up to its target.

A stream: memory holds one reading and two chunks, whatever the length of the text.
"""

import math
import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass

from models.engines.base import ChunkLimits

Measure = Callable[[str], int]

# Pauses in milliseconds, beside the 150 ms of quiet that `speech` leaves around every chunk. A quarter of a
# second between sentences is what the chunk lengths of the Kokoro voices were measured with; a paragraph
# is heard as one when its pause is about twice that; a cut inside a sentence should not be heard at all.
PARAGRAPH_PAUSE = 600
SENTENCE_PAUSE = 250
CLAUSE_PAUSE = 100
WORD_PAUSE = 0

# What the space between two units adds to the sum of their sizes.
_SPACE = 1

_AFTER_SENTENCE = re.compile(r"(?<=[.!?…])\s+")
# Where what is too long is cut, best first.
_CUTS = (_AFTER_SENTENCE, re.compile(r"(?<=[,;:—])\s+"), re.compile(r"\s+"))


@dataclass(frozen=True, slots=True)
class Chunk:
    """A part of the spoken text, and how long to rest after it."""

    index: int
    text: str
    pause_ms: int


@dataclass(frozen=True, slots=True)
class _Unit:
    """A piece of text that stays whole (mostly a sentence) and its size in the engine's units."""

    text: str
    size: int


def split(readings: Iterable[str], limits: ChunkLimits, measure: Measure) -> Iterator[Chunk]:
    """Chunks whose texts, concatenated, are the readings, concatenated; none if there is no letter.

    Every chunk has a letter and measures at most `limits.maximum`. White space stays at the end of a chunk;
    a reading that ends with a line break closes one. `measure` may be roughly additive: it is asked once for
    every sentence and once for every chunk.
    """
    sentences = _with_letters(piece for reading in readings for piece in _pieces(reading, _AFTER_SENTENCE))
    units = (unit for sentence in sentences for unit in _units(sentence, limits, measure))
    texts = _packed(units, limits, measure)
    index = 0
    text = next(texts, None)
    while text is not None:
        following = next(texts, None)
        yield Chunk(index, text, 0 if following is None else _pause_after(text))
        index, text = index + 1, following


def _pause_after(text: str) -> int:
    if text.endswith("\n"):
        return PARAGRAPH_PAUSE
    last = text.rstrip()[-1]
    if last in ".!?…":
        return SENTENCE_PAUSE
    return CLAUSE_PAUSE if last in ",;:—" else WORD_PAUSE


def _pieces(text: str, gap: re.Pattern[str]) -> Iterator[str]:
    """`text` cut after every `gap`."""
    start = 0
    for found in gap.finditer(text):
        yield text[start : found.end()]
        start = found.end()
    if start < len(text):
        yield text[start:]


def _with_letters(pieces: Iterable[str]) -> Iterator[str]:
    """The pieces; one that holds no letter is attached to the piece before it, or after it at the start."""
    held = ""
    for piece in pieces:
        if _has_letter(held) and _has_letter(piece):
            yield held
            held = piece
        else:
            held += piece
    if _has_letter(held):
        yield held


def _has_letter(text: str) -> bool:
    return any(map(str.isalpha, text))


def _packed(units: Iterable[_Unit], limits: ChunkLimits, measure: Measure) -> Iterator[str]:
    """Units joined up to the target, or a little above it rather than leave a few syllables alone."""
    small = limits.target // 4
    text, size = "", 0
    for unit in units:
        room = limits.target + (small if unit.size < small else 0)
        if text and (text.endswith("\n") or size + unit.size > min(room, limits.maximum)):
            yield from _within_maximum(text, limits, measure)
            text, size = "", 0
        text, size = text + unit.text, size + unit.size + _SPACE
    if text:
        yield from _within_maximum(text, limits, measure)


def _within_maximum(text: str, limits: ChunkLimits, measure: Measure) -> Iterator[str]:
    """`text` itself, as the sum of its units has promised; cut again should the promise not hold."""
    return (unit.text for unit in _units(text, limits, measure))


def _units(text: str, limits: ChunkLimits, measure: Measure) -> Iterator[_Unit]:
    """`text` whole when it measures at most the maximum, else cut at clauses, at words, inside a word."""
    size = measure(text)
    if size <= limits.maximum:
        yield _Unit(text, size)
        return
    for piece in _cut(text, size, limits, measure):
        yield from _units(piece, limits, measure)


def _cut(text: str, size: int, limits: ChunkLimits, measure: Measure) -> Iterator[str]:
    for gap in _CUTS:
        pieces = list(_with_letters(_pieces(text, gap)))
        if len(pieces) > 1:
            return _evenly(pieces, size, limits, measure)
    return _halves(text)


def _evenly(pieces: list[str], size: int, limits: ChunkLimits, measure: Measure) -> Iterator[str]:
    """The pieces joined into parts of equal size near the target, so that no last word stays alone."""
    sizes = [measure(piece) for piece in pieces]
    # Never one part: that would be the text that was to be cut.
    share = sum(sizes) / max(2, math.ceil(size / limits.target))
    part, part_size = pieces[0], sizes[0]
    for piece, piece_size in zip(pieces[1:], sizes[1:], strict=True):
        if part_size + piece_size / 2 >= share or part_size + piece_size > limits.maximum:
            yield part
            part, part_size = "", 0
        part, part_size = part + piece, part_size + piece_size
    yield part


def _halves(word: str) -> Iterator[str]:
    """An endless word in two parts that both start with a letter (a stress mark stays at its vowel)."""
    starts = [position for position, character in enumerate(word) if character.isalpha()]
    if len(starts) < 2:
        raise ValueError("one letter measures more than the engine's maximum")
    middle = starts[len(starts) // 2]
    yield word[:middle]
    yield word[middle:]
