"""Letters of another script that look like the right ones: "Аzərbaycan" with a Cyrillic А, "cпорт" with a Latin c.

Only words that mix the two scripts are touched; each goes to the script that its unmistakable letters are from.
"""

import re
from collections.abc import Iterable, Iterator

from workers.pipeline.normalise.draft import Edit

_LATIN = "A-Za-z\u00c0-\u00d6\u00d8-\u00f6\u00f8-\u024f\u0259\u1e00-\u1eff"
_CYRILLIC = "\u0400-\u0481\u048a-\u052f"
_MIXED = re.compile(f"[{_LATIN}][{_CYRILLIC}]|[{_CYRILLIC}][{_LATIN}]")
_WORD = re.compile(f"[{_LATIN}{_CYRILLIC}]++")
_IS_LATIN = re.compile(f"[{_LATIN}]")
_IS_CYRILLIC = re.compile(f"[{_CYRILLIC}]")

# Look-alikes by shape; the small letters after the gap do not look alike but are typed in the wrong layout.
_TO_LATIN = dict(
    zip("АВЕКМНОРСТУХІЈҺЅӘаеорсухіјһѕәү" + "кмтвнд", "ABEKMHOPCTYXIJHSƏaeopcyxijhsəy" + "kmtvnd", strict=True)
)
_TO_CYRILLIC = dict(zip("ABEKMHOPCTYXaeopcyxk", "АВЕКМНОРСТУХаеорсухк", strict=True))


def homoglyphs(language: str) -> "_Repair":
    """The rule that repairs mixed words; where nothing decides, a word is Cyrillic in Russian and Latin elsewhere."""
    return _Repair(latin_by_default=language != "ru")


class _Repair:
    def __init__(self, *, latin_by_default: bool) -> None:
        self._latin_by_default = latin_by_default
        # The script that the language's plain texts do not hold: without it there is nothing to do.
        self._foreign = _IS_CYRILLIC if latin_by_default else _IS_LATIN

    def __call__(self, text: str) -> Iterable[Edit]:
        if not self._foreign.search(text) or not _MIXED.search(text):
            return ()
        return self._edits(text)

    def _edits(self, text: str) -> Iterator[Edit]:
        for word in _WORD.finditer(text):
            if not _MIXED.search(word[0]):
                continue
            table = _TO_LATIN if self._is_latin(word[0]) else _TO_CYRILLIC
            for place, letter in enumerate(word[0], word.start()):
                if letter in table:
                    yield Edit(place, place + 1, table[letter])

    def _is_latin(self, word: str) -> bool:
        latin = [letter for letter in word if _IS_LATIN.match(letter)]
        cyrillic = [letter for letter in word if not _IS_LATIN.match(letter)]
        clearly_latin = sum(letter not in _TO_CYRILLIC for letter in latin)
        clearly_cyrillic = sum(letter not in _TO_LATIN for letter in cyrillic)
        if bool(clearly_latin) != bool(clearly_cyrillic):
            return clearly_latin > 0
        if len(latin) != len(cyrillic):
            return len(latin) > len(cyrillic)
        return self._latin_by_default
