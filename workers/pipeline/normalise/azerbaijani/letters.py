"""The Azerbaijani alphabet: its letters, their names, and what stands for the letters it does not have."""

from collections.abc import Mapping

ALPHABET = "abcçdeəfgğhxıijkqlmnoöprsştuüvyzâîû"

NAMES: Mapping[str, str] = {
    "a": "a", "b": "be", "c": "ce", "ç": "çe", "d": "de", "e": "e", "ə": "ə", "f": "ef", "g": "ge", "ğ": "ğe",
    "h": "he", "x": "xe", "ı": "ı", "i": "i", "j": "je", "k": "ka", "q": "qe", "l": "el", "m": "em", "n": "en",
    "o": "o", "ö": "ö", "p": "pe", "r": "er", "s": "es", "ş": "şe", "t": "te", "u": "u", "ü": "ü", "v": "ve",
    "y": "ye", "z": "ze", "w": "dabl ve",
}  # fmt: skip
"""How each letter is called in an acronym, a code or an initial."""

SPELLINGS: Mapping[str, str] = {
    "w": "v", "ä": "ə", "á": "a", "à": "a", "ã": "a", "å": "o", "æ": "e", "ø": "ö", "œ": "ö", "ß": "ss", "é": "e",
    "ê": "e", "ô": "o", "ñ": "n", "č": "ç", "ć": "ç", "š": "ş", "ś": "ş", "ž": "j", "ż": "j", "ź": "z", "ł": "l",
    "ș": "ş", "ț": "t", "ţ": "t", "đ": "d", "þ": "s", "ð": "d", "ї": "yi", "є": "ye", "ґ": "q", "ў": "v",
}  # fmt: skip
"""Foreign letters that are not spelled as their nearest Latin letter would be."""
