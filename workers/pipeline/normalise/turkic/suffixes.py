"""Suffixes of Azerbaijani and Turkish: which letters are one, and how it sounds at the end of a given word.

Writers put a suffix after digits as they would say it ("6-dan", "3'te", "2024'ün"), or carelessly ("5-dan"). Only
the kind of each letter is taken from what is written: A stands for an open vowel, I for a closed one, D for d or t.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field

_KINDS = {"a": "[aeəâ]", "i": "[ıiuü]", "d": "[dt]", "c": "[cç]", "k": "[kqğ]"}
# The pieces stand in the order of the grammar: a free chain of them would be half of the words there are
# ("6-aylıq", "5-dana").
_DERIVED = "(?:li(?:k|y)|li|siz|ş?ar){0,2}(?:lar)?"
_CASED = "(?:s?i(?:miz|niz)?)?(?:(?:y|n)?a|(?:y|n)?i|n?in|n?dan?|y?la|(?:(?:y|n)?a)?dək|ca)?"
_FINITE = "(?:dir(?:lar)?|y?di(?:k|m|n|lar)?|y?miş|y?sa|y?kan)?"
_ORDINAL_PIECE = "(?:[ıiuü]?n)?c[ıiuü]"
# "I am the third": after other numbers these letters would rather be a unit ("5-san").
_PERSON = "y[aə]m|s[aə]n|y[ıiuü][mzqk]|s[ıiuü]n(?:[ıiuü]z)?"


def _pattern(pieces: str) -> str:
    """The pieces with every letter of a kind replaced by all letters of that kind."""
    out, inside = [], False
    for letter in pieces:
        inside = (inside or letter == "[") and letter != "]"
        out.append(letter if inside or letter == "ə" else _KINDS.get(letter, letter))
    return "".join(out)


_CHAIN = rf"(?=\w){_pattern(f'{_DERIVED}{_CASED}(?:ki(?:lar)?{_CASED})?{_FINITE}')}"
SUFFIX_LETTERS = f"(?:{_ORDINAL_PIECE}(?:{_PERSON}|{_CHAIN})?|{_CHAIN})"
"""Regex source, without groups: the letters of one suffix or a chain; not bounded at its end."""

_KNOWN = re.compile(SUFFIX_LETTERS)
_ORDINAL = re.compile(f"{_ORDINAL_PIECE}(?P<rest>.{{0,20}})")
# Only the possessive has this n after it: 1/5-nə is "beşdə birinə".
_AFTER_POSSESSIVE = re.compile("n[aeədt]")
_VOWELS = "aeəıioöuüâîû"
_CLOSED_AFTER = {
    **dict.fromkeys("aıâ", "ı"),
    **dict.fromkeys("eəiî", "i"),
    **dict.fromkeys("ouû", "u"),
    "ö": "ü",
    "ü": "ü",
}
_BACK = frozenset("aıouâû")
_LOWER = str.maketrans("Iİ", "ıi")


@dataclass(frozen=True)
class Harmony:
    """How a language fits a suffix to a word."""

    front_open: str
    """The open vowel after e, i, ö, ü: "ə" or "e"."""
    hardening: str = ""
    """Letters after which d and c become t and ç."""
    back_velar: str = "k"
    """What k becomes after a back vowel: "on-luq"."""
    invariable: frozenset[str] = frozenset()
    """Pieces whose vowel never changes, e.g. Turkish "ki"."""
    softened: Mapping[str, str] = field(default_factory=dict)
    """Words that change their last letter before a vowel: "dört", "dörd"."""
    front_words: frozenset[str] = frozenset()
    """Words that take front vowels against the rule, e.g. Turkish "saat"."""

    possessed: frozenset[str] = frozenset()
    """Words that end in a possessive already, "küçəsi", and so take "-nə", "-ndə" for "-yə", "-də"."""

    def knows(self, suffix: str) -> bool:
        """Whether `suffix` is made of pieces that can be fitted to any word."""
        return _KNOWN.fullmatch(lower(suffix)) is not None

    def is_ordinal(self, suffix: str) -> bool:
        """Whether `suffix` makes an ordinal number: "-ci", "'inci", "-cidə"."""
        return _ORDINAL.fullmatch(lower(suffix)) is not None and self.knows(suffix)

    def ordinal(self, words: str) -> str:
        """`words` of a number as an ordinal number: "on bir", "on birinci"."""
        return self._grow(words, "nci" if _ends_in_vowel(words) else "inci")

    def join(self, words: str, suffix: str) -> str:
        """`words` with `suffix` at the end of the last one; an unknown suffix is joined as it is written."""
        suffix = lower(suffix)
        if not self.knows(suffix):
            return words + suffix
        if ordinal := _ORDINAL.fullmatch(suffix):
            return self.join(self.ordinal(words), ordinal["rest"]) if ordinal["rest"] else self.ordinal(words)
        if suffix.endswith("dək"):
            # Until: -dək follows the dative, written or not, and does not change.
            return f"{self._grow(words, self._with_joining(words, 'a'))}dək"
        return self._grow(words, self._with_joining(words, suffix))

    def _with_joining(self, words: str, suffix: str) -> str:
        """`suffix` with the consonant that a word with a last vowel needs, and without it after a consonant."""
        if words.rpartition(" ")[2] in self.possessed:
            return _after_possessive(suffix)
        after_vowel = _ends_in_vowel(words)
        if _AFTER_POSSESSIVE.match(suffix):
            return f"si{suffix}" if after_vowel else f"i{suffix}"
        rest = suffix[1:] if _can_lose_first(suffix) else suffix
        if not after_vowel:
            return rest
        return suffix if suffix != rest or suffix[0] not in _VOWELS else _missing_joining(suffix) + suffix

    def _grow(self, words: str, suffix: str) -> str:
        stem, _, last = words.rpartition(" ")
        if suffix[0] in _VOWELS and last in self.softened:
            words = f"{stem} {self.softened[last]}".lstrip()
        vowel = "e" if last in self.front_words else _last_vowel(last)
        letters = list(words)
        for place, letter in enumerate(suffix):
            fitted = self._fit(letter, vowel, letters[-1], keep=suffix[place - 1 : place + 1] in self.invariable)
            letters.append(fitted)
            vowel = fitted if fitted in _VOWELS else vowel
        return "".join(letters)

    def _fit(self, letter: str, vowel: str, before: str, *, keep: bool) -> str:
        if keep:
            return letter
        if letter in "aeəâ":
            return "a" if vowel in _BACK else self.front_open
        if letter in "ıiuü":
            return _CLOSED_AFTER[vowel]
        if letter in "dtcç":
            return _hard_or_soft(letter, before, self.hardening)
        if letter in "kq" and before not in "aə":
            return self.back_velar if vowel in _BACK else "k"
        return letter


def lower(text: str) -> str:
    """Small letters of Azerbaijani and Turkish: I becomes ı, İ becomes i."""
    return text.translate(_LOWER).lower()


def _hard_or_soft(letter: str, before: str, hardening: str) -> str:
    hard, soft = ("t", "d") if letter in "dt" else ("ç", "c")
    return hard if before in hardening else soft


def _can_lose_first(suffix: str) -> bool:
    """Whether the first letter of a suffix is there only because the word before it ends in a vowel."""
    joining, following = suffix[0], suffix[1:2]
    if not following or joining not in "nysş":
        return False
    if following in _VOWELS:
        # "siz" and "sa" are suffixes of their own.
        return not (joining == "s" and (following in "aeə" or suffix[2:3] == "z"))
    return joining == "y" and following in "ldtms"


def _after_possessive(suffix: str) -> str:
    rest = suffix[1:] if _can_lose_first(suffix) or _AFTER_POSSESSIVE.match(suffix) else suffix
    return f"n{rest}" if rest[0] in _VOWELS or re.match("[dt][aeə]", rest) else rest


def _ends_in_vowel(words: str) -> bool:
    return lower(words[-1:]) in _VOWELS and bool(words)


def _last_vowel(word: str) -> str:
    return next((letter for letter in reversed(lower(word)) if letter in _VOWELS), "e")


def _missing_joining(suffix: str) -> str:
    """What joins a suffix with a first vowel to a word with a last one, where the writer left it out."""
    if suffix[0] in "aeə":
        return "ş" if suffix[1:2] == "r" else "y"
    return "n" if suffix[1:] == "n" else "s"
