"""Times of day: 14:30 · 14.30'da · saat 9.05 · 10:00-dan · 14:30-16:00 · 14:30:15.

A full hour is said without its minutes. A colon needs two digits after it, so that a score of 3:2 is none;
a full stop makes a time only where the words around it do, because it also parts decimals.
"""

import re
from dataclasses import dataclass

from workers.pipeline.normalise.draft import Rule, substitution
from workers.pipeline.normalise.turkic.grammar import Grammar
from workers.pipeline.normalise.turkic.numerals import SUFFIX
from workers.pipeline.normalise.turkic.within import ITEM, only_with, substitution_within


@dataclass(frozen=True)
class TimeWords:
    """The words around a time, as regex sources."""

    hour: str
    """What comes before a time: "saat"."""
    hours_follow: str
    """What follows two times with full stops: "arası"."""
    leaving: str
    """Beginnings of words for what leaves or begins at the time before them: "vapur"."""
    day: str
    """Beginnings of words after which a number with a full stop is a time: days, months, "maç"."""


_HOUR, _MINUTE = "(?:[01]?[0-9]|2[0-4])", "[0-5][0-9]"
_BEGINS = r"(?<![\w+])(?<![0-9][.,:/-])"
_ENDS = r"(?![0-9]|[.,:/][0-9])"
_TO = " ?[-—] ?"

_COLON = rf"{_HOUR}:{_MINUTE}(?::{_MINUTE}(?:\.[0-9]{{1,6}})?)?"
_POINT = rf"{_HOUR}\.{_MINUTE}"
_WITH_COLON = re.compile(rf"{_BEGINS}(?P<first>{_COLON})(?:{_TO}(?P<last>{_COLON})|Z)?{_ENDS}{SUFFIX}(?!\w)")
# Two digits of the hour and any case; one digit where it is likelier than a decimal: "9.30'da", "8.30'a", not "3.14'e".
_CASED = re.compile(
    rf"{_BEGINS}(?P<first>(?:[01][0-9]|2[0-4])\.{_MINUTE}|{_HOUR}\.(?:{_MINUTE}(?=['-][dt][aəe](?!\w))|[0-5][05](?=['-](?:[dt][aəe]n|y?[aəe])(?!\w))))(?P<last>)"
    rf"(?=['-](?:[dt][aəe]n?|y?[aəe]|[dt][aəe]k[ıi]\w{{0,6}}|y?[aəe][dt][əe]k)(?!\w)){SUFFIX}"
)


# A full hour is said without its minutes, as a price would be; two times that are no days and months.
_TWO_DIGITS = r"(?:[01][0-9]|2[0-4])"
_FULL_HOUR = re.compile(rf"{_BEGINS}(?P<first>{_TWO_DIGITS}\.00)(?P<last>){_ENDS}{SUFFIX}(?!\w)")
_NO_MONTH = r"\.(?:00|1[3-9]|[2-5][0-9])"
_TWO = re.compile(
    rf"{_BEGINS}(?P<first>{_TWO_DIGITS}{_NO_MONTH}){_TO}(?P<last>{_TWO_DIGITS}{_NO_MONTH}){_ENDS}{SUFFIX}(?!\w)"
)


def times(words: TimeWords, grammar: Grammar) -> tuple[Rule, ...]:
    """With a colon anywhere; with a full stop after the word for hour, before a case suffix, or as opening hours."""

    def read(found: re.Match[str]) -> str:
        said = [_clock(end, grammar) for end in (found["first"], found["last"]) if end]
        between = f" {grammar.between} " if grammar.between else ", "
        return grammar.inflect(between.join(said), found["suffix"] or "")

    def read_between(found: re.Match[str]) -> str:
        return f"{_clock(found['first'], grammar)}{found['with']}{_clock(found['last'], grammar)}"

    pair = rf"(?P<first>{_POINT})(?:{_TO}(?P<last>{_POINT}))?{_ENDS}{SUFFIX}"
    both = rf"{_BEGINS}(?P<first>{_POINT}){_TO}(?P<last>{_POINT}){_ENDS}{SUFFIX}"
    after_hour = rf"(?<!\w)(?i:{words.hour})\w{{0,6}}:? (?P<{ITEM}>{pair})"
    one = rf"(?P<first>{_TWO_DIGITS}\.{_MINUTE})(?P<last>){_ENDS}{SUFFIX}(?!\w)"
    between = rf"{_BEGINS}(?P<first>{_POINT})(?P<with> il[eə] )(?P<last>{_POINT}){_ENDS}(?= aras)"
    leaving = rf"{_BEGINS}{one}(?= (?:{words.leaving}))"
    after_day = rf"(?<!\w)(?i:{words.day})\w{{0,8}}[:,]? (?P<{ITEM}>{one})"
    point = r"[0-9]\.[0-9]"
    return (
        only_with(":[0-9]", substitution(_WITH_COLON, read)),
        only_with(point, substitution(re.compile(between), read_between)),
        only_with(point, substitution_within(re.compile(after_hour), read)),
        only_with(point, substitution(_CASED, read)),
        only_with(point, substitution(_TWO, read)),
        only_with(point, substitution_within(re.compile(after_day), read)),
        only_with(point, substitution(re.compile(leaving), read)),
        only_with(point, substitution(_FULL_HOUR, read)),
        only_with(point, substitution(re.compile(rf"{both}(?= (?:{words.hours_follow}))"), read)),
    )


def _clock(written: str, grammar: Grammar) -> str:
    """ "09:05": "doqquz sıfır beş"; "10:00": "on"; "00:30": "sıfır sıfır otuz"."""
    hour, minute, *seconds = written.split(":" if ":" in written else ".")
    said = [grammar.digits(hour) if int(hour) == 0 else grammar.cardinal(int(hour))]
    if int(minute) or any(second.strip("0.") for second in seconds):
        said += [grammar.integer(minute), *(_second(second, grammar) for second in seconds)]
    return " ".join(said)


def _second(written: str, grammar: Grammar) -> str:
    whole, _, fraction = written.partition(".")
    return grammar.decimal(whole.lstrip("0") or "0", fraction) if fraction else grammar.integer(written)
