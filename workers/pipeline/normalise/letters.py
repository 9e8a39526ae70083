"""Writes every letter with the letters of the voice's language; drops and counts what is no letter."""

import re
import unicodedata

from anyascii import anyascii

MARKS = ".,!?;:—…"
STRESS = "\u0301"
"""Combining acute: marks the stressed vowel in Russian texts, for the engine to use."""

_ALPHABETS = {
    "az": "abcçdeəfgğhxıijkqlmnoöprsştuüvyzwâîû",
    "tr": "abcçdefgğhıijklmnoöprsştuüvyzqwxâîû",
    "ru": "абвгдеёжзийклмнопрстуфхцчшщъыьэюя",
}

_CYRILLIC_IN_TURKIC = {
    "а": "a", "б": "b", "в": "v", "г": "g", "д": "d", "е": "e", "ё": "yo", "ж": "j", "з": "z", "и": "i",
    "й": "y", "к": "k", "л": "l", "м": "m", "н": "n", "о": "o", "п": "p", "р": "r", "с": "s", "т": "t",
    "у": "u", "ф": "f", "х": "h", "ц": "ts", "ч": "ç", "ш": "ş", "щ": "ş", "ъ": "", "ы": "ı", "ь": "",
    "э": "e", "ю": "yu", "я": "ya", "і": "i", "ј": "y", "ғ": "ğ", "ә": "ə", "ө": "ö", "ү": "ü", "һ": "h",
    "ҝ": "g", "ҹ": "c",
}  # fmt: skip

# Where another script's letter is not what `anyascii` makes of it.
_SPELLINGS: dict[str, dict[str, str]] = {
    # In Azerbaijani's own Cyrillic г is q and х is x. ä and the turned e stand for a missing ə.
    "az": _CYRILLIC_IN_TURKIC | {"г": "q", "х": "x", "ä": "ə", "ǝ": "ə", "ș": "ş", "ț": "t"},
    "tr": _CYRILLIC_IN_TURKIC | {"ә": "e", "ə": "e", "ǝ": "e", "ä": "e", "ș": "ş", "ț": "t"},
    "ru": {
        "ç": "ч", "ş": "ш", "ğ": "г", "ı": "ы", "ə": "э", "ö": "о", "ü": "ю", "ä": "э", "â": "а",
        "î": "и", "û": "у", "č": "ч", "š": "ш", "ž": "ж", "ł": "л", "ѐ": "е", "ѝ": "и", "і": "и",
        "ї": "йи", "є": "е", "ґ": "г", "ў": "у", "ә": "э", "ө": "о", "ү": "ю", "һ": "х", "ғ": "г",
        "қ": "к", "ң": "н", "ҹ": "дж", "ҝ": "г", "ј": "й",
    },
}  # fmt: skip

# Latin words in Russian: these pairs first, then letter by letter.
_LATIN_IN_RUSSIAN = {
    "sch": "ш", "sh": "ш", "ch": "ч", "zh": "ж", "kh": "х", "ph": "ф", "th": "т", "ck": "к", "ts": "ц",
    "ya": "я", "yu": "ю", "yo": "ё", "ye": "е", "ee": "и", "oo": "у", "ce": "се", "ci": "си", "cy": "си",
    "a": "а", "b": "б", "c": "к", "d": "д", "e": "е", "f": "ф", "g": "г", "h": "х", "i": "и", "j": "дж",
    "k": "к", "l": "л", "m": "м", "n": "н", "o": "о", "p": "п", "q": "к", "r": "р", "s": "с", "t": "т",
    "u": "у", "v": "в", "w": "в", "x": "кс", "y": "и", "z": "з",
}  # fmt: skip
_LATIN = re.compile("|".join(sorted(_LATIN_IN_RUSSIAN, key=len, reverse=True)))
_STRAY_STRESS = re.compile(f"(?<![аеёиоуыэюя]){STRESS}")

_DROPPED = "\0"  # `clean` has removed all control characters, so it cannot occur in a text


class _Spelling(dict[int, str]):
    """What each character becomes, worked out when it is first met: `str.translate` then runs at C speed."""

    def __init__(self, language: str) -> None:
        super().__init__()
        self._own = frozenset(_ALPHABETS[language] + MARKS + " -'" + (STRESS if language == "ru" else ""))
        self._table = _SPELLINGS[language]

    def __missing__(self, code: int) -> str:
        spelled = self[code] = self._spell(chr(code))
        return spelled

    def _spell(self, character: str) -> str:
        if character in self._own:
            return character
        if character in self._table:
            return self._table[character]
        category = unicodedata.category(character)
        if category[0] not in "LM":
            return _DROPPED
        spelled = "".join(letter for letter in anyascii(character).lower() if "a" <= letter <= "z")
        # A mark without a sound of its own (a dot, an accent) is not missed by the listener.
        return spelled or ("" if category == "Mn" else _DROPPED)


_BY_LANGUAGE = {language: _Spelling(language) for language in _ALPHABETS}


def spell(text: str, language: str) -> tuple[str, int]:
    """Lower-case `text` in the language's letters, `MARKS`, spaces, - and '; and how many were dropped."""
    text = text.translate(_BY_LANGUAGE[language])
    if language == "ru":
        text = _STRAY_STRESS.sub("", _LATIN.sub(lambda found: _LATIN_IN_RUSSIAN[found.group()], text))
    dropped = text.count(_DROPPED)
    return text.replace(_DROPPED, " "), dropped
