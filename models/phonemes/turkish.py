"""Turkish: from letters, with the two of them that depend on their neighbours: i and ğ.

No stress mark: final stress, rule-based stress and secondary marks were all tried and were understood worse.
"""

from models.phonemes.text import PAUSE_MARKS, lower_turkic, spelled

_FRONT = "eiöüîə"
_BACK = "aıouâû"
_VOWELS = _FRONT + _BACK

_SOUNDS = {
    # vowels; a is the back ɑ here, unlike in Azerbaijani
    "a": "ɑ", "â": "ɑ", "e": "e", "ı": "ɯ", "i": "i", "î": "i", "o": "o", "ö": "ø", "u": "u", "û": "u",
    "ü": "y",
    # consonants; ʤ and ʧ are single symbols, ɡ is U+0261
    "b": "b", "c": "ʤ", "ç": "ʧ", "d": "d", "f": "f", "g": "ɡ", "ğ": "ɣ", "h": "h", "j": "ʒ", "k": "k",
    "l": "l", "m": "m", "n": "n", "p": "p", "r": "ɾ", "s": "s", "ş": "ʃ", "t": "t", "v": "v",
    "y": "j", "z": "z",
    # not letters of the alphabet, but in names
    "q": "k", "w": "v", "x": "ks", "ə": "e",
}  # fmt: skip
_TABLE = _SOUNDS | {mark: mark for mark in PAUSE_MARKS + " "}


def pronounce(text: str) -> str:
    """The phonemes of a readable text, marks and spaces kept."""
    letters = spelled(lower_turkic(text), _TABLE)
    # Padded, so that the neighbours of the first and the last letter are "no letter".
    padded = f" {letters}  "
    return "".join(_sound(*padded[place : place + 4]) for place in range(len(letters)))


def _sound(previous: str, letter: str, following: str, after: str) -> str:
    if letter == "i":
        return "ɪ" if _closes_syllable(following, after) else "i"
    if letter == "ğ" and previous in _VOWELS:
        # After a front vowel it is heard as y only before another vowel: değil, but öğretmen with a long ö. On 22
        # sentences in three voices the length was understood better (NLL a character -0.06 and -0.12), silence not.
        return "j" if previous in _FRONT and not _is_consonant(following) else "ː"
    return _TABLE.get(letter, "")


def _closes_syllable(following: str, after: str) -> bool:
    """A consonant that no vowel follows ends the syllable of the vowel before it."""
    return _is_consonant(following) and after not in _VOWELS


def _is_consonant(letter: str) -> bool:
    return letter in _SOUNDS and letter not in _VOWELS
