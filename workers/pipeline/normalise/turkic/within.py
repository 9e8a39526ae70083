"""Tools for rules about numbers: what only its surroundings give away, and what need not be looked at."""

import re
from collections.abc import Callable, Iterable, Iterator
from functools import lru_cache

from workers.pipeline.normalise.draft import Edit, Rule
from workers.pipeline.normalise.turkic.numerals import FRACTION_CHARACTERS

ITEM = "item"
"""The named group of a pattern that is written otherwise; the rest of the match is only its surroundings."""


def substitution_within(pattern: re.Pattern[str], read: Callable[[re.Match[str]], str | None]) -> Rule:
    """Like `substitution`, but only the group `item` of each match is replaced."""

    def rule(text: str) -> Iterator[Edit]:
        for found in pattern.finditer(text):
            spoken = read(found)
            if spoken is not None and spoken != found[ITEM]:
                yield Edit(*found.span(ITEM), spoken)

    return rule


NUMBER_ENDS = f"[0-9{FRACTION_CHARACTERS}]"
"""Regex source: the last character of a number without its scale word."""
NUMBER_AHEAD = rf"(?<![0-9][+x×*:])(?=[-+−±0-9{FRACTION_CHARACTERS}])"
"""Regex source: fails at once where no number can begin, or where a sum or a time is under way ("3+1 120 m²")."""
_DIGIT = re.compile(NUMBER_ENDS)


# One sentence goes through all rules of numbers before the next one comes.
@lru_cache(maxsize=1)
def _has_digit(text: str) -> bool:
    return _DIGIT.search(text) is not None


def only_with(trigger: str, rule: Rule) -> Rule:
    """`rule` for texts that hold a digit and `trigger`; other texts are left alone without a closer look.

    `trigger` is the source of a regex that begins with a letter or a set, which the engine skips to.
    """
    search = re.compile(trigger).search

    def triggered(text: str) -> Iterable[Edit]:
        return rule(text) if _has_digit(text) and search(text) else ()

    return triggered


def set_apart(spoken: str, found: re.Match[str]) -> str:
    """`spoken` with a space on each side where the match touches a letter or digit."""
    start, end = found.span()
    before = " " if found.string[start - 1 : start].isalnum() else ""
    after = " " if found.string[end : end + 1].isalnum() else ""
    return f"{before}{spoken}{after}"
