"""Folds what looks different but reads the same: composed letters, spaces, quotes, dashes, foreign digits."""

import re
import unicodedata

# Only a letter and its first marks are composed, piece by piece: Unicode's canonical ordering takes quadratic
# time in a run of marks, and a run of thousands is an attack or a decoration.
_LETTER_AND_MARKS = re.compile(r"[^\W\d_][^\w\s]{1,4}")

_SPACES = re.compile(r"\s+")

# Formatting that Unicode lists as marks: variation selectors, the combining grapheme joiner.
_INVISIBLE = {code: None for code in (0x034F, *range(0xFE00, 0xFE10), *range(0xE0100, 0xE01F0))}

_SAME_READING = str.maketrans(
    {
        **dict.fromkeys("’‘ʼʻ‛`´＇", "'"),
        **dict.fromkeys("‐‑﹣－", "-"),
        **dict.fromkeys("–‒―⸺", "—"),
        **dict.fromkeys('"“”„‟«»‹›‚¿¡', None),
        # A bracket is heard as a short rest.
        **dict.fromkeys("()[]{}（）［］【】", ", "),
        **dict.fromkeys("，、،﹐", ","),
        **dict.fromkeys("。．｡", "."),
        **dict.fromkeys("！‼", "!"),
        **dict.fromkeys("？؟⁇;", "?"),
        **dict.fromkeys("：", ":"),
        **dict.fromkeys("；؛", ";"),
        **dict.fromkeys("%％٪", "%"),
        "⁄": "/",
        "−": "-",
    }
)

# "з+амок": a plus before the vowel is the other common way to write the stress in Russian texts.
_PLUS_STRESS = re.compile(r"(?<![\d+])\+([аеиоуыэюяАЕИОУЫЭЮЯ])")


def clean(text: str, language: str) -> str:
    """The same text with one code for each letter, ASCII digits, straight quotes and single spaces."""
    if not text.isascii():
        text = _LETTER_AND_MARKS.sub(lambda found: unicodedata.normalize("NFC", found.group()), text)
        text = text.translate(_INVISIBLE)
    text = "".join(map(_plain_character, text)).translate(_SAME_READING)
    if language == "ru":
        text = _PLUS_STRESS.sub("\\1\u0301", text)
    return _SPACES.sub(" ", text)


def _plain_character(character: str) -> str:
    if character.isascii() and character.isprintable():
        return character
    category = unicodedata.category(character)
    if category in ("Cc", "Cf"):  # controls, zero-width characters, soft hyphens
        return character if character.isspace() else ""
    if category == "Nd":
        return str(unicodedata.decimal(character))
    if category in ("No", "Nl"):
        return _numeral(character)
    return character


def _numeral(character: str) -> str:
    """A superscript, fraction, circled or Roman numeral in plain characters, apart from its neighbours."""
    folded = unicodedata.normalize("NFKC", character).replace("⁄", "/")
    if folded.isascii():
        return f" {folded} "
    value = unicodedata.numeric(character)
    return f" {int(value)} " if value == int(value) else character
