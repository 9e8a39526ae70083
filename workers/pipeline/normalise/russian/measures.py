"""Reads numbers with what they measure in the case that their place asks for: "до 21%", "за €3,5 млн", "-5…-7 °C"."""

import re
from collections.abc import Iterator

from workers.pipeline.normalise.draft import Edit
from workers.pipeline.normalise.russian import context, counted, morphology, units
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

_UNITS = units.UNITS | units.CURRENCY_CODES | units.CURRENCY_WORDS | units.CURRENCY_SIGNS | units.PERCENT
_MONEY = frozenset((units.CURRENCY_CODES | units.CURRENCY_WORDS | units.CURRENCY_SIGNS).values()) - {"процент"}
_SIGNED = rf"{SIGN}? ?{NUMBER}"
_PAIR = rf"(?:(?P<from>[Оо]т|[Сс]о?) (?P<first>{SIGN}?{NUMBER}) (?P<to>до|по) )?+"
_WRITTEN = rf"(?P<low>{SIGN}?{NUMBER})(?:{DASH}(?P<high>{SIGN}?{NUMBER}))?+"

_AFTER_NUMBER = re.compile(
    rf"{BEFORE}{_PAIR}{_WRITTEN}(?: ?(?P<scale>{SCALE}))?+(?: ?(?P<unit>{units.alternatives(_UNITS)}))"
    rf"(?:/(?P<per>{'|'.join(sorted(map(re.escape, units.PER), key=len, reverse=True))})(?!\w)\.?)?+(?![\w%])"
)
_SCALED = re.compile(rf"{BEFORE}{_PAIR}{_WRITTEN} ?(?P<scale>{SCALE})(?!\w)")
_BEFORE_NUMBER = re.compile(
    rf"(?<!\w)(?P<from>(?!))?(?P<sign>[-−+])?"
    rf"(?P<unit>{units.alternatives(units.CURRENCY_SIGNS | units.CURRENCY_CODES)}) ?"
    rf"{_WRITTEN}(?: ?(?P<scale>{SCALE}))?+{AFTER}"
)
# After an uncertain unit: the end, a mark, a number, or a word in small letters (no "5 с сестрой", "в 5 В классе").
_SURE_AFTER = {
    "с": re.compile(r"[.,;:!?)…]|$| [—-]"),
    "В": re.compile(r"[.,;:!?)…]|$| (?!класс)[а-я]"),
    "А": re.compile(r"[.,;:!?)…]|$| [—-]"),
    "Н": re.compile(r"[.,;:!?)…]|$| [—-]"),
    "р": re.compile(r"[.,;:!?)…/]|$| [а-яA-Z—-]"),
    "см": re.compile(r"(?!\.? (?:ниже|выше|также|рис|табл|стр|прил|разд|подробн|гл\.|с\.|п\.|§))"),
}
_HOUSE = re.compile(r"(?:\bд\.|\bдома?|\bкорпус|\bкласса?е?|[а-яё.],) ?$", re.IGNORECASE)
_YEAR = re.compile(r"[12]\d{3}$")


def measures(text: str) -> Iterator[Edit]:
    """Edits for money before and after its number, units, per cent, and thousands, millions … that count something."""
    done, case, unit = 0, "", ""
    for found in _merged(text):
        # "за 2 ч 31 мин": the second goes with the first
        same = case if done and text[done : found.start()] == " " and _go_together(unit, _unit(found)) else ""
        if found.start() >= done and (read := _read(found, text, same)) is not None:
            done, unit = found.end(), _unit(found)
            words, case = read
            yield Edit(found.start(), done, words)


_PARTS_OF_ONE = (
    frozenset(("год", "месяц", "неделя", "день", "сутки", "час", "минута", "секунда")),
    frozenset(("километр", "метр", "сантиметр", "миллиметр")),
    frozenset(("тонна", "центнер", "килограмм", "грамм")),
    frozenset((*units.CHANGE.keys(), *units.CHANGE.values())),
)


def _go_together(unit: str, next_unit: str) -> bool:
    """Whether both measure the same: hours and minutes, roubles and copecks."""
    return any(unit in parts and next_unit in parts for parts in _PARTS_OF_ONE)


def _unit(found: re.Match[str]) -> str:
    written = (found.groupdict().get("unit") or "").rstrip(".")
    return _UNITS.get(written) or _UNITS.get(f"{written}.") or ""


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
    written, unit = (parts.get("unit") or "").rstrip("."), _unit(found)
    before, after = text[: found.start()], text[found.end() :]
    if written in ("А", "В") and _HOUSE.search(before[-12:]):
        return None  # дом 5А
    if not _is_surely_a_unit(written, found, after):
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


def _is_surely_a_unit(written: str, found: re.Match[str], after: str) -> bool:
    """Whether what stands after the number is its unit: "5 с." is, "5 с сестрой" is not."""
    if written not in _SURE_AFTER or (found[0].endswith(".") and written != "см"):
        return True
    return _SURE_AFTER[written].match(after) is not None


def _case(found: re.Match[str], amount: "_Amount", before: str, after: str) -> str:
    if found.groupdict().get("from"):
        return "gent" if found["to"] == "до" else "accs"
    if after.startswith(" —") and context.last_words(before, 1)[:1] in (["цена"], ["стоимость"]):
        return "gent"
    case = _written_case(found, amount, before, after) or _case_after_from(amount, before)
    case = case or context.governed(before, after)
    return context.distributive(before, amount.high.whole, case)


# Words that are written as they are said and so tell their case: "не хватает 3 рублей".
_INFLECTED = re.compile(r"[а-яё]{4,}")
_SHORT = frozenset(("долл", "цент"))


def _written_case(found: re.Match[str], amount: "_Amount", before: str, after: str) -> str:
    parts = found.groupdict()
    written = (parts.get("scale") or parts.get("unit") or "").rstrip(".").lower()
    if amount.high.fraction or amount.is_range or not _INFLECTED.fullmatch(written) or written in _SHORT:
        return ""
    words = context.last_words(before, 1)
    wanted = counted.wanted_cases(words[0] if words else "", context.governed(before, after, default=""), before, after)
    return counted.agreeing_case(amount.high.whole, written, wanted)


def _word_beginning(*stems: str) -> re.Pattern[str]:
    return re.compile(rf"\b(?:{'|'.join(' '.join(stems).split())})", re.IGNORECASE)


# What goes with "с 15 %" and "с 5 м" where they say from where something changes or falls.
_CHANGED = _word_beginning(
    "выше вырос раст возрос повыс повыш увелич поднял сниз сниж сокра умень умен упал пада опусти",
    "начал начин стартова измен взим взя налог комисси списа сня удерж",
)
_FALLEN = _word_beginning(
    "упа пада прыг спрыг сорва сброс брос брош бил бить забил попад попал выстрел стрел виден видн слыш снял"
)
_FAR = frozenset(("метр", "километр", "сантиметр"))


def _case_after_from(amount: "_Amount", before: str) -> str:
    """ "с 10 ч.", "с 500 руб. взяли налог", "снизилась с 15%": from there; else together with it, and no answer."""
    if context.last_words(before, 1)[:1] not in (["с"], ["со"]):
        return ""
    unit = amount.unit
    is_from = (
        unit in _MONEY
        or unit == "час"
        or (unit == "процент" and _CHANGED.search(before[-60:]))
        or (unit in _FAR and _FALLEN.search(before[-60:]))
    )
    return "gent" if is_from else ""


_ENGLISH_THOUSANDS = re.compile(r"[1-9]\d{0,2},\d{3}")


class _Amount:
    """The numbers of a match, what multiplies them, and what they count."""

    def __init__(self, parts: dict[str, str | None], unit: str) -> None:
        low, high = parts["low"] or "", parts["high"]
        if "sign" in parts and _ENGLISH_THOUSANDS.fullmatch(low):
            low = low.replace(",", "")  # $1,200
        self._low = number(low) if high else None
        self.high = number((parts.get("sign") or "") + (high or low))
        self._scale = parts.get("scale") or ""
        self.unit = unit

    @property
    def is_range(self) -> bool:
        """ "10-15"."""
        return self._low is not None

    @property
    def counted(self) -> str:
        """What the number itself counts: thousands before roubles."""
        return _SCALE_NAMES.get(self._scale[:3], self.unit) if self._scale else self.unit

    def words(self, case: str) -> str:
        """All of it in a case."""
        words = self._last(case)
        if self._low is None:
            return words
        return f"{self._low.words(case, morphology.gender_of(self.counted))} {words}"

    def _last(self, case: str) -> str:
        if self._scale:
            return scaled(self.high, self._scale, case, self.unit)
        if len(self.high.fraction) == 2 and self.unit in units.CHANGE and self._low is None:
            return self._with_change(case)
        return measured(self.high, self.unit, case)

    def _with_change(self, case: str) -> str:
        small = int(self.high.fraction)
        whole = measured(Number(self.high.whole, sign=self.high.sign), self.unit, case)
        change = measured(Number(small), units.CHANGE[self.unit], case)
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
