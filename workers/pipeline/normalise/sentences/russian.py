"""Which full stops end a sentence in Russian: razdel, and rules before its own for what it gets wrong."""

import re
from collections.abc import Callable, Iterator, Sequence
from heapq import merge

from razdel.rule import JOIN, SPLIT, FunctionRule
from razdel.segmenters.sentenize import RULES, SentSegmenter, SentSplit, lower_right

from workers.pipeline.normalise.sentences.russian_words import (
    CENTURY_PARTS,
    LABELS,
    MEASURES,
    ORDINARY,
    PAIRS,
    SCALES,
    STARTERS,
    TITLES,
)
from workers.pipeline.normalise.sentences.stops import PICTURES

# razdel's rules see ten characters on each side of a mark.
_MEASURED = re.compile(r"\d\s?([а-яё]{1,4})\Z")
_RATE = re.compile(r"(?:[а-яёa-z]/[а-яёa-z]{1,4}[²³23]?|·ч|°\s?[CСFКK]|(?:кв|куб)\.\s?к?м)\Z")
_ROMAN_AFTER_NAME = re.compile(r"[а-яё]\s[IVX]\Z")
_FOOTNOTE = re.compile(r"[.!?…]\[\d{1,3}\Z")
_CENTURY = re.compile(r"\s[IVXХ]{1,5}(?:\s?в|\s?[-–—]|\Z)")
_DEGREE = re.compile(r"\W{0,4}[ДКдк]\.\s?[а-яё-]{1,8}\.\s?(?:[а-яё]{1,8}\.\s?)?н")
_REGION = re.compile(r"(?:ой|ая|ую|ей|\sи)\sобл\Z")
_SURNAME_FIRST = re.compile(
    r"(?:\A|\s)[А-ЯЁ][а-яё-]{2,}(?:[оеё]в|[иы]н|[сц]кий|[сц]кая|[сц]кой|енко|[юу]к|ян|дзе|швили|заде)(?:а|у|ым|ой|е)?\s"
    r"[А-ЯЁ]\.\s?[А-ЯЁ]\Z"
)
_LONGEST_NAME = 40
_FOLLOWING = re.compile(r"\s*[\"«„“(\[]{0,3}(?:[-–—]\s)?([^\W\d_]++)(\.?)")
_LONGEST_ABBREVIATION = 3
# Before a capital letter emoji after a word are as good as a full stop.
_PICTURES = re.compile(rf"(?<=\w)\s?{PICTURES}++(?=\s++[\"«„“(]?[A-ZА-ЯЁ])")
# "В 1812 г", "Осенью 1941 г", "К 1 января 2030 г", "5 марта 1953 г"
_DATE = re.compile(
    r"\W{0,4}(?:(?:[А-Я][а-я]{0,6}|в|к|до|с)\s){0,2}(?:\d{1,2}\s[а-я]{3,8}\s)?\d{3,4}(?:[-–—]\d{2,4})?\s?гг?\Z"
)
_LONGEST_DATE = 40


def ends(text: str) -> Iterator[int]:
    """Places after which a sentence of Russian text has ended."""
    # Who writes no capitals at all has only the marks to end a sentence.
    segmenter = _CASED if any(map(str.isupper, text)) else _UNCASED
    marked = (sentence.stop for sentence in segmenter(text))
    pictured = (found.end() for found in _PICTURES.finditer(text))
    return merge(marked, pictured)


def _follows(split: SentSplit) -> tuple[str, str]:
    """The next word and the full stop that touches it."""
    found = _FOLLOWING.match(split.right)
    return (found[1], found[2]) if found else ("", "")


def _before_capital(split: SentSplit) -> bool:
    return _follows(split)[0][:1].isupper()


def _is_point(split: SentSplit) -> bool:
    return bool(split.delimiter == "." and split.left_token and split.right_space_prefix)


def _in_pair(split: SentSplit) -> bool:
    pair = split.left_pair_sokr
    return bool(pair) and (pair[0].lower(), pair[1].lower()) in PAIRS


def _known_pair(split: SentSplit) -> str | None:
    return JOIN if _is_point(split) and _in_pair(split) else None


def _measure(split: SentSplit) -> str | None:
    """ "в 1932 г. Через год", "90 км/ч. Это", "−12 °C. Днём" """
    if not (_is_point(split) and _before_capital(split)):
        return None
    found = _MEASURED.search(split.left)
    return SPLIT if (found and found[1] in MEASURES) or _RATE.search(split.left) else None


def _date_first(split: SentSplit) -> str | None:
    """ "В 1812 г. Наполеон напал": the date is all there is of the sentence yet."""
    if not _is_point(split) or split.left_token not in ("г", "гг") or not _before_capital(split):
        return None
    return JOIN if len(split.buffer) <= _LONGEST_DATE and _DATE.match(split.buffer) else None


def _century_follows(split: SentSplit) -> str | None:
    """ "в 30-х гг. XX в.", "во 2-й пол. XVIII в.", "в кон. XIX в.": the numeral is that of the century."""
    is_part = _is_point(split) and split.left_token.lower() in CENTURY_PARTS
    return JOIN if is_part and _CENTURY.match(split.right) else None


def _degree_first(split: SentSplit) -> str | None:
    """ "Д. б. н. Петров": nobody's sentence is a degree."""
    return JOIN if _is_point(split) and split.left_token in ("н",) and _DEGREE.fullmatch(split.buffer) else None


def _region(split: SentSplit) -> str | None:
    """ "Тамбовской обл. Училась": what the region is called stands before it."""
    word, stop = _follows(split)
    is_named = _is_point(split) and not stop and _REGION.search(split.left)
    return SPLIT if is_named and word.istitle() else None


def _surname_first(split: SentSplit) -> str | None:
    """ "судья Петрова А. В. Заседание": the name is over with its initials."""
    is_name = _is_point(split) and _before_capital(split) and _SURNAME_FIRST.search(split.buffer[-_LONGEST_NAME:])
    return SPLIT if is_name and not _follows(split)[1] else None


def _currency(split: SentSplit) -> str | None:
    """ "5 млрд долл. США" """
    word, _ = _follows(split)
    return JOIN if _is_point(split) and split.left_token in SCALES and len(word) > 1 and word.isupper() else None


def _and_so_on(split: SentSplit) -> str | None:
    """ "и пр. Хранить": no avenue."""
    return SPLIT if _is_point(split) and split.left.endswith(" и пр") and _before_capital(split) else None


def _starter(split: SentSplit) -> str | None:
    """ "Отдай это им. Они ждут.": the next word is no name."""
    if not _is_point(split) or split.left_token in TITLES or _is_label(split):
        return None
    word, stop = _follows(split)
    return SPLIT if word in STARTERS and not stop else None


def _is_label(split: SentSplit) -> bool:
    """Whether a list number or letter begins the sentence: "А. Он", "1. Мы"."""
    return len(split.buffer.strip()) <= _LONGEST_ABBREVIATION


def _king(split: SentSplit) -> str | None:
    """ "Карл V. Правил": a numeral and not an initial."""
    return SPLIT if _is_point(split) and _ROMAN_AFTER_NAME.search(split.left) and _before_capital(split) else None


def _ordinary_word(split: SentSplit) -> str | None:
    return SPLIT if _is_point(split) and split.left_token in ORDINARY and _before_capital(split) else None


def _title(split: SentSplit) -> str | None:
    return JOIN if _is_point(split) and split.left_token.lower() in TITLES else None


def _label(split: SentSplit) -> str | None:
    if not _is_point(split) or not split.right_token or not split.right_token.isdigit():
        return None
    return JOIN if split.left_token.lower() in LABELS else None


def _footnote(split: SentSplit) -> str | None:
    if split.delimiter != "]" or not split.right_space_prefix or not _FOOTNOTE.search(split.left):
        return None
    return SPLIT if _before_capital(split) else None


def _small_letter(split: SentSplit) -> str | None:
    """In a text without capitals: `lower_right` of razdel, but for a word before a mark that stands alone."""
    if split.delimiter not in (".", "!", "?") or not split.left_token or not split.left_token.isalpha():
        return lower_right(split)  # type: ignore[no-any-return]
    is_word = split.delimiter != "." or len(split.left_token) > _LONGEST_ABBREVIATION
    return None if is_word and not split.left_space_suffix else lower_right(split)


def _segmenter(
    own: Sequence[Callable[[SentSplit], str | None]], *, small: Callable[[SentSplit], str | None]
) -> SentSegmenter:
    theirs = [FunctionRule(small) if rule.name == lower_right.__name__ else rule for rule in RULES]
    return SentSegmenter(rules=[*map(FunctionRule, own), *theirs])


_OWN = [
    _known_pair,
    _century_follows,
    _degree_first,
    _region,
    _surname_first,
    _date_first,
    _currency,
    _and_so_on,
    _measure,
    _king,
    _starter,
    _ordinary_word,
    _title,
    _label,
    _footnote,
]
_CASED = _segmenter(_OWN, small=lower_right)
_UNCASED = _segmenter(_OWN, small=_small_letter)
