"""Roman numerals: "XIX əsr", "II. Abdülhamid", "XX-XXI əsrlərdə", "Cilt III", "III-cü"; not "MM", "CD", "vitamin C".

A numeral is read only where its form, its size and its neighbours agree, because most capital letters are no number.
"""

import re
from dataclasses import dataclass

from workers.pipeline.normalise.draft import Rule, substitution
from workers.pipeline.normalise.turkic.grammar import Grammar
from workers.pipeline.normalise.turkic.numerals import SUFFIX
from workers.pipeline.normalise.turkic.suffixes import lower

# Azerbaijani and Turkish keyboards write İ for I; Cyrillic Х is met in old texts.
_I, _X = "[Iİ]", "[XХ]"
_ONES = f"(?:{_I}{_X}|{_I}V|V?{_I}{{0,3}})"
_TENS = f"(?:{_X}C|{_X}L|L?{_X}{{0,3}})"
_NUMERAL = f"(?=[IİVXХLCDM])M{{0,2}}(?:CM|CD|D?C{{0,3}}){_TENS}{_ONES}"
_PLAIN = str.maketrans("İХ", "IX")
_VALUES = {"I": 1, "V": 5, "X": 10, "L": 50, "C": 100, "D": 500, "M": 1000}
_FORM = re.compile(_NUMERAL)
# What may stand between a numeral and the noun that it belongs to: "I, II və III qruplar".
_MORE = rf"(?:(?:, ?|-|—| — | (?:və|ve|və ya|veya|ya da|ilə|ile|yaxud|ila) ){_NUMERAL}(?![^\W_])\.?){{0,6}}"
_NEXT = re.compile(rf"{_MORE}(?P<stop>\.)? ?(?P<next>[^\W\d_]{{1,40}})?")
_PREVIOUS = re.compile(r"(?P<previous>[^\W\d_]{1,40})(?P<apart>['-][^\W\d_]{1,12})? \Z")
_LARGEST_SMALL = 39


@dataclass(frozen=True)
class RomanWords:
    """The neighbours of Roman numerals, in small letters."""

    centuries: tuple[str, ...]
    """Beginnings of the words after which the century is counted."""
    counted: tuple[str, ...]
    """Beginnings of words that have an ordinal number before them."""
    numbered: frozenset[str]
    """Words that have a cardinal number after them: "cild"."""
    rulers: tuple[str, ...]
    """Beginnings of the names of rulers."""
    dotted: bool
    """Whether an ordinal is written with a full stop: then a numeral without one is a cardinal before most words."""
    not_numerals: frozenset[str] = frozenset({"XL", "XXL", "XXX"})
    """Capital letters that are sizes and the like where no noun says otherwise."""


def romans(words: RomanWords, grammar: Grammar) -> Rule:
    """Roman numerals, ranges of them, with their suffix or the full stop of the ordinal."""
    pattern = re.compile(
        # "e.ə.III əsr" is written without a space, "A.I." are initials.
        rf"(?<![\w'])(?<![A-ZÇƏĞİÖŞÜ0-9. ]\.)(?<![^\W\d_]-)"
        rf"(?:(?P<first>{_NUMERAL})\.?[-—])?(?P<numeral>{_NUMERAL})(?![^\W_])"
        rf"(?:(?P<stop>\.)(?= ?[^\W\d_]|, ?[IVX]|-[IVX])|{SUFFIX})(?![-—]{_NUMERAL}(?!\w))"
    )

    def read(found: re.Match[str]) -> str | None:
        ordinal = _is_ordinal(found, words, grammar)
        if ordinal is None:
            return None
        spoken = [grammar.cardinal(_value(numeral)) for numeral in found.group("first", "numeral") if numeral]
        if ordinal:
            spoken = [grammar.harmony.ordinal(number) for number in spoken]
        suffix = found["suffix"] or ""
        if len(suffix) == 1 and suffix.isupper() and not found.string.isupper():
            return f"{spoken[-1]} {lower(suffix)}"  # a class: IX-A
        if ordinal and suffix and grammar.harmony.is_ordinal(suffix):
            spoken[-1] = grammar.cardinal(_value(found["numeral"]))
        # The number of a chapter, "II. Giriş", has a rest after it.
        rest = "," if found["stop"] and not ordinal else ""
        tail = " " if found["stop"] and found.string[found.end() : found.end() + 1].isalpha() else ""
        return grammar.inflect(" ".join(spoken), suffix) + rest + tail

    return substitution(pattern, read)


def _value(numeral: str) -> int:
    values = [_VALUES[letter] for letter in numeral.translate(_PLAIN)]
    following = [*values[1:], 0]
    return sum(-value if value < after else value for value, after in zip(values, following, strict=True))


def _is_ordinal(found: re.Match[str], words: RomanWords, grammar: Grammar) -> bool | None:
    """Whether the numeral is an ordinal number; None when it is no number at all."""
    numeral = found["numeral"].translate(_PLAIN)
    value = _value(numeral)
    if found["suffix"] and grammar.harmony.is_ordinal(found["suffix"]):
        return True if value <= 100 else None
    following = _NEXT.match(found.string, found.start("stop") if found["stop"] else found.end())
    after = following["next"] or "" if following and not found["suffix"] else ""
    if lower(after).startswith(words.centuries):
        return True
    if value > _LARGEST_SMALL or numeral in words.not_numerals:
        return _large(numeral, value, after, words)
    before = _PREVIOUS.search(found.string, max(0, found.start() - 60), found.start())
    previous = before["previous"] if before else ""
    if found["stop"] or (following and following["stop"]):
        return _with_stop(numeral, after, found, words)
    if len(numeral) == 1 and not found["first"]:
        return _alone(numeral, after, previous, words)
    return _plain(after, previous, words)


def _large(numeral: str, value: int, after: str, words: RomanWords) -> bool | None:
    """L and up: years, and what is counted so often that it is written out."""
    if len(numeral) >= 4 and 1000 <= value <= 2100:
        return False
    small = value < 100 and len(numeral) >= 3
    return True if small and lower(after).startswith(words.counted) else None


def _with_stop(numeral: str, after: str, found: re.Match[str], words: RomanWords) -> bool | None:
    """II. Abdülhamid, but V. Hugo: a lone letter with a stop before a name is an initial."""
    known = lower(after).startswith(words.counted + words.rulers)
    if found.start() == 0 and not words.dotted and not known:
        return False if numeral not in ("V", "X") else None
    if len(numeral) > 1 or known or found["first"]:
        return True
    return True if after[:1].islower() or (numeral == "I" and words.dotted) else None


def _alone(numeral: str, after: str, previous: str, words: RomanWords) -> bool | None:
    """I, V or X by itself; V and X are more often a letter where ordinals have a full stop."""
    if lower(after).startswith(words.counted) and (numeral == "I" or not words.dotted):
        return True
    if lower(previous) in words.numbered:
        return False
    if lower(after).startswith(words.rulers) and after[:1].isupper():
        return True
    return True if previous[:1].isupper() and lower(previous).startswith(words.rulers) else None


def _plain(after: str, previous: str, words: RomanWords) -> bool:
    """Two letters and more, without a stop."""
    if lower(after).startswith(words.counted + words.rulers):
        return True
    if lower(previous) in words.numbered:
        return False
    if previous[:1].isupper() and lower(previous).startswith(words.rulers):
        return True
    if words.dotted or not after:
        return False
    return not (previous[:1].isupper() and after[:1].islower())
