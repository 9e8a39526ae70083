"""What our own rules have left is given to ru-normalizr, watched closely."""

import re
from collections import Counter
from collections.abc import Iterable
from functools import lru_cache
from threading import Lock
from typing import Any

from workers.pipeline.normalise.draft import Edit, rewriting

# Digits, fractions of one character, abbreviations within the sentence. The library takes milliseconds for a
# sentence, this nothing.
_SOMETHING_LEFT = re.compile(r"\d|[½⅓⅔¼¾]|(?<![\w.-])[а-яё]{2,6}\.(?= ?[а-яё,;])")
_PLAIN_WORD = re.compile(r"(?<![\w.-])[а-яё]{3,}(?![\w.-])", re.IGNORECASE)
_STRESS = "\u0301"
_LONGEST = 2000

_lock = Lock()
"""The library keeps caches of its own, and does not say that threads may share them."""


@lru_cache(maxsize=1)
def _normalizer() -> Any:
    """Only numbers, dates and abbreviations: letters, capitals, links and Latin words are read by our own stages."""
    from ru_normalizr import NormalizeOptions, Normalizer  # a second to import: not before it is needed

    return Normalizer(
        NormalizeOptions.tts(
            remove_links=False,
            enable_url_normalization=False,
            enable_caps_normalization=False,
            enable_first_word_decap=False,
            enable_roman_normalization=False,
            enable_initials_expansion=False,
            enable_letter_abbreviation_expansion=False,
            enable_dictionary_normalization=False,
            enable_latinization=False,
            cleanup_malformed_punctuation=False,
        )
    )


def _rewritten(text: str) -> str:
    """The library's reading; the text as it is where that would lose a word."""
    with _lock:
        reading = str(_normalizer().normalize(text))
    if _STRESS in reading and _STRESS not in text:
        reading = reading.replace(_STRESS, "")
    return reading if _keeps_words(text, reading) else text


def _keeps_words(text: str, reading: str) -> bool:
    """Whether every plain word of the text is in the reading as often, and no Latin letter is new."""
    lost = Counter(_PLAIN_WORD.findall(text.lower())) - Counter(_PLAIN_WORD.findall(reading.lower()))
    return not lost and len(_LATIN.findall(reading)) <= len(_LATIN.findall(text))


_LATIN = re.compile(r"[A-Za-z]")
_rewrite = rewriting(_rewritten)


def rest(text: str) -> Iterable[Edit]:
    """The library's edits of a sentence in which something is left to read."""
    if len(text) > _LONGEST or not _SOMETHING_LEFT.search(text):
        return ()
    return _rewrite(text)
