"""The time of day, and what is written like it: results of matches, proportions; 24/7, sizes, sums."""

import re
from collections.abc import Iterator

from workers.pipeline.normalise.draft import Edit, Rule, substitution
from workers.pipeline.normalise.russian import context
from workers.pipeline.normalise.russian.morphology import counted
from workers.pipeline.normalise.russian.numerals import cardinal, decimal, ordinal
from workers.pipeline.normalise.russian.quantities import NUMBER, number
from workers.pipeline.normalise.russian.tables import word_set

_CLOCK = r"(?:[01]?\d|2[0-4])"
_TIME = re.compile(
    rf"(?<![\w.,:/-])(?P<hour>{_CLOCK}):(?P<minute>[0-5]\d)(?::(?P<second>[0-5]\d))?"
    rf"(?: ?[-—] ?(?P<hour2>{_CLOCK}):(?P<minute2>[0-5]\d))?(?P<word> час(?:ов|а|ам)?| ч\b\.?)?(?!\w)(?![:/]\d|[.,]\d)"
)
# With a full stop between hours and minutes only where the place tells: "в 19.30", "с 9.00 до 18.00", "10.00-13.00".
_DOTTED = re.compile(
    rf"(?:(?<=\b[ВвСсКк] )|(?<=\b[Дд]о )|(?<=начало )|(?<=около ))(?P<hour>{_CLOCK})\.(?P<minute>[0-5][05])(?P<second>)"
    rf"(?P<hour2>)(?P<minute2>)(?P<word> час(?:ов|а|ам)?| ч\b\.?)?"
    r"(?!\w)(?![.,:]\d| ?(?:%|руб|₽|кг|км|м|млн|млрд|тыс)\b)"
)
_DOTTED_RANGE = re.compile(
    rf"(?<![\w.,:/-])(?P<hour>{_CLOCK})\.(?P<minute>[0-5][05])(?P<second>)"
    rf" ?[-—] ?(?P<hour2>{_CLOCK})\.(?P<minute2>[0-5][05])(?P<word>)"
    r"(?!\w)(?![.,:]\d| ?(?:%|руб|₽|кг|км|м|млн|млрд|тыс)\b)"
)
_SCORE_WORDS = re.compile(
    r"\b(?:сч[её]т|матч|выигр|побед|проигр|ничь|разгром|партия|тайм|сет|обыграл|уступил)", re.IGNORECASE
)


def _times(text: str) -> Iterator[Edit]:
    for pattern in (_TIME, _DOTTED_RANGE, _DOTTED):
        edits = [
            Edit(found.start(), found.end(), words)
            for found in pattern.finditer(text)
            if (words := _read_time(found, text)) is not None
        ]
        if edits:
            yield from edits
            return


def _read_time(found: re.Match[str], text: str) -> str | None:
    before, after = text[: found.start()], text[found.end() :]
    is_timed = context.last_words(before, 1)[:1] in (["в"], ["с"], ["до"], ["к"], ["около"], ["после"])
    if found.re is _TIME and _SCORE_WORDS.search(before[-60:]) and not is_timed:
        return None
    stop = "." if found[0].endswith(".") and not after else ""
    if found["hour2"]:
        words = (f"{_clock(found['hour'], found['minute'], 'gent', '')}",
                 _clock(found["hour2"], found["minute2"], "gent", "часов"))  # fmt: skip
        prefix = "" if context.last_words(before, 1) == ["с"] else "с "
        return f"{prefix}{words[0]} до {words[1]}{stop}"
    case = _case(before, after)
    if found["second"]:
        return _duration(found, case) + stop
    return _clock(found["hour"], found["minute"], case, "часов") + stop


def _case(before: str, after: str) -> str:
    words = context.last_words(before, 1)
    if words and words[0] in ("с", "со"):
        return "gent"
    if words and words[0] in _GOVERNING:
        return context.governed(before, after)
    return "nomn"


_GOVERNING = word_set(
    "до после около от к ко перед между позже раньше позднее",
)


def _clock(hour: str, minute: str, case: str, word: str) -> str:
    hours = cardinal(int(hour), case)
    if minute == "00":
        return f"{hours} {counted('час', int(hour), case)}" if word else hours
    minutes = cardinal(int(minute), case, "femn")
    nought = cardinal(0, case) + " " if minute[0] == "0" else ""
    if int(hour) == 0:
        # "ноль пятнадцать" alone would not be heard as a time
        return f"{hours} {counted('час', 0, case)} {minutes} {counted('минута', int(minute), case)}"
    return f"{hours} {nought}{minutes}"


def _duration(found: re.Match[str], case: str) -> str:
    parts = (("час", found["hour"], "masc"), ("минута", found["minute"], "femn"), ("секунда", found["second"], "femn"))
    return " ".join(
        f"{cardinal(int(count), case, gender)} {counted(noun, int(count), case)}" for noun, count, gender in parts
    )


_STOPWATCH = re.compile(r"(?<![\w.,:/-])(\d{1,2}):([0-5]\d),(\d{1,2})(?!\w)(?![.,:/]\d)")


def _read_stopwatch(found: re.Match[str]) -> str:
    minutes = int(found[1])
    seconds = decimal(int(found[2]), found[3])
    return f"{cardinal(minutes, gender='femn')} {counted('минута', minutes, 'nomn')} {seconds} секунды"


_SCORE = re.compile(r"(?<![\w.,:/-])(\d{1,3})(?::| : )(\d{1,3})(?: ?\((\d{1,2}):(\d{1,2})\))?(?![\w/])(?![:.,]\d)")
_PROPORTION = re.compile(r"(?<![\w.,:/-])1:(\d{1,3}(?: \d{3}){1,2}|\d{3,9})(?!\w)(?![:.,]\d)")
_AROUND = re.compile(r"(?<![\w.,:/-])24/7(?![\w/])")
_CHANCES = re.compile(r"(?<![\w.,:/-])(\d{1,3})/(\d{1,3})")
_PRESSURE = re.compile(
    r"(?:(?<=давление )|(?<=Давление )|(?<=АД ))(\d{2,3})/(\d{2,3})(?![\w/])(?P<unit> ?мм ?рт\. ?ст\.?)?"
)
_SIZE_UNIT = re.compile(
    rf"(?<![\w.,:/-])({NUMBER}) ?[×xх*] ?(?:({NUMBER}) ?[×xх*] ?)?"
    rf"(?={NUMBER}(?: ?(?!=)[^\W\d]| ?[.,;)]| ?$))(?!{NUMBER} ?=)"
)
_SUM = re.compile(
    rf"(?<![\w.,:/-])[-−]?{NUMBER}(?: ?[-+−×*÷:/·•] ?{NUMBER}){{1,8}} ?[=≈] ?[-−]?{NUMBER}(?!\w)(?![.,:/]\d)"
)
_TERMS = re.compile(rf"(?<![\w.,:/-]){NUMBER}(?: [+·•×÷−] {NUMBER}){{1,8}}(?! ?[\w=])(?![.,:/]\d)")
_COMPARED = re.compile(rf"(?<![\w.,:/-])(?P<low>{NUMBER}) ?(?P<sign>[<>≤≥]) ?(?P<high>{NUMBER})(?!\w)(?![.,:/]\d)")
_COMPARISONS = {"<": "меньше", ">": "больше", "≤": "не больше", "≥": "не меньше"}
_POWER_OF_TEN = re.compile(
    rf"(?<![\w.,:/-])(?:(?P<times>{NUMBER}) ?[·•×*] ?)?10(?P<minus>⁻)?(?P<power>[⁰¹²³⁴⁵⁶⁷⁸⁹]{{1,3}})"
)
_SUPERSCRIPTS = str.maketrans("⁰¹²³⁴⁵⁶⁷⁸⁹", "0123456789")
_ROOT = re.compile(rf"√ ?({NUMBER})(?!\w)")
_POWER = re.compile(r"(?<![\w.,:/-])(\d{1,9})([²³])")
_ABOUT = re.compile(r"[≈~] ?(?=\d)")
_SUM_PART = re.compile(rf"{NUMBER}|\S")
_SUM_SIGNS = {
    "+": "плюс", "-": "минус", "−": "минус", "×": "умножить на", "*": "умножить на", "·": "умножить на",
    "•": "умножить на",
    "÷": "разделить на",
    ":": "разделить на", "/": "разделить на", "=": "равно", "≈": "приблизительно равно",
}  # fmt: skip


def _read_score(found: re.Match[str]) -> str:
    return ", ".join(
        " ".join(cardinal(int(side)) for side in pair) for pair in (found.groups()[:2], found.groups()[2:]) if pair[0]
    )


def _read_proportion(found: re.Match[str]) -> str:
    return f"один к {cardinal(int(found[1].replace(' ', '')), 'datv')}"


def _read_chances(found: re.Match[str]) -> str | None:
    low, high = int(found[1]), int(found[2])
    if low + high == 100 and low >= 10:
        return f"{cardinal(low)} на {cardinal(high)}"
    return None


def _read_pressure(found: re.Match[str]) -> str:
    low, after = int(found[2]), found.string[found.end() :]
    unit = f" {counted('миллиметр|ртутного столба', low, 'nomn')}" if found["unit"] else ""
    return f"{cardinal(int(found[1]))} на {cardinal(low)}{unit}" + ("" if after or not unit else ".")


def _read_size(found: re.Match[str]) -> str:
    return " на ".join(number(side).words("nomn") for side in found.groups() if side) + " на "


def _read_sum(found: re.Match[str]) -> str:
    return " ".join(_SUM_SIGNS.get(part[0]) or number(part[0]).words("nomn") for part in _SUM_PART.finditer(found[0]))


def _read_power_of_ten(found: re.Match[str]) -> str | None:
    power = int(found["power"].translate(_SUPERSCRIPTS))
    if power < 4 and not found["times"] and not found["minus"]:
        return None  # "десять в квадрате"
    times = f"{number(found['times']).words('nomn')} умножить на " if found["times"] else ""
    space = " " if found.string[found.end() : found.end() + 1].isalpha() else ""
    return f"{times}десять в {'минус ' if found['minus'] else ''}{ordinal(power, 'femn', 'loct')} степени{space}"


def _read_comparison(found: re.Match[str]) -> str:
    return f"{number(found['low']).words('nomn')} {_COMPARISONS[found['sign']]} {number(found['high']).words('gent')}"


RULES: tuple[Rule, ...] = (
    substitution(_SUM, _read_sum),
    substitution(_POWER_OF_TEN, _read_power_of_ten),
    substitution(_POWER, lambda found: f"{cardinal(int(found[1]))} в {'квадрате' if found[2] == '²' else 'кубе'}"),
    substitution(_ROOT, lambda found: f"корень из {number(found[1]).words('gent')}"),
    substitution(_TERMS, _read_sum),
    substitution(_COMPARED, _read_comparison),
    substitution(_ABOUT, lambda found: "примерно "),
    substitution(_STOPWATCH, _read_stopwatch),
    _times,
    substitution(_PROPORTION, _read_proportion),
    substitution(_SCORE, _read_score),
    substitution(_AROUND, lambda found: "двадцать четыре на семь"),
    substitution(_PRESSURE, _read_pressure),
    substitution(_CHANCES, _read_chances),
    substitution(_SIZE_UNIT, _read_size),
)
