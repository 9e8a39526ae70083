"""Dates in digits: 28.05.1918 · 28/05/1918 · 2026-11-23 · 15.03.2026-cı il · 01.09.2025-31.05.2026 · 12-15.05.2026.

Only what the calendar has; anything else is left for the numbers.
"""

import calendar
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from workers.pipeline.normalise.draft import Rule, substitution
from workers.pipeline.normalise.turkic.grammar import Grammar
from workers.pipeline.normalise.turkic.numerals import SUFFIX
from workers.pipeline.normalise.turkic.suffixes import lower
from workers.pipeline.normalise.turkic.within import ITEM, only_with, substitution_within


@dataclass(frozen=True)
class DateWords:
    """Names of the months, and the words around what is a date only by them (regex sources)."""

    months: Sequence[str]
    short: Mapping[str, int]
    """Abbreviated months, in small letters, as they stand between a day and a year."""
    dated: str
    """What follows a day and month without a year: "tarixində"."""
    dating: str
    """What comes before a day and month without a year: "tarix:"."""
    yearly: str
    """What follows two years with a slash between: "tədris ili"."""
    owning: str = ""
    """What makes a day its own, so that "oktyabrın 18-də" is "on səkkizində"; "" where this is written out."""


_DAY, _YEAR = "[0-3]?[0-9]", "[12][0-9]{3}"
_DAY_MONTH = r"[0-3]?[0-9]\.[01][0-9]"
_FULL = (
    rf"(?:{_DAY}(?:\.[01]?[0-9]\.|/[01]?[0-9]/|-[01]?[0-9]-){_YEAR}"
    rf"|{_YEAR}(?:\.[01][0-9]\.|/[01][0-9]/|-[01][0-9]-)[0-3][0-9])"
)
_BEGINS = r"(?<!\w)(?<![0-9][.,:/-])(?<!№ )(?<!№)"
_ENDS = r"(?![0-9]|[.,:/][0-9])"
_TO = " ?[-—] ?"

_WHOLE = re.compile(
    rf"{_BEGINS}(?P<first>{_FULL})(?:(?P<clock>T)(?=[0-9]{{2}}:)|(?:{_TO}(?P<last>{_FULL}))?{_ENDS}{SUFFIX}(?!\w))"
)
_SHARED_YEAR = re.compile(
    rf"{_BEGINS}(?P<first>[0-3]?[0-9](?:\.[01][0-9])?)\.?{_TO}(?P<last>{_DAY_MONTH}\.{_YEAR}){_ENDS}{SUFFIX}"
)
_SHORT_YEAR = re.compile(
    rf"{_BEGINS}(?P<first>[0-3][0-9](?:\.[01][0-9]\.|/[01][0-9]/)[0-9]{{2}})(?P<last>){_ENDS}{SUFFIX}"
)
_ROMAN = re.compile(rf"{_BEGINS}(?P<day>{_DAY})[./ -](?P<month>[IVX]{{1,4}})[./ -](?P<year>{_YEAR}){_ENDS}{SUFFIX}")
_MONTH = re.compile(rf"{_BEGINS}(?P<month>0[1-9][./]|1[0-2]/)(?P<year>(?:19|20)[0-9]{{2}})(?!-[0-9]){_ENDS}{SUFFIX}")
_ROMAN_MONTHS = {
    "I": 1, "II": 2, "III": 3, "IV": 4, "V": 5, "VI": 6, "VII": 7, "VIII": 8, "IX": 9, "X": 10, "XI": 11, "XII": 12,
}  # fmt: skip


def dates(words: DateWords, grammar: Grammar) -> tuple[Rule, ...]:
    """Whole dates and ranges of them, then what is a date only by its surroundings."""
    reader = _Reader(words, grammar)
    short = "|".join(sorted(words.short, key=len, reverse=True))
    named = re.compile(
        rf"(?<![\w.,/-])(?P<day>{_DAY})[ -](?P<month>(?i:{short}))(?:\. ?|[ -])(?P<year>{_YEAR}){_ENDS}{SUFFIX}"
    )
    span = rf"(?P<{ITEM}>(?:(?P<first>{_DAY_MONTH}){_TO})?(?P<last>{_DAY_MONTH}){_ENDS}{SUFFIX})"
    month = "|".join(words.months)
    padded = re.compile(rf"(?<![\w.,:/-])0(?P<day>[1-9])(?= (?i:{month})(?!\w))")
    years = (
        rf"{_BEGINS}(?P<first>(?:19|20)[0-9]{{2}})/(?P<last>(?:[12][0-9])?[0-9]{{2}}){SUFFIX}(?= (?i:{words.yearly}))"
    )
    parted, pointed = "[0-9][./-][0-9]", r"[0-9]\.[0-9]"
    return (
        only_with(parted, substitution(_WHOLE, reader.span)),
        only_with(pointed, substitution(_SHARED_YEAR, reader.shared_year)),
        only_with(parted, substitution(_SHORT_YEAR, reader.span)),
        only_with("[0-9][./ -][IVX]", substitution(_ROMAN, reader.named_month)),
        only_with(rf"[0-9][ -](?i:{short})", substitution(named, reader.named_month)),
        only_with("[0-9]/[0-9]", substitution(re.compile(years), reader.years)),
        only_with("[0-9][./][0-9]", substitution(_MONTH, reader.month_of_year)),
        only_with("0[1-9] ", substitution(padded, lambda found: grammar.cardinal(int(found["day"])))),
        *reader.owned_days(),
        only_with(pointed, substitution_within(re.compile(rf"{_BEGINS}{span}(?= (?i:{words.dated}))"), reader.span)),
        only_with(
            pointed, substitution_within(re.compile(rf"(?<!\w)(?i:{words.dating})[: ]{{1,2}}{span}"), reader.span)
        ),
    )


@dataclass(frozen=True)
class _Reader:
    words: DateWords
    grammar: Grammar

    def span(self, found: re.Match[str]) -> str | None:
        """One date, or two with a dash between."""
        said = self._joined([self._date(end) for end in (found["first"], found["last"]) if end], found)
        return f"{said}, " if said and found.groupdict().get("clock") else said

    def shared_year(self, found: re.Match[str]) -> str | None:
        """Two dates of one year, or two days of one month: 12.05-15.05.2026, 12-15.05.2026."""
        last = self._date(found["last"])
        if "." in found["first"]:
            return self._joined([self._date(found["first"]), last], found)
        day = int(found["first"])
        return self._joined([self.grammar.cardinal(day) if 1 <= day <= 31 else None, last], found)

    def named_month(self, found: re.Match[str]) -> str | None:
        month = _ROMAN_MONTHS.get(found["month"]) or self.words.short.get(lower(found["month"]), 0)
        return self._joined([self._say(found["day"], month, found["year"])], found)

    def month_of_year(self, found: re.Match[str]) -> str:
        month = self.words.months[int(found["month"][:-1]) - 1]
        return self.grammar.inflect(f"{month} {self.grammar.integer(found['year'])}", found["suffix"] or "")

    def owned_days(self) -> Iterator[Rule]:
        if self.words.owning:
            day = rf"(?P<{ITEM}>(?P<day>[0-3]?[0-9])-(?P<case>[dyn]?[aə]\w{{0,6}}))"
            pattern = re.compile(rf"(?<!\w)(?i:{self.words.owning}) {day}")
            yield only_with("[0-9]-[dynaə]", substitution_within(pattern, self.owned_day))

    def owned_day(self, found: re.Match[str]) -> str:
        """ "18-də" after "oktyabrın": "on səkkizində"."""
        case, day = lower(found["case"]), self.grammar.cardinal(int(found["day"]))
        if case.endswith("dək"):
            return f"{self.grammar.inflect(day, 'inə')}dək"
        return self.grammar.inflect(day, f"in{case.lstrip('yn')}")

    def years(self, found: re.Match[str]) -> str:
        """A school year or a season: 2025/26."""
        years = ", ".join(self.grammar.integer(year) for year in (found["first"], found["last"]))
        return self.grammar.inflect(years, found["suffix"] or "")

    def _date(self, written: str) -> str | None:
        parts = re.split("[./-]", written)
        if len(parts[0]) == 4:
            parts.reverse()
        return self._say(parts[0], int(parts[1]), parts[2] if len(parts) == 3 else "")

    def _say(self, day: str, month: int, year: str) -> str | None:
        """None when the calendar has no such day."""
        if not 1 <= month <= 12 or not 1 <= int(day) <= calendar.monthrange(int(year or 2000), month)[1]:
            return None
        said = f"{self.grammar.cardinal(int(day))} {self.words.months[month - 1]}"
        return f"{said} {self.grammar.integer(year)}" if year else said

    def _joined(self, ends: Iterable[str | None], found: re.Match[str]) -> str | None:
        """The ends with what parts them and the suffix of the last; None when one of them is no date."""
        said = list(ends)
        between = f" {self.grammar.between} " if self.grammar.between else ", "
        valid = [end for end in said if end is not None]
        return self.grammar.inflect(between.join(valid), found["suffix"] or "") if len(valid) == len(said) else None
