"""Fractions, and numbers after №."""

import re

from workers.pipeline.normalise.draft import Rule, substitution
from workers.pipeline.normalise.russian import context, counted, numerals, units
from workers.pipeline.normalise.russian.morphology import declined, gender_of
from workers.pipeline.normalise.russian.numerals import cardinal, in_case, is_one

_NUMBER_SIGN = re.compile(r"(?<!№)(?:№|N[º°]) ?(?P<number>\d{1,30})(?![\d/]|[.,:]\d)")
_BARE_NUMBER_SIGN = re.compile(r"№(?P<many>№)? ?")
# Capitals after a stroke are part of a house number, "с" is a preposition.
_UNITS = {written: unit for written, unit in units.UNITS.items() if written not in ("А", "В", "Н", "с")}
_UNIT = rf"(?: ?(?P<unit>{units.alternatives(_UNITS)})(?![\w/%]))?+"
_FRACTION = re.compile(
    rf"(?<![\w.,:/-])(?:(?P<whole>\d{{1,3}}) )?(?P<top>\d{{1,4}})/(?P<bottom>\d{{1,4}})(?![\d/]|[.,:]\d){_UNIT}(?!\w)"
)
_VULGAR = {"½": (1, 2), "⅓": (1, 3), "⅔": (2, 3), "¼": (1, 4), "¾": (3, 4), "⅕": (1, 5), "⅛": (1, 8)}
_VULGAR_FRACTION = re.compile(rf"(?:(?P<whole>\d{{1,3}}) ?)?+(?P<sign>[{''.join(_VULGAR)}]){_UNIT}")
# "Мира, 3/4" is a house, "за, 1/4 против" is none.
_HOUSE = re.compile(
    r"(?:(?i:\bд\. ?|\bдом[а-я]{0,2} |№ ?|\bномер )|\b[А-ЯЁ][а-яё]+, ?"
    r"|(?i:\b(?:ул|пер|пр|просп|ш|наб|пл|б-р)\b\.?|\b(?:улиц|переул|просп|шоссе|набер|площ|бульв|проезд)\w*)"
    r"[^;]{0,30}, ?)$"
)


_VALID_UNTIL = re.compile(r"\b(?:[Сс]рок\w? действия|[Дд]ейств[уи][а-я]{1,8} до)\b")
_STOREY = re.compile(r" ?эт(?:\b|аж)")


def _read_number_sign(found: re.Match[str]) -> str:
    before = found.string[: found.start()]
    case = (
        context.governed(before)
        if context.last_words(before, 1)[:1] in (["под"], ["с"], ["по"], ["за"], ["к"], ["о"])
        else "nomn"
    )
    if context.last_words(before, 1)[:1] == ["под"]:
        case = "ablt"
    space = " " if before[-1:].isalnum() else ""
    written = found["number"]
    words = (
        numerals.digits(written)
        if (len(written) > 1 and written[0] == "0") or len(written) > 6
        else cardinal(int(written))
    )
    return f"{space}{declined('номер', case)} {words}" + (
        " " if found.string[found.end() : found.end() + 1].isalpha() else ""
    )


def _read_bare_sign(found: re.Match[str]) -> str:
    space = " " if found.string[: found.start()][-1:].isalnum() else ""
    return space + ("номера " if found["many"] else "номер ")


def _read_fraction(found: re.Match[str]) -> str | None:
    top, bottom = int(found["top"]), int(found["bottom"])
    before, after = found.string[: found.start()], found.string[found.end() :]
    if found["top"][0] == "0" or (top < 13 and 19 < bottom < 50 and _VALID_UNTIL.search(before[-50:])):
        return f"{numerals.grouped(found['top'])} дробь {numerals.grouped(found['bottom'])}"  # month and year of a card
    is_house = (_HOUSE.search(before) or _STOREY.match(after)) and not (found["whole"] or found["unit"])
    if is_house or not 0 < top < bottom or bottom < 2:
        whole = cardinal(int(found["whole"])) + " " if found["whole"] else ""
        return None if found["unit"] else f"{whole}{cardinal(top)} дробь {cardinal(bottom)}"
    case = context.governed(before, after)
    if after.startswith(" финала") and context.last_words(before, 1) == ["в"] and not _MOVED.search(before[-30:]):
        case = "loct"
    return _measured(found, top, bottom, case)


def _measured(found: re.Match[str], top: int, bottom: int, case: str) -> str:
    """The fraction with the unit after it: "полтора литра"."""
    after = found.string[found.end() :]
    written = (found["unit"] or "").rstrip(".")
    unit = units.UNITS.get(written) or units.UNITS.get(f"{written}.", "")
    gender = gender_of(unit) if unit else _gender(after if after[:1] == " " else f" {after}")
    words = _mixed(int(found["whole"] or 0), top, bottom, case, gender)
    if unit:
        words += f" {declined(unit, 'gent')}" + ("." if found[0].endswith(".") and not after else "")
    return words + (" " if after[:1].isalnum() else "")


def _gender(after: str) -> str:
    """Of what is measured: "две с половиной чашки", "полтора стакана"."""
    return next((form.gender for form in counted.noun_after(after) if form.number == "sing"), "masc")


_MOVED = re.compile(r"\b(?:вы[шйх]|про[шйхб]|поп|пере)[а-яё]{1,8} в $", re.IGNORECASE)


def _mixed(whole: int, top: int, bottom: int, case: str, gender: str) -> str:
    if not whole:
        return numerals.fraction(top, bottom, case)
    if (top, bottom) == (1, 2):
        one_and_a_half = "полтора" if gender != "femn" else "полторы"
        return one_and_a_half if whole == 1 else f"{cardinal(whole, case, gender)} с половиной"
    if (top, bottom) == (1, 4):
        return f"{cardinal(whole, case, gender)} с четвертью"
    wholes = in_case("целая целой целой целую целой целой", case) if is_one(whole) else "целых"
    return f"{cardinal(whole, case, 'femn')} {wholes} {numerals.fraction(top, bottom, case)}"


def _read_vulgar(found: re.Match[str]) -> str:
    return _measured(found, *_VULGAR[found["sign"]], context.governed(found.string[: found.start()]))


numbers_with_a_sign: Rule = substitution(_NUMBER_SIGN, _read_number_sign)
"""Before long numbers are read, which else would leave their № behind."""
RULES: tuple[Rule, ...] = (
    substitution(_FRACTION, _read_fraction),
    substitution(_VULGAR_FRACTION, _read_vulgar),
    substitution(_BARE_NUMBER_SIGN, _read_bare_sign),
)
