"""Text in the characters that a model has learnt."""

import unicodedata
from collections.abc import Collection

from anyascii import anyascii

from models.engines.errors import EngineError

# Marks that mean the same in speech; the first one that the model knows is taken.
_OTHER_WRITINGS = {
    "…": ("...", "."),
    "—": ("-", ","),
    "–": ("-", ","),
    ";": (",", "."),
    ":": (",", "."),
    "’": ("'",),
    "‘": ("'",),
    "“": ('"',),
    "”": ('"',),
    "«": ('"',),
    "»": ('"',),
}


def lower(text: str, language: str) -> str:
    """Small letters; in Azerbaijani and Turkish I is the capital of ı and İ that of i."""
    if language in ("az", "tr"):
        text = text.replace("I", "ı").replace("İ", "i")
    # İ in another language: Python makes it an i with a separate dot, which no model knows
    return text.lower().replace("i̇", "i")


def readable(text: str, known: Collection[str], language: str) -> str:
    """The text in `known` characters only, single spaces between words.

    A letter that is not known is written as its small letter, without its diacritics, or in ASCII, whichever comes
    first; a mark, if need be, not at all. A letter that cannot be written at all is a permanent EngineError: leaving
    it out would change what is said.
    """
    out: list[str] = []
    lost = 0
    for character in unicodedata.normalize("NFC", text):
        written = _written(character, known, language)
        if written is not None:
            out.append(written)
        elif character.isalnum():
            lost += 1
        elif not unicodedata.category(character).startswith("M") and " " in known:
            out.append(" ")
    if lost:
        raise EngineError(
            f"the model has no way to write {lost} of the {len(text)} characters",
            code="characters_not_known",
            permanent=True,
        )
    return _single_spaced("".join(out), known)


def _written(character: str, known: Collection[str], language: str) -> str | None:
    if character in known:
        return character
    for other in _OTHER_WRITINGS.get(character, ()):
        if all(part in known for part in other):
            return other
    if not character.isalnum():
        return None
    small = lower(character, language)
    bare = "".join(part for part in unicodedata.normalize("NFKD", small) if not unicodedata.combining(part))
    for other in (small, character.upper(), bare, lower(anyascii(character), "")):
        if other and all(part in known for part in other):
            return other
    return None


def _single_spaced(text: str, known: Collection[str]) -> str:
    """Without the gaps that dropped marks leave, also before a mark that stays."""
    words = text.split()
    joined: list[str] = []
    for word in words:
        if joined and not any(part.isalnum() for part in word) and word in {",", ".", "!", "?", ";", ":"}:
            joined[-1] += word
        else:
            joined.append(word)
    return (" " if " " in known else "").join(joined)
