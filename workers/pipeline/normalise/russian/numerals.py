"""Russian numerals in every case: whole numbers, ordinals, decimals, digits one by one, joined ("двадцатипяти-")."""

from functools import lru_cache

CASES = ("nomn", "gent", "datv", "accs", "ablt", "loct")
"""The six cases, by the names that pymorphy3 gives them."""

LIMIT = 10**15
"""The first number that is too large for `cardinal` and `ordinal`."""

_ONES = {
    "masc": "один одного одному один одним одном",
    "femn": "одна одной одной одну одной одной",
    "neut": "одно одного одному одно одним одном",
    "plur": "одни одних одним одни одними одних",
}
_SMALL = {
    0: "ноль ноля нолю ноль нолём ноле",
    2: "два двух двум два двумя двух",
    3: "три трёх трём три тремя трёх",
    4: "четыре четырёх четырём четыре четырьмя четырёх",
    8: "восемь восьми восьми восемь восемью восьми",
    40: "сорок сорока сорока сорок сорока сорока",
    90: "девяносто девяноста девяноста девяносто девяноста девяноста",
    100: "сто ста ста сто ста ста",
    200: "двести двухсот двумстам двести двумястами двухстах",
    300: "триста трёхсот трёмстам триста тремястами трёхстах",
    400: "четыреста четырёхсот четырёмстам четыреста четырьмястами четырёхстах",
    80: "восемьдесят восьмидесяти восьмидесяти восемьдесят восемьюдесятью восьмидесяти",
    800: "восемьсот восьмисот восьмистам восемьсот восемьюстами восьмистах",
} | {
    number: f"{stem}ь {stem}и {stem}и {stem}ь {stem}ью {stem}и"
    for number, stem in {
        5: "пят", 6: "шест", 7: "сем", 9: "девят", 10: "десят", 11: "одиннадцат", 12: "двенадцат",
        13: "тринадцат", 14: "четырнадцат", 15: "пятнадцат", 16: "шестнадцат", 17: "семнадцат",
        18: "восемнадцат", 19: "девятнадцат", 20: "двадцат", 30: "тридцат",
    }.items()
} | {
    number: f"{stem}ьдесят {stem}идесяти {stem}идесяти {stem}ьдесят {stem}ьюдесятью {stem}идесяти"
    for number, stem in {50: "пят", 60: "шест", 70: "сем"}.items()
} | {
    number: f"{stem}ьсот {stem}исот {stem}истам {stem}ьсот {stem}ьюстами {stem}истах"
    for number, stem in {500: "пят", 600: "шест", 700: "сем", 900: "девят"}.items()
}  # fmt: skip
_SCALES = {
    1: ("femn", "тысяча тысячи тысяче тысячу тысячей тысяче", "тысячи тысяч тысячам тысячи тысячами тысячах"),
} | {
    power: (
        "masc",
        f"{name} {name}а {name}у {name} {name}ом {name}е",
        f"{name}ы {name}ов {name}ам {name}ы {name}ами {name}ах",
    )
    for power, name in {2: "миллион", 3: "миллиард", 4: "триллион"}.items()
}


def in_case(forms: str, case: str) -> str:
    """One of six forms, which are written in the order of `CASES`."""
    return forms.split()[CASES.index(case)]


def is_one(number: int) -> bool:
    """Whether what is counted stands in the singular: 1, 21, 101, but not 11."""
    return number % 10 == 1 and number % 100 != 11


def is_few(number: int) -> bool:
    """2-4, 22-24 …, but not 12-14."""
    return number % 10 in (2, 3, 4) and number % 100 not in (12, 13, 14)


@lru_cache(maxsize=8192)
def cardinal(number: int, case: str = "nomn", gender: str = "masc", animate: bool = False) -> str:
    """25 → "двадцать пять"; 0 ≤ number < `LIMIT`. A thousand at the head is said without "одна"."""
    if number == 0:
        return in_case(_SMALL[0], case)
    words: list[str] = []
    groups = [number // 1000**power % 1000 for power in range(5)]
    for power in range(4, 0, -1):
        if groups[power]:
            words += _scaled(groups[power], power, case, alone=not words)
    if groups[0]:
        # "вижу двух учеников", but "двадцать два ученика"
        words += _below_thousand(groups[0], case, gender, animate and (number < 5 or is_one(number)))
    return " ".join(words)


def _scaled(group: int, power: int, case: str, *, alone: bool) -> list[str]:
    gender, singular, plural = _SCALES[power]
    if is_one(group):
        scale = in_case(singular, case)
    elif case in ("nomn", "accs"):
        scale = in_case(singular if is_few(group) else plural, "gent")
    else:
        scale = in_case(plural, case)
    if alone and (group, power) == (1, 1):
        return [scale]
    return [*_below_thousand(group, case, gender, animate=False), scale]


def _below_thousand(number: int, case: str, gender: str, animate: bool) -> list[str]:
    parts = [number // 100 * 100]
    rest = number % 100
    parts += [rest] if rest < 20 else [rest // 10 * 10, rest % 10]
    return [_small(part, case, gender, animate) for part in parts if part]


def _small(number: int, case: str, gender: str, animate: bool) -> str:
    if case == "accs" and animate and number < 5 and (number > 1 or gender in ("masc", "plur")):
        case = "gent"
    if number == 1:
        return in_case(_ONES[gender], case)
    if number == 2 and gender == "femn" and case in ("nomn", "accs"):
        return "две"
    return in_case(_SMALL[number], case)


_COLLECTIVES = {
    2: "двое двоих двоим двое двоими двоих",
    3: "трое троих троим трое троими троих",
} | {
    number: f"{stem}еро {stem}ерых {stem}ерым {stem}еро {stem}ерыми {stem}ерых"
    for number, stem in {4: "четв", 5: "пят", 6: "шест", 7: "сем", 8: "восьм", 9: "девят", 10: "десят"}.items()
}


def collective(number: int, case: str = "nomn", animate: bool = False) -> str:
    """5 → "пятеро"; "" for a number that has no such form."""
    if number not in _COLLECTIVES:
        return ""
    return in_case(_COLLECTIVES[number], "gent" if animate and case == "accs" else case)


_ENDINGS = {
    "masc": "ый ого ому ый ым ом",
    "femn": "ая ой ой ую ой ой",
    "neut": "ое ого ому ое ым ом",
    "plur": "ые ых ым ые ыми ых",
}
_THIRD = {
    "masc": "третий третьего третьему третий третьим третьем",
    "femn": "третья третьей третьей третью третьей третьей",
    "neut": "третье третьего третьему третье третьим третьем",
    "plur": "третьи третьих третьим третьи третьими третьих",
}
_ORDINAL_STEMS = {
    0: "нулев", 1: "перв", 2: "втор", 4: "четвёрт", 5: "пят", 6: "шест", 7: "седьм", 8: "восьм", 9: "девят",
    10: "десят", 11: "одиннадцат", 12: "двенадцат", 13: "тринадцат", 14: "четырнадцат", 15: "пятнадцат",
    16: "шестнадцат", 17: "семнадцат", 18: "восемнадцат", 19: "девятнадцат", 20: "двадцат", 30: "тридцат",
    40: "сороков", 50: "пятидесят", 60: "шестидесят", 70: "семидесят", 80: "восьмидесят", 90: "девяност",
    100: "сот", 200: "двухсот", 300: "трёхсот", 400: "четырёхсот", 500: "пятисот", 600: "шестисот",
    700: "семисот", 800: "восьмисот", 900: "девятисот",
}  # fmt: skip
_STRESSED_ENDING = frozenset(("нулев", "втор", "шест", "седьм", "восьм", "сороков"))
_SCALE_STEMS = {1: "тысячн", 2: "миллионн", 3: "миллиардн", 4: "триллионн"}


def adjective(stem: str, gender: str, case: str, *, animate: bool = False, stressed: bool = False) -> str:
    """The form of a hard adjective: `gender` may be "plur"; "стопроцентн" → "стопроцентный"."""
    if animate and case == "accs" and gender in ("masc", "plur"):
        case = "gent"
    ending = in_case(_ENDINGS[gender], case)
    return stem + ("ой" if stressed and ending == "ый" else ending)


@lru_cache(maxsize=8192)
def ordinal(number: int, gender: str = "masc", case: str = "nomn", animate: bool = False) -> str:
    """25 → "двадцать пятый"; only the last word is declined. `gender` may be "plur"."""
    head, last = _last_part(number)
    words = [cardinal(head)] if head else []
    if last == 3:
        words.append(in_case(_THIRD[gender], "gent" if animate and case == "accs" and gender != "femn" else case))
        return " ".join(words)
    stem = _ORDINAL_STEMS[last] if last < 1000 else _scale_stem(last)
    words.append(adjective(stem, gender, case, animate=animate, stressed=stem in _STRESSED_ENDING))
    return " ".join(words)


def _last_part(number: int) -> tuple[int, int]:
    """The number without the part that becomes the ordinal word, and this part: 1925 → 1920, 5; 12000 → 0, 12000."""
    below = number % 1000
    if below:
        rest = below % 100
        last = rest if 0 < rest < 20 else rest % 10 or rest or below
        return number - last, last
    power = next((power for power in range(4, 0, -1) if number and number % 1000**power == 0), 0)
    last = number % 1000 ** (power + 1)
    return number - last, last


def _scale_stem(number: int) -> str:
    power = next(power for power in range(4, 0, -1) if number % 1000**power == 0)
    count = number // 1000**power
    return ("" if count == 1 else joined(count)) + _SCALE_STEMS[power]


def joined(number: int) -> str:
    """The number as the first part of a compound: 25 → "двадцатипяти", 100 → "сто"; below a million."""
    words = cardinal(number, "gent").split()
    special = {"одного": "одно", "ста": "сто", "девяноста": "девяносто", "тысячи": "тысяче", "ноля": "нуле"}
    return "".join(special.get(word, word) for word in words)


def digits(written: str) -> str:
    """ "012" → "ноль один два"; other characters are passed over."""
    return " ".join(cardinal(int(digit)) for digit in written if digit.isdecimal())


def grouped(written: str) -> str:
    """A group of a telephone number: leading noughts one by one, the rest as a number ("05" → "ноль пять")."""
    rest = written.lstrip("0")
    noughts = ["ноль"] * (len(written) - len(rest))
    return " ".join(noughts + ([cardinal(int(rest))] if rest else []))


_WHOLE = ("целая целой целой целую целой целой", "целых целых целым целых целыми целых")
_PARTS = ("десят", "сот", "тысячн", "десятитысячн", "стотысячн", "миллионн")


def decimal(whole: int, fraction: str, case: str = "nomn") -> str:
    """3,14 → "три целых четырнадцать сотых"; a fraction of more than six digits is read digit by digit."""
    if len(fraction) > len(_PARTS):
        return f"{cardinal(whole, case)} запятая {digits(fraction)}"
    parts = int(fraction)
    return " ".join(
        (
            cardinal(whole, case, "femn"),
            in_case(_WHOLE[not is_one(whole)], case if whole else "gent"),
            cardinal(parts, case, "femn"),
            _part(_PARTS[len(fraction) - 1], parts, case),
        )
    )


def _part(stem: str, count: int, case: str) -> str:
    if is_one(count):
        return adjective(stem, "femn", case)
    return adjective(stem, "plur", "gent" if case in ("nomn", "accs") else case)


def fraction(numerator: int, denominator: int, case: str = "nomn") -> str:
    """2/3 → "две третьих", 3/4 → "три четверти", 1/3 → "одна треть"."""
    count = cardinal(numerator, case, "femn")
    named = {
        3: ("треть трети трети треть третью трети", "трети третей третям трети третями третях"),
        4: ("четверть четверти четверти четверть четвертью четверти",
            "четверти четвертей четвертям четверти четвертями четвертях"),
    }.get(denominator)  # fmt: skip
    if named and numerator < 5:
        singular, plural = named
        if is_one(numerator):
            return f"{count} {in_case(singular, case)}"
        return f"{count} {in_case(singular, 'gent') if case in ('nomn', 'accs') else in_case(plural, case)}"
    if is_one(numerator):
        return f"{count} {ordinal(denominator, 'femn', case)}"
    return f"{count} {ordinal(denominator, 'plur', 'gent' if case in ('nomn', 'accs') else case)}"
