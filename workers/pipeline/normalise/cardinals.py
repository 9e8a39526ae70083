"""Whole numbers as words, one function a language, for numbers below `CARDINAL_LIMIT`."""

from collections.abc import Callable
from functools import lru_cache

from aznum2words import num2words as azerbaijani
from num2words import num2words

CARDINAL_LIMIT = 10**15

_UNITS = ("", "bir", "iki", "üç", "dört", "beş", "altı", "yedi", "sekiz", "dokuz")
_TENS = ("", "on", "yirmi", "otuz", "kırk", "elli", "altmış", "yetmiş", "seksen", "doksan")
_SCALES = ("", "bin", "milyon", "milyar", "trilyon")


def turkish(number: int) -> str:
    """Our own: num2words 0.5.14 glues the words of a Turkish number together and loses "bir"."""
    if number == 0:
        return "sıfır"
    groups: list[str] = []
    for scale in _SCALES:
        number, group = divmod(number, 1000)
        if group:
            # bin, not bir bin; but bir milyon
            words = "" if (group, scale) == (1, "bin") else _below_thousand(group)
            groups.append(f"{words} {scale}".strip())
    return " ".join(reversed(groups))


def _below_thousand(number: int) -> str:
    hundreds, rest = divmod(number, 100)
    tens, units = divmod(rest, 10)
    hundred = "" if hundreds == 0 else "yüz" if hundreds == 1 else f"{_UNITS[hundreds]} yüz"
    return " ".join(filter(None, (hundred, _TENS[tens], _UNITS[units])))


def russian(number: int) -> str:
    """Masculine nominative: agreement with the counted word is beyond a plain reader."""
    return str(num2words(number, lang="ru"))


_READERS: dict[str, Callable[[int], str]] = {"az": azerbaijani, "tr": turkish, "ru": russian}

# A text repeats its numbers, and num2words takes 20 microseconds for each.
CARDINALS = {language: lru_cache(maxsize=4096)(reader) for language, reader in _READERS.items()}
"""A function for each language: 0 ≤ number < `CARDINAL_LIMIT` to words."""
