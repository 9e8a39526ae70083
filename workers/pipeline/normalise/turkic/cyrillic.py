"""Words in Cyrillic letters inside an Azerbaijani or a Turkish text, written in the language's own Latin letters."""

import re
from collections.abc import Mapping

from workers.pipeline.normalise.draft import Rule, substitution

RUSSIAN: Mapping[str, str] = {
    "а": "a", "б": "b", "в": "v", "г": "g", "д": "d", "е": "e", "ё": "yo", "ж": "j", "з": "z", "и": "i", "й": "y",
    "к": "k", "л": "l", "м": "m", "н": "n", "о": "o", "п": "p", "р": "r", "с": "s", "т": "t", "у": "u", "ф": "f",
    "х": "h", "ц": "ts", "ч": "ç", "ш": "ş", "щ": "ş", "ъ": "", "ы": "ı", "ь": "", "э": "e", "ю": "yu", "я": "ya",
    "і": "i", "ї": "yi", "є": "ye", "ґ": "g", "ў": "v", "ј": "y", "ғ": "ğ", "ә": "e", "ө": "ö", "ү": "ü", "ұ": "u",
    "һ": "h", "ҝ": "g", "ҹ": "c", "қ": "k", "ң": "n",
}  # fmt: skip
"""Russian letters, and those of its neighbours, by their sound in Turkish."""

AZERBAIJANI: Mapping[str, str] = {**RUSSIAN, "г": "q", "х": "x", "ә": "ə", "қ": "q", "ґ": "q"}
"""Azerbaijani was written in these letters until 1991."""

_WORD = re.compile("[\u0400-\u0481\u048a-\u052f]++")
_BEFORE_VOWEL_SOUND = "аеёиоуыэюяъь"
_TO_UPPER = str.maketrans("iı", "İI")


def cyrillic(letters: Mapping[str, str], *, soft_e: bool) -> Rule:
    """The rule that writes whole Cyrillic words in Latin letters and keeps their capitals.

    `soft_e`: an е at the beginning of a word or after a vowel is "ye", as in Russian ("Ельцин": "Yeltsin").
    """

    def letter(word: str, place: int) -> str:
        small = word[place].lower()
        latin = letters.get(small, small)
        if soft_e and small == "е" and (place == 0 or word[place - 1].lower() in _BEFORE_VOWEL_SOUND):
            latin = "ye"
        if not word[place].isupper():
            return latin
        capital = latin.translate(_TO_UPPER).upper()
        return capital if word.isupper() and len(word) > 1 else capital[:1] + latin[1:]

    def read(found: re.Match[str]) -> str:
        return "".join(letter(found[0], place) for place in range(len(found[0])))

    return substitution(_WORD, read)
