"""Numbers with a slash that are no fraction: "ev 12/5", "24/7", "2024/2025". Fractions are part of a quantity."""

import re
from dataclasses import dataclass

from workers.pipeline.normalise.draft import Rule, substitution
from workers.pipeline.normalise.turkic.grammar import Grammar
from workers.pipeline.normalise.turkic.numerals import SUFFIX
from workers.pipeline.normalise.turkic.suffixes import lower
from workers.pipeline.normalise.turkic.within import only_with, set_apart


@dataclass(frozen=True)
class FractionWords:
    """What a slash between numbers is called."""

    over: str
    """In house numbers and file numbers: "12/5"."""
    addresses: frozenset[str]
    """Words, in small letters, after which a number with a slash is an address or a number of a file."""
    storey: str
    """The beginning of the word before which it is a storey and how many there are: "12/16 mərtəbə"."""


def slashes(words: FractionWords, grammar: Grammar) -> Rule:
    """Numbers with a slash that are no fraction: a season, a house number, "24/7". Fractions are left alone.

    The last number is left for the rules of units: "120/80 mmHg".
    """
    end = r"(?![0-9/]|[.,][0-9])"
    pattern = re.compile(
        rf"(?:(?<=[^\W\d_])(?P<after_word>-)|(?<![\w/]))(?P<first>[0-9]{{1,6}})/(?:(?=(?P<last>[0-9]{{1,6}}){end})"
        rf"|(?P<more>[0-9]{{1,6}}(?:/[0-9]{{1,6}}){{1,4}}){end}{SUFFIX})"
    )

    def read(found: re.Match[str]) -> str | None:
        # KR-2024/118: the hyphen between a name and a number is not spoken.
        first = (" " if found["after_word"] else "") + grammar.integer(found["first"])
        if found["more"]:
            numbers = [first, *map(grammar.integer, found["more"].split("/"))]
            return set_apart(grammar.inflect(f" {words.over} ".join(numbers), found["suffix"] or ""), found)
        if _in_address(found):
            return f"{first} {words.over} "
        if found.string.startswith(f" {words.storey}", found.end("last")):
            return f"{first} "
        return None if _is_fraction(int(found["first"]), int(found["last"])) else f"{first} "

    def _in_address(found: re.Match[str]) -> bool:
        before = found.string[max(0, found.start() - 20) : found.start()].split()
        return bool(before) and lower(before[-1].strip(".,:")) in words.addresses

    return only_with("[0-9]/[0-9]", substitution(pattern, read))


def _is_fraction(over: int, under: int) -> bool:
    # Around the clock, 24/7 or 7/24, is the one pair of small numbers that is no fraction.
    return {over, under} != {7, 24} and over < 1000 and under > 0 and over != under and over <= max(under, 12)
