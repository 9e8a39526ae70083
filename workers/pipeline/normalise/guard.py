"""The last stage before the letters: no digit and no sign gets past it."""

import re
from collections.abc import Callable

from workers.pipeline.normalise.draft import Draft, substitution
from workers.pipeline.normalise.inline import PRONOUNCED

# What may stay: letters with the marks on them, spaces, and what `marks` turns into pauses.
_LEFT_OVER = re.compile(rf"{PRONOUNCED}|(?P<digits>\d++)|(?P<signs>[^\w\s.,!?;:—…'\-()\[\]\u0300-\u036f]++|[_{{}}]++)")
# Most texts hold nothing else, which one look tells.
_PLAIN = re.compile(r"[^A-Za-zÇçƏəĞğİıÖöŞşÜüА-яЁё .,!?;:—…'()\[\]\-\u0301]")
_COMBINING = re.compile(
    r"[\u0483-\u0489\u0591-\u05bd\u05bf-\u05c7\u0610-\u061a\u064b-\u065f\u06d6-\u06dc\u0900-\u0dff]"
)


def guard(draft: Draft, language: str, read_digits: Callable[[str], str]) -> None:
    """Read every digit that is left by `read_digits` and drop every sign; the draft counts what was dropped.

    `language` is unused: the stages share one signature.
    """

    if not _PLAIN.search(draft.text):
        return

    def read(found: re.Match[str]) -> str | None:
        if found["digits"]:
            return _apart(found, read_digits(_ascii_digits(found["digits"])))
        if found["signs"] and not _COMBINING.match(found["signs"]):
            return " "
        return None

    draft.apply(substitution(_LEFT_OVER, read))


def _ascii_digits(digits: str) -> str:
    return digits if digits.isascii() else "".join(str(int(digit)) for digit in digits)


def _apart(found: re.Match[str], words: str) -> str:
    """`words` with a space where the match touches a letter or digit."""
    before, after = found.string[found.start() - 1 : found.start()], found.string[found.end() : found.end() + 1]
    return f"{' ' if before.isalnum() else ''}{words}{' ' if after.isalnum() else ''}"
