"""Small letters, by the language's own rule."""

# Every language needs these two: "İ".lower() is two characters, and Turkish names occur in Russian texts.
_TURKIC = str.maketrans("Iİ", "ıi")
_OTHER = str.maketrans("İ", "i")


def lower(text: str, language: str) -> str:
    """`text` in small letters; in Azerbaijani and Turkish I becomes ı and İ becomes i."""
    return text.translate(_OTHER if language == "ru" else _TURKIC).lower()
