"""A text on its way from written to spoken, which remembers where each of its characters comes from.

A stage is a `Rule`: it looks at the text and says which stretches are to be written otherwise. The draft makes the
changes and keeps the books, so no rule can lose a letter unnoticed.
"""

import re
import unicodedata
from array import array
from bisect import bisect_left
from collections.abc import Callable, Iterable, Iterator, Mapping
from difflib import SequenceMatcher
from typing import NamedTuple


class Edit(NamedTuple):
    """`text` takes the place of the characters from `start` to before `end`."""

    start: int
    end: int
    text: str


Rule = Callable[[str], Iterable[Edit]]
"""Edits of a text, in ascending order, none overlapping another."""


class Span(NamedTuple):
    """The spoken characters from `spoken_start` to before `spoken_end` stand for the original's `start` to `end`."""

    spoken_start: int
    spoken_end: int
    start: int
    end: int


class Draft:
    """`text`, the stretch of the original behind each character of it, and what was left out.

    `offset` is where the given text begins in the original.
    """

    __slots__ = ("_ends", "_left_out", "_starts", "text")

    def __init__(self, text: str, offset: int = 0) -> None:
        self.text = text
        self._left_out: set[int] = set()
        self._starts = array("I", range(offset, offset + len(text)))
        self._ends = array("I", range(offset + 1, offset + len(text) + 1))

    @classmethod
    def placed(cls, text: str, starts: "array[int]", ends: "array[int]") -> "Draft":
        """A draft whose characters stand for the stretches of the original from `starts` to `ends`, both ascending."""
        draft = cls("")
        draft.text, draft._starts, draft._ends = text, starts, ends
        return draft

    def within(self, start: int, end: int) -> tuple[int, int]:
        """The characters, from and to, whose stretches of the original begin from `start` to before `end`."""
        return bisect_left(self._starts, start), bisect_left(self._starts, end)

    def apply(self, rule: Rule) -> None:
        """Make the rule's edits."""
        edits = list(rule(self.text))
        if edits:
            self._make(edits)

    def translate(self, table: Mapping[int, str]) -> None:
        """Exchange characters one for one."""
        text = self.text.translate(table)
        if len(text) != len(self.text):
            raise ValueError("a translation must keep the number of characters")
        self.text = text

    def part(self, start: int, end: int) -> "Draft":
        """A draft of its own of the characters from `start` to before `end`."""
        part = Draft("")
        part.text = self.text[start:end]
        part._starts, part._ends = self._starts[start:end], self._ends[start:end]
        return part

    def dropped(self) -> list[int]:
        """Places in the original of letters, digits and signs that nothing spoken stands for, ascending."""
        if not self._left_out:
            return []
        spoken = (place for place, character in enumerate(self.text) if character.isalnum())
        covered = {place for spot in spoken for place in range(self._starts[spot], self._ends[spot])}
        return sorted(self._left_out - covered)

    def origin(self, start: int, end: int) -> tuple[int, int]:
        """The stretch of the original behind the characters from `start` to before `end` (at least one)."""
        return min(self._starts[start:end]), max(self._ends[start:end])

    def spans(self) -> Iterator[Span]:
        """One for each word that was kept and each stretch that was written otherwise; none for spaces and marks."""
        for word in _WORD.finditer(self.text):
            start = word.start()
            for place in range(start + 1, word.end() + 1):
                if place == word.end() or not self._belong_together(place):
                    yield Span(start, place, *self.origin(start, place))
                    start = place

    def _belong_together(self, place: int) -> bool:
        """Whether the character at `place` is read with the one before it: same stretch, or the next letter."""
        previous = place - 1
        same = self._starts[previous] == self._starts[place] and self._ends[previous] == self._ends[place]
        return same or (
            self._ends[previous] == self._starts[place] and self._width(previous) == self._width(place) == 1
        )

    def _width(self, place: int) -> int:
        return self._ends[place] - self._starts[place]

    def _make(self, edits: list[Edit]) -> None:
        texts: list[str] = []
        starts, ends = array("I"), array("I")
        done = 0
        for start, end, text in edits:
            if not done <= start <= end:
                raise ValueError("edits overlap or are out of order")
            texts += (self.text[done:start], text)
            starts += self._starts[done:start]
            ends += self._ends[done:start]
            if text:
                first, last = self._behind(start, end)
                starts += array("I", [first]) * len(text)
                ends += array("I", [last]) * len(text)
            if not any(map(str.isalnum, text)):
                self._note_dropped(start, end)
            done = end
        texts.append(self.text[done:])
        starts += self._starts[done:]
        ends += self._ends[done:]
        self.text, self._starts, self._ends = "".join(texts), starts, ends

    def _behind(self, start: int, end: int) -> tuple[int, int]:
        if start < end:
            return self.origin(start, end)
        place = self._ends[start - 1] if start else self._starts[0] if self._starts else 0
        return place, place

    def _note_dropped(self, start: int, end: int) -> None:
        for place in range(start, end):
            if is_missed(self.text[place]):
                self._left_out.update(range(self._starts[place], self._ends[place]))


_BULLETS = frozenset("▪●○■□►▶➤◦")  # Unicode counts them as signs; on a page they only begin an item
_WORD = re.compile(r"[^\s.,!?;:…—]+")


def is_missed(character: str) -> bool:
    """Whether a listener misses the character when it is left out: a letter, a digit, a sign; no mark, no space."""
    if character in _BULLETS:
        return False
    return character.isalnum() or unicodedata.category(character) in ("Sc", "Sm", "So", "Co", "Cn")


def substitution(pattern: re.Pattern[str], read: Callable[[re.Match[str]], str | None]) -> Rule:
    """The rule that writes what `read` gives for each match of `pattern`; None leaves the match as it is."""

    def rule(text: str) -> Iterator[Edit]:
        for found in pattern.finditer(text):
            spoken = read(found)
            if spoken is not None and spoken != found[0]:
                yield Edit(found.start(), found.end(), spoken)

    return rule


_TOKEN = re.compile(r"\w+|\s+|[^\w\s]")


def rewriting(rewrite: Callable[[str], str]) -> Rule:
    """The rule that writes what `rewrite` makes of the whole text: the words that differ are its edits.

    For libraries that do not say what they have changed. Meant for a sentence: the comparison of two texts is
    quadratic in the number of words that differ.
    """

    def rule(text: str) -> Iterator[Edit]:
        rewritten = rewrite(text)
        if rewritten == text:
            return
        before, after = _TOKEN.findall(text), _TOKEN.findall(rewritten)
        starts = [0]
        for token in before:
            starts.append(starts[-1] + len(token))
        for kind, i, j, k, m in SequenceMatcher(None, before, after, autojunk=False).get_opcodes():
            if kind != "equal":
                yield Edit(starts[i], starts[j], "".join(after[k:m]))

    return rule
