"""One entry of the lexicon with its language and note, and what such an entry may hold."""

import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass, field

from models import ipa
from models.pronunciations import LONGEST_ALIAS, LONGEST_GRAPHEME, LONGEST_IPA, Entry, fold
from synthesis.domain.errors import InvalidInput

LANGUAGES = ("az", "tr", "ru")
LONGEST_NOTE = 200
MAX_ENTRIES = 50_000
# Somebody who has uploaded the wrong file needs no thousand lines about it.
_MAX_ERRORS = 50

Identity = tuple[str, bool, str]


@dataclass(frozen=True, slots=True)
class Record:
    """An entry as it is kept and exchanged. Its level is not part of it: that is where it is kept."""

    language: str
    entry: Entry
    note: str = ""


@dataclass
class Collected:
    """What a file holds: the records that may be kept, and a line for each mistake."""

    records: list[Record] = field(default_factory=list)
    errors: list[str] = field(default_factory=list)
    _places: dict[Identity, str] = field(default_factory=dict)

    def add(self, record: Record, place: str) -> None:
        """Keep the record, or say what is wrong with it. `place` is where it stands: "line 7"."""
        mistakes = [f"{name}: {message}" for name, message in problems(record)]
        if not mistakes:
            first = self._places.setdefault(identity(record), place)
            if first != place:
                mistakes.append(f"grapheme: The same word stands in {first}.")
        for mistake in mistakes:
            self.refuse(place, mistake)
        if not mistakes:
            if len(self.records) == MAX_ENTRIES:
                raise InvalidInput(f"file: More than {MAX_ENTRIES} entries.")
            self.records.append(record)

    def refuse(self, place: str, mistake: str) -> None:
        """Note a mistake; beyond the first fifty only that there are more."""
        if len(self.errors) == _MAX_ERRORS:
            self.errors.append("… and more.")
        elif len(self.errors) < _MAX_ERRORS:
            self.errors.append(f"{place[:1].upper()}{place[1:]}: {mistake}")


def identity(record: Record) -> Identity:
    """Two records of a level that agree in this are entries for the same words."""
    return record.language, record.entry.match_case, key(record.entry, record.language)


def key(entry: Entry, language: str) -> str:
    """The entry's words as they are compared: in small letters unless their case matters."""
    grapheme = unicodedata.normalize("NFC", " ".join(entry.grapheme.split()))
    return grapheme if entry.match_case else fold(grapheme, language)


def problems(record: Record) -> Iterator[tuple[str, str]]:
    """What is wrong with the record: the name of a field and a sentence for people, for each mistake."""
    entry = record.entry
    if record.language not in LANGUAGES:
        yield "language", f"Must be one of {', '.join(LANGUAGES)}, not {record.language!r}."
    yield from _text_problems("grapheme", entry.grapheme, LONGEST_GRAPHEME)
    yield from _text_problems("alias", entry.alias, LONGEST_ALIAS)
    yield from _text_problems("ipa", entry.ipa, LONGEST_IPA)
    yield from _text_problems("note", record.note, LONGEST_NOTE)
    if not entry.grapheme.strip():
        yield "grapheme", "The word or phrase is missing."
    elif not (_has_sign(entry.grapheme) if entry.alias else _has_letter(entry.grapheme)):
        yield "grapheme", f"Has neither a letter nor a digit{' nor a sign' if entry.alias else ''}."
    if bool(entry.alias) == bool(entry.ipa):
        yield "alias", "Give either an alias or IPA" + (", not both." if entry.alias else ".")
    elif entry.alias:
        yield from _alias_problems(entry)
    else:
        yield from _ipa_problems(entry)


def _text_problems(name: str, text: str, longest: int) -> Iterator[tuple[str, str]]:
    if len(text) > longest:
        yield name, f"Longer than {longest} characters."
    if any(unicodedata.category(character) in ("Cc", "Cs", "Zl", "Zp") for character in text):
        yield name, "Line breaks and control characters are not allowed."


def _alias_problems(entry: Entry) -> Iterator[tuple[str, str]]:
    if not _has_letter(entry.alias):
        yield "alias", "Nothing in it can be said."


def _ipa_problems(entry: Entry) -> Iterator[tuple[str, str]]:
    if unknown := ipa.unknown(entry.ipa):
        yield "ipa", f"Cannot be spoken: {' '.join(map(_shown, unknown[:10]))}"
    elif not ipa.audible(entry.ipa):
        yield "ipa", "Nothing in it can be spoken."


def _has_letter(text: str) -> bool:
    return any(map(str.isalnum, text))


def _has_sign(text: str) -> bool:
    return any(unicodedata.category(character)[0] in "LNS" or character in "%&@#" for character in text)


def _shown(symbol: str) -> str:
    if not unicodedata.combining(symbol) and symbol.isprintable():
        return f"“{symbol}”"
    return f"U+{ord(symbol):04X}"
