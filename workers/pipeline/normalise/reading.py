"""What the normaliser gives: a text as it is spoken, sentence by sentence, and where each word comes from."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

from workers.pipeline.normalise.draft import Draft, Span


@dataclass(frozen=True)
class Sentence:
    """One sentence: its place in the whole text and how it is spoken ("" when nothing in it can be)."""

    start: int
    end: int
    draft: Draft

    @property
    def spoken(self) -> str:
        """Small letters of the language, single spaces and pause marks; no digit and no sign."""
        return self.draft.text

    @cached_property
    def spans(self) -> tuple[Span, ...]:
        """For every spoken stretch (a word, or what was read otherwise) its place in the whole text."""
        return tuple(self.draft.spans())

    @property
    def dropped(self) -> list[int]:
        """Places in the whole text of the letters, digits and signs that are not spoken."""
        return self.draft.dropped()


@dataclass(frozen=True)
class Reading:
    """A paragraph as it is spoken."""

    sentences: Sequence[Sentence]

    @property
    def spoken(self) -> str:
        """The spoken sentences with a space between them; "" when nothing can be spoken."""
        return " ".join(sentence.spoken for sentence in self.sentences if sentence.spoken)

    @property
    def dropped(self) -> int:
        """How many characters a listener misses: emoji, unknown signs, letters that nobody can spell."""
        return sum(len(sentence.dropped) for sentence in self.sentences)
