"""Abbreviations of Azerbaijani and Turkish: "Prof.", "və s.", "M.Ö.", "küç. 12", "Bakı ş.".

Every rule here sees one sentence: a full stop is the sentence's own only when it is its last character.
"""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import Enum

from workers.pipeline.normalise.draft import Edit, Rule, substitution
from workers.pipeline.normalise.inline import sparing
from workers.pipeline.normalise.turkic.grammar import Grammar
from workers.pipeline.normalise.turkic.suffixes import lower

_CAPITAL = "A-ZÇƏĞİÖŞÜÂ"
_SMALL = "a-zçəğıöşüâ"
_CONTEXT_LENGTH = 40


class Near(Enum):
    """What must stand next to an abbreviation that may mean several things, or none."""

    NUMBER = re.compile(r" ?[№#]? ?(?:[0-9]|[IVXLC]{1,6}(?![^\W_]))")
    """A number follows."""
    NAME = re.compile(rf" ?[{_CAPITAL}][{_SMALL}]")
    """A name follows."""
    NO_NAME = re.compile(rf"(?! ?[{_CAPITAL}][{_SMALL}])")
    """No name follows: the letters are no initials."""
    WORD = re.compile(rf" [{_SMALL}]")
    """A word in small letters follows."""
    AFTER_NAME = re.compile(rf"(?:^|[ (,.])[{_CAPITAL}][{_SMALL}]{{1,30}},? $")
    """A name goes before."""
    AFTER_NUMBER = re.compile(r"(?:[0-9½⅓⅔¼¾]|[IVX])\.?(?:['-][^\W\d_]{1,9})? ?$")
    """A number goes before."""
    AFTER_DAY = re.compile(r"(?<![\w.,:/'-])[0-3]?[0-9]\.? ?$")
    """A day of a month goes before, without an ending: "5 Ara.", but "112'yi ara."."""
    YEARS = re.compile(
        r" ?(?:[0-9]{1,4}|[IVX]{1,6})(?:(?:'?l[ae]r[ıi]?n?|\.)? (?:yüzyıl|yy|yıl|asır|binyıl)|['’][dt]?[ae]n?(?!\w))"
    )
    """A year or a century follows."""
    ANY = re.compile("")

    def fits(self, before: str, after: str) -> bool:
        """Whether the text on the abbreviation's two sides is so."""
        if self in (Near.AFTER_NAME, Near.AFTER_NUMBER, Near.AFTER_DAY):
            return self.value.search(before) is not None
        if self is Near.NUMBER and Near.AFTER_NUMBER.value.search(before):
            return False  # "12 m. 5": a measure
        return self.value.match(after) is not None


Readings = tuple[tuple[Near, str], ...]
"""What an abbreviation is read as next to what; the first that fits."""


@dataclass(frozen=True)
class Abbreviations:
    """The abbreviations of one language, in small letters unless only capitals are meant."""

    titles: Mapping[str, str]
    """Before a name also without a full stop: "Dr Əli"."""
    stopped: Mapping[str, str]
    """Written with a full stop, which is not part of the key, and unmistakable."""
    homographs: frozenset[str]
    """Titles and `stopped` that are words too ("bul", "gör"): read with a capital letter or before a number, and never
    at the end of a sentence."""
    near: Mapping[str, Readings]
    """Written with a full stop and to be told by what is near."""
    phrases: Mapping[str, Readings]
    """Of several parts, written with all their full stops: "m.ə.", "və s."."""
    labels: Mapping[str, str]
    """Parts of a postal address before a colon or full stop and a number: "D: 12"."""
    address: re.Pattern[str]
    """What tells a postal address, where `labels` are read."""
    days: Mapping[str, str]
    """Short names of the days of the week, also without a full stop; in a timetable only."""
    contracted: Mapping[str, str]
    """Words whose middle is left out and what stands for them: "r-n" in "r-nu", "r-nunda"."""


def abbreviations(table: Abbreviations, grammar: Grammar) -> Rule:
    """The rule for all of them; a suffix that is joined to one ("A.Ş.'nin") fits its words."""
    titles = "|".join(map(_capital, sorted(table.titles.keys() - table.homographs, key=len, reverse=True)))
    contracted = "|".join(f"[{short[0]}{_capital(short)[0]}]{re.escape(short[1:])}" for short in table.contracted)
    contracted = contracted or "(?!)"
    pattern = re.compile(
        rf"(?<![^\W_])(?:(?P<phrase>{_alternatives(table.phrases)})|(?P<label>[DKNSB]|Kat|Daire|Blok)[:.] ?(?=[0-9])"
        rf"|(?P<short>{contracted})(?=[{_SMALL}]{{0,9}}(?!\w))"
        rf"|(?P<word>[^\W\d_]{{1,12}}+)\.|(?P<title>{titles})(?= [{_CAPITAL}][{_SMALL}])"
        rf")(?:['-](?P<suffix>(?![{_CAPITAL}][{_SMALL}])[^\W\d_]{{1,12}})(?!\w)|(?<=\.)(?P<glued>[{_SMALL}]{{1,8}})(?![\w.]))?"
    )
    every_one = sparing(substitution(pattern, _Reader(table, grammar)))
    # One look that tells most sentences without any from the others.
    gate = re.compile(rf"\.(?!\Z)|: ?[0-9]|(?:{titles}) |(?:{contracted})")
    last_parts = {_last_part(key) for keys in (table.titles, table.stopped, table.near, table.phrases) for key in keys}

    def rule(text: str) -> Iterable[Edit]:
        return every_one(text) if gate.search(text) or _last_part(text) in last_parts else ()

    return rule


class _Reader:
    """Says what is read for one match."""

    def __init__(self, table: Abbreviations, grammar: Grammar) -> None:
        self._table = table
        self._grammar = grammar
        self._phrases = {_plain(phrase): readings for phrase, readings in table.phrases.items()}

    def __call__(self, found: re.Match[str]) -> str | None:
        words = self._words(found)
        suffix = found["suffix"] or found["glued"]
        if words is None or (found["glued"] and not self._grammar.harmony.knows(found["glued"])):
            return None
        if suffix:
            words = self._grammar.inflect(words, suffix)
        elif found.end() == len(found.string) and found[0].endswith("."):
            return words + "."
        after = found.string[found.end() : found.end() + 1]
        return words + (" " if after.isalnum() and not found["short"] else "")

    def _words(self, found: re.Match[str]) -> str | None:
        if found["word"]:
            return self._stopped(found)
        if found["phrase"]:
            return _choose(self._phrases[_plain(found["phrase"])], found)
        if found["label"]:
            return self._table.labels.get(found["label"]) if self._table.address.search(found.string) else None
        return (
            self._table.titles[lower(found["title"])]
            if found["title"]
            else self._table.contracted[lower(found["short"])]
        )

    def _stopped(self, found: re.Match[str]) -> str | None:
        table, word = self._table, found["word"]
        if word in table.near:
            return _choose(table.near[word], found)
        if len(word) == 1:
            return None  # a single capital letter is an initial
        small = lower(word)
        if small in table.homographs and not _is_written_as_abbreviation(found):
            return None
        return table.titles.get(small) or table.stopped.get(small) or _choose(table.near.get(small, ()), found)


def weekdays(days: Mapping[str, str]) -> Rule:
    """The short names of days in a timetable: "Pzt-Cum 08.30", "Sal, Per ve Cmt 10:00"."""
    if not days:
        return lambda text: ()
    day = re.compile(rf"(?:{'|'.join(days)})(?!\w)\.?")
    one = day.pattern
    before_time = " ?:? ?[0-9]{1,2}[.:][0-9]{2}"
    timetable = re.compile(rf"(?<![\w.]){one}(?:(?:(?: ?[-—] ?|, ?| ve ){one}){{1,6}}|(?={before_time}))")

    def read(found: re.Match[str]) -> str:
        words = day.sub(lambda short: days[short[0].rstrip(".")], found[0])
        ends_sentence = found[0].endswith(".") and found.end() == len(found.string)
        return re.sub(" ?[-—] ?", " ", words) + ("." if ends_sentence else "")

    return substitution(timetable, read)


def _last_part(text: str) -> str:
    """What stands before the last full stop, from the space or stop before it."""
    return lower(re.split("[ .(/]", text[-_CONTEXT_LENGTH:].rstrip("."))[-1])


def _is_written_as_abbreviation(found: re.Match[str]) -> bool:
    if found.end() == len(found.string):
        return found["word"].isupper() and found.string[: found.start()].endswith("/")  # "Kadıköy/İST."
    return found["word"][0].isupper() or Near.NUMBER.fits("", found.string[found.end() : found.end() + _CONTEXT_LENGTH])


def _choose(readings: Readings, found: re.Match[str]) -> str | None:
    before = found.string[max(0, found.start() - _CONTEXT_LENGTH) : found.start()]
    after = found.string[found.end() : found.end() + _CONTEXT_LENGTH]
    return next((words for near, words in readings if near.fits(before, after)), None)


def _plain(phrase: str) -> str:
    """A phrase without its stops and spaces; its first letter small, so that "M.ə." is "m.ə." but "M.Ə." is not."""
    letters = phrase.replace(".", "").replace(" ", "")
    return lower(letters[0]) + letters[1:]


def _alternatives(phrases: Mapping[str, Readings]) -> str:
    return "|".join(_source(phrase) for phrase in sorted(phrases, key=len, reverse=True))


def _source(phrase: str) -> str:
    """Spaces after the stops may be left out or put in, and the last stop may be missing."""
    parts = [part for part in re.split(r"\. ?", phrase) if part]
    first = parts[0]
    parts[0] = f"[{first[0]}{_capital(first)[0]}]{re.escape(first[1:])}" if first[0].islower() else re.escape(first)
    return r"\. ?".join(parts) + r"(?:\.|(?!['-]?[^\W_]))"


def _capital(word: str) -> str:
    return ("İ" if word[0] == "i" else word[0].upper()) + word[1:]
