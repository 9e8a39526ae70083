"""How a written word is to be said: the entries of a lexicon, and the mark by which a text carries a word's sounds.

Pure, and known to every side: rows become entries, the pipeline applies them, engines read the marks.
"""

import re
from dataclasses import dataclass
from enum import IntEnum

LONGEST_GRAPHEME = 100
LONGEST_ALIAS = 200
LONGEST_IPA = 100
"""Below what an engine speaks at once: a mark is never cut."""


class Level(IntEnum):
    """Whose an entry is. Of two entries for the same words the lower number wins."""

    USER = 0
    SITE = 1
    SHIPPED = 2


@dataclass(frozen=True, slots=True)
class Entry:
    """Says `grapheme`, a word or a phrase as it is written, as `alias` (other words) or `ipa` (sounds): one of them."""

    grapheme: str
    alias: str = ""
    ipa: str = ""
    whole_word: bool = True
    match_case: bool = False
    level: Level = Level.USER


PATTERN = re.compile(r"\{(?P<written>[^{}|\s]++)\|(?P<ipa>[^{}|\s]++)\}")
"""A word that carries its sounds: `{Bakı|bɑˈkɯ}`."""

_STRUCTURE = re.compile(r"[{}|\s_]+")


def mark(written: str, ipa: str) -> str:
    """`{written|ipa}`, one token: spaces inside become `_`. ValueError when one of them is empty."""
    inside = [_STRUCTURE.sub("_", part.strip()).strip("_") for part in (written, ipa)]
    if not all(inside):
        raise ValueError("a mark needs the written word and its sounds")
    return f"{{{inside[0]}|{inside[1]}}}"


def written(found: re.Match[str]) -> str:
    """The written word or phrase of a match of PATTERN."""
    return found["written"].replace("_", " ")


def sounds(found: re.Match[str]) -> str:
    """The IPA of a match of PATTERN."""
    return found["ipa"].replace("_", " ")


def without_marks(text: str) -> str:
    """The text with the written words in the place of their marks, for engines that know no IPA."""
    return PATTERN.sub(written, text) if "{" in text else text


class _Lower(dict[int, str]):
    """The small letter for each letter, one for one, worked out when it is first met."""

    def __missing__(self, code: int) -> str:
        small = self[code] = chr(code).lower()
        return small


_TURKIC = _Lower({ord("I"): "ı", ord("İ"): "i"})
_OTHER = _Lower({ord("İ"): "i"})  # the only letter whose small form is two characters


def fold(text: str, language: str) -> str:
    """The text in small letters, as long as before; in Azerbaijani and Turkish I becomes ı and İ becomes i."""
    return text.translate(_OTHER if language == "ru" else _TURKIC)
