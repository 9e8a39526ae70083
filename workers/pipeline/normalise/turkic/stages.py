"""The stages that a cleaned Azerbaijani or Turkish sentence passes through, in their order.

What is written in a shape of its own (an address, a code, a telephone number) comes before what any number could be,
and what needs capitals and full stops (initials, acronyms) before everything is plain words.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from workers.pipeline.normalise.links import LinkWords, links
from workers.pipeline.normalise.stages import Stage, named
from workers.pipeline.normalise.symbols import SymbolWords, number_signs, symbols
from workers.pipeline.normalise.turkic.abbreviations import Abbreviations, abbreviations, weekdays
from workers.pipeline.normalise.turkic.acronyms import Acronyms, acronyms
from workers.pipeline.normalise.turkic.codes import CodeWords, codes, designations
from workers.pipeline.normalise.turkic.cyrillic import cyrillic
from workers.pipeline.normalise.turkic.dates import DateWords, dates
from workers.pipeline.normalise.turkic.grammar import Grammar
from workers.pipeline.normalise.turkic.initials import initials, unknown_abbreviations
from workers.pipeline.normalise.turkic.money import MoneyWords, money
from workers.pipeline.normalise.turkic.phones import PhoneWords, phones
from workers.pipeline.normalise.turkic.times import TimeWords, times
from workers.pipeline.normalise.turkic.units import UnitWords, units


@dataclass(frozen=True)
class Language:
    """All that the rules need to know of a language: how it counts and inflects, and its words for everything."""

    grammar: Grammar
    letters: Mapping[str, str]
    """Names of the letters."""
    cyrillic: Mapping[str, str]
    """How a word in Cyrillic letters is written."""
    soft_e: bool
    """Whether such a word's е is "ye" where Russian says it so."""
    links: LinkWords
    codes: CodeWords
    phones: PhoneWords
    dates: DateWords
    times: TimeWords
    symbols: SymbolWords
    money: MoneyWords
    units: UnitWords
    abbreviations: Abbreviations
    acronyms: Acronyms
    before_dates: tuple[Stage, ...]
    """Numbers that look like dates, amounts or initials and are none."""
    before_units: tuple[Stage, ...]
    """Numbers with signs of their own, before a unit is looked for."""
    after_units: tuple[Stage, ...]
    """Every number that is left."""


def stages(words: Language) -> tuple[Stage, ...]:
    """The list for one language."""
    grammar = words.grammar
    return (
        ("links", links(words.links, grammar.integer, grammar.inflect)),
        ("cyrillic", cyrillic(words.cyrillic, soft_e=words.soft_e)),
        *named("codes", codes(words.codes, grammar)),
        *named("phones", phones(words.phones, grammar)),
        *words.before_dates,
        *named("dates", dates(words.dates, grammar)),
        ("number_signs", number_signs(words.symbols)),
        *words.before_units,
        *named("money", money(words.money, grammar)),
        *named("units", units(words.units, grammar)),
        ("abbreviations", weekdays(words.abbreviations.days)),
        *named("times", times(words.times, grammar)),
        ("designations", designations(words.codes, grammar)),
        ("abbreviations", abbreviations(words.abbreviations, grammar)),
        ("initials", initials(words.letters, grammar)),
        ("acronyms", acronyms(words.acronyms, grammar)),
        ("unknown_abbreviations", unknown_abbreviations()),
        *words.after_units,
        ("symbols", symbols(words.symbols, grammar.inflect)),
    )
