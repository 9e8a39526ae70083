"""Azerbaijani: one letter, one phoneme, in every position.

No stress mark, no palatal k and g, no fricative for a final q: each was tried and made the speech no easier
to understand.
"""

from models.phonemes.text import PAUSE_MARKS, lower_turkic, spelled

_SOUNDS = {
    # vowels
    "a": "a", "e": "e", "ə": "æ", "ı": "ɯ", "i": "i", "o": "o", "ö": "ø", "u": "u", "ü": "y",
    # consonants; ʤ and ʧ are single symbols, ɡ is U+0261
    "b": "b", "c": "ʤ", "ç": "ʧ", "d": "d", "f": "f", "g": "ɡ", "ğ": "ɣ", "h": "h", "x": "x", "j": "ʒ",
    "k": "k", "q": "ɡ", "l": "l", "m": "m", "n": "n", "p": "p", "r": "ɾ", "s": "s", "ş": "ʃ", "t": "t",
    "v": "v", "y": "j", "z": "z",
    # not a letter of the alphabet, but in borrowed names
    "w": "v",
}  # fmt: skip
_TABLE = _SOUNDS | {mark: mark for mark in PAUSE_MARKS + " "}


def pronounce(text: str) -> str:
    """The phonemes of a readable text, marks and spaces kept."""
    return "".join(_TABLE.get(letter, "") for letter in spelled(lower_turkic(text), _TABLE))
