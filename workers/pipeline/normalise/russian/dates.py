"""Dates and years: the day and the year are ordinals in the case that the sentence asks for."""

import re
from collections.abc import Iterator

from workers.pipeline.normalise.draft import Edit, Rule, substitution
from workers.pipeline.normalise.russian import context
from workers.pipeline.normalise.russian.morphology import declined
from workers.pipeline.normalise.russian.numerals import ordinal
from workers.pipeline.normalise.russian.tables import word_set

_MONTHS = (
    "января", "февраля", "марта", "апреля", "мая", "июня", "июля", "августа", "сентября", "октября", "ноября",
    "декабря",
)  # fmt: skip
_SHORT = {month[:3]: month for month in _MONTHS if len(month) > 4} | {
    "сент": "сентября",
    "нояб": "ноября",
    "февр": "февраля",
}
_MONTH = rf"(?:{'|'.join(_MONTHS)}|(?:{'|'.join(_SHORT)})\b\.?)"
_YEAR_WORD = r"(?: ?(?:года|году|год|г\b\.?))"

# Words after which a date is named, not the time at which something happens: "сегодня пятое мая".
_NAMING = word_set(
    "сегодня завтра вчера послезавтра позавчера наступило наступит наступает дата число это настало",
)

_WORDED = re.compile(
    rf"(?<![\w.,:/-])(?:(?P<from>со?|между) (?P<first>\d{{1,2}})(?P<first_month> {_MONTH})? (?P<to>по|до|и|на) )?+"
    rf"(?P<low>\d{{1,2}})(?:-?(?:го|ого|ое|му|ым|м|е))?+(?: ?[-—] ?(?P<high>\d{{1,2}}))?+ (?P<month>{_MONTH})(?!\w)"
    rf"(?: (?P<year>\d{{4}})(?!\d)(?![.,:]\d)(?P<word>{_YEAR_WORD})?+(?!\w))?+",
    re.IGNORECASE,
)
_NUMERIC = re.compile(
    r"(?<![\w.,:/-])(?:(?P<day>\d{1,2})(?P<mark>[./-])(?P<month>\d{1,2})(?P=mark)(?P<year>\d{4}|\d{2})"
    r"|(?P<iso_year>[12]\d{3})-(?P<iso_month>\d{2})-(?P<iso_day>\d{2}))"
    rf"(?P<word>{_YEAR_WORD})?+(?!\w)(?![.,:/-]\d)"
)
_DAY_MONTH = re.compile(
    r"(?<![\w.,:/-])(?P<day>[0-3]\d|(?<=[СсКк] )[1-9]|(?<=[Дд]о )[1-9])\.(?P<month>0[1-9]|1[0-2])(?P<year>)(?!\w)"
    r"(?![.,:/-]\d)(?! ?(?:%|руб|₽|кг|км|м\b|млн|млрд|тыс|час|°))"
)


def _day_case(before: str, after: str = "") -> str:
    words = context.last_words(before, 1)
    if words and words[0] in _NAMING:
        return "nomn"
    if not words:
        return "nomn" if before.rstrip().endswith(":") or after.startswith((" —", " -")) else "gent"
    if words[0] in ("с", "со"):
        return "gent"
    if words[0].startswith("датирова"):
        return "ablt"
    return context.governed(before, after, default="gent") if words[0] not in ("в", "во") else "gent"


def _dates(text: str) -> Iterator[Edit]:
    for found in _WORDED.finditer(text):
        if (words := _read_worded(found, text)) is not None:
            yield Edit(found.start(), found.end(), words)


def _read_worded(found: re.Match[str], text: str) -> str | None:
    days = [int(day) for day in (found["first"], found["low"], found["high"]) if day]
    if not all(0 < day <= 31 for day in days):
        return None
    before, after = text[: found.start()], text[found.end() :]
    case = _day_case(before, after)
    words = []
    if found["from"]:
        words += [found["from"], ordinal(int(found["first"]), "neut", "ablt" if found["to"] == "и" else "gent")]
        words += [_month(found["first_month"].strip())] if found["first_month"] else []
        words += [found["to"]]
        case = _AFTER_TO[found["to"].lower()]
    words += [ordinal(int(day), "neut", case) for day in (found["low"], found["high"]) if day]
    words.append(_month(found["month"]))
    if found["year"]:
        words += [ordinal(int(found["year"]), "masc", "gent"), "года"]
    return " ".join(words) + _stop(found[0], after)


_AFTER_TO = {"по": "accs", "на": "accs", "до": "gent", "и": "ablt"}


def _month(written: str) -> str:
    return _SHORT.get(written.lower().rstrip("."), written.lower())


def _stop(written: str, after: str) -> str:
    return "." if written.endswith(".") and not after else ""


def _numeric(text: str) -> Iterator[Edit]:
    for pattern in (_NUMERIC, _DAY_MONTH):
        edits = [
            Edit(found.start(), found.end(), words)
            for found in pattern.finditer(text)
            if (words := _read_numeric(found, text)) is not None
        ]
        if edits:
            yield from edits
            return


def _read_numeric(found: re.Match[str], text: str) -> str | None:
    parts = found.groupdict()
    day, month = int(parts["day"] or parts["iso_day"]), int(parts["month"] or parts["iso_month"])
    before, after = text[: found.start()], text[found.end() :]
    if not (0 < day <= 31 and 0 < month <= 12):
        return None
    if found.re is _DAY_MONTH and context.last_words(before, 1)[:1] in _NO_DATE_AFTER:
        return None
    words = [ordinal(day, "neut", _numeric_case(before)), _MONTHS[month - 1]]
    if year := parts["year"] or parts.get("iso_year"):
        words += [ordinal(int(year), "masc", "gent"), "года"]
    return " ".join(words) + _stop(found[0], after)


_NO_DATE_AFTER = [
    [word] for word in ["в", "версия", "версии", "рост", "равно", "равен", "равна", "равны", "курс", "индекс"]
]


def _numeric_case(before: str) -> str:
    words = context.last_words(before, 1)
    if words == ["по"]:
        return "accs"
    return _day_case(before)


_GG = (
    r"(?P<word>гг\b\.?|годы|годов|годам|годах|годами|г\b\.?|годом|годе|году|года|год)(?![\w-])"
    r"(?P<made> в\.(?! ?\d)| вып\.| р\.(?= |$))?"
)
_RANGE = re.compile(
    rf"(?<![\w.,:/-])(?:(?P<from>[Сс]о?|[Мм]ежду|[Оо]т) (?P<first>\d{{3,4}})(?: г\.| года)? (?P<to>по|до|и) )?+"
    rf"(?P<low>\d{{1,4}})(?: ?(?:[-—]|и) ?(?P<high>\d{{2,4}}))?+ ?{_GG}"
)
_PLURAL = {"годы": "nomn", "годов": "gent", "годам": "datv", "годах": "loct", "годами": "ablt"}
_SINGULAR = {
    "год": ("nomn", "accs"),
    "года": ("gent",),
    "году": ("loct", "datv"),
    "годе": ("loct",),
    "годом": ("ablt",),
}
_ERA = re.compile(r" (?:до )?н\. ?э\b")


def _years(text: str) -> Iterator[Edit]:
    for found in _RANGE.finditer(text):
        if (words := _read_years(found, text)) is not None:
            yield Edit(found.start(), found.end(), words)


def _read_years(found: re.Match[str], text: str) -> str | None:
    before, after = text[: found.start()], text[found.end() :]
    written = found["word"].rstrip(".")
    last = int(found["high"] or found["low"])
    small = len(found["high"] or found["low"]) < 4 and not found["from"]
    dated = (
        len(found["low"]) == 3
        and written in ("г", "году")
        and context.last_words(before, 1)[:1] in (["в"], ["к"], ["до"], ["с"], ["после"])
    )
    if small and not dated and not (_ERA.match(after) or (found["high"] and len(found["low"]) == 4)):
        return None  # "5 г", "32 года": grams and ages
    if (found["high"] and len(found["low"]) < 3) or (found["from"] and not found["first"]):
        return None
    if written in ("года", "год") and last < 1000 and not _ERA.match(after) and not found["from"]:
        return None
    case = _year_case(found, before, after, written)
    plural = (
        written in _PLURAL or written == "гг" or (found["high"] is not None and " и " in found[0] and written != "года")
    )
    singular = not plural
    words = (
        [found["from"], ordinal(int(found["first"]), "masc", "ablt" if found["to"] == "и" else "gent"), found["to"]]
        if found["from"]
        else []
    )
    words += [ordinal(int(year), "masc", case) for year in (found["low"], found["high"]) if year]
    noun = _year_word(case, before) if singular else _years_word(case)
    if found["made"]:
        noun = "года рождения" if found["made"].endswith("р.") else "года выпуска"
        words = [ordinal(int(year), "masc", "gent") for year in (found["low"], found["high"]) if year]
    return " ".join([*words, noun]) + _stop(found[0], after)


def _year_word(case: str, before: str) -> str:
    if case == "loct" and context.last_words(before, 1)[:1] not in (["о"], ["об"], ["при"]):
        return "году"
    return declined("год", case)


def _years_word(case: str) -> str:
    return {"nomn": "годы", "accs": "годы", "gent": "годов", "datv": "годам", "ablt": "годами", "loct": "годах"}[case]


def _year_case(found: re.Match[str], before: str, after: str, written: str) -> str:
    if found["from"]:
        return _AFTER_TO[found["to"]]
    words = context.last_words(before, 1)
    governed = _governed(words[0] if words else "", before)
    if written in _SINGULAR:
        cases = _SINGULAR[written]
        return governed if governed in cases else cases[0]
    if written in _PLURAL:
        return "accs" if written == "годы" and governed == "accs" else _PLURAL[written]
    return governed or ("gent" if words and before.endswith(" ") and before[-2:-1].isalpha() else "nomn")


def _governed(word: str, before: str) -> str:
    """What the preposition wants of a year; "" where there is none."""
    if word in ("в", "во", "о", "об", "при"):
        return "loct"
    if word in ("с", "со"):
        return "gent"
    return context.governed(before, default="") if word and len(word) < 7 and word in _SHORT_WORDS else ""


_SHORT_WORDS = word_set(
    "к ко до от из без для у около после кроме против на за через про под перед между над по",
)

_SEASON = re.compile(
    r"(?<![\w.,:/-])(?P<low>(?:19|20)\d{2})/(?P<high>\d{2}|(?:19|20)\d{2})(?![\w/])"
    r"(?P<word> г\.| года| годов| году| гг\.)?"
)


# "в 2025/26 учебном году"
_SCHOOL_YEAR = re.compile(r" [а-яё]{4,20}(?P<ending>ый|ий|ого|его|ому|ему|ым|им|ом|ем) (?P<year>год|года|году|годом)\b")
_YEAR_CASES = {"год": "nomn", "года": "gent", "году": "loct", "годом": "ablt"}


def _read_season(found: re.Match[str]) -> str | None:
    low, high = int(found["low"]), int(found["high"])
    if (low + 1) % 100 != high % 100:
        return None
    before = found.string[: found.start()]
    words = context.last_words(before, 1)
    if year := _SCHOOL_YEAR.match(found.string, found.end()):
        case = _YEAR_CASES[year["year"]]
        case = "datv" if year["year"] == "году" and year["ending"] == "ому" else case
        return f"{ordinal(low, 'masc', case)} {ordinal(high, 'masc', case)}"
    if found["word"] == " году":
        return f"{ordinal(low, 'masc', 'loct')} {ordinal(high, 'masc', 'loct')} году"
    if (words and words[0] in ("сезона", "сезоне", "сезону", "сезоном", "года")) or found["word"]:
        return f"{ordinal(low, 'masc', 'gent')} {ordinal(high, 'masc', 'gent')} года"
    return f"{ordinal(low)} {ordinal(high)}"


_BRACKETED = re.compile(r"(?<=\()(?P<low>1\d{3}|20\d{2}) ?[-—] ?(?P<high>1\d{3}|20\d{2})(?=[);,])")


def _read_bracketed(found: re.Match[str]) -> str:
    return f"{ordinal(int(found['low']))}, {ordinal(int(found['high']))}"


RULES: tuple[Rule, ...] = (
    _dates,
    _numeric,
    substitution(_SEASON, _read_season),
    _years,
    substitution(_BRACKETED, _read_bracketed),
)
