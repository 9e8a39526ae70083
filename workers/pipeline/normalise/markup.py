"""A text that was taken out of a document with markup: where its characters come from, and what is said otherwise.

The original that every span of it refers to is the document, so its places are those of the document. What the
markup says of a word goes before the lexicon, and sounds go where nothing later touches them.
"""

from array import array
from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from models.pronunciations import fold, mark
from workers.pipeline.normalise.draft import Draft, Edit


class Said(NamedTuple):
    """`text` is said in place of the characters from `start` to before `end`: words, or the sounds of a word."""

    start: int
    end: int
    text: str
    is_ipa: bool = False


@dataclass(frozen=True, slots=True)
class Markup:
    """The character `i` of the text is what the original has from `starts[i]` to before `ends[i]`, both ascending.

    `said` is in ascending order, and none of it overlaps another.
    """

    starts: "array[int]"
    ends: "array[int]"
    said: Sequence[Said] = ()

    def whole(self, sentences: Sequence[tuple[int, int]], start: int) -> list[tuple[int, int]]:
        """The sentences of a paragraph that begins at `start`, without the cuts inside of what is said otherwise."""
        kept: list[tuple[int, int]] = []
        for first, last in sentences:
            if kept and self._is_inside(start + first):
                kept[-1] = kept[-1][0], last
            else:
                kept.append((first, last))
        return kept

    def origin(self, first: int, last: int) -> tuple[int, int]:
        """The stretch of the original behind the characters from `first` to before `last` (at least one)."""
        return self.starts[first], self.ends[last - 1]

    def draft(self, text: str, first: int, last: int) -> "MarkedDraft":
        """`text`, the characters from `first` to before `last`, on its way to be spoken."""
        said = self.said[
            bisect_right(self.said, first, key=lambda one: one.end) : bisect_left(
                self.said, last, key=lambda one: one.start
            )
        ]
        draft = Draft.placed(text, self.starts[first:last], self.ends[first:last])
        places = [(one, *self.origin(one.start, one.end), one.start >= first) for one in said]
        return MarkedDraft(draft, places)

    def _is_inside(self, place: int) -> bool:
        before = bisect_left(self.said, place, key=lambda one: one.start) - 1
        return before >= 0 and place < self.said[before].end


@dataclass(frozen=True, slots=True)
class MarkedDraft:
    """A sentence's draft, and what is said otherwise in it, by its stretch of the original.

    The last of each says whether it begins here: of what an endless paragraph's cut has parted, the rest is silent.
    """

    draft: Draft
    _said: Sequence[tuple[Said, int, int, bool]]

    @property
    def has_sounds(self) -> bool:
        return any(said.is_ipa for said, *_ in self._said)

    def write_words(self) -> None:
        """To be done before anything else: what is said is cleaned and read like any text."""
        if self._said:
            self.draft.apply(lambda text: self._edits(text, is_ipa=False, language=""))

    def write_sounds(self, language: str) -> None:
        """To be done once the text is clean, since cleaning takes a writer's own braces away."""
        if self.has_sounds:
            self.draft.apply(lambda text: self._edits(text, is_ipa=True, language=language))

    def _edits(self, text: str, *, is_ipa: bool, language: str) -> Iterator[Edit]:
        for said, start, end, begins in self._said:
            first, last = self.draft.within(start, end)
            if said.is_ipa == is_ipa and first < last:
                spoken = mark(fold(text[first:last], language), said.text) if is_ipa else said.text
                yield Edit(first, last, spoken if begins else "")
