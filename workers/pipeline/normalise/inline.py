"""Words that carry their own pronunciation: `{word|ipa}`, written by the lexicon and left alone by everything else.

`clean` turns a writer's own braces into brackets, so a brace in a cleaned text always belongs to the lexicon.
"""

import re
from collections.abc import Iterable, Iterator, Mapping

from workers.pipeline.normalise.draft import Draft, Edit, Rule

PRONOUNCED = r"\{[^{}]*+\}"
"""Regex source of one such word."""

_PRONOUNCED = re.compile(PRONOUNCED)
_OTHER_TEXT = re.compile(rf"{PRONOUNCED}|([^{{}}]++)")


def translate(draft: Draft, table: Mapping[int, str]) -> None:
    """`draft.translate` of everything but the words that carry their pronunciation."""
    if "{" not in draft.text:
        draft.translate(table)
        return

    def edits(text: str) -> Iterator[Edit]:
        for piece in _OTHER_TEXT.finditer(text):
            if piece[1]:
                for place, (old, new) in enumerate(
                    zip(piece[1], piece[1].translate(table), strict=True), piece.start()
                ):
                    if old != new:
                        yield Edit(place, place + 1, new)

    draft.apply(edits)


def sparing(rule: Rule) -> Rule:
    """`rule` without its edits inside the words that carry their pronunciation."""

    def spared(text: str) -> Iterable[Edit]:
        return _outside_words(text, rule(text)) if "{" in text else rule(text)

    return spared


def _outside_words(text: str, edits: Iterable[Edit]) -> Iterator[Edit]:
    words = [found.span() for found in _PRONOUNCED.finditer(text)]
    place = 0
    for edit in edits:
        while place < len(words) and words[place][1] <= edit.start:
            place += 1
        if place == len(words) or edit.end <= words[place][0]:
            yield edit
