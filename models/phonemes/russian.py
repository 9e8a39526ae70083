"""Russian: own rules over stressed letters; vowels weaken by their distance from the stress.

A word goes through the steps of ``_word`` in order: respelling where spelling and speech part ways, one sound
a letter, voicing from right to left.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

from models.phonemes.russian_homographs import marked
from models.phonemes.stress import VOWELS, stressed_vowel
from models.phonemes.text import PAUSE_MARKS, STRESS_MARK, spelled

_STRESS = "ˈ"

# letter: (stressed, first before the stress or first letter of the word, any other unstressed)
# Textbook [ə] for a weakened о and а was understood worse than a full a; so was stressed [e] than ɛ.
_VOWELS = {
    "а": ("a", "ʌ", "a"),
    "о": ("o", "ʌ", "a"),
    "е": ("ɛ", "ɪ", "ɪ"),
    "э": ("ɛ", "ɪ", "ɪ"),
    "я": ("a", "ɪ", "ɪ"),
    "ё": ("o", "o", "o"),
    "у": ("u", "u", "u"),
    "ю": ("u", "u", "u"),
    "и": ("i", "i", "i"),
    "ы": ("ɨ", "ɨ", "ɨ"),
}
_VOWELS_AFTER_HARD_SIBILANT = _VOWELS | {"е": ("ɛ", "ɨ", "ɨ"), "и": ("ɨ", "ɨ", "ɨ")}
_HARD_SIBILANTS = "шжц"

_CONSONANTS = {
    "б": "b", "в": "v", "г": "ɡ", "д": "d", "ж": "ʒ", "з": "z", "й": "j", "к": "k", "л": "l", "м": "m",
    "н": "n", "п": "p", "р": "r", "с": "s", "т": "t",
    "ф": "f", "х": "x", "ц": "ʦ", "ч": "ʧ", "ш": "ʃ", "щ": "ɕː",
}  # fmt: skip
_SOFT = "ʲ"
_SOFTENING = "еёиюяь"
_NEVER_MARKED_SOFT = "шжцчщй"
_IOTATED = "еёюя"

_VOICELESS_OF = {"b": "p", "v": "f", "ɡ": "k", "d": "t", "ʒ": "ʃ", "z": "s"}
_VOICED_OF = {voiceless: voiced for voiced, voiceless in _VOICELESS_OF.items()}
_PAUSE = ""
_DEVOICING = {*_VOICED_OF, "x", "ʦ", "ʧ", "ɕː", "ɕ", _PAUSE}
_VOICING = {*_VOICELESS_OF} - {"v"}  # в takes the voice of what follows and gives none to what precedes

# Prepositions are spoken as one with the next word: their last consonant is not at the end of anything, and takes
# its voice from the first sound of that word.
_PROCLITICS = frozenset(["в", "с", "к", "из", "без", "под", "над", "от", "об", "через", "перед"])
# Most of them are written to it as well. The network makes a syllable of a lone consonant ("в столице" was heard as
# "фесталица"): over twenty sentences with prepositions the character error rate fell from .155 to .120 with both.
_JOINED = _PROCLITICS - {"через", "перед"}  # two syllables make a word of their own

# What is spoken otherwise than it is spelled. Applied to the whole word, in this order. None changes the
# number of vowels, so the place of the stress stays right.
_RESPELLINGS = tuple(
    (re.compile(pattern), replacement)
    for pattern, replacement in (
        (r"^(ни)?что(?=$|б$|бы$)", r"\1што"),
        (r"^конечно$", "конешно"),
        (r"^сегодн", "севодн"),
        # the ending -ого/-его, but not the adverbs and names that only look like it
        (
            r"^(?!.*(?:много|строго|дорого|убого|полого|отлого)$)(?!(?:эго|лего|лого)$)(.*[ое])го(?=(?:ся)?$)",
            r"\1во",
        ),
        (r"^(чу|здра|безмол)вств", r"\1ств"),
        (r"(?<!бе)здн", "зн"),  # поздно, but бездна
        (r"стн", "сн"),
        (r"лнц", "нц"),
        (r"рдц", "рц"),
        (r"гк", "хк"),
        (r"гч", "хч"),
        (r"[сз]ч", "щ"),
        (r"ть?ся$", "ца"),
        (r"тц", "ц"),
    )
)  # fmt: skip

# Letters of other Cyrillic alphabets, by the nearest Russian ones.
_NEIGHBOURS = str.maketrans(
    {
        "і": "и", "ї": "йи", "є": "е", "ґ": "г", "ј": "й", "љ": "ль", "њ": "нь", "џ": "дж", "ђ": "дь",
        "ћ": "ть", "ѣ": "е", "ә": "я", "ө": "ё", "ү": "ю", "ұ": "у", "қ": "к", "ҡ": "к", "ғ": "г", "ң": "н",
        "ҥ": "н", "һ": "х", "ҝ": "г", "ҹ": "дж", "җ": "ж", "ҷ": "ч", "ҙ": "з", "ҫ": "с", "ѕ": "дз",
    }
)  # fmt: skip
_ALPHABET = {letter: letter for letter in (*_VOWELS, *_CONSONANTS, "ъ", "ь", "+", STRESS_MARK, " ", *PAUSE_MARKS)}
_LETTERS = "а-яё"
_WORD = re.compile(f"[{_LETTERS}+{STRESS_MARK}]+")
_UNMARKED = str.maketrans("", "", "+" + STRESS_MARK)
_PLUS_BEFORE_VOWEL = re.compile(rf"\+([{VOWELS}])")


@dataclass(frozen=True, slots=True)
class _Sound:
    symbol: str
    soft: bool = False
    stressed: bool = False

    def __str__(self) -> str:
        return (_STRESS if self.stressed else "") + self.symbol + (_SOFT if self.soft else "")


def pronounce(text: str) -> str:
    """The phonemes of a readable text, marks and spaces kept.

    U+0301 after a vowel or "+" before it says where the stress is.
    """
    letters = marked(spelled(text.lower().translate(_NEIGHBOURS), _ALPHABET))
    symbols: list[str] = []
    end = len(letters)
    # From the end, because a preposition takes its voice from the word after it.
    for match in reversed(list(_WORD.finditer(letters))):
        word, between = match[0], _marks(letters[match.end() : end])
        bare = word.translate(_UNMARKED)
        leans = between == " " and bare in _PROCLITICS and bool(symbols)
        following = _first_sound(symbols[-1]) if leans else ""
        symbols += ["" if leans and bare in _JOINED else between, _word(word, following)]
        end = match.start()
    return "".join(reversed([*symbols, _marks(letters[:end])]))


def _marks(between: str) -> str:
    return "".join(character for character in between if character in PAUSE_MARKS or character == " ")


def _first_sound(symbols: str) -> str:
    return symbols.lstrip(_STRESS)[:1]


@lru_cache(maxsize=50_000)
def _word(marked: str, following: str) -> str:
    """One lower-case word. ``following`` is the sound that a preposition leans on, "" for any other word."""
    word, stressed = _unmarked(marked)
    if stressed is None:
        stressed = stressed_vowel(word)
    sounds = _sounds(_respelled(word), stressed)
    return "".join(map(str, _voiced(sounds, following)))


def _unmarked(marked: str) -> tuple[str, int | None]:
    """The bare word and the place among its vowels of the one that is marked, None without a mark.

    Of several marks the last counts: in a compound that is the main stress.
    """
    marked = _PLUS_BEFORE_VOWEL.sub(rf"\1{STRESS_MARK}", marked).replace("+", "")
    before, found, _ = marked.rpartition(STRESS_MARK)
    word = marked.translate(_UNMARKED)
    if not found or before[-1:] not in tuple(VOWELS):
        return word, None
    return word, sum(letter in VOWELS for letter in before) - 1


def _respelled(word: str) -> str:
    for pattern, replacement in _RESPELLINGS:
        word = pattern.sub(replacement, word)
    return word


def _sounds(word: str, stressed: int | None) -> list[_Sound]:
    sounds: list[_Sound] = []
    vowel = -1
    for place, letter in enumerate(word):
        previous, following = word[place - 1 : place], word[place + 1 : place + 2]
        if letter in _VOWELS:
            vowel += 1
            if _needs_j(previous, letter):
                sounds.append(_Sound("j"))
            symbol = _vowel(previous, letter, following, vowel, stressed)
            sounds.append(_Sound(symbol, stressed=vowel == stressed))
        elif letter in _CONSONANTS:
            soft = following in tuple(_SOFTENING) and letter not in _NEVER_MARKED_SOFT
            sounds.append(_Sound(_CONSONANTS[letter], soft=soft))
    return sounds


def _needs_j(previous: str, letter: str) -> bool:
    if letter in _IOTATED:
        return previous == "" or previous in _VOWELS or previous in "ьъ"
    return letter in "ио" and previous == "ь"  # чьи, бульон


def _vowel(previous: str, letter: str, following: str, place: int, stressed: int | None) -> str:
    table = _VOWELS_AFTER_HARD_SIBILANT if previous and previous in _HARD_SIBILANTS else _VOWELS
    full, near, far = table[letter]
    if place == stressed:
        return full
    if letter == "я" and following == "":
        return "a"  # an ending keeps its vowel: время
    return near if previous == "" or (stressed is not None and place == stressed - 1) else far


def _voiced(sounds: Sequence[_Sound], following: str) -> list[_Sound]:
    """Obstruents agree in voice with the one after them; at the end of a word they lose it."""
    result: list[_Sound] = []
    right = following or _PAUSE
    for sound in reversed(sounds):
        symbol = sound.symbol
        if right in _DEVOICING:
            symbol = _VOICELESS_OF.get(symbol, symbol)
        elif right in _VOICING:
            symbol = _VOICED_OF.get(symbol, symbol)
        result.append(_Sound(symbol, sound.soft, sound.stressed))
        right = symbol
    return result[::-1]
