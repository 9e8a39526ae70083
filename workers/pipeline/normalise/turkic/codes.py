"""What is read sign by sign: account, card and identity numbers, plates, flights, passwords, network addresses.

Letters are said by their names. Long codes get a rest after every few signs, so that a listener can write along.
"""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from workers.pipeline.normalise.draft import Rule, substitution
from workers.pipeline.normalise.turkic.grammar import Grammar
from workers.pipeline.normalise.turkic.numerals import SUFFIX
from workers.pipeline.normalise.turkic.suffixes import lower
from workers.pipeline.normalise.turkic.within import ITEM, only_with, substitution_within


@dataclass(frozen=True)
class CodeWords:
    """Names of letters and signs, and the words around a code; words are regex sources."""

    letters: Mapping[str, str]
    """Small letters and their names."""
    slash: str
    colon: str
    short_code: str
    """What a password or the like follows: "kod", "şifrə", "PIN"."""
    keyed: str
    """Kinds of numbers that name a thing and count nothing: customer, order, account."""
    keyed_no: str
    """What stands between `keyed` and the number: "nömrəsi", "№"."""
    card_end: str
    """What comes before the last digits of a card: "sonu"."""
    ending_in: str
    """What comes after the last digits of a card: "ilə bitən"."""
    numbered: str
    """What follows the number of a document that has a slash: "saylı"."""
    plate: str
    """A registration plate: groups by any means, province first."""


def spell_out(text: str, grammar: Grammar, letters: Mapping[str, str]) -> str:
    """Every digit and every letter of `text` by its name; what is neither is passed over."""
    return " ".join(
        grammar.cardinal(int(sign)) if sign.isdecimal() else letters.get(sign, sign)
        for sign in lower(text)
        if sign.isalnum()
    )


# Currency and measure codes look like the letters of a plate or a passport: "15 TL 500", "AZN 1000000".
NO_SERIES = r"(?!(?:AZN|USD|EUR|TRY|RUB|GBP|CHF|GEL|TL|KM|KG|KQ|KV|KW|MW|MM|CM|SM|ML|MB|GB|TB|KB|HZ|HA|NO|NR)(?![A-Z]))"
"""Regex source: no plate and no passport begins with these letters."""
_IBAN = re.compile(
    r"(?<!\w)(?:AZ[0-9]{2} ?[A-Z]{4}(?: ?[0-9A-Z]{4}){5}|TR[0-9]{2}(?: ?[0-9]{4}){5} ?[0-9]{2}"
    r"|[A-Z]{2}[0-9]{2}(?: [0-9A-Z]{4}){3,7}(?: [0-9A-Z]{1,3})?|[A-Z]{2}[0-9]{2}[A-Z]{4}[0-9]{10,22})"
    + SUFFIX
    + r"(?!\w)"
)
_CARD = re.compile(
    r"(?<![\w+])(?<![0-9][ .,-])(?:[0-9]{4}([ -])[0-9]{4}\1[0-9]{4}\1[0-9]{4}"
    r"|3[0-9]{3}[ -][0-9]{6}[ -][0-9]{5})" + SUFFIX + r"(?!\w|[ .,-][0-9])"
)
_MASKED = re.compile(
    r"(?<!\w)(?:[0-9]{1,4}[ -]?)?(?:[0-9]{2})?(?:[*•]{2,12}[ -]?|[xX]{4}[ -]?){1,4}[0-9]{3,4}" + SUFFIX + r"(?!\w)"
)
# A long string that is no telephone number written without gaps.
_LONG = re.compile(
    r"(?<![\w+])(?<![0-9][.,:/-])(?!0[1-9][0-9]{8,9}(?![0-9]))[0-9]{10,40}(?![\w])" + SUFFIX + "(?![.,][0-9])"
)
_IP = re.compile(
    r"(?<![\w.])(?P<parts>[0-9]{1,3}(?:\.[0-9]{1,3}){3})(?:/(?P<mask>[0-9]{1,2})|:(?P<port>[0-9]{2,5}))?"
    + SUFFIX
    + r"(?!\w|\.[0-9])"
)
_MAC = re.compile(r"(?<![\w:-])[0-9A-Fa-f]{2}([:-])(?:[0-9A-Fa-f]{2}\1){4}[0-9A-Fa-f]{2}(?![\w:-])")
_ISBN = re.compile(
    rf"(?<!\w)ISBN(?:-1[03])?:? ?(?P<{ITEM}>(?:97[89][ -]?)?[0-9]{{1,9}}(?:[ -]?[0-9]{{1,7}}){{0,4}}[ -]?[0-9X](?!\w))"
)
_POSTCODE = re.compile(r"(?<!\w)AZ[ -]?[0-9]{4}" + SUFFIX + r"(?!\w| ?[0-9])")
_PASSPORT = re.compile(
    rf"(?<!\w){NO_SERIES}(?:[A-Z]{{1,2}} ?|[A-Z]{{3}}|AZE )(?:№ ?|-)?[0-9]{{6,9}}" + SUFFIX + r"(?!\w|[ .,-][0-9])"
)
_FLIGHT = re.compile(
    r"(?<!\w)(?:J2|TK|PC|VF|XQ|SU|LH|FZ|EK|QR|BA|AF|KL|LO|DP|U6|W6|A9|HY|KC|PS|AHY|THY|VKO)[ -]?"
    r"(?P<number>[0-9]{2,4})" + SUFFIX + r"(?!\w|[.,:][0-9])"
)
# Letters and digits in turns, as no word and no chemical formula of school has them: 5XKJ2M1.
_MIXED = re.compile(
    r"(?<![\w-])(?=[A-Z0-9]{3,24}(?!\w))(?:[0-9]+[A-Z]+[0-9]|[A-Z]+[0-9]+[A-Z])[A-Z0-9]*+" + SUFFIX + r"(?!\w)"
)
_HASHED = re.compile(r"(?<!\w)#(?P<code>[A-Z]{1,5}-?[0-9]{2,12}(?:-[0-9A-Z]{1,12}){0,3})" + SUFFIX + r"(?!\w)")
_SERIAL = re.compile(r"(?<![\w-])(?P<code>[A-Z]{2,5}-[0-9]{2,8}-[0-9A-Z]{2,8}(?:-[0-9A-Z]{1,8})?)" + SUFFIX + r"(?!\w)")


def codes(words: CodeWords, grammar: Grammar) -> tuple[Rule, ...]:
    """Everything of this module, most telling first."""
    return (
        *_accounts(words, grammar),
        *_documents(words, grammar),
        *_announced(words, grammar),
        *_addresses(words, grammar),
    )


_CAPITAL = "[A-ZÇƏĞİÖŞÜ]"
_LETTERS_FIRST = (
    rf"(?:{_CAPITAL}-?|{_CAPITAL}{{2,3}}|[BCDFGHJKLMNPQRSTVWXZ]{{2,3}}-)(?:[1-9]|0{{1,2}}(?=[0-9]))[0-9]{{0,3}}"
)
_LETTER_LAST = rf"[1-9][0-9]{{0,3}}-?{_CAPITAL}"
_NAMES = re.compile(rf"(?<![\w№/.,-])(?:{_LETTERS_FIRST}|{_LETTER_LAST}(?!['-]{_CAPITAL})){SUFFIX}(?![\w/]|[.,][0-9])")
_CLASS = r"(?<![\w№/.,-])[1-9][0-9]?[bcçdfgğhjklmnpqrsştvyz](?= (?:(?:və|ve) [1-9][0-9]?[a-z] )?s[ıi]n[ıi]f)"
_SMALL = re.compile(r"[a-zçəğıöşü]")


def designations(words: CodeWords, grammar: Grammar) -> Rule:
    """What a capital letter and a short number name together: A4, B12, 5G, F-16, 9-A. To be run after the units."""

    def read(found: re.Match[str]) -> str | None:
        # In a headline the letter may be a suffix: SAAT 5-Ə QƏDƏR.
        if found[0][0].isdecimal() and not _SMALL.search(found.string):
            return None
        return _rested_groups(_without_suffix(found), found, words, grammar)

    names = re.compile(rf"{_NAMES.pattern}|{_CLASS}")
    return only_with(rf"[0-9]-?{_CAPITAL}|{_CAPITAL}-?[0-9]|[0-9][a-zçğş] ", substitution(names, read))


def _accounts(words: CodeWords, grammar: Grammar) -> Iterable[Rule]:
    def in_fours(found: re.Match[str]) -> str:
        signs = re.sub(r"[\W_]", "", _without_suffix(found))
        return _rested(_parts(signs, 4), found, words, grammar)

    def card_tail(found: re.Match[str]) -> str:
        return _rested(re.findall("[0-9]+", _without_suffix(found)), found, words, grammar)

    def long(found: re.Match[str]) -> str:
        return _rested(_parts(_without_suffix(found), 3), found, words, grammar)

    yield only_with("[A-Z]{2}[0-9]{2} ?[A-Z0-9]{4}", substitution(_IBAN, in_fours))
    yield only_with("[0-9]{4}[ -][0-9]{4}", substitution(_CARD, in_fours))
    yield only_with("[*•xX]{2} ?-?[0-9]", substitution(_MASKED, card_tail))
    yield only_with("[0-9]{10}", substitution(_LONG, long))


def _documents(words: CodeWords, grammar: Grammar) -> Iterable[Rule]:
    def spelled(found: re.Match[str]) -> str:
        return _rested([_without_suffix(found)], found, words, grammar)

    def letters_and_number(found: re.Match[str]) -> str:
        return _rested_groups(_without_suffix(found), found, words, grammar)

    def isbn(found: re.Match[str]) -> str:
        return ", ".join(spell_out(group, grammar, words.letters) for group in re.split("[ -]", found[ITEM]))

    def of_document(found: re.Match[str]) -> str:
        parts = [grammar.integer(part) for part in found["parts"].split("/")]
        return grammar.inflect(f" {words.slash} ".join(parts), found["suffix"] or "")

    slashed = rf"(?P<{ITEM}>(?P<parts>[0-9]{{1,6}}(?:/[0-9]{{1,6}}){{1,3}})(?![0-9/]|[.,][0-9]){SUFFIX})"
    plate = re.compile(rf"(?<![\w-])(?:{words.plate}){SUFFIX}(?![\w-]| [0-9])")
    after_no = re.compile(rf"(?:№|(?<!\w)N[or]\.?:?) ?{slashed}")
    before_word = re.compile(rf"(?<![\w/.,-]){slashed}(?= ?-? ?(?:{words.numbered}))")
    yield only_with("[0-9][ -]?[A-Z]{1,3}[ -]?[0-9]", substitution(plate, letters_and_number))
    yield only_with("AZ[ -]?[0-9]", substitution(_POSTCODE, letters_and_number))
    yield only_with("[A-Z][A-Z0-9][A-Z]?[ -]?[0-9]", substitution(_FLIGHT, spelled))
    yield only_with("[A-Z](?: ?№ ?|[ -])?[0-9]{6}", substitution(_PASSPORT, spelled))
    yield only_with("ISBN", substitution_within(_ISBN, isbn))
    yield only_with("[A-Z][0-9]", substitution(_MIXED, spelled))
    yield only_with("#[A-Z]", substitution(_HASHED, letters_and_number))
    yield only_with("[A-Z]-[0-9]", substitution(_SERIAL, letters_and_number))
    yield only_with("[0-9]/[0-9]", substitution_within(after_no, of_document))
    yield only_with("[0-9]/[0-9]", substitution_within(before_word, of_document))


def _announced(words: CodeWords, grammar: Grammar) -> Iterable[Rule]:
    def read(found: re.Match[str]) -> str | None:
        digits = found["digits"]
        if _YEAR_ENDING.match(found["suffix"] or "") or (len(digits) == 3 and not _SHORT_SECRET.search(found[0])):
            return None
        parts = digits.split(" ") if " " in digits else [digits]
        return _rested(parts, found, words, grammar)

    ended = rf"{SUFFIX}(?!\w|[.,:/-][0-9])"
    gap = r"\.?(?: [—-])?[ :№]{1,3}"
    of = rf"\w{{0,10}}(?: (?:{words.keyed_no})\w{{0,4}})?{gap}"
    number_of = rf"\w{{0,6}} (?:{words.keyed_no})\w{{0,4}}{gap}"
    secret = rf"(?P<{ITEM}>(?P<digits>[0-9]{{3,9}}(?: [0-9]{{3}})?){ended})"
    keyed = rf"(?P<{ITEM}>(?P<digits>[0-9]{{5,9}}){ended})"
    tail = rf"(?P<{ITEM}>(?P<digits>[0-9]{{3,4}}){ended})"
    identity = rf"(?<!\w)F[Iİ]N{of}(?P<{ITEM}>(?P<digits>[A-Z0-9]{{7}}){ended})"
    before = rf"(?<![\w.,/-])(?P<{ITEM}>(?P<digits>[0-9]{{4,9}})(?P<suffix>))(?= (?i:{words.short_code})s?[ıiuü])"
    for trigger, pattern in (
        ("F[Iİ]N", identity),
        ("[0-9]{3}", rf"(?<!\w)(?i:{words.short_code}){of}{secret}"),
        ("[0-9]{4} ", before),
        ("[0-9]{5}", rf"(?<!\w)(?i:{words.keyed}){number_of}{keyed}"),
        ("№ ?[0-9]{6}", rf"№ ?(?P<{ITEM}>(?P<digits>[0-9]{{6,9}}){ended})"),
        ("[0-9]{3}", rf"(?<!\w)(?i:{words.card_end}) {tail}"),
        ("[0-9]{3}", rf"(?<![\w.,/-]){tail}(?= (?:{words.ending_in}))"),
    ):
        yield only_with(trigger, substitution_within(re.compile(pattern), read))


# "kod 2026-cı ildə" names a year; three digits are a plain number, unless they stand on the back of a card.
_YEAR_ENDING = re.compile("[ıiuü]?n?c[ıiuü]")
_SHORT_SECRET = re.compile("(?i:cvv|cvc)|[0-9]{3} [0-9]{3}|(?<![0-9])0|(?i:son)")


def _addresses(words: CodeWords, grammar: Grammar) -> Iterable[Rule]:
    def internet(found: re.Match[str]) -> str | None:
        parts = found["parts"].split(".")
        if any(int(part) > 255 or (len(part) > 1 and part[0] == "0") for part in parts):
            return None  # 5.000.000.000 is a number
        said = f" {grammar.point} ".join(map(grammar.integer, parts))
        for sign, group in ((words.slash, "mask"), (words.colon, "port")):
            if found[group]:
                said += f" {sign} {grammar.integer(found[group])}"
        return grammar.inflect(said, found["suffix"] or "")

    def hardware(found: re.Match[str]) -> str:
        return ", ".join(spell_out(pair, grammar, words.letters) for pair in re.split("[:-]", found[0]))

    yield only_with(r"[0-9]\.[0-9]{1,3}\.[0-9]", substitution(_IP, internet))
    yield only_with("[0-9A-Fa-f]{2}[:-][0-9A-Fa-f]{2}[:-]", substitution(_MAC, hardware))


def _without_suffix(found: re.Match[str]) -> str:
    return found[0] if found["suffix"] is None else found.string[found.start() : found.start("suffix") - 1]


def _parts(signs: str, size: int) -> list[str]:
    """Parts of `size`; the last one is longer where a single sign would be left over."""
    starts = list(range(0, len(signs), size))
    if len(signs) % size == 1 and len(starts) > 1:
        starts.pop()
    return [signs[start:end] for start, end in zip(starts, [*starts[1:], len(signs)], strict=True)]


def _rested(parts: Iterable[str], found: re.Match[str], words: CodeWords, grammar: Grammar) -> str:
    """The parts sign by sign, with rests between them."""
    said = ", ".join(spell_out(part, grammar, words.letters) for part in parts)
    return grammar.inflect(said, found["suffix"] or "")


_RUN = re.compile(r"[0-9]+|[^\W\d_]+")


def _rested_groups(code: str, found: re.Match[str], words: CodeWords, grammar: Grammar) -> str:
    """The letters by their names, the digits as numbers as long as they are short."""
    said = (
        grammar.integer(run, longest=4) if run[0].isdecimal() else spell_out(run, grammar, words.letters)
        for run in _RUN.findall(code)
    )
    return grammar.inflect(" ".join(said), found["suffix"] or "")
