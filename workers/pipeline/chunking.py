"""Splits what is spoken into chunks that an engine speaks at once: whole sentences, packed up to its target.

A stream: memory holds one sentence and two chunks, whatever the length of the text.

For somebody who listens while it is spoken the first chunks are short (`early`): sound begins when the first one is
spoken, and the second has to be spoken while the first is heard.
"""

import math
import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from enum import Enum
from itertools import accumulate, chain, pairwise

from models.engines.base import ChunkLimits
from workers.pipeline import phrasing
from workers.pipeline.normalise.paragraphs import Kind

Measure = Callable[[str], int]


class Rest(Enum):
    """How long to rest, in milliseconds, beside the 150 ms of quiet that `speech` leaves around every chunk.

    A quarter of a second between sentences is what the chunk lengths of the Kokoro voices were measured with; a
    paragraph is heard as one when its pause is about twice that; a cut inside a phrase should not be heard at all.
    """

    WORD = 0
    CLAUSE = 100
    SENTENCE = 250
    LINE = 350
    ITEM = 400
    PARAGRAPH = 600
    HEADING = 800

    @property
    def closes(self) -> bool:
        """Whether nothing is spoken in one go with what comes after."""
        return self.value > Rest.SENTENCE.value

    @property
    def separator(self) -> str:
        """What stands in the spoken text for it."""
        return "\n" if self.closes else " "


@dataclass(frozen=True, slots=True)
class Utterance:
    """A spoken sentence, without white space at its edges, and the rest after it."""

    text: str
    rest: Rest


@dataclass(frozen=True, slots=True)
class Chunk:
    """A part of the spoken text, and how long to rest after it, and before it where it is the first."""

    index: int
    text: str
    pause_ms: int
    lead_ms: int = 0


@dataclass(frozen=True, slots=True)
class _Unit:
    """A piece of text that stays whole (mostly a sentence), its size in the engine's units, the rest after it."""

    text: str
    size: int
    rest: Rest


_RESTS = {
    Kind.PARAGRAPH: Rest.PARAGRAPH,
    Kind.HEADING: Rest.HEADING,
    Kind.ITEM: Rest.ITEM,
    Kind.LINE: Rest.LINE,
}

# What the space between two units adds to the sum of their sizes.
_SPACE = 1
# Words that are tried as one part; only parts of words that measure nothing could have more.
_MOST_WORDS = 500
# So that a clause is not left whole at nearly twice the target: engines are at their best near it.
_TOO_LONG = 4
# The first chunk of those that are heard early has this part of the target: with Kokoro two seconds of speech.
_FIRST = 0.3
# The next ones have this many times as much as was spoken by then. An engine that takes half as long as its speech
# lasts, and speaks them one after another, is then never late.
_GROWTH = 2
# What it costs, beside `phrasing.cost`, that a sentence is parted for this alone.
_PARTED = 0.25
# Each part of it then has at least this share of what a chunk should have: a few syllables.
_SYLLABLES = 3

_WORD = re.compile(r"\S+\s*")
# Where an endless word may be cut: before a letter (a stress mark stays at its vowel), never in a pronunciation.
_LETTER = re.compile(r"\{[^{}]*+\}|[^\W\d_]")


def utterances(sentences: Iterable[str], kind: Kind) -> Iterator[Utterance]:
    """The spoken sentences of one piece of `paragraphs()`; those without a letter are left out."""
    last = None
    for sentence in filter(_has_letter, sentences):
        if last is not None:
            yield Utterance(last, Rest.SENTENCE)
        last = sentence
    if last is not None:
        yield Utterance(last, _RESTS.get(kind) or rest_of_mark(last))


def split(
    sentences: Iterable[Utterance], limits: ChunkLimits, measure: Measure, language: str, *, early: bool = False
) -> Iterator[Chunk]:
    """Chunks whose texts, concatenated, are the sentences that hold a letter, each followed by its separator.

    Every chunk has a letter and measures at most `limits.maximum`. Only what no line break parts is packed together.
    `measure` may be roughly additive: it is asked once for every sentence and once for every chunk, and for the words
    of a sentence over the maximum. ValueError if one letter, or a word that carries its pronunciation, is over it.

    `early`: the first chunks are short, as far as there are ends of sentences and clauses to cut at.
    """
    index = 0
    chunks = packed(sentences, limits, measure, language, early=early)
    chunk = next(chunks, None)
    while chunk is not None:
        following = next(chunks, None)
        text, rest = chunk
        yield Chunk(index, text, 0 if following is None else rest.value)
        index, chunk = index + 1, following


def packed(
    sentences: Iterable[Utterance], limits: ChunkLimits, measure: Measure, language: str, *, early: bool = False
) -> Iterator[tuple[str, Rest]]:
    """The texts of `split`, each with the rest that follows it, also the last."""
    cutter = _Cutter(limits, measure, language)
    units = (
        unit
        for sentence in sentences
        if _has_letter(sentence.text)
        for unit in cutter.units(sentence.text + sentence.rest.separator, sentence.rest)
    )
    for unit in cutter.opened(units) if early else cutter.packed(units):
        yield unit.text, unit.rest


def rest_of_mark(text: str) -> Rest:
    """The rest that the mark at the end of a text asks for."""
    last = text.rstrip()[-1:]
    if last in (".", "!", "?", "…"):
        return Rest.SENTENCE
    return Rest.CLAUSE if last in (",", ";", ":", "—") else Rest.WORD


def is_spoken(sentence: str) -> bool:
    """Whether `utterances` takes the sentence: it has a letter."""
    return _has_letter(sentence)


def _has_letter(text: str) -> bool:
    return any(map(str.isalpha, text))


@dataclass(frozen=True, slots=True)
class _Cutter:
    limits: ChunkLimits
    measure: Measure
    language: str

    @property
    def _little(self) -> int:
        """A few syllables."""
        return self.limits.target // 4

    def packed(self, units: Iterable[_Unit]) -> Iterator[_Unit]:
        """Units joined up to the target, or a little above it rather than leave a few syllables alone."""
        held = _Unit("", 0, Rest.WORD)
        for unit in units:
            room = self.limits.target + (self._little if unit.size < self._little else 0)
            if held.text and (held.rest.closes or held.size + unit.size > min(room, self.limits.maximum)):
                # As the sum of its units has promised; cut again should the promise not hold.
                yield from self.units(held.text, held.rest)
                held = _Unit("", 0, Rest.WORD)
            held = _Unit(held.text + unit.text, held.size + unit.size + _SPACE, unit.rest)
        if held.text:
            yield from self.units(held.text, held.rest)

    def opened(self, units: Iterator[_Unit]) -> Iterator[_Unit]:
        """The same, but the first ones are short, and each is as long as can be spoken while those before are heard."""
        size, spoken = round(_FIRST * self.limits.target), 0
        waiting: list[_Unit] = []
        while size < self.limits.target:
            while not waiting or (not waiting[-1].rest.closes and sum(unit.size for unit in waiting) <= size):
                unit = next(units, None)
                if unit is None:
                    break
                waiting.append(unit)
            if not waiting:
                return
            head, waiting = self._head(waiting, size)
            yield from self.units(head.text, head.rest)
            spoken += head.size
            size = max(size, _GROWTH * spoken)
        yield from self.packed(chain(waiting, units))

    def _head(self, units: list[_Unit], size: int) -> tuple[_Unit, list[_Unit]]:
        """About so much, up to the end of a unit or, where that pays, of a clause; and what is left."""
        choices: list[tuple[float, int, int]] = []
        held = 0
        for number, unit in enumerate(units):
            for place, part, cost in self._borders(unit.text, size // _SYLLABLES):
                choices.append((_unevenness((held + part) / size) + _PARTED + cost, number, place))
            held += unit.size + _SPACE
            choices.append((_unevenness(held / size), number, len(unit.text)))
        _, number, place = min(choices)
        last, left = units[number], units[number + 1 :]
        text = "".join(unit.text for unit in units[:number]) + last.text[:place]
        if place == len(last.text):
            return _Unit(text, self.measure(text), last.rest), left
        tail = last.text[place:]
        return _Unit(text, self.measure(text), rest_of_mark(text)), [_Unit(tail, self.measure(tail), last.rest), *left]

    def _borders(self, text: str, least: int) -> Iterator[tuple[int, int, float]]:
        """Where clauses end in it, with the size up to there and what a cut costs; both sides have a few syllables."""
        words = _words(text)
        costs = [phrasing.cost(*pair, self.language) for pair in _neighbours(words)]
        if all(cost > phrasing.BEFORE_CONJUNCTION for cost in costs):
            return
        sizes = list(accumulate(self.measure(word) + _SPACE for word in words))
        places = list(accumulate(map(len, words)))
        for place, size, cost in zip(places, sizes, costs, strict=False):
            if cost <= phrasing.BEFORE_CONJUNCTION and min(size, sizes[-1] - size) >= least:
                yield place, size, cost

    def units(self, text: str, rest: Rest) -> Iterator[_Unit]:
        """`text` whole when it measures at most the maximum, else in parts near the target."""
        size = self.measure(text)
        if size <= self.limits.maximum:
            yield _Unit(text, size, rest)
            return
        parts = self._parts(text, size)
        for part in parts[:-1]:
            yield from self.units(part, rest_of_mark(part))
        yield from self.units(parts[-1], rest)

    def _parts(self, text: str, size: int) -> list[str]:
        """`text` in two or more parts of about the same size, cut where it is heard least."""
        words = _words(text)
        if len(words) == 1:
            return _halves(text)
        sizes = [self.measure(word) for word in words]
        costs = [phrasing.cost(*pair, self.language) for pair in _neighbours(words)]
        # As in `packed`: a little above the target rather than one part more.
        parts = math.ceil((size - self._little) / self.limits.target)
        share = max(1, sum(sizes) / max(2, parts))
        cuts = _best_cuts(sizes, costs, share, self.limits.maximum)
        return ["".join(words[start:end]) for start, end in zip([0, *cuts], [*cuts, len(words)], strict=True)]


def _words(text: str) -> list[str]:
    """The words, each with the space and the lone marks after it."""
    words = [""]
    for word in _WORD.findall(text):
        if _has_letter(words[-1]) and _has_letter(word):
            words.append(word)
        else:
            words[-1] += word
    return words


def _neighbours(words: list[str]) -> Iterator[tuple[str, str]]:
    return pairwise(word.rstrip() for word in words)


def _best_cuts(sizes: list[int], costs: list[float], share: float, maximum: int) -> list[int]:
    """Before which words to cut: the sum of the cuts' costs and of the parts' distances from `share` is the least.

    A word over the maximum is a part of its own; all words together are none.
    """
    until = [0, *accumulate(sizes)]
    best = [(0.0, 0)]
    for end in range(1, len(sizes) + 1):
        found = (math.inf, end - 1)
        for start in range(end - 1, max(-1, end - _MOST_WORDS), -1):
            size = until[end] - until[start]
            if (size > maximum and start < end - 1) or end - start == len(sizes):
                break
            price = best[start][0] + _unevenness(size / share) + (costs[start - 1] if start else 0)
            found = min(found, (price, start))
        best.append(found)
    cuts = []
    place = best[-1][1]
    while place:
        cuts.append(place)
        place = best[place][1]
    return cuts[::-1]


def _unevenness(size: float) -> float:
    """What a part costs that has `size` times its share; too much is worse than too little."""
    return (size - 1) ** 2 * (_TOO_LONG if size > 1 else 1)


def _halves(word: str) -> list[str]:
    """An endless word in two parts that both start with a letter."""
    starts = [letter.start() for letter in _LETTER.finditer(word)]
    if len(starts) < 2:
        raise ValueError("one letter measures more than the engine's maximum")
    middle = starts[len(starts) // 2]
    return [word[:middle], word[middle:]]
