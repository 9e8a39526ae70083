"""Small letters, by the language's own rule."""

from workers.pipeline.normalise.draft import Draft
from workers.pipeline.normalise.inline import translate


class _Lowering(dict[int, str]):
    """The small letter of each character, worked out when it is first met: `str.translate` then runs at C speed."""

    def __missing__(self, code: int) -> str:
        small = self[code] = chr(code).lower()
        return small


# Every language needs İ: "İ".lower() is two characters, and Turkish names occur in Russian texts.
_TURKIC = _Lowering({ord("I"): "ı", ord("İ"): "i"})
_OTHER = _Lowering({ord("İ"): "i"})


def lower(draft: Draft, language: str) -> None:
    """Put the draft in small letters; in Azerbaijani and Turkish I becomes ı and İ becomes i."""
    translate(draft, _OTHER if language == "ru" else _TURKIC)


def lowered(text: str, language: str) -> str:
    """`text` in small letters, as `lower` would write it."""
    return text.translate(_OTHER if language == "ru" else _TURKIC)
