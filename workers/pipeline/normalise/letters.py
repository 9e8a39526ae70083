"""Writes every letter with the letters of the voice's language; what has no letters at all is dropped."""

import re
import unicodedata
from collections.abc import Callable, Mapping

from anyascii import anyascii

from workers.pipeline.normalise.azerbaijani import letters as azerbaijani
from workers.pipeline.normalise.draft import Draft, Rule, substitution
from workers.pipeline.normalise.inline import PRONOUNCED, translate
from workers.pipeline.normalise.marks import MARKS
from workers.pipeline.normalise.russian import letters as russian
from workers.pipeline.normalise.turkic import cyrillic
from workers.pipeline.normalise.turkish import letters as turkish

STRESS = "\u0301"
"""Combining acute: marks the stressed vowel in Russian texts, for the engine to use."""

_LATIN_LETTERS = re.compile("[a-z]++")
_KEPT = MARKS + " '()[]-"


class _Spelling:
    """How one language writes the letters of others."""

    def __init__(self, alphabet: str, spellings: Mapping[str, str], word: Callable[[str], str] | None = None) -> None:
        self._own = frozenset(alphabet)
        self._spellings = spellings
        self._word = word
        self.same_length = _SameLength(self)
        own = re.escape(alphabet + _KEPT)
        foreign = substitution(re.compile(rf"{PRONOUNCED}|(?P<foreign>[^{own}{{}}]++)"), self._read)
        latin = re.compile(rf"{PRONOUNCED}|(?P<foreign>[a-z\u00df-\u024f\u0259]++)")
        self.rules: tuple[Rule, ...] = (substitution(latin, self._read_word), foreign) if word else (foreign,)
        self.is_foreign = re.compile(f"[^{own}]")

    def letter(self, character: str) -> str | None:
        """What is written for one character; None for what nobody can spell."""
        if character in self._own or character in _KEPT:
            return character
        if character in self._spellings:
            return self._spellings[character]
        category = unicodedata.category(character)
        if category[0] not in "LM":
            return None
        spelled = "".join(letter for letter in anyascii(character).lower() if "a" <= letter <= "z")
        if self._word:
            return spelled  # the whole word is spelled at once
        return "".join(self._spellings.get(letter, letter) for letter in spelled)

    def _read(self, found: re.Match[str]) -> str | None:
        if found["foreign"] is None:
            return None
        spelled = "".join(" " if letter is None else letter for letter in map(self.letter, found[0]))
        word = self._word
        return _LATIN_LETTERS.sub(lambda letters: word(letters[0]), spelled) if word else spelled

    def _read_word(self, found: re.Match[str]) -> str | None:
        if found["foreign"] is None or self._word is None:
            return None
        return self._word(found[0])


class _SameLength(dict[int, str]):
    """Letters that one letter stands for, each worked out when it is first met; all others stay."""

    def __init__(self, spelling: _Spelling) -> None:
        super().__init__()
        self._spelling = spelling

    def __missing__(self, code: int) -> str:
        character = chr(code)
        spelled = self._spelling.letter(character)
        kept = self[code] = spelled if spelled is not None and len(spelled) == 1 else character
        return kept


_SPELLINGS = {
    "az": _Spelling(azerbaijani.ALPHABET, {**cyrillic.AZERBAIJANI, **azerbaijani.SPELLINGS}),
    "tr": _Spelling(turkish.ALPHABET, {**cyrillic.RUSSIAN, **turkish.SPELLINGS}),
    "ru": _Spelling(russian.ALPHABET + STRESS, russian.SPELLINGS, russian.latin_word),
}
_STRAY_STRESS = substitution(re.compile(f"(?<![аеёиоуыэюя]){STRESS}"), lambda found: "")


def spell(draft: Draft, language: str) -> None:
    """Write the draft, in small letters and without digits and signs, in the letters of `language`."""
    if language == "ru" and STRESS in draft.text:
        draft.apply(_STRAY_STRESS)
    spelling = _SPELLINGS[language]
    if not spelling.is_foreign.search(draft.text):
        return
    if language != "ru":  # a Latin word is spelled as a whole in Russian
        translate(draft, spelling.same_length)
    for rule in spelling.rules:
        draft.apply(rule)
