"""Reads numbers with what they measure in the case that their place asks for: "до 21%", "за €3,5 млн", "-5…-7 °C"."""

import re
from collections.abc import Iterator

from workers.pipeline.normalise.draft import Edit
from workers.pipeline.normalise.russian import context, morphology, units
from workers.pipeline.normalise.russian.quantities import (
    AFTER,
    BEFORE,
    DASH,
    NUMBER,
    SCALE,
    SIGN,
    Number,
    measured,
    number,
    scaled,
)


def _alternatives(*tables: dict[str, str]) -> str:
    """The written forms, longest first, each with its full stop where it has one."""
    names = sorted({name for table in tables for name in table}, key=len, reverse=True)
    return "|".join(re.escape(name) + (r"\b\.?" if name in units.DOTTED else "") for name in names)


_UNITS = units.UNITS | units.CURRENCY_CODES | units.CURRENCY_WORDS | units.CURRENCY_SIGNS | units.PERCENT
_MONEY = frozenset((units.CURRENCY_CODES | units.CURRENCY_WORDS | units.CURRENCY_SIGNS).values())
_SIGNED = rf"{SIGN}? ?{NUMBER}"
_PAIR = rf"(?:(?P<from>[Оо]т|[Сс]о?) (?P<first>{SIGN}?{NUMBER}) (?P<to>до|по) )?+"
_WRITTEN = rf"(?P<low>{SIGN}?{NUMBER})(?:{DASH}(?P<high>{SIGN}?{NUMBER}))?+"

_AFTER_NUMBER = re.compile(
    rf"{BEFORE}{_PAIR}{_WRITTEN}(?: ?(?P<scale>{SCALE}))?+(?: ?(?P<unit>{_alternatives(_UNITS)}))"
    rf"(?:/(?P<per>{'|'.join(sorted(map(re.escape, units.PER), key=len, reverse=True))})(?!\w)\.?)?+(?![\w%])"
)
_SCALED = re.compile(rf"{BEFORE}{_PAIR}{_WRITTEN} ?(?P<scale>{SCALE})(?!\w)")
_BEFORE_NUMBER = re.compile(
    rf"(?<!\w)(?P<from>(?!))?(?P<sign>[-−+])?(?P<unit>{_alternatives(units.CURRENCY_SIGNS | units.CURRENCY_CODES)}) ?"
    rf"{_WRITTEN}(?: ?(?P<scale>{SCALE}))?+{AFTER}"
)
# After an uncertain unit: the end, a mark, a number, or a word in small letters (no "5 с сестрой", "в 5 В классе").
_SURE_AFTER = {
    "с": re.compile(r"[.,;:!?)…]|$| [—-]"),
    "В": re.compile(r"[.,;:!?)…]|$| (?!класс)[а-я]"),
    "А": re.compile(r"[.,;:!?)…]|$| [—-]"),
    "Н": re.compile(r"[.,;:!?)…]|$| [—-]"),
    "р": re.compile(r"[.,;:!?)…/]|$| [а-я—-]"),
}
_HOUSE = re.compile(r"(?:\bд\.|\bдома?|\bкорпус|\bкласса?е?|[а-яё.],) ?$", re.IGNORECASE)
_YEAR = re.compile(r"[12]\d{3}$")


def measures(text: str) -> Iterator[Edit]:
    """Edits for money before and after its number, units, per cent, and thousands, millions … that count something."""
    done, case = 0, ""
    for found in _merged(text):
        # "за 2 ч 31 мин": the second goes with the first
        same = case if done and text[done : found.start()] == " " else ""
        if found.start() >= done and (read := _read(found, text, same)) is not None:
            done = found.end()
            words, case = read
            yield Edit(found.start(), done, words)


def _merged(text: str) -> list[re.Match[str]]:
    if not _DIGIT.search(text):
        return []
    patterns = (_BEFORE_NUMBER, _AFTER_NUMBER, _SCALED)
    matches = [found for pattern in patterns for found in pattern.finditer(text)]
    return sorted(matches, key=lambda found: (found.start(), -found.end()))


_DIGIT = re.compile(r"\d")


def _read(found: re.Match[str], text: str, case: str) -> tuple[str, str] | None:
    """The words and their case; `case` is given where it is that of the amount before."""
    parts = found.groupdict()
    written = (parts.get("unit") or "").rstrip(".")
    unit = _UNITS.get(written) or _UNITS.get(written + ".") or ""
    before, after = text[: found.start()], text[found.end() :]
    if written in ("А", "В") and _HOUSE.search(before[-12:]):
        return None  # дом 5А
    if written in _SURE_AFTER and not found[0].endswith(".") and not _SURE_AFTER[written].match(after):
        return None
    if written == "г" and not parts["scale"] and _YEAR.search(parts["high"] or parts["low"]):
        return None  # "1980 г." is a year
    amount = _Amount(parts, unit)
    case = case or _case(found, amount, before, after)
    words = amount.words(case)
    if parts.get("from"):
        first = number(parts["first"])
        gender = morphology.gender_of(amount.counted)
        words = f"{parts['from']} {first.words('gent', gender)} {parts['to']} {words}"
    if amount.is_range and words.startswith("одну ") and context.last_words(before, 1) == ["по"]:
        words = "одной" + words.removeprefix("одну")  # по одной — две таблетки
    if per := parts.get("per"):
        words += " " + units.PER[per]
    if found[0].endswith(".") and not after:
        words += "."
    elif after[:1].isalnum():
        words += " "
    return (" " if before[-1:].isalnum() else "") + words, case


def _case(found: re.Match[str], amount: "_Amount", before: str, after: str) -> str:
    if found.groupdict().get("from"):
        return "gent" if found["to"] == "до" else "accs"
    if after.startswith(" —") and context.last_words(before, 1)[:1] in (["цена"], ["стоимость"]):
        return "gent"
    case = context.governed(before, after)
    return context.distributive(before, amount.high.whole, case)


class _Amount:
    """The numbers of a match, what multiplies them, and what they count."""

    def __init__(self, parts: dict[str, str | None], unit: str) -> None:
        low, high = parts["low"] or "", parts["high"]
        self._low = number(low) if high else None
        self.high = number((parts.get("sign") or "") + (high or low))
        self._scale = parts.get("scale") or ""
        self._unit = unit

    @property
    def is_range(self) -> bool:
        """ "10-15"."""
        return self._low is not None

    @property
    def counted(self) -> str:
        """What the number itself counts: thousands before roubles."""
        return _SCALE_NAMES.get(self._scale[:3], self._unit) if self._scale else self._unit

    def words(self, case: str) -> str:
        """All of it in a case."""
        words = self._last(case)
        if self._low is None:
            return words
        return f"{self._low.words(case, morphology.gender_of(self.counted))} {words}"

    def _last(self, case: str) -> str:
        if self._scale:
            return scaled(self.high, self._scale, case, self._unit)
        if len(self.high.fraction) == 2 and self._unit in units.CHANGE and self._low is None:
            return self._with_change(case)
        return measured(self.high, self._unit, case)

    def _with_change(self, case: str) -> str:
        small = int(self.high.fraction)
        whole = measured(Number(self.high.whole, sign=self.high.sign), self._unit, case)
        change = measured(Number(small), units.CHANGE[self._unit], case)
        if not small:
            return whole
        return f"{whole} {change}" if self.high.whole else self.high.sign + change


_SCALE_NAMES = {
    "тыс": "тысяча",
    "мил": "миллион",
    "млн": "миллион",
    "млр": "миллиард",
    "трл": "триллион",
    "три": "триллион",
}
