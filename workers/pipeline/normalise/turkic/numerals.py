"""Written quantities: the patterns that other rules build on, and their words.

1 250,50 · 1.250.000 · 3,14 · -5 · 10-15 · 3/4 · 2 1/2 · 3,5 mln.
"""

import re
import unicodedata
from dataclasses import dataclass

from workers.pipeline.normalise.turkic.grammar import Grammar
from workers.pipeline.normalise.turkic.suffixes import SUFFIX_LETTERS, lower

_APART = r"(?<![0-9])(?<![0-9][.,])"
_ENDED = r"(?![0-9]|[.,][0-9])"
_GROUPED = (
    r"[1-9][0-9]{0,2}(?:\.[0-9]{3}){1,4}(?:,[0-9]{1,15})?"
    r"|(?<![0-9] )[1-9][0-9]{0,2}(?: [0-9]{3}){1,4}(?:[.,][0-9]{1,15})?(?! [0-9])"
    r"|[1-9][0-9]{0,2}(?:,[0-9]{3}){1,4}\.[0-9]{1,15}"
    r"|[1-9][0-9]{0,2}(?:,[0-9]{3}){2,4}"
)
_PLAIN = r"[0-9]{1,15}(?:[.,][0-9]{1,15})?"

NUMBER = f"(?:{_APART}(?:(?:{_GROUPED}){_ENDED}|{_PLAIN}{_ENDED}))"
"""Regex source, without named groups: one written non-negative number, which ends on a digit."""

SUFFIX = rf"(?:['-](?P<suffix>(?i:{SUFFIX_LETTERS}))(?!\w))?"
"""Regex source: the suffix that may follow digits, a sign or an abbreviation, in the group `suffix`."""

_SIGN = r"(?:(?<![^\s(\[])[-+−±])"
FRACTION_CHARACTERS = "½⅓⅔¼¾⅕⅖⅗⅘⅙⅚⅐⅛⅜⅝⅞⅑⅒"
_FRACTION = r"[0-9]{1,3}/[0-9]{1,4}(?![/0-9]|[.,][0-9])"
# A dash with spaces around it parts two thoughts, a hyphen with spaces is a range written with care.
_TO = r"(?:-| - |—|…)[-+−]?"


def quantity_pattern(grammar: Grammar) -> str:
    """Regex source, without groups: a number, range, fraction or mixed number, with its sign and its scale word."""
    whole = rf"{_APART}(?<!/)[0-9]{{1,3}}"
    fraction = rf"{_APART}(?<!/)(?:[0-9]{{1,3}} )?{_FRACTION}|(?:{whole} ?)?[{FRACTION_CHARACTERS}]"
    return rf"(?:{_SIGN}?(?:{fraction}|{NUMBER}(?:{_TO}{NUMBER}(?!-[0-9]))?)(?:{scale_pattern(grammar)})?)"


def scale_pattern(grammar: Grammar) -> str:
    """Regex source, without groups: the space and the word for thousands, millions … that may follow a number."""
    words = "|".join(sorted(grammar.scales, key=len, reverse=True))
    return rf" ?(?i:{words})(?!\w)(?:\.(?= ?\S))?"


@dataclass(frozen=True)
class Number:
    """The digits of one written number, without their marks."""

    whole: str
    fraction: str = ""
    grouped: bool = False

    @classmethod
    def parse(cls, written: str) -> "Number":
        """From what `NUMBER` has matched."""
        if found := _GROUPED_PARTS.fullmatch(written):
            whole = "".join(letter for letter in found["whole"] if letter.isdecimal())
            return cls(whole, found["fraction"] or "", grouped=True)
        whole, _, fraction = written.replace(",", ".").partition(".")
        return cls(whole, fraction)

    def words(self, grammar: Grammar) -> str:
        """The number as it is said."""
        if self.fraction and not (self.grouped and self.fraction == "00"):
            return grammar.decimal(self.whole, self.fraction)
        return grammar.integer(self.whole, longest=15 if self.grouped else 9)


_GROUPED_PARTS = re.compile(
    r"(?P<whole>[1-9][0-9]{0,2}(?:\.[0-9]{3}){1,4}(?=,|\Z)|[1-9][0-9]{0,2}(?: [0-9]{3}){1,4}"
    r"|[1-9][0-9]{0,2}(?:,[0-9]{3}){1,4}(?=\.)|[1-9][0-9]{0,2}(?:,[0-9]{3}){2,4})(?:[.,](?P<fraction>[0-9]+))?"
)
_PARTS = re.compile(
    rf"(?P<sign>[-+−±])?(?:(?:(?P<mixed>[0-9]{{1,3}}) )?(?P<over>[0-9]{{1,3}})/(?P<under>[0-9]{{1,4}})"
    rf"|(?P<first>{NUMBER})(?:(?P<to>{_TO})(?P<last>{NUMBER}))?)(?P<scale>.{{0,12}})"
)


def read_quantity(written: str, grammar: Grammar, between: str | None = None) -> str:
    """The words of what `quantity_pattern` has matched; `between` takes the place of the language's own."""
    found = _PARTS.fullmatch(_FRACTION_CHARACTER.sub(_with_slash, written))
    if found is None:
        return grammar.digits(written)
    words = [_sign(found["sign"], grammar), _value(found, grammar, grammar.between if between is None else between)]
    if scale := found["scale"].strip(" ."):
        words.append(grammar.scales[lower(scale)])
    return " ".join(filter(None, words))


_FRACTION_CHARACTER = re.compile(f" ?[{FRACTION_CHARACTERS}]")


def _with_slash(found: re.Match[str]) -> str:
    """ "2½" as "2 1/2"."""
    before = " " if found.string[: found.start()][-1:].isdecimal() else ""
    return before + unicodedata.normalize("NFKC", found[0].strip()).replace("\u2044", "/")


def read_number(written: str, grammar: Grammar) -> str:
    """The words of what `NUMBER` has matched."""
    return Number.parse(written).words(grammar)


def _value(found: re.Match[str], grammar: Grammar, between: str) -> str:
    if found["under"]:
        return fraction_words(found["mixed"], found["over"], found["under"], grammar)
    first = read_number(found["first"], grammar)
    if found["last"] is None:
        return first
    sign = found["to"].strip()[1:]
    return " ".join(filter(None, (first, between, _sign(sign, grammar), read_number(found["last"], grammar))))


def fraction_words(mixed: str | None, over: str, under: str, grammar: Grammar) -> str:
    """3/4: az "dörddə üç", tr "dörtte üç"; mixed 2 1/2: az "iki tam ikidə bir", tr "iki buçuk"."""
    if mixed and grammar.half and (over, under) == ("1", "2"):
        return f"{grammar.integer(mixed)} {grammar.half}"
    words = f"{grammar.inflect(grammar.integer(under), 'da')} {grammar.integer(over)}"
    return f"{grammar.integer(mixed)} {grammar.whole} {words}" if mixed else words


def _sign(sign: str | None, grammar: Grammar) -> str:
    if not sign:
        return ""
    if sign == "±":
        return grammar.plus_minus
    return grammar.plus if sign == "+" else grammar.minus
