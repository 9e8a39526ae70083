"""The Turkish alphabet: its letters, their names, and what stands for the letters it does not have."""

from collections.abc import Mapping

ALPHABET = "abcçdefgğhıijklmnoöprsştuüvyzâîû"

NAMES: Mapping[str, str] = {
    "a": "a", "b": "be", "c": "ce", "ç": "çe", "d": "de", "e": "e", "f": "fe", "g": "ge", "ğ": "yumuşak ge",
    "h": "he", "ı": "ı", "i": "i", "j": "je", "k": "ka", "l": "le", "m": "me", "n": "ne", "o": "o", "ö": "ö",
    "p": "pe", "r": "re", "s": "se", "ş": "şe", "t": "te", "u": "u", "ü": "ü", "v": "ve", "y": "ye", "z": "ze",
    "q": "kü", "w": "çift ve", "x": "iks",
}  # fmt: skip
"""How each letter is called in an acronym, a code or an initial."""

SPELLINGS: Mapping[str, str] = {
    "q": "k", "w": "v", "x": "ks", "ə": "e", "ä": "e", "á": "a", "à": "a", "ã": "a", "å": "o", "æ": "e", "ø": "ö",
    "œ": "ö", "ß": "ss", "é": "e", "ê": "e", "ô": "o", "ñ": "n", "č": "ç", "ć": "ç", "š": "ş", "ś": "ş", "ž": "j",
    "ż": "j", "ź": "z", "ł": "l", "ș": "ş", "ț": "ts", "ţ": "ts", "đ": "d", "þ": "s", "ð": "d", "ї": "yi",
    "є": "ye", "ґ": "g", "ў": "v",
}  # fmt: skip
"""Foreign letters that are not spelled as their nearest Latin letter would be."""
