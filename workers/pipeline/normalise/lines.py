"""What one line of a text looks like: an item of a list, a heading, a speaker's turn."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

LONGEST_HEADING = 80
LINE_BREAK = re.compile(r"\r\n|[\n\v\f\r\x85\u2028\u2029]")

_SENTENCE_END = re.compile(r"[.!?…][\"'»”’)\]*_]{0,3}\Z")
_BROKEN_WORD = re.compile(r"[^\W_][-\xad‐]\Z")
_TURN = re.compile(r"[-–—]\s{0,3}[\"«“„(]?[^\W\d_]")
_SPEECH_AND_DASH = re.compile(r"[,!?…»”\"]\Z")

_BULLET = re.compile(r"[-–—•‣▪◦·●○■□▶►➤✓✔*+]\s{1,9}\S")
_NUMBERED = re.compile(r"\(?(?P<number>[0-9]{1,3})(?P<parts>(?:\.[0-9]{1,3}){0,4})[.)]\s{1,9}\S")
_LETTERED = re.compile(r"\(?(?:[^\W\d_]|[ivxIVX]{1,5})\)\s{1,9}\S|[IVX]{1,5}\.\s{1,9}\S")

_MARKDOWN = re.compile(r"#{1,6}\s{1,9}\S")
_CHAPTER_WORDS = (
    "fəsil|fəsl|hissə|bölmə|bölüm|mövzu|dərs|paraqraf|kitab|cild|pərdə|proloq|epiloq|giriş|nəticə"
    "|kısım|ünite|konu|ders|kitap|cilt|perde|sahne|önsöz|sonsöz|sonuç"
    "|глава|часть|раздел|том|книга|урок|тема|лекция|действие|сцена|параграф|пролог|эпилог|введение|заключение"
)
_NUMERAL = r"(?:[0-9]{1,4}|[ivxlc]{1,8})"
# "Fəsil 3", "Bölüm II: Savaş", "Глава пятая", and "Birinci fəsil", "3-cü hissə", "4. Bölüm".
_CHAPTER = re.compile(
    rf"(?:{_CHAPTER_WORDS})(?:\s+(?:{_NUMERAL}|[^\W\d_]{{4,14}}))?(?:[.:](?:\s.{{1,60}})?|\s[-–—]\s.{{1,60}})?\Z"
    rf"|(?:{_NUMERAL}\S{{0,5}}|[^\W\d_]{{3,14}})\s(?:{_CHAPTER_WORDS})[.:]?\Z",
    re.IGNORECASE,
)


@dataclass(frozen=True)
class Line:
    """One line: its place in the text, its characters without white space around, and what parts it from the next."""

    start: int
    end: int
    """Place after the line, its break and all white space up to the next line."""
    text: str
    gap: str

    @cached_property
    def closes_block(self) -> bool:
        """Whether an empty line, a new page or the end of the text follows."""
        breaks = LINE_BREAK.findall(self.gap)
        return len(breaks) != 1 or breaks[0] in "\f\u2029"

    @cached_property
    def next_indent(self) -> int:
        """How far from the margin the next line begins."""
        return len(LINE_BREAK.split(self.gap)[-1].expandtabs())

    @cached_property
    def first_word(self) -> str:
        return self.text[:LONGEST_HEADING].split(maxsplit=1)[0] if self.text else ""

    @property
    def begins_small(self) -> bool:
        """With a small letter, and with no brand: iPhone, e-Devlet."""
        return self.text[:1].islower() and not any(map(str.isupper, self.text[1:3]))

    @property
    def begins_capital(self) -> bool:
        return self.text.lstrip("\"'“„«([—– ")[:1].isupper()

    @cached_property
    def ends_sentence(self) -> bool:
        return bool(_SENTENCE_END.search(self.text, max(0, len(self.text) - 4)))

    @property
    def has_mark(self) -> bool:
        """Whether it ends with any mark, after which nobody writes a heading's text on."""
        return self.ends_sentence or self.text[-1:] in tuple(",;:")

    @cached_property
    def is_broken_word(self) -> bool:
        return bool(_BROKEN_WORD.search(self.text, max(0, len(self.text) - 2)))

    @cached_property
    def number(self) -> int | None:
        """The number of an item: 3 of "3) …"; None when it is part of a longer one ("2.1.") or there is none."""
        found = _NUMBERED.match(self.text)
        return int(found["number"]) if found and not found["parts"] else None

    @cached_property
    def is_item(self) -> bool:
        return bool(_NUMBERED.match(self.text) or _LETTERED.match(self.text) or _BULLET.match(self.text))

    @cached_property
    def is_turn(self) -> bool:
        """Whether somebody begins to speak: a dash and a capital letter."""
        found = _TURN.match(self.text)
        return bool(found and found[0][-1].isupper() and (self.text[0] != "-" or self.ends_sentence))

    @property
    def goes_on_with_dash(self) -> bool:
        """Whether a dash at the beginning of the next line may come after direct speech: "«Иди!»", "— сказал он"."""
        return bool(_SPEECH_AND_DASH.search(self.text)) and (self.is_turn or not self.is_item)

    @cached_property
    def is_chapter(self) -> bool:
        """Whether it can be nothing but a heading: "# Giriş", "Fəsil 3"."""
        if _MARKDOWN.match(self.text):
            return True
        return len(self.text) <= LONGEST_HEADING and bool(_CHAPTER.match(self.text))

    @cached_property
    def is_capitals(self) -> bool:
        """Whether it is written in capitals only, and does not end as a sentence does."""
        letters = sum(map(str.isalpha, self.text)) if len(self.text) <= LONGEST_HEADING else 0
        return letters >= _FEWEST_CAPITALS and self.text.isupper() and not self.has_mark

    @property
    def looks_like_heading(self) -> bool:
        """Whether it may be a heading if what follows it is longer or apart."""
        short = len(self.text) <= LONGEST_HEADING and not self.has_mark
        return short and (self.begins_capital or self.text[:1].isdigit())


_FEWEST_CAPITALS = 4


def begins_item(text: str, place: int) -> bool:
    """Whether an item of a list stands at `place`."""
    return any(pattern.match(text, place) for pattern in (_NUMBERED, _LETTERED, _BULLET))


def breaks_inside_sentences(lines: Sequence[Line]) -> list[bool]:
    """For each line whether its break is inside a sentence, be the lines ever so short.

    A capital letter begins it, small ones go on, a full stop ends it: "Bu, uzun", "bir cümlədir", "və burada bitir."
    """
    inside = [False] * len(lines)
    reaches_end = False
    for place in range(len(lines) - 2, -1, -1):
        line, following = lines[place], lines[place + 1]
        goes_on = following.begins_small and not following.is_item
        reaches_end = goes_on and (following.ends_sentence or reaches_end)
        inside[place] = reaches_end and not line.ends_sentence and line.text[-1:] not in tuple(":;")
        reaches_end = inside[place]
    for place, line in enumerate(lines):
        if inside[place] and not line.begins_capital and not (place and inside[place - 1]):
            inside[place] = False
    return inside
