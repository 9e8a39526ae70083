"""Telephone numbers: group by group, every leading zero said, with a rest after the area code.

+994 12 493-00-91 · (050) 123 45 67 · 0532 123 45 67 · 444 0 333 · 8-800-555-35-35 · *1234#
"""

import re
from dataclasses import dataclass

from workers.pipeline.normalise.draft import Rule, substitution
from workers.pipeline.normalise.turkic.grammar import Grammar
from workers.pipeline.normalise.turkic.numerals import SUFFIX
from workers.pipeline.normalise.turkic.within import ITEM, only_with, substitution_within


@dataclass(frozen=True)
class PhoneWords:
    """What is said for the signs of a telephone number, and what announces one."""

    star: str
    hash: str
    extension: str
    extensions: str
    """Regex source: abbreviations of `extension`, without their full stop."""
    announced: str
    """Regex source: words that a telephone number follows, whatever its shape."""


# Digits are counted, not groups: everybody groups them otherwise.
_PLUS = r"(?:\((?=\+[0-9 ]{1,8}\)))?(?:\+ ?|00 ?(?=(?:994|90|7|1|44|49) ?[0-9(]))"
_GAP = r"[ ().-]{0,2}"
_INTERNATIONAL = (
    rf"{_PLUS}(?:994(?:{_GAP}[0-9]){{9}}|90(?:{_GAP}[0-9]){{10}}|[17](?:{_GAP}[0-9]){{10}}"
    rf"|[1-9](?:{_GAP}[0-9]){{8,14}})(?![0-9])"
)
_CLOSED = r"(?:\((?=[0-9 ]{2,5}\)))?"  # an opening bracket that is closed after the area code
_TURKEY = rf"{_CLOSED}0[ -]?\(?[2-58][0-9]{{2}}\)?(?:[ -]?[0-9]){{7}}"
_AZERBAIJAN = rf"{_CLOSED}0[1-9][0-9]\)?(?:[ -]?[0-9]){{7}}"
_DOTTED = r"0[1-9][0-9]{1,2}\.[0-9]{3}\.[0-9]{2}\.?[0-9]{2}"
_BRACKETED = r"\([0-9]{2,5}\)[ -]?[0-9]{2,3}[ -]?[0-9]{2}[ -]?[0-9]{2}"
_TRUNK = r"8[ -]?\(?[0-9]{3}\)?[ -]?[0-9]{3}[ -]?[0-9]{2}[ -]?[0-9]{2}|1-[0-9]{3}-[0-9]{3}-[0-9]{4}"
_BARE = (
    r"[2-58][0-9]{2}[ -][0-9]{3}[ -][0-9]{2}[ -]?[0-9]{2}|[1-9][0-9][ -][0-9]{3}[ -][0-9]{2}[ -][0-9]{2}"
    r"|[1-9][0-9]{2}[ -][0-9]{2}[ -][0-9]{2}|4 ?44[ -][0-9][ -][0-9]{3}|[1-9][0-9]{2}-[0-9]{3}-[0-9]{4}"
)
_SHAPED = re.compile(
    rf"(?<![\w+#*№/])(?<![0-9][.,:/-])(?<![0-9] )"
    rf"(?:{_TURKEY}|{_AZERBAIJAN}|{_DOTTED}|{_BRACKETED}|{_TRUNK}|{_BARE})(?![0-9]|[ .,:-][0-9]){SUFFIX}(?!\w)"
)
_WITH_PLUS = re.compile(rf"(?<!\w){_INTERNATIONAL}{SUFFIX}")
_SERVICE = re.compile(r"(?<![\w*])\*[0-9]{3,6}(?:[*#][0-9]{1,12}){0,3}#?(?![\w*#])" + SUFFIX)

_COUNTRY = re.compile(
    "1|7|2(?:[07]|[0-9]{2})|3(?:[0-469]|[0-9]{2})|4(?:[013-9]|[0-9]{2})|5(?:[1-8]|[0-9]{2})"
    "|6(?:[0-6]|[0-9]{2})|8(?:[1246]|[0-9]{2})|9(?:[0-58]|[0-9]{2})"
)
# How people part so many digits that are written without a gap.
_PARTED = {
    4: (2, 2), 5: (3, 2), 6: (2, 2, 2), 7: (3, 2, 2), 8: (2, 2, 2, 2), 9: (2, 3, 2, 2), 10: (3, 3, 2, 2),
    11: (4, 3, 2, 2), 12: (3, 3, 2, 2, 2),
}  # fmt: skip
# The subscriber's own number, before which the voice rests.
_OWN = 7


def phones(words: PhoneWords, grammar: Grammar) -> tuple[Rule, ...]:
    """Numbers that look like one, numbers that are announced as one, service codes, extensions."""

    def international(found: re.Match[str]) -> str | None:
        digits = re.findall("[0-9]+", found[0].lstrip("0"))
        country = _COUNTRY.match("".join(digits))
        if country is None:
            return None
        groups = [country[0], *_national(digits, len(country[0]))]
        prefix = grammar.plus if "+" in found[0] else grammar.digits("00")
        return grammar.inflect(f"{prefix} {_say(groups, grammar)}", found["suffix"] or "")

    def national(found: re.Match[str]) -> str:
        groups = _parted(re.findall("[0-9]+", found[0]))
        return grammar.inflect(_say(groups, grammar), found["suffix"] or "")

    def announced(found: re.Match[str]) -> str | None:
        return None if _THOUSANDS.fullmatch(found["number"]) else national(found)

    def service(found: re.Match[str]) -> str:
        names = {"*": words.star, "#": words.hash}
        parts = re.findall(r"[*#]|[0-9]+", found[0])
        said = " ".join(names.get(part) or _say(_parted([part]), grammar) for part in parts)
        return grammar.inflect(said, found["suffix"] or "")

    extension = re.compile(rf"(?<!\w)(?:{words.extensions})(?:\.:?|:)? ?(?=[0-9])")
    announcing = re.compile(
        rf"(?<!\w)(?i:{words.announced})\w{{0,8}}(?: (?:nömrəsi|numarası|no|№))?[ .:№—-]{{1,4}}"
        rf"(?P<{ITEM}>(?P<number>[0-9](?:[ -]?[0-9]){{5,11}}(?![0-9]|[.,:/-][0-9])){SUFFIX})"
    )
    return (
        only_with("[+0] ?[0-9]", substitution(_WITH_PLUS, international)),
        only_with("[0-9](?:[ ().-]{0,2}[0-9]){6}", substitution(_SHAPED, national)),
        only_with("[0-9](?:[ -]?[0-9]){5}", substitution_within(announcing, announced)),
        only_with(r"\*[0-9]", substitution(_SERVICE, service)),
        only_with(words.extensions, substitution(extension, lambda found: f"{words.extension} ")),
    )


_THOUSANDS = re.compile("[1-9][0-9]{0,2}(?: [0-9]{3})+")


def _national(groups: list[str], skipped: int) -> list[str]:
    """The groups without the first `skipped` digits, which are the country's."""
    rest = []
    for group in groups:
        rest.append(group[skipped:])
        skipped = max(0, skipped - len(group))
    return _parted([group for group in rest if group])


def _parted(groups: list[str]) -> list[str]:
    """The groups with those that are too long to be said at once taken apart."""
    parted = []
    for group in groups:
        at_once = len(group) < 4 or (len(group) == 4 and group[0] == "0")
        sizes = (len(group),) if at_once else _PARTED.get(len(group), (1,) * len(group))
        for size in sizes:
            parted.append(group[:size])
            group = group[size:]
    return parted


def _say(groups: list[str], grammar: Grammar) -> str:
    said, left = "", sum(map(len, groups))
    for group in groups:
        rest = ", " if left == _OWN else " "
        said += (rest if said else "") + _group(group, grammar)
        left -= len(group)
    return said


def _group(digits: str, grammar: Grammar) -> str:
    """Every leading zero, then a cardinal: "05" is "sıfır beş"."""
    rest = digits.lstrip("0")
    zeros = digits[: len(digits) - len(rest)]
    return " ".join(filter(None, (grammar.digits(zeros), grammar.cardinal(int(rest)) if rest else "")))
