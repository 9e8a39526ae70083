"""Which full stops end a sentence in Azerbaijani and Turkish: rules over the words on both sides of each."""

import re
from collections.abc import Callable, Iterator

from workers.pipeline.normalise.sentences.stops import Stop, stops
from workers.pipeline.normalise.sentences.turkic_words import AZERBAIJANI, TURKISH, Words

_SMALL = str.maketrans("Iİ", "ıi")

# Where a sentence may begin with a small letter: iPhone, e-Devlet, eBay.
_BRAND = re.compile(r"[^\W\d_]{1,2}-?[A-ZÇƏĞİÖŞÜ]")
_DOTTED = re.compile(r"[^\W\d_](?:\.[^\W\d_]){1,4}\Z")
_ROMAN = re.compile(r"[IVXLCM]{1,8}\Z")
_ENDING = re.compile(r"['’-]")
# "3.1. Tərəflər …": nobody writes a sentence that is the number of a section only.
_SECTION_NUMBER = re.compile(r"[0-9]{1,3}(?:\.[0-9]{1,3}){1,4}\Z")
_LIST_NUMBER = re.compile(r"[0-9]{1,3}\Z")
_BEFORE_LABEL = ' \t\r\n("“«—–-'
_NOT_FIRST = frozenset(".,;:!?…)]}»”›")
_LONGEST_ORDINAL = 3
_LONGEST_DAY = 2
_DAY = re.compile(r"\d{1,2}\.\Z")


def azerbaijani(text: str) -> Iterator[int]:
    """Places after which a sentence of Azerbaijani text has ended."""
    return _ends(text, AZERBAIJANI)


def turkish(text: str) -> Iterator[int]:
    """Places after which a sentence of Turkish text has ended."""
    return _ends(text, TURKISH)


def _ends(text: str, words: Words) -> Iterator[int]:
    # Who writes no capitals at all has only the marks to end a sentence.
    cased = any(map(str.isupper, text))
    start, number, numbered = 0, 0, 0
    for stop in stops(text):
        opens = stop.is_point and text[start : stop.start].strip(_BEFORE_LABEL) == stop.word
        goes_on = (opens or numbered == start) and number > 0
        if stop.is_point and _is_list_number(stop.word, number if goes_on else 0, first=opens and not start):
            number, numbered = int(stop.word), start
        elif opens and _is_number_of_section(stop, words):
            continue
        elif _ends_sentence(stop, words, cased=cased):
            yield stop.end
            start = stop.end


def _is_list_number(word: str, number: int, *, first: bool) -> bool:
    """Whether the digits are a label: the first word of the paragraph ("5. Alma"), or next to the label `number`."""
    return bool(_LIST_NUMBER.match(word)) and (first or (number > 0 and int(word) == number + 1))


def _is_number_of_section(stop: Stop, words: Words) -> bool:
    if _SECTION_NUMBER.match(stop.word):
        return stop.before_capital
    return _is_roman(stop.word) and not _begins_sentence(stop, words)


def _ends_sentence(stop: Stop, words: Words, *, cased: bool) -> bool:
    for rule in _RULES if stop.is_point else _RULES_OF_OTHERS:
        verdict = rule(stop, words)
        if verdict is not None:
            return verdict
    return not (cased and stop.before_small)


def _small(word: str) -> str:
    return word.translate(_SMALL).lower()


def _is_roman(word: str) -> bool:
    return bool(_ROMAN.match(_without_ending(word)))


def _without_ending(word: str) -> str:
    """ "TL'lik" -> "TL"."""
    return _ENDING.split(word, maxsplit=1)[0]


def _begins_sentence(stop: Stop, words: Words) -> bool:
    """Whether the next word is one that begins sentences; "O. Kaya" is a name."""
    return stop.next in words.starters and stop.next_mark != "."


Rule = Callable[[Stop, Words], bool | None]
"""True: the sentence ends; False: it goes on; None: the rule cannot tell."""


def _mark_follows(stop: Stop, words: Words) -> bool | None:
    return False if stop.sign in _NOT_FIRST and not stop.next else None


def _picture(stop: Stop, words: Words) -> bool | None:
    """ "Çox gözəldir 😍 Təşəkkürlər": before a capital letter an emoji is as good as a full stop."""
    return stop.before_capital if stop.pictures else None


def _remark(stop: Stop, words: Words) -> bool | None:
    """ "(!)" and "(?)" are remarks on a word."""
    return False if stop.closing[:1] in (")", "]") and stop.word == "" else None


def _interjection(stop: Stop, words: Words) -> bool | None:
    """After a quotation, a bracket or dots a small letter goes on: “Gəl!” dedi. Bəlkə… gələr."""
    if not stop.before_small or _BRAND.match(stop.next):
        return None
    return False if stop.closing or stop.dash or "." in stop.marks or "…" in stop.marks else None


def _brand(stop: Stop, words: Words) -> bool | None:
    return True if not stop.is_point and _BRAND.match(stop.next) else None


def _title(stop: Stop, words: Words) -> bool | None:
    if stop.closing.strip(")]*_"):
        return None
    part = stop.last_part
    if part in words.units and stop.prior[-1:].isdigit():
        return None  # "30 sn."
    is_title = _small(part) in words.leading or (part.title() in words.leading_capital and part[:1].isupper())
    return False if is_title else None


def _address(stop: Stop, words: Words) -> bool | None:
    if _small(stop.word) in words.places and not stop.closing:
        # "Şəki ş. Vaxtı: 12 may", but "Nizami küç. Mənzil: 5"
        begins_label = stop.next_mark == ":" and _small(stop.next) not in words.labels
        return _begins_sentence(stop, words) or begins_label
    return None


def _label(stop: Stop, words: Words) -> bool | None:
    word = _small(stop.word)
    if not stop.before_number or word not in words.labels or _is_listing(stop, words):
        return None
    return None if word in words.units and stop.prior[-1:].isdigit() else False  # "Boyu 5 m. 12 kişi", "m. 12"


def _is_listing(stop: Stop, words: Words) -> bool:
    """ "və s." against "s. 45"."""
    return _small(stop.word) in words.lists and _small(stop.prior) in ("və", "ve")


def _list_end(stop: Stop, words: Words) -> bool | None:
    """ "vb." ends a sentence before a capital letter, but not before a number: "vd. (2019)"."""
    if _small(stop.word) not in words.lists:
        return None
    return False if stop.before_small or stop.before_number else None


def _unit(stop: Stop, words: Words) -> bool | None:
    unit = _small(stop.last_part)
    if unit not in words.units or stop.closing or not (stop.prior[-1:].isdigit() or unit in words.scales):
        return None
    currency = _without_ending(stop.next)
    if unit in words.scales and len(currency) > 1 and currency.isupper():
        return False
    return not (stop.before_small or stop.next[:1].isdigit())


def _era(stop: Stop, words: Words) -> bool | None:
    word = _small(stop.word)
    is_era = word in words.eras or (len(word) == 1 and f"{_small(stop.prior)}{word}" in words.eras)
    return False if is_era and (stop.before_number or _is_roman(stop.next)) else None


def _firm(stop: Stop, words: Words) -> bool | None:
    if _small(stop.word) in words.companies:
        return not (stop.before_small or stop.next in words.offices or stop.opening == "(")
    return None


def _initial(stop: Stop, words: Words) -> bool | None:
    """ "A. Kaya", "T.C. Sağlık Bakanlığı"; a word that begins sentences is nobody's name."""
    dotted = bool(_DOTTED.match(stop.word))
    if not (dotted or (len(stop.word) == 1 and stop.word.isalpha())) or stop.closing.strip(")]"):
        return None
    if stop.before_small or (stop.before_number and stop.next_mark == "/"):
        return False  # "E. 2019/123"
    if stop.prior.endswith("°"):
        return True
    if stop.word[0].isupper() and stop.before_capital:
        return _begins_sentence(stop, words)
    # The parts of "b. e. ə."
    return False if len(stop.next) == 1 and stop.next_mark == "." and not stop.next.isdigit() else None


def _roman(stop: Stop, words: Words) -> bool | None:
    if not (_ROMAN.match(stop.word) and stop.before_capital) or stop.closing:
        return None
    if stop.next in words.counted:
        return False
    if not words.points_ordinals or _is_label(stop.prior, words):
        return True
    return _begins_sentence(stop, words)


def _is_label(word: str, words: Words) -> bool:
    return word.endswith((":", "№", "#")) or _small(word.strip(".()")) in words.labels


def _is_numbered(stop: Stop, words: Words) -> bool:
    """ "No: 45. Daire geniş.": the number belongs to the word before it."""
    return stop.prior.endswith(":") and _small(stop.prior.strip(":.")) in words.labels and stop.before_capital


def _number(stop: Stop, words: Words) -> bool | None:
    if not stop.word.isdigit() or stop.closing:
        return None
    if _is_numbered(stop, words):
        return True
    if _without_ending(stop.next) in words.counted or (stop.before_small and words.points_ordinals):
        return False
    if stop.next.isdigit() and len(stop.word) <= _LONGEST_DAY and (stop.next_mark == "." or _DAY.match(stop.prior)):
        return False  # "25. 12. 2024", "3. 4. ve 5. sınıflar"
    if not words.points_ordinals or len(stop.word) > _LONGEST_ORDINAL or _is_label(stop.prior, words):
        return True
    # "Ankara 2. Asliye …", "17. Antalya Film Festivali"
    is_name = stop.before_capital and (stop.after_name or stop.second.isupper())
    return _begins_sentence(stop, words) or not is_name


def _small_letter(stop: Stop, words: Words) -> bool | None:
    """A small letter goes on, unless it begins a brand, or closes nothing in a text without capitals."""
    if _BRAND.match(stop.next):
        return _small(stop.word) not in words.labels | words.units | words.lists
    if stop.before_small and (stop.closing or stop.dash or _small(stop.last_part) in words.labels | words.units):
        return False
    return None


_RULES_OF_OTHERS: tuple[Rule, ...] = (_mark_follows, _picture, _remark, _interjection, _brand)
_RULES: tuple[Rule, ...] = (
    _mark_follows,
    _title,
    _address,
    _label,
    _list_end,
    _unit,
    _era,
    _firm,
    _initial,
    _roman,
    _number,
    _small_letter,
)
