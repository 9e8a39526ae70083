"""Cuts a text into paragraphs, lines and items, so that no later stage ever holds more than one of them."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import Enum, auto
from itertools import pairwise

from workers.pipeline.normalise.lines import Line, begins_item, breaks_inside_sentences

SOFT_LIMIT = 4_000
"""Characters after which an endless paragraph is cut at the next good place."""
HARD_LIMIT = 8_000
"""Characters that no piece exceeds."""
WRAPPED_LINE = 40
"""Characters from which a line may have been broken by a margin; shorter ones are items of a list, or verses."""
WIDEST_PAGE = 120
"""Characters above which a line was not broken by a margin."""

# Lines in the last part of what is seen at once are looked at again, with what comes after them.
_WELL_SEEN = HARD_LIMIT * 3 // 4
_LONGEST_VERSE = 60
# Characters that may still have been free on a full line of a page.
_SLACK = 3
# What stands under a heading without an empty line between has at least so many characters.
_SHORTEST_BODY = 80

# The run is bounded so that a million line breaks are many pieces and not one.
_LINE_END = re.compile(r"[\n\v\f\r\x85\u2028\u2029]\s{0,999}")

# Where to cut an endless paragraph, best first: after a sentence, between words, inside a spaced number.
_GAPS = (
    re.compile(r"[.!?…][\"'»”’)\]]{0,3}\s"),
    re.compile(r"(?<!\d)\s|\s(?!\d)"),
    re.compile(r"\s"),
)


class Kind(Enum):
    """What a piece of the text is, which tells how long to rest after it."""

    PARAGRAPH = auto()
    HEADING = auto()
    ITEM = auto()
    """An item of a list."""
    LINE = auto()
    """A line of verse, a speaker's turn, what announces a list: the next line belongs to it."""
    CUT = auto()
    """A part of an endless paragraph, which goes on in the next piece."""


@dataclass(frozen=True, slots=True)
class Paragraph:
    """A piece of the text: its place in the whole, its characters with the white space after it, and its kind."""

    start: int
    text: str
    kind: Kind


def paragraphs(text: str) -> Iterator[Paragraph]:
    """Pieces of at most `HARD_LIMIT` characters whose concatenation is `text`.

    A line break that a margin has made ends no piece. A stream: it looks no further ahead than `HARD_LIMIT`, and at
    every character a few times at most.
    """
    start = 0
    margin = 0
    while start < len(text):
        lines, is_whole = _block(text, start)
        margin = _margin(lines) or margin
        end = start
        for first, last in _grouped(lines, margin):
            if not is_whole and (last + 1 == len(lines) or end - start >= _WELL_SEEN):
                break  # it may go on beyond what is seen; or, it is better judged with more to be seen
            begin, end = end, lines[last].end
            yield Paragraph(begin, text[begin:end], _kind(lines, first, last, text))
        if end == start:
            end = _cut(text, start + SOFT_LIMIT, start + HARD_LIMIT)
            yield Paragraph(start, text[start:end], Kind.CUT)
        start = end


def _block(text: str, start: int) -> tuple[list[Line], bool]:
    """The lines from `start` to the next empty one, and whether that, or the end, was reached within the limit."""
    limit = start + HARD_LIMIT
    lines: list[Line] = []
    for line_end in _LINE_END.finditer(text, start, limit):
        lines.append(_line(text, start, line_end.start(), line_end.end()))
        start = line_end.end()
        if lines[-1].closes_block and start < limit:
            return lines, True
    if start < len(text) or not lines:
        end = min(limit, len(text))
        lines.append(_line(text, start, end, end))
    return lines, len(text) <= limit


def _line(text: str, start: int, end: int, next_start: int) -> Line:
    return Line(start, next_start, text[start:end].strip(), text[end:next_start])


def _grouped(lines: Sequence[Line], margin: int) -> Iterator[tuple[int, int]]:
    """First and last line of each piece: the lines between which there is but a wrap."""
    inside = breaks_inside_sentences(lines)
    full = _full_lines(lines, margin)
    first = 0
    indent = 0
    number = None
    for place, line in enumerate(lines[:-1]):
        following = lines[place + 1]
        number = line.number or number
        wrapped = full[place] and line.next_indent <= indent + 1
        if not _goes_on(line, following, number, wrapped=wrapped or inside[place], alone=len(lines) == 2):
            yield first, place
            first = place + 1
        indent = line.next_indent
    yield first, len(lines) - 1


def _margin(lines: Sequence[Line]) -> int | None:
    """Where the lines end when the block is a page of prose, or None.

    On a page most lines end where the next word had no room, and inside a sentence. Lines that all begin with a
    capital letter are verses.
    """
    width = max(len(line.text) for line in lines)
    if len(lines) < 3 or not WRAPPED_LINE <= width <= WIDEST_PAGE or all(line.begins_capital for line in lines):
        return None
    full = _full_lines(lines, width)
    unfinished = sum(is_full and not line.ends_sentence for is_full, line in zip(full, lines, strict=True))
    loose = sum(not is_full and not line.ends_sentence for is_full, line in zip(full, lines[:-1], strict=False))
    return width if sum(full) >= 2 * loose and 2 * unfinished >= sum(full) > 1 else None


def _full_lines(lines: Sequence[Line], margin: int) -> list[bool]:
    """For each line whether the first word of the next had no room before the margin."""
    full = [
        WRAPPED_LINE <= len(line.text) <= margin and len(line.text) + 1 + len(following.first_word) > margin - _SLACK
        for line, following in pairwise(lines)
    ]
    return [*full, False]


def _goes_on(line: Line, following: Line, number: int | None, *, wrapped: bool, alone: bool) -> bool:
    """Whether the break between the lines is inside a sentence, or between two of the same paragraph."""
    if not line.text or line.is_chapter:
        return False
    if line.is_broken_word and following.text[:1].isalpha():
        return True
    if following.is_item:
        return _is_no_item(line, following, number, wrapped=wrapped)
    if wrapped:
        return True
    if len(line.text) >= WRAPPED_LINE:
        return following.begins_small or line.text.endswith(",")
    return alone and _is_number_of_sentence(line, following)


def _is_no_item(line: Line, following: Line, number: int | None, *, wrapped: bool) -> bool:
    """Whether what looks like an item only goes on: "— сказал он", "10. mərtəbədə" at the beginning of a line."""
    if following.number is not None:
        return wrapped and following.number not in (1, (number or 0) + 1)
    return following.text[0] in "–—" and not following.is_turn and line.goes_on_with_dash


def _is_number_of_sentence(line: Line, following: Line) -> bool:
    """ "Qatarda cəmi", "15 nəfər vardı." """
    unfinished = line.begins_capital and " " in line.text and line.text[-1].isalpha()
    return unfinished and following.text[:1].isdigit() and following.ends_sentence


def _kind(lines: Sequence[Line], first: int, last: int, text: str) -> Kind:
    line, end = lines[first], lines[last]
    following = lines[last + 1] if last + 1 < len(lines) else None
    if line.is_chapter or (first == last and _is_heading(line, following, text, opens=first == 0)):
        return Kind.HEADING
    if line.is_item and not line.is_turn:
        return Kind.ITEM
    if following is None or end.closes_block:
        return Kind.PARAGRAPH
    if line.is_turn or following.is_turn or following.is_item or end.text.endswith(":"):
        return Kind.LINE
    is_verse = first == last and len(line.text) <= _LONGEST_VERSE and len(following.text) <= _LONGEST_VERSE
    return Kind.LINE if is_verse else Kind.PARAGRAPH


def _is_heading(line: Line, following: Line | None, text: str, *, opens: bool) -> bool:
    """Whether a line is a heading by its look and by what comes after it."""
    if line.is_capitals and not line.is_item:
        return following is None or not following.is_capitals
    if not opens or not line.looks_like_heading or line.end == len(text):
        return False
    if following is None:
        return not begins_item(text, line.end)
    longer = len(following.text) >= max(_SHORTEST_BODY, 2 * len(line.text))
    return longer and not line.is_item and not following.is_item


def _cut(text: str, soft: int, hard: int) -> int:
    for gap in _GAPS:
        found = gap.search(text, soft, hard)
        if found:
            return found.end()
    # One character earlier than allowed: the next piece then starts inside the word and not with a space,
    # which would be stripped and glue two words together.
    return hard - 1
