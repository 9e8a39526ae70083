"""The pronunciation lexicon: words and phrases that somebody wants said otherwise than they are written.

Applied to one cleaned sentence before every other stage. An alias goes on through the later stages; sounds go into a
mark (`models.pronunciations`) that nothing later touches.
"""

import csv
import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from functools import cache
from itertools import islice
from operator import attrgetter
from pathlib import Path
from typing import NamedTuple

from models.pronunciations import Entry, Level, fold, mark
from workers.pipeline.normalise.clean import clean
from workers.pipeline.normalise.draft import Draft, Edit
from workers.pipeline.normalise.turkic.suffixes import SUFFIX_LETTERS

_DATA = Path(__file__).parent / "data"
_TURKIC = ("az", "tr")

# A stress mark belongs to its letter: "за" is no word of "за́мок".
_LETTER = r"\w\u0300-\u036f"
_TOKEN = re.compile(rf"[{_LETTER}]++|[^\s{_LETTER}]")
_IN_WORD = re.compile(f"[{_LETTER}]")
# What ties a word to the one before it: the apostrophe of a suffix ("Bakı'da"), the sign of a name ("@bakı").
_TIED_BEFORE = re.compile(rf"[{_LETTER}]'?\Z|@\Z")
_SUFFIX = re.compile(SUFFIX_LETTERS, re.IGNORECASE)
_SUFFIXED = re.compile(rf"(?P<sign>['-])(?P<suffix>[^\W\d_]{{1,30}})(?![{_LETTER}])")
_FINAL_MARKS = ".!?…"


class _Match(NamedTuple):
    start: int
    end: int
    entry: Entry

    def rank(self) -> tuple[int, int, Level, bool, bool]:
        """The smallest goes first: leftmost, longest, the nearest level, then the stricter entry."""
        return self.start, -self.end, self.entry.level, not self.entry.match_case, not self.entry.whole_word


class Lexicon:
    """The rule of some entries for sentences of one language.

    Building takes some seconds for 50 000 entries, applying the time of a look-up for each word, however many
    entries there are. Threads may share it.
    """

    def __init__(self, entries: Iterable[Entry], language: str) -> None:
        """Entries of which nothing is left when they are cleaned as a text is are passed over."""
        self._language = language
        tidy = [ready for entry in entries if (ready := _cleaned(entry, language))]
        tidy.sort(key=attrgetter("level"))
        self._whole = _Table([entry for entry in tidy if entry.whole_word], language, _first_token)
        self._part = _Table([entry for entry in tidy if not entry.whole_word], language, _first_character)

    def __call__(self, text: str) -> Iterable[Edit]:
        folded = fold(text, self._language)
        matches = [*self._whole_words(text, folded), *self._parts(text, folded)]
        return self._edits(text, sorted(matches, key=_Match.rank)) if matches else ()

    def _whole_words(self, text: str, folded: str) -> Iterator[_Match]:
        beginnings = self._whole.beginnings
        if beginnings.isdisjoint(_TOKEN.findall(folded)):
            return
        for token in _TOKEN.finditer(folded):
            if token[0] in beginnings:
                found = self._whole.at(token.start(), token[0], text, folded)
                yield from islice((match for match in found if self._stands_alone(text, match.start, match.end)), 1)

    def _parts(self, text: str, folded: str) -> Iterator[_Match]:
        beginnings = self._part.beginnings
        if beginnings.isdisjoint(folded):
            return
        for start, character in enumerate(folded):
            if character in beginnings:
                yield from islice(self._part.at(start, character, text, folded), 1)

    def _stands_alone(self, text: str, start: int, end: int) -> bool:
        """Whether no word goes on at either side, but for a suffix after an apostrophe or a hyphen."""
        return self._begins_word(text, start, end) and not (_IN_WORD.match(text[end - 1]) and _goes_on(text, end))

    def _begins_word(self, text: str, start: int, end: int) -> bool:
        if start == 0 or not _IN_WORD.match(text[start]):
            return True
        before = text[max(0, start - 2) : start]
        if _TIED_BEFORE.search(before):
            return False
        if len(before) == 2 and before[0].isalnum():
            if before[1] == ".":
                return not text[start].islower()  # "www.google.com", but "bitdi.Google"
            if before[1] == "-" and self._language in _TURKIC:
                return _SUFFIX.fullmatch(text, start, end) is None  # "ya" is no word of "NATO-ya"
        return True

    def _edits(self, text: str, matches: Iterable[_Match]) -> Iterator[Edit]:
        done = 0
        for start, end, entry in matches:
            if start >= done:
                spoken = entry.alias or mark(fold(text[start:end], self._language), entry.ipa)
                tail, done = self._tail(text, end)
                yield Edit(start, done, spoken + tail)

    def _tail(self, text: str, end: int) -> tuple[str, int]:
        """What follows an entry's words and belongs to them: a suffix, the sentence's own mark; and where it ends."""
        if end == len(text) and text[end - 1] in _FINAL_MARKS:
            return text[end - 1], end  # "Yahoo!" as the last word: the sentence keeps its mark
        found = _SUFFIXED.match(text, end)
        if not found or (found["sign"] == "-" and not self._is_suffix(found["suffix"])):
            return "", end
        return f"'{fold(found['suffix'], self._language)}", found.end()

    def _is_suffix(self, letters: str) -> bool:
        return self._language in _TURKIC and _SUFFIX.fullmatch(letters) is not None


def _goes_on(text: str, end: int) -> bool:
    """Whether the word that ends here is only the beginning of one: "Googlelamaq", "O'Reilly", "google.com"."""
    after = text[end : end + 3]
    if _IN_WORD.match(after) or after.startswith("@"):
        return True
    if after.startswith("'"):
        return after[1:2].isupper() and after[2:3].islower()
    return after.startswith(".") and (after[1:2].islower() or after[1:2].isdecimal())


def _first_token(form: str) -> str:
    found = _TOKEN.match(form)
    return found[0] if found else form


def _first_character(form: str) -> str:
    return form[0]


class _Table:
    """Entries by their written form, and the lengths of the forms that begin alike."""

    def __init__(self, entries: Iterable[Entry], language: str, beginning: Callable[[str], str]) -> None:
        """Of the entries for the same form the first is taken. `beginning` gives what forms are looked up by."""
        self._exact: dict[str, Entry] = {}
        self._folded: dict[str, Entry] = {}
        other_cases: list[tuple[str, Entry]] = []
        for entry in entries:
            if entry.match_case:
                self._exact.setdefault(entry.grapheme, entry)
            else:
                self._folded.setdefault(fold(entry.grapheme, language), entry)
                other_cases += ((form, entry) for form in _other_cases(entry.grapheme, language))
        for form, entry in other_cases:
            known = self._folded.get(form)
            if known is None or entry.level < known.level:
                self._folded[form] = entry
        lengths: dict[str, set[int]] = {}
        for form in (*self._folded, *(fold(form, language) for form in self._exact)):
            lengths.setdefault(beginning(form), set()).add(len(form))
        self._lengths = {first: sorted(some, reverse=True) for first, some in lengths.items()}
        self.beginnings = frozenset(lengths)

    def at(self, start: int, beginning: str, text: str, folded: str) -> Iterator[_Match]:
        """The entries whose form stands at `start`, where the text begins so; the longest first."""
        for length in self._lengths.get(beginning, ()):
            end = start + length
            found = (self._exact.get(text[start:end]), self._folded.get(folded[start:end]))
            if end <= len(text) and (known := [entry for entry in found if entry]):
                yield _Match(start, end, min(known, key=attrgetter("level")))


def _other_cases(grapheme: str, language: str) -> set[str]:
    """Small forms of a name that is typed with the other i: of "Instagram" also those of "instagram" and "INSTAGRAM".

    Only for what has capitals and small letters: "ISI" is no "isi".
    """
    if language not in _TURKIC or grapheme.isupper() or grapheme.islower():
        return set()
    return {fold(grapheme, "ru"), fold(grapheme.upper(), language)}


def _cleaned(entry: Entry, language: str) -> Entry | None:
    """The entry as a cleaned text would hold it; the plus of "за+мок" becomes a stress mark with that."""
    grapheme = _clean(entry.grapheme, language)
    alias = _clean(entry.alias, language)
    sayable = any(map(str.isalnum, grapheme)) if entry.ipa else alias
    if not grapheme or not sayable:
        return None
    return Entry(grapheme, alias, entry.ipa, entry.whole_word, entry.match_case, entry.level)


def _clean(text: str, language: str) -> str:
    if text.isascii() and text.isalpha():
        return text
    draft = Draft(text)
    clean(draft, language)
    return draft.text.strip()


@cache
def shipped(language: str) -> tuple[Entry, ...]:
    """The entries that come with the service: names and brands that their letters do not tell how to say."""
    with (_DATA / f"lexicon_{language}.csv").open(encoding="utf-8", newline="") as file:
        return tuple(map(_shipped_entry, csv.DictReader(file)))


def _shipped_entry(row: Mapping[str, str]) -> Entry:
    return Entry(
        grapheme=row["grapheme"],
        alias=row["alias"],
        ipa=row["ipa"],
        whole_word=row["whole_word"] != "no",
        match_case=row["match_case"] == "yes",
        level=Level.SHIPPED,
    )


def over_shipped(language: str, entries: Iterable[Entry] = ()) -> Lexicon:
    """The rule of these entries and the shipped ones; without entries always the same one, built once."""
    own = tuple(entries)
    return Lexicon((*own, *shipped(language)), language) if own else _plain(language)


@cache
def _plain(language: str) -> Lexicon:
    return Lexicon(shipped(language), language)
