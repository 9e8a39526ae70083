"""How Azerbaijani is read. The modules hold the words, `workers.pipeline.normalise.turkic` the rules and their order.

`GRAMMAR` says numbers and joins suffixes, `STAGES` reads a cleaned sentence.
"""

from workers.pipeline.normalise.azerbaijani import (
    abbreviations,
    acronyms,
    codes,
    dates,
    letters,
    money,
    numbers,
    phones,
    symbols,
    units,
)
from workers.pipeline.normalise.turkic.cyrillic import AZERBAIJANI
from workers.pipeline.normalise.turkic.stages import Language, stages

GRAMMAR = numbers.GRAMMAR

STAGES = stages(
    Language(
        grammar=GRAMMAR,
        letters=letters.NAMES,
        cyrillic=AZERBAIJANI,
        soft_e=False,
        links=symbols.LINKS,
        codes=codes.CODES,
        phones=phones.PHONES,
        dates=dates.DATES,
        times=dates.TIMES,
        symbols=symbols.SYMBOLS,
        money=money.MONEY,
        units=units.UNITS,
        abbreviations=abbreviations.ABBREVIATIONS,
        acronyms=acronyms.ACRONYMS,
        before_dates=numbers.BEFORE_DATES,
        before_units=numbers.BEFORE_UNITS,
        after_units=numbers.AFTER_UNITS,
    )
)
