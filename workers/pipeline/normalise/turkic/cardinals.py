"""All other numbers, with what is joined to them; and, last of all, whatever digit is left."""

import re
from collections.abc import Iterable

from workers.pipeline.normalise.draft import Rule, substitution
from workers.pipeline.normalise.turkic.grammar import Grammar
from workers.pipeline.normalise.turkic.numerals import FRACTION_CHARACTERS, SUFFIX, quantity_pattern, read_quantity
from workers.pipeline.normalise.turkic.suffixes import SUFFIX_LETTERS
from workers.pipeline.normalise.turkic.within import (
    ITEM,
    NUMBER_ENDS,
    only_with,
    set_apart,
    substitution_within,
)

# Fails at once where no number can begin, before a long pattern is tried.
_AHEAD = f"(?=[-+−±0-9{FRACTION_CHARACTERS}])"
# 21ci, 2024te: careless, but two letters and more are hardly anything else.
_JOINED_SUFFIX = rf"(?P<joined>(?i:{SUFFIX_LETTERS})(?<=[^\W\d_]{{2}})(?!\w))"
# 3 üncü madde, 5 -ci sinif: these letters are no word of their own.
_SPACED_ORDINAL = r" (?:[-—] ?)?(?P<spaced>(?i:(?:[ıiuü]?n)?c[ıiuü]))(?!\w)"
# COVID-19, 24-saat: the hyphen between a name and a number, or a number and a word, is not spoken.
_AFTER_WORD = r"(?P<after_word>(?<=[^\W\d_])-)?"
_BEFORE_WORD = r"(?P<before_word>-(?=[^\W\d_]))?"


def versions(products: Iterable[str], parts: str, grammar: Grammar) -> Rule:
    """ "3.11" and "3.11.2" after one of `products` or before one of `parts`: no decimal, no thousands and no date.

    `parts` is a regex source: the beginnings of the words for the parts of a text.
    """
    names = "|".join(sorted(map(re.escape, products), key=len, reverse=True))
    date = r"(?![0-3]?[0-9]\.[01]?[0-9]\.(?:19|20)[0-9]{2}(?![0-9.]))"
    number = rf"{date}(?P<number>[0-9]{{1,4}}(?:\.[0-9]{{1,4}}){{1,7}})(?![0-9]|\.[0-9])(?![^\W\d_])"
    before_part = rf"(?<![\w.,:/-])(?=[0-9]{{1,2}}(?:\.[0-9]{{1,2}}){{1,5}} (?:{parts}))"
    pattern = re.compile(rf"(?:(?<!\w)(?i:{names}) ?|{before_part})(?P<{ITEM}>{number}{SUFFIX})")
    return only_with(r"[0-9]\.[0-9]", substitution_within(pattern, lambda found: _dotted(found, grammar)))


def comma_thousands(counted: Iterable[str]) -> Rule:
    """ "12,500 adet" before what comes only whole, as English groups digits: the comma becomes the language's stop.

    `counted` are the beginnings of the words for such things.
    """
    pattern = re.compile(
        rf"(?<![\w.,/])(?P<thousands>[1-9][0-9]{{0,2}}),(?P<rest>[0-9]{{3}})(?= (?:yeni )?(?:{'|'.join(counted)}))"
    )
    return only_with("[0-9],[0-9]", substitution(pattern, lambda found: f"{found['thousands']}.{found['rest']}"))


def dotted_numbers(grammar: Grammar, *, stop_is_ordinal: bool = False) -> Rule:
    """ "3.11.2", "5.1-ci": numbers that are neither decimal, nor a date, nor grouped digits.

    With `stop_is_ordinal` also "4.5. madde". A sentence of nothing else, "3.1.", is the number of a section.
    """
    stop = r"\.(?= [a-zçğıöşü])" if stop_is_ordinal else "(?!)"
    pattern = re.compile(
        rf"(?<![\w.,])(?P<number>[0-9]{{1,5}}(?:\.[0-9]{{1,5}}){{1,7}})(?![0-9]|[.,][0-9])(?![^\W\d_])(?:(?P<stop>{stop})|{SUFFIX})"
    )
    grouped = re.compile(r"[1-9][0-9]{0,2}(?:\.[0-9]{3})+")

    def read(found: re.Match[str]) -> str | None:
        if found["stop"]:
            return _dotted(found, grammar, ordinal=True)
        ordinal = found["suffix"] is not None and grammar.harmony.is_ordinal(found["suffix"])
        ordinal = ordinal or (found.start() == 0 and found.string[found.end() :] == ".")
        if grouped.fullmatch(found["number"]) or not (ordinal or found["number"].count(".") > 1):
            return None
        return _dotted(found, grammar)

    return only_with(r"[0-9]\.[0-9]", substitution(pattern, read))


def _dotted(found: re.Match[str], grammar: Grammar, *, ordinal: bool = False) -> str:
    *parts, last = found["number"].split(".")
    said = [*map(grammar.integer, parts), grammar.ordinal(int(last)) if ordinal else grammar.integer(last)]
    spoken = f" {grammar.point} ".join(said)
    # v2.0: the name of what is numbered may touch the number.
    before = " " if found.string[max(0, found.start("number") - 1) : found.start("number")].isalnum() else ""
    return before + grammar.inflect(spoken, found["suffix"] or "")


def numbers(grammar: Grammar) -> Rule:
    """Every quantity with its sign, its scale word and its suffix."""
    pattern = re.compile(
        rf"{_AHEAD}{_AFTER_WORD}(?P<quantity>{quantity_pattern(grammar)})"
        rf"(?:{_JOINED_SUFFIX}|{_SPACED_ORDINAL}|{SUFFIX}{_BEFORE_WORD})"
    )

    def read(found: re.Match[str]) -> str:
        between = "" if found["after_word"] else None
        spoken = read_quantity(found["quantity"], grammar, between)
        spoken = grammar.inflect(spoken, found["joined"] or found["spaced"] or found["suffix"] or "")
        return _between_words(spoken, found)

    return only_with(NUMBER_ENDS, substitution(pattern, read))


def leftover_digits(grammar: Grammar) -> Rule:
    """Any digit that no other rule has read: a cardinal, or digit by digit."""
    pattern = re.compile(rf"{_AFTER_WORD}(?P<digits>[0-9]++)(?:(?P<mark>[-.,:;/_—](?=[0-9]))|{SUFFIX}{_BEFORE_WORD})")

    def read(found: re.Match[str]) -> str:
        spoken = grammar.inflect(grammar.integer(found["digits"]), found["suffix"] or "")
        if not found["mark"]:
            return _between_words(spoken, found)
        # Only a comma between the parts of a number is a rest.
        return f"{_between_words(spoken, found).rstrip()}{',' if found['mark'] in ',;' else ''} "

    return only_with(NUMBER_ENDS, substitution(pattern, read))


def _between_words(spoken: str, found: re.Match[str]) -> str:
    """`spoken` with a space in place of the hyphens, and wherever else it touches a word."""
    before = " " if found["after_word"] else ""
    after = " " if found["before_word"] else ""
    return before + set_apart(spoken, found).strip() + after if before or after else set_apart(spoken, found)
