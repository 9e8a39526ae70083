"""How Azerbaijani, Turkish and Russian text is pronounced, in the symbols that Kokoro was trained on.

The rules were chosen by measuring how well a speech recogniser understands the result, so some of them differ
from a textbook; where they do, the comment beside them says so.
"""

from collections.abc import Callable

from models.phonemes import azerbaijani, russian, turkish
from models.phonemes.text import finished, readable

_SPEAKERS: dict[str, Callable[[str], str]] = {
    "az": azerbaijani.pronounce,
    "tr": turkish.pronounce,
    "ru": russian.pronounce,
}


def phonemes(text: str, language: str) -> str:
    """The phoneme symbols of a normalised text, every one of them in Kokoro's vocabulary.

    Numbers, abbreviations and letters of other scripts must have been spelled out before: they are left out
    here.
    "" when the text has nothing to pronounce. Raises ValueError for an unknown language.
    """
    try:
        pronounce = _SPEAKERS[language]
    except KeyError:
        raise ValueError(f"no pronunciation rules for language {language!r}") from None
    return finished(pronounce(readable(text)))
