"""Percent and permille: "12,5%", "% 20'si", "5-10%-dən", "‰ 3"."""

import re
from collections.abc import Mapping
from dataclasses import dataclass

from workers.pipeline.normalise.draft import Rule, substitution
from workers.pipeline.normalise.turkic.grammar import Grammar
from workers.pipeline.normalise.turkic.numerals import NUMBER, SUFFIX, quantity_pattern, read_quantity
from workers.pipeline.normalise.turkic.within import only_with, set_apart


@dataclass(frozen=True)
class PercentWords:
    """The names of the signs and their place."""

    names: Mapping[str, str]
    """Of "%" and "‰"."""
    before: bool
    """Whether the name comes before the number."""


def percents(words: PercentWords, grammar: Grammar) -> Rule:
    """Numbers with a percent or permille sign on either side, their sign and their suffix."""
    signs = "[" + "".join(words.names) + "]"
    quantity = quantity_pattern(grammar)
    # 10%-15%, %10-%15: the first end of a range has a sign of its own.
    before = (
        rf"(?:(?<![^\s(\[])(?P<outer>[-+−±]))?(?P<before>{signs}) ?(?P<sign>[-+−±])?"
        rf"(?:(?P<start>{NUMBER})[-—]{signs} ?)?(?P<first>{quantity})"
    )
    after = rf"(?:(?P<low>{NUMBER}) ?{signs} ?[-—] ?)?(?P<second>{quantity}) ?(?P<after>{signs})(?! ?[0-9])"
    pattern = re.compile(rf"(?:{before}|{after}){SUFFIX}")

    def read(found: re.Match[str]) -> str:
        written = (found["outer"] or found["sign"] or "") + (found["first"] or found["second"])
        low = found["start"] or found["low"]
        spoken = read_quantity(f"{low}-{written}" if low else written, grammar)
        name = words.names[found["before"] or found["after"]]
        return set_apart(_with_name(spoken, name, found["suffix"] or ""), found)

    def _with_name(spoken: str, name: str, suffix: str) -> str:
        if not words.before:
            return f"{spoken} {_inflected_name(name, suffix)}"
        for sign in (grammar.minus, grammar.plus):
            if spoken.startswith(f"{sign} "):
                return grammar.inflect(f"{sign} {name}{spoken.removeprefix(sign)}", suffix)
        return grammar.inflect(f"{name} {spoken}", suffix)

    def _inflected_name(name: str, suffix: str) -> str:
        # After a consonant an n can only follow the possessive: 20%-ni is "iyirmi faizini".
        if re.match("[nN][ıiuüIİUÜ]", suffix):
            name = grammar.inflect(name, "i")
        return grammar.inflect(name, suffix)

    return only_with(signs, substitution(pattern, read))
