"""Leaves one mark, hyphen, apostrophe or space between two words, whatever a writer put there."""

import re
from collections.abc import Iterator

from workers.pipeline.normalise.draft import Draft, Edit, Rule, substitution
from workers.pipeline.normalise.inline import PRONOUNCED

MARKS = ".,!?;:—…"

# When several meet ("?!", ". —"), the one that says most about the melody stays. A bracket is a short rest.
_STRONGEST_FIRST = "?!….;:—,()[]"
# A space between words, and a comma with its space, are as they should be, and by far the most frequent.
_ANY = r"[ .,!?;:—…'\-()\[\]]"
_RUN = re.compile(rf"{PRONOUNCED}|(\A{_ANY}++|[.!?;:—…'\-()\[\]]{_ANY}*+|,(?! \w){_ANY}*+| {_ANY}++| \Z)")
# "oxucu(lar)": an ending that may be left out is no remark of its own.
_ENDING_IN_BRACKETS = re.compile(r"(?<=[^\W\d_])\((-?)([^\W\d_]{1,5})\)")
_LETTER = re.compile(r"[^\W\d_]")


def tidy(draft: Draft) -> None:
    """Put the marks in order, from the first letter on; without a letter nothing is left. Doing it twice is once."""
    if not _LETTER.search(draft.text):
        draft.apply(lambda text: [Edit(0, len(text), "")] if text else [])
        return
    if "(" in draft.text:
        draft.apply(_OPTIONAL_ENDINGS)
    draft.apply(_single_marks)


def _single_marks(text: str) -> Iterator[Edit]:
    for run in _RUN.finditer(text):
        if run[1] is None:
            continue
        if run.start() == 0:
            mark = ""
        elif run.end() == len(text):
            mark = _last_mark(run[1])
        else:
            mark = _mark(run[1])
        if mark != run[1]:
            yield Edit(run.start(), run.end(), mark)


def _mark(run: str) -> str:
    if run in ("'", "-"):
        return run
    for mark in _STRONGEST_FIRST:
        if mark in run:
            return " — " if mark == "—" else ", " if mark in "()[]" else f"{mark} "
    return " — " if "-" in run else " "


def _last_mark(run: str) -> str:
    mark = next((mark for mark in _STRONGEST_FIRST if mark in run), "")
    return "" if mark in "()[]" else " —" if mark == "—" else mark


_OPTIONAL_ENDINGS: Rule = substitution(_ENDING_IN_BRACKETS, lambda found: found[2])
