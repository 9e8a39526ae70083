"""Leaves one mark, hyphen, apostrophe or space between two letters, whatever a writer put there."""

import re

# When several meet ("?!", ". —", "..."), the one that says most about the melody stays.
_STRONGEST_FIRST = "?!….;:—,"
_NOT_LETTERS = re.compile(r"[ .,!?;:—…'\-]+")


def tidy(text: str, ending: str) -> str:
    """`text`, as `letters.spell` leaves it, from its first letter on, and `ending`; "" without a letter."""
    end = len(text)

    def between(run: re.Match[str]) -> str:
        if run.start() == 0:
            return ""
        return _mark(run.group()).rstrip(" -'") if run.end() == end else _mark(run.group())

    tidied = _NOT_LETTERS.sub(between, text)
    return tidied + ending if tidied else ""


def _mark(run: str) -> str:
    if run in ("'", "-"):
        return run
    for mark in _STRONGEST_FIRST:
        if mark in run:
            return " — " if mark == "—" else f"{mark} "
    return " — " if "-" in run else " "
