"""Cuts a text into paragraphs, so that no later stage ever holds more than one of them."""

import re
from collections.abc import Iterator

SOFT_LIMIT = 4_000
"""Characters after which an endless paragraph is cut at the next good place."""
HARD_LIMIT = 8_000
"""Characters that no piece exceeds."""
WRAPPED_LINE = 40
"""Characters from which a line may have been broken by a margin; shorter ones are items of a list, or verses."""

# The run is bounded so that a million line breaks are many pieces and not one.
_LINE_END = re.compile(r"[\n\v\f\r\x85\u2028\u2029]\s{0,999}")
_LINE_BREAK = re.compile(r"\r\n|[\n\v\f\r\x85\u2028\u2029]")

# Where to cut an endless paragraph, best first: after a sentence, between words, inside a spaced number.
_GAPS = (
    re.compile(r"[.!?…][\"'»”’)\]]{0,3}\s"),
    re.compile(r"(?<!\d)\s|\s(?!\d)"),
    re.compile(r"\s"),
)


def paragraphs(text: str) -> Iterator[str]:
    """Pieces of at most `HARD_LIMIT` characters whose concatenation is `text`, cut after line breaks.

    A single line break between a long line and a small letter is a wrapped line, not the end of a paragraph.
    """
    start = 0
    while start < len(text):
        end = _paragraph_end(text, start)
        yield text[start:end]
        start = end


def ending(paragraph: str) -> str:
    """How a piece of `paragraphs()` ends: "\\n" a paragraph, " " between words, "" inside a word."""
    white = paragraph[len(paragraph.rstrip()) :]
    if _LINE_BREAK.search(white):
        return "\n"
    return " " if white else ""


def _paragraph_end(text: str, start: int) -> int:
    limit = start + HARD_LIMIT
    line_start = start
    for line_end in _LINE_END.finditer(text, start, limit):
        if line_end.start() - line_start < WRAPPED_LINE or not _goes_on(text, line_end):
            return line_end.end()
        line_start = line_end.end()
    if len(text) <= limit:
        return len(text)
    return _cut(text, start + SOFT_LIMIT, limit)


def _goes_on(text: str, line_end: re.Match[str]) -> bool:
    breaks = len(_LINE_BREAK.findall(line_end.group()))
    return breaks == 1 and text[line_end.end() : line_end.end() + 1].islower()


def _cut(text: str, soft: int, hard: int) -> int:
    for gap in _GAPS:
        found = gap.search(text, soft, hard)
        if found:
            return found.end()
    # One character earlier than allowed: the next piece then starts inside the word and not with a space,
    # which would be stripped and glue two words together.
    return hard - 1
