"""Amounts of money: $5.000 · 99,90 ₼ · 1.250,50 TL · 3,5 mln. avro · 50 TL'ye · $10-15 · 12 TL/kg.

Two decimals are the currency's hundredths; any other fraction, and one before a scale word, is a decimal number.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from workers.pipeline.normalise.draft import Rule, substitution
from workers.pipeline.normalise.turkic.grammar import Grammar
from workers.pipeline.normalise.turkic.numerals import (
    NUMBER,
    SUFFIX,
    Number,
    quantity_pattern,
    read_quantity,
    scale_pattern,
)
from workers.pipeline.normalise.turkic.suffixes import lower
from workers.pipeline.normalise.turkic.within import NUMBER_AHEAD, NUMBER_ENDS, only_with, set_apart


@dataclass(frozen=True)
class Currency:
    """One currency, and how it is written next to a number. Lists are parted by spaces."""

    name: str
    hundredth: str = ""
    """"" where nobody says one."""
    before: str = ""
    """Signs and codes that stand before or after the number."""
    after: str = ""
    """Abbreviations that stand after it only, with or without a full stop."""
    words: str = ""
    """Regex source: the currency in letters, after the number; endings may follow."""
    hundredth_after: str = ""
    """Abbreviations of the hundredth."""


@dataclass(frozen=True)
class MoneyWords:
    """The currencies of a language, and what is said for "a month", "a kilo" behind a slash."""

    currencies: Sequence[Currency]
    each: Mapping[str, str]
    """What is said before the amount for what is written after the slash: "ay": "ayda"."""


def money(words: MoneyWords, grammar: Grammar) -> tuple[Rule, ...]:
    """Amounts with the currency before the number, then after it."""
    reader = _Reader(words, grammar)
    quantity = quantity_pattern(grammar)
    each = rf"(?: ?/ ?(?P<each>{_either(words.each)})(?![^\W\d_]))?"
    scale = _either({scale for scale in grammar.scales.values() if len(scale) > 3})
    before = _either({mark for currency in words.currencies for mark in currency.before.split()})
    after = _after(words)
    sign_before = (
        rf"(?<![^\W_])(?<!/)(?P<minus>(?<![^\s(\[])[-−])?(?P<mark>{before})(?P<gap> ?)(?P<amount>{quantity})"
        rf"(?: (?:{scale})(?P<ending>[^\W\d_]{{1,8}}))?{each}(?:(?P<to>-)(?=[^\w\s][0-9])|{SUFFIX})"
    )
    sign_after = (
        rf"{NUMBER_AHEAD}(?P<amount>{quantity})(?:[.,]?-)? ?(?P<mark>{after}){each}"
        rf"(?:(?P<to>-)(?=[^\w\s]?[0-9])|{SUFFIX})"
    )
    near = rf"{NUMBER_ENDS}(?:[.,]?-)? ?(?:{scale_pattern(grammar)} ?)?(?:{after})"
    return (
        only_with(f"(?:{before}) ?[-+−±]?[0-9]", substitution(re.compile(sign_before), reader.sign_before)),
        only_with(near, substitution(re.compile(sign_after), reader.sign_after)),
    )


def _after(words: MoneyWords) -> str:
    """Regex source: a code with or without its full stop, a sign, or a name with its endings."""
    marks = _marks(words)
    codes = _either(mark for mark in marks if mark[0].isalpha())
    signs = _either(mark for mark in marks if not mark[0].isalpha())
    names = "|".join(currency.words for currency in words.currencies if currency.words)
    return rf"(?:{codes})(?![^\W_])(?:\.(?= ?\S))?|(?:{signs})(?!\d)|(?:{names})[^\W\d_]{{0,8}}(?!\w)"


def _marks(words: MoneyWords) -> dict[str, Currency]:
    """What may stand after the number, as it is written, and its currency."""
    marks: dict[str, Currency] = {}
    for currency in words.currencies:
        marks |= dict.fromkeys(f"{currency.before} {currency.after}".split(), currency)
        hundredth = replace(currency, name=currency.hundredth, hundredth="")
        marks |= dict.fromkeys(currency.hundredth_after.split(), hundredth)
    return marks


def _either(spellings: Mapping[str, str] | set[str] | Iterator[str]) -> str:
    return "|".join(map(re.escape, sorted(spellings, key=lambda spelling: (-len(spelling), spelling))))


_TWO_ENDS = re.compile(rf"(?P<first>{NUMBER})(?: ?[-—…] ?)(?P<last>{NUMBER})")
_ENGLISH_THOUSANDS = re.compile("[0-9]{1,3},[0-9]{3}")


_RATE = 4
"""Digits after the comma in the rates of central banks."""


class _Reader:
    def __init__(self, words: MoneyWords, grammar: Grammar) -> None:
        self._each = words.each
        self._grammar = grammar
        self._marks = _marks(words)
        self._spelled = [(re.compile(currency.words), currency) for currency in words.currencies if currency.words]

    def sign_before(self, found: re.Match[str]) -> str | None:
        ahead = found.string[max(0, found.start() - 2) : found.start()]
        if (found["gap"] or found["mark"][0].isalpha()) and ahead.rstrip()[-1:].isdecimal():
            return None  # the sign belongs to the number before it: 100 AZN 50 qəpik
        amount = found["amount"]
        if _ENGLISH_THOUSANDS.fullmatch(amount):
            amount = amount.replace(",", "")
        if found["ending"]:
            scale = found[0].rpartition(" ")[2][: -len(found["ending"])]
            amount = f"{amount} {scale}"
        said = self._amount(amount, self._marks[found["mark"]])
        minus = f"{self._grammar.minus} " if found["minus"] else ""
        return self._finished(f"{minus}{said}", found, found["ending"] or found["suffix"])

    def sign_after(self, found: re.Match[str]) -> str:
        mark = found["mark"].rstrip(".")
        currency = self._marks.get(mark)
        if currency:
            return self._finished(self._amount(found["amount"], currency), found, found["suffix"])
        pattern, currency = next(pair for pair in self._spelled if pair[0].match(mark))
        length = len(pattern.match(mark)[0])  # type: ignore[index]  # it has just matched
        said = self._amount(found["amount"], replace(currency, name=mark[:length]))
        # The ending as it is written, unless hundredths have come between.
        ending = mark[length:]
        if " " in mark[:length]:
            ending = ending.removeprefix("n")  # it joins endings to "doları", not to the hundredths
        if said.endswith(mark[:length]):
            return self._finished(said + lower(mark[length:]), found, found["suffix"])
        return self._finished(self._grammar.inflect(said, ending), found, found["suffix"])

    def _finished(self, said: str, found: re.Match[str], suffix: str | None) -> str:
        if found["each"]:
            said = f"{self._each[found['each']]} {said}"
        said = self._grammar.inflect(said, suffix or "")
        if found["to"]:
            return f"{said} {self._grammar.between} " if self._grammar.between else f"{said}, "
        return set_apart(said, found)

    def _amount(self, written: str, currency: Currency) -> str:
        sign = written[0] if written[0] in "-+−±" else ""
        if ends := _TWO_ENDS.fullmatch(written):
            return self._range(ends, written, currency)
        number = Number.parse(written[len(sign) :]) if written[-1].isdecimal() and "/" not in written else None
        if number and currency.hundredth and len(number.fraction) == _RATE and number.fraction.endswith("00"):
            number = replace(number, fraction=number.fraction[:-2])  # "1,7000 manat" is a rate of exchange
        if number is None or not currency.hundredth or len(number.fraction) != 2:
            return f"{read_quantity(written, self._grammar)} {currency.name}"
        return f"{self._sign(sign)}{self._with_hundredths(number, currency)}"

    def _range(self, ends: re.Match[str], written: str, currency: Currency) -> str:
        both = (ends["first"], ends["last"])
        if not any(len(Number.parse(end).fraction) == 2 for end in both):
            return f"{read_quantity(written, self._grammar)} {currency.name}"
        between = f" {self._grammar.between} " if self._grammar.between else ", "
        return between.join(self._amount(end, currency) for end in both)

    def _sign(self, sign: str) -> str:
        return {"": "", "+": f"{self._grammar.plus} "}.get(sign, f"{self._grammar.minus} ")

    def _with_hundredths(self, number: Number, currency: Currency) -> str:
        hundredths = int(number.fraction)
        whole = f"{self._grammar.integer(number.whole, longest=15)} {currency.name}"
        part = f"{self._grammar.cardinal(hundredths)} {currency.hundredth}"
        if not hundredths:
            return whole
        return f"{whole} {part}" if number.whole.strip("0") else part
