"""How Azerbaijani, Turkish and Russian text is pronounced, in the symbols that Kokoro was trained on.

The rules were chosen by measuring how well a speech recogniser understands the result, so some of them differ
from a textbook; where they do, the comment beside them says so.
"""

from collections.abc import Callable
from itertools import zip_longest

from models import ipa, pronunciations
from models.phonemes import azerbaijani, russian, turkish
from models.phonemes.text import finished, readable

_SPEAKERS: dict[str, Callable[[str], str]] = {
    "az": azerbaijani.pronounce,
    "tr": turkish.pronounce,
    "ru": russian.pronounce,
}

_PLACE = "\ue000"
"""Stands for a word that carries its sounds, while the text around it is made readable. No text holds it."""


def phonemes(text: str, language: str) -> str:
    """The phoneme symbols of a normalised text, every one of them in Kokoro's vocabulary.

    Numbers, abbreviations and letters of other scripts must have been spelled out before: they are left out
    here. A word that carries its sounds (`models.pronunciations`) is spoken by them.
    "" when the text has nothing to pronounce. Raises ValueError for an unknown language.
    """
    try:
        pronounce = _SPEAKERS[language]
    except KeyError:
        raise ValueError(f"no pronunciation rules for language {language!r}") from None
    marks = list(pronunciations.PATTERN.finditer(text)) if "{" in text else []
    if not marks:
        return finished(pronounce(readable(text)))
    around = readable(pronunciations.PATTERN.sub(_PLACE, text.replace(_PLACE, " "))).split(_PLACE)
    spoken = [
        ipa.kokoro(pronunciations.sounds(found)) or pronounce(readable(pronunciations.written(found)))
        for found in marks
    ]
    # Each piece by itself: no sound of a marked word is changed by its neighbours, and none of theirs by it.
    return finished("".join(pronounce(piece) + sounds for piece, sounds in zip_longest(around, spoken, fillvalue="")))
