"""Written text to spoken text: digits, signs and foreign letters become words of the voice's language.

What comes out holds, between two letters, nothing but one space, apostrophe, hyphen or mark (with its space);
so a full stop always ends a sentence and the chunker needs no knowledge of abbreviations.
"""

from collections.abc import Callable
from dataclasses import dataclass

from workers.pipeline.normalise.case import lower
from workers.pipeline.normalise.clean import clean
from workers.pipeline.normalise.letters import spell
from workers.pipeline.normalise.marks import tidy
from workers.pipeline.normalise.numbers import read_numbers
from workers.pipeline.normalise.paragraphs import ending, paragraphs
from workers.pipeline.normalise.stops import drop_stops
from workers.pipeline.normalise.symbols import read_symbols

__all__ = ["LANGUAGES", "Reading", "normalise", "paragraphs"]

LANGUAGES = ("az", "tr", "ru")

# In this order: numbers before symbols (the number decides where its `%` or `$` is said), stops before case
# (a capital letter after an abbreviation tells whether it ended its sentence), case before letters.
STAGES: tuple[Callable[[str, str], str], ...] = (clean, read_numbers, read_symbols, drop_stops, lower)


@dataclass(frozen=True, slots=True)
class Reading:
    """One paragraph as it is spoken."""

    spoken: str
    dropped: int
    """Characters that a listener misses: emoji, unknown signs, letters of scripts that nobody can spell."""


def normalise(paragraph: str, language: str) -> Reading:
    """Read one piece of `paragraphs()` in `language` ("az", "tr" or "ru").

    `spoken` is empty when nothing can be spoken. Otherwise it starts with a letter and ends with "\\n" where
    the paragraph ended with a line break, and with a space where it was cut at one.
    """
    if language not in LANGUAGES:
        raise ValueError(f"unknown language {language!r}, known: {', '.join(LANGUAGES)}")
    text = paragraph
    for stage in STAGES:
        text = stage(text, language)
    text, dropped = spell(text, language)
    return Reading(spoken=tidy(text, ending(paragraph)), dropped=dropped)
