"""How Russian is read: the stages that a cleaned sentence passes through, in their order.

Where a stage needs digits of its own kind it comes before those that read any number; what is said of a number
(its case, its gender) is asked of the words around it, which are still as they were written. A site switches stages
off by name; those of one name belong together.
"""

import re
from collections.abc import Iterable, Iterator

from workers.pipeline.normalise.draft import Edit, Rule
from workers.pipeline.normalise.links import links
from workers.pipeline.normalise.russian import (
    abbreviations,
    acronyms,
    codes,
    counted,
    dates,
    endings,
    fractions,
    library,
    times,
)
from workers.pipeline.normalise.russian.letters import latin
from workers.pipeline.normalise.russian.measures import measures
from workers.pipeline.normalise.russian.numerals import digits
from workers.pipeline.normalise.russian.roman import roman_numerals
from workers.pipeline.normalise.russian.symbols import LINKS, SYMBOLS
from workers.pipeline.normalise.stages import Stage, named
from workers.pipeline.normalise.symbols import symbols

__all__ = ["STAGES", "digits"]

_DIGIT = re.compile(r"[\d½⅓⅔¼¾⅕⅛№§√]")


def _with_digits(name: str, rules: Iterable[Rule]) -> Iterator[Stage]:
    """The rules as stages of one name that run only where there is a digit: one look is cheaper than forty."""
    return named(name, map(_only_with_digits, rules))


def _only_with_digits(rule: Rule) -> Rule:
    def guarded(text: str) -> Iterable[Edit]:
        return rule(text) if _DIGIT.search(text) else ()

    return guarded


def _joined(words: str, suffix: str) -> str:
    """Russian joins no suffix to an address: what follows a hyphen is a word of its own ("mail.ru-сервис")."""
    return f"{words} {suffix}"


STAGES: tuple[Stage, ...] = (
    ("links", links(LINKS, digits, _joined)),
    *_with_digits("phones", codes.PHONES),
    *_with_digits("dates", dates.RULES),
    *_with_digits("number_signs", (fractions.numbers_with_a_sign,)),
    *_with_digits("codes", codes.CODES),
    *_with_digits("times", times.RULES),
    ("initials", acronyms.initials),
    *named("abbreviations", abbreviations.BEFORE_NUMBERS),
    ("roman_numerals", roman_numerals),
    *_with_digits("endings", endings.RULES),
    *_with_digits("fractions", fractions.RULES),
    *_with_digits("units", (measures,)),
    *named("abbreviations", abbreviations.AFTER_UNITS),
    *named("designations", codes.LETTERS),
    *_with_digits("designations", codes.DESIGNATIONS),
    *_with_digits("numbers", (counted.numbers,)),
    ("symbols", symbols(SYMBOLS, _joined)),
    ("library", library.rest),
    *named("acronyms", acronyms.RULES),
    ("latin", latin),
)
