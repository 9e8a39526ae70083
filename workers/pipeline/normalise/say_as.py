"""Words for what a text says the reading of (SSML's say-as): single characters, digits, cardinals, ordinals."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cache

from models.pronunciations import fold
from workers.pipeline.normalise.azerbaijani.numbers import GRAMMAR as AZERBAIJANI
from workers.pipeline.normalise.azerbaijani.symbols import LINKS as AZERBAIJANI_SIGNS
from workers.pipeline.normalise.links import LinkWords
from workers.pipeline.normalise.russian import numerals
from workers.pipeline.normalise.russian.letters import ENGLISH_NAMES, NAMES
from workers.pipeline.normalise.russian.symbols import LINKS as RUSSIAN_SIGNS
from workers.pipeline.normalise.turkish.numbers import GRAMMAR as TURKISH
from workers.pipeline.normalise.turkish.symbols import LINKS as TURKISH_SIGNS

_DIGITS_OR_PLUS = re.compile(r"[0-9]+|\+")


def characters(text: str, language: str) -> str:
    """Each letter, digit and sign of an address by its name; a letter without one stays, for the letters' own stage."""
    words = _words(language)
    return " ".join(
        words.digits(character) if character.isdecimal() else words.names.get(character, character)
        for character in fold(text, language)
        if not character.isspace()
    )


def digits(text: str, language: str) -> str:
    """Each digit, with a rest where they are parted: "012 493-00" is "sıfır bir iki, dörd doqquz üç, sıfır sıfır"."""
    words = _words(language)
    said = ""
    for group in _DIGITS_OR_PLUS.findall(text):
        spoken = words.names["+"] if group == "+" else words.digits(group)
        said += f"{'' if not said else ' ' if said == words.names['+'] else ', '}{spoken}"
    return said


def cardinal(text: str, language: str) -> str:
    """A whole number below 10**15, which may follow a minus."""
    words = _words(language)
    minus = f"{words.minus} " if text.startswith("-") else ""
    return minus + words.cardinal(int(text.lstrip("-")))


def ordinal(text: str, language: str) -> str:
    """In Russian of masculine gender, as dictionaries have it."""
    return _words(language).ordinal(int(text))


@dataclass(frozen=True)
class _Words:
    names: Mapping[str, str]
    minus: str
    digits: Callable[[str], str]
    cardinal: Callable[[int], str]
    ordinal: Callable[[int], str]


@cache
def _words(language: str) -> _Words:
    if language == "ru":
        names = {**NAMES, **ENGLISH_NAMES, **_signs(RUSSIAN_SIGNS)}
        return _Words(names, "минус", numerals.digits, numerals.cardinal, numerals.ordinal)
    links, grammar = {"az": (AZERBAIJANI_SIGNS, AZERBAIJANI), "tr": (TURKISH_SIGNS, TURKISH)}[language]
    names = {**links.letters, **_signs(links)}
    return _Words(names, grammar.minus, grammar.digits, grammar.cardinal, grammar.ordinal)


def _signs(words: LinkWords) -> dict[str, str]:
    return {**words.signs, ".": words.point, "@": words.at}
