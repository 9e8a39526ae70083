"""The straight quotation mark that stands for inches: `6,1"`, `27" ekran`."""

import re
from collections.abc import Iterator

from workers.pipeline.normalise.draft import Edit

_INCH = "″"
_MARK = re.compile(r'(?P<number>(?<![\d.,])\d{1,3}(?P<decimal>[.,]\d{1,2})?)?"(?P<touches>\w)?')
# What is measured in inches, by the beginnings of the words in the three languages.
_SCREENS_AND_PIPES = re.compile(
    r"\b(?:диагонал|экран|монитор|дисплей|телевизор|ноутбук|планшет|смартфон|телефон|диск|труб|дюйм"
    r"|di[ay]a?qonal|ekran|monit[oö]r|displey|televi[zy]|noutbuk|planşet|smartfon|telefon|disk|boru"
    r"|köşegen|laptop|tablet|jant|inç|lcd|led|oled|tv\b)",
    re.IGNORECASE,
)


def inches(text: str) -> Iterator[Edit]:
    """The marks that close no quotation and stand after a decimal, or in a text about screens and pipes."""
    is_open = False
    is_about_screens = _SCREENS_AND_PIPES.search(text) is not None
    for found in _MARK.finditer(text):
        may_be_inch = found["number"] and not is_open and not found["touches"]
        if may_be_inch and (found["decimal"] or is_about_screens):
            yield Edit(found.end() - 1, found.end(), _INCH)
        else:
            is_open = not is_open
