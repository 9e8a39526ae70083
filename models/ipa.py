"""IPA in the symbols that Kokoro was trained on.

Beside `models.phonemes`, not in it, because the web process checks IPA too and must not load what Russian stress needs.
"""

import json
import re
import unicodedata
from functools import cache
from pathlib import Path

_VOCABULARY = Path(__file__).parent / "data" / "kokoro_vocab.json"

# In the vocabulary, but no sounds: pause marks, brackets, tone arrows, and the capitals and other letters of Kokoro's
# own for English diphthongs.
_NO_IPA = frozenset(';:,.!?—…"()“”AIOQSTWYᵝ↓→↗↘')
_STRESS = "ˈˌ"
# What alone is no sound.
_NO_SOUND = frozenset(_STRESS + " ːʰʲ\u0303")

# What people put around a transcription, at its ends only.
_DELIMITERS = "/[]\\ \t"
_TIE = "[\u0361\u035c]"
_AFFRICATES = tuple(
    (re.compile(source), symbol)
    for source, symbol in (
        # These two are one sound with or without a tie; the others without it are two (Russian "отсек").
        (f"t{_TIE}?ʃ", "ʧ"), (f"d{_TIE}?ʒ", "ʤ"),
        (f"t{_TIE}s", "ʦ"), (f"d{_TIE}z", "ʣ"), (f"t{_TIE}ɕ", "ʨ"), (f"d{_TIE}ʑ", "ʥ"), (f"[tʈ]{_TIE}ʂ", "ꭧ"),
    )
)  # fmt: skip
_SYLLABIC = re.compile("(.)[\u0329\u030d]")  # "bʌtn̩" has a short vowel before its n

# The same sound written otherwise, or the nearest one that is in the vocabulary; "" for what makes no difference.
_NEAREST = {
    "g": "ɡ", "'": "ˈ", "’": "ˈ", "´": "ˈ", "′": "ˈ", ":": "ː", "ˑ": "", "+": "", ".": "", "‿": "", "-": "", "_": " ",
    "ʉ": "u", "ɵ": "o", "ɘ": "ə", "ɞ": "ɜ", "ɝ": "ɜɹ", "ʏ": "y", "ɶ": "œ", "ɫ": "l", "ɭ": "l", "ʟ": "l", "ɺ": "ɾ",
    "ʑ": "ʒ", "ʐ": "ʒ", "ʀ": "ʁ", "ɢ": "ɡ", "ɦ": "h", "ħ": "h", "ɱ": "m", "ʍ": "w", "ɧ": "ʃ", "ʷ": "w", "ʱ": "ʰ",
    "˞": "ɹ", "ˠ": "", "ˤ": "", "ʼ": "", "ˀ": "ʔ",
    **dict.fromkeys("\u0361\u035c", ""),  # a tie of any other pair
    # Finer shades: voiceless, dental, non-syllabic, advanced, retracted, raised, lowered, centralised, rounded …
    **dict.fromkeys("\u0325\u030a\u032a\u032f\u0311\u031f\u0320\u031d\u031e\u0308\u033d\u0339\u031c\u033a\u033b", ""),
    **dict.fromkeys("\u031a\u0306\u032c\u032e\u0334", ""),
}  # fmt: skip


def kokoro(ipa: str) -> str:
    """The pronunciation in Kokoro's symbols; what it has no symbol for is left out (see `unknown`)."""
    return "".join(symbol for symbol in _symbols(ipa) if symbol in _known()).strip()


def unknown(ipa: str) -> list[str]:
    """The symbols that cannot be spoken, each once, in their order."""
    return list(dict.fromkeys(symbol for symbol in _symbols(ipa) if symbol not in _known()))


def audible(ipa: str) -> bool:
    """Whether there is a sound in it, not only stress marks and the like."""
    return any(symbol not in _NO_SOUND for symbol in kokoro(ipa))


def _symbols(ipa: str) -> str:
    """The pronunciation with every symbol that has another one in the vocabulary written by that one."""
    # Composed letters are taken apart, so that one table does for marks on any letter; ç is a symbol of its own.
    plain = unicodedata.normalize("NFD", ipa.strip(_DELIMITERS)).replace("c\u0327", "ç")
    for pattern, symbol in _AFFRICATES:
        plain = pattern.sub(symbol, plain)
    plain = _SYLLABIC.sub(r"ᵊ\1", plain)
    return " ".join("".join(_NEAREST.get(symbol, symbol) for symbol in plain).split())


@cache
def _known() -> frozenset[str]:
    return frozenset(json.loads(_VOCABULARY.read_text(encoding="utf-8"))) - _NO_IPA
