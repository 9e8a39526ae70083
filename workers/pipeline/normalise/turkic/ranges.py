"""Two numbers with a mark between them that are no plain range: scores, seasons, proportions."""

import re
from dataclasses import dataclass

from workers.pipeline.normalise.draft import Rule, substitution
from workers.pipeline.normalise.turkic.grammar import Grammar
from workers.pipeline.normalise.turkic.numerals import SUFFIX
from workers.pipeline.normalise.turkic.suffixes import lower
from workers.pipeline.normalise.turkic.within import only_with

_LEAST_SCALE = 25
"""From here on 1:N is the scale of a map, below it a proportion or a score."""
_CONTEXT = 80


@dataclass(frozen=True)
class RangeWords:
    """What tells a score from a range."""

    contest: re.Pattern[str]
    """Words of sport, in small letters, near which 1-3 is a score."""
    span: str = ""
    """The beginning of the word after a range that wants another word than usual between its ends …"""
    within_span: str = ""
    """… and that word: tr "1914 ile 1918 arasında"."""
    scale: str = ""
    """What is said in a scale, 1:1000; "" puts the first number in the dative."""


def scores(words: RangeWords, grammar: Grammar) -> Rule:
    """ "2-1", "3:2", "4-4-2", "2023-2024 sezonu", "1:1000"; plain ranges are left alone."""
    number = r"[0-9]{1,3}(?:[ .][0-9]{3}){1,3}|[0-9]{1,6}"
    pattern = re.compile(
        rf"(?<![\w:/])(?<![0-9][.,-])"
        rf"(?:(?P<line>[0-9]{{1,4}}(?:-[0-9]{{1,4}}){{2,5}})"
        rf"|(?P<first>[0-9]{{1,4}})(?P<mark>[-:—]| - )(?P<last>{number}))"
        rf"(?![0-9]|[-.,:/][0-9]|%){SUFFIX}"
    )

    def read(found: re.Match[str]) -> str | None:
        if found["line"]:
            numbers = [grammar.integer(number) for number in found["line"].split("-")]
            return grammar.inflect(" ".join(numbers), found["suffix"] or "")
        between = _proportion(found) if found["mark"] == ":" else _between(found, words)
        if between is None:
            return None
        first = grammar.integer(found["first"])
        last = grammar.integer("".join(filter(str.isdecimal, found["last"])))
        if between == "1":
            first, between = (first, words.scale) if words.scale else (grammar.inflect(first, "a"), "")
        return grammar.inflect(" ".join(filter(None, (first, between, last))), found["suffix"] or "")

    return only_with("[0-9] ?[-:—]", substitution(pattern, read))


def _proportion(found: re.Match[str]) -> str:
    last = int("".join(filter(str.isdecimal, found["last"])))
    return "1" if found["first"] == "1" and last >= _LEAST_SCALE else ""


def _between(found: re.Match[str], words: RangeWords) -> str | None:
    """What is said between the numbers; None for a plain range."""
    if not found["last"].isdecimal():
        return None
    first, last = int(found["first"]), int(found["last"])
    if words.span and found.string.startswith(words.span, found.end()):
        return words.within_span
    # 2023-2024 sezonu, 2-3 gün
    neighbours = last == first + 1 and not 10 <= first < 1900
    if first >= last or neighbours or (first == 0 and found["first"] == "0"):
        return ""
    near = found.string[max(0, found.start() - _CONTEXT) : found.end() + _CONTEXT]
    return "" if last < 200 and words.contest.search(lower(near)) else None
