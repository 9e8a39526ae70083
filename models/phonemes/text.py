"""What the three languages share: the marks around words, and letters that are not theirs."""

import re
import unicodedata
from collections.abc import Mapping

STRESS_MARK = "\N{COMBINING ACUTE ACCENT}"
PAUSE_MARKS = ".,!?;:—…"

_DELETED = dict.fromkeys(map(ord, "'’‘ʼʻ`´′\"“”„«»‹›‚‛\N{SOFT HYPHEN}\N{ZERO WIDTH JOINER}"))
_HYPHENS = dict.fromkeys(map(ord, "-‐‑_/\\()[]{}|~*#"), " ")
_DASHES = dict.fromkeys(map(ord, "–―−‒⸺"), "—")
_MARKS = _DELETED | _DASHES

# A hyphen with white space on both sides is a dash that somebody typed with the key at hand.
_TYPED_DASH = re.compile(r"(?<=\s)--?(?=\s)")
_DOTS = re.compile(r"\.{2,}")
_GAPS = re.compile(r"\s+")
_GAP_BEFORE_MARK = re.compile(r" (?=[.,!?;:…])")

# Latin letters that are letters of their own elsewhere and do not decompose into one of ours and an accent.
_FOREIGN = str.maketrans(
    {"ß": "ss", "æ": "ae", "ø": "ö", "œ": "ö", "ł": "l", "đ": "d", "ð": "d", "þ": "t", "ħ": "h", "ŋ": "n"}
)


def readable(text: str) -> str:
    """One line of composed letters, pause marks and single spaces; quotes and apostrophes are gone."""
    text = unicodedata.normalize("NFC", text)
    text = _TYPED_DASH.sub("—", text).translate(_MARKS).translate(_HYPHENS)
    text = _GAPS.sub(" ", _DOTS.sub("…", text))
    return _GAP_BEFORE_MARK.sub("", text).strip()


def finished(symbols: str) -> str:
    """The symbols with a mark at their end, "" when there is no sound.

    Without a mark the network breaks the last sound off.
    """
    symbols = _GAP_BEFORE_MARK.sub("", _GAPS.sub(" ", symbols)).strip()
    if all(symbol in PAUSE_MARKS or symbol == " " for symbol in symbols):
        return ""
    return symbols if symbols[-1] in PAUSE_MARKS else symbols + "."


def lower_turkic(text: str) -> str:
    """Lower case where I is ı and İ is i."""
    return text.replace("I", "ı").replace("İ", "i").lower()


def spelled(text: str, alphabet: Mapping[str, str]) -> str:
    """The text with letters outside ``alphabet`` replaced by the nearest ones inside it; accents go.

    Letters that have no nearest one (other scripts) stay as they are.
    """
    return "".join(character if character in alphabet else _base(character) for character in text.translate(_FOREIGN))


def _base(character: str) -> str:
    decomposed = unicodedata.normalize("NFKD", character)
    return "".join(part for part in decomposed if not unicodedata.combining(part))
