"""Numerals with their ending written after them: "5-й", "1990-х", "2-х", "10-летний", "70%-м"."""

import re

from workers.pipeline.normalise.draft import Rule, substitution
from workers.pipeline.normalise.russian import context
from workers.pipeline.normalise.russian.counted import ORDERED, noun_after, ordinal_agreement, wanted_cases
from workers.pipeline.normalise.russian.letters import NAMES
from workers.pipeline.normalise.russian.morphology import forms
from workers.pipeline.normalise.russian.numerals import CASES, adjective, cardinal, collective, joined, ordinal

_ENDINGS = (
    "рыми|рых|рым|ыми|ими|ого|ому|его|ему|ый|ий|ой|ая|ья|ое|ье|ые|ьи|ую|ью|ым|им|ом|ем|ых|их|ей|ти|мя|ми|го|му|ро"
    "|й|я|е|ю|м|х|и"
)
_WITH_ENDING = re.compile(
    rf"(?<![\w.,:/-])(?:(?P<low>\d{{1,6}})(?:-(?:{_ENDINGS}))? ?- ?)?(?P<number>\d{{1,9}}) ?- ?(?P<ending>{_ENDINGS})"
    r"(?!\w)(?!-\w)"
)
_DEFAULTS = {
    "й": ("masc", "nomn"), "я": ("femn", "nomn"), "е": ("neut", "nomn"), "го": ("masc", "gent"), "му": ("masc", "datv"),
    "м": ("masc", "ablt"), "х": ("plur", "gent"), "ми": ("plur", "ablt"), "ю": ("femn", "accs"), "и": ("plur", "nomn"),
}  # fmt: skip
_GENDERS = ("masc", "femn", "neut", "plur")


def _read_ending(found: re.Match[str]) -> str | None:
    value, ending = int(found["number"]), found["ending"]
    before, after = found.string[: found.start()], found.string[found.end() :]
    if collected := _collective_ending(value, ending, before, after):
        return collected
    if (words := _cardinal_ending(value, ending, before, after)) is not None:
        return words
    agreement = _ordinal_agreement(value, ending, before, after)
    if agreement is None:
        return None
    return " ".join(ordinal(int(each), *agreement) for each in (found["low"], found["number"]) if each)


_COLLECTIVE_CASES = {"ро": "", "рых": "gent", "рым": "datv", "рыми": "ablt"}


def _collective_ending(value: int, ending: str, before: str, after: str) -> str:
    """ "5-ро детей", "о 5-рых детях", "3-е суток"; "" for other endings."""
    if ending in ("е", "ое") and value in (2, 3):
        in_plural = any(form.case == "gent" and form.number == "plur" for form in noun_after(after))
        return collective(value) if in_plural and not any(form.number == "sing" for form in noun_after(after)) else ""
    if ending not in _COLLECTIVE_CASES:
        return ""
    governed = context.governed(before, after)
    return collective(value, _COLLECTIVE_CASES[ending] or (governed if governed == "accs" else "nomn"))


def _cardinal_ending(value: int, ending: str, before: str, after: str) -> str | None:
    """ "2-х", "5-ти", "3-мя"."""
    few = value in (2, 3, 4)
    if (ending in ("ти", "и") and value > 4) or (few and ending in ("х", "м", "мя", "ех", "ёх")):
        noun = noun_after(after)
        if few and ending == "х" and any(form.lemma in ORDERED for form in noun):
            return None
        case = {"х": "gent", "м": "datv", "мя": "ablt"}.get(ending, "gent")
        return cardinal(value, case) if ending != "м" or any(form.number == "plur" for form in noun) else None
    return None


def _ordinal_agreement(value: int, ending: str, before: str, after: str) -> tuple[str, str] | None:
    """Gender and case of the ordinal that ends so and agrees with the noun after it."""
    words = context.last_words(before, 2)
    if "она" in words and ending in ("й", "ой", "ей"):
        return "femn", "ablt"
    fitting = [
        (gender, case)
        for case in CASES
        for gender in _GENDERS
        if ordinal(value, gender, case).endswith(ending)
        or ordinal(value, gender, case).endswith(ending.replace("о", "е"))
    ]
    if not fitting:
        return _DEFAULTS.get(ending[-1:])
    words = context.last_words(before, 1)
    preposition = words[0] if words else ""
    wanted = wanted_cases(preposition, context.governed(before, after, default=""), before, after)
    for form in sorted(noun_after(after), key=lambda form: wanted.index(form.case) if form.case in wanted else 9):
        gender = "plur" if form.number == "plur" else form.gender
        for each in (gender, form.gender):  # "на 7-й и 81-й минутах": the noun alone is in the plural
            if (each, form.case) in fitting:
                return each, form.case
    if ending in ("е", "ые") and value % 10 == 0:
        return "plur", "accs" if "accs" in wanted[:1] else "nomn"
    if ending == "м" and preposition in ("в", "на", "о", "об", "во"):
        return "masc", "loct"
    default = _DEFAULTS.get(ending[-2:] if ending[-2:] in _DEFAULTS else ending[-1:])
    return default if default in fitting else fitting[0]


_SCHOOL_CLASS = re.compile(
    r"(?<![\w.,:/-])(?P<number>[1-9]|1[012])(?P<joined>[ -]?)(?P<letter>[А-ЕЖЗИКЛМ])(?= (?P<noun>класс[а-я]{0,3})\b)"
)


# "учится в 1-м Б"
_CLASS_ALONE = re.compile(r"(?<=\d-[а-я]) (?P<letter>[БВГДЖЗ])(?=[,;!?)]|\.?$)")


def _read_school_class(found: re.Match[str]) -> str | None:
    """ "7 «А» класса", "в 5Б классе": the letter stands between the ordinal and its noun."""
    before, after = found.string[: found.start()], found.string[found.end() :]
    agreement = ordinal_agreement(int(found["number"]), before, after)
    return f"{ordinal(int(found['number']), *agreement)} {NAMES[found['letter'].lower()]}" if agreement else None


# "3-х комнатная" is written for "трёхкомнатная".
_ATTRIBUTES = (
    r"(?:комнатн|летн|этажн|местн|дневн|часов|месячн|литров|метров|кратн|разов|сторонн|уровнев|значн|томн|дверн)"
)
_COMPOUND = re.compile(
    r"(?<![\w.,:/-])(?:(?P<low>\d{1,5}) ?- ?)?(?P<number>\d{1,6}(?:,5)?)"
    rf"(?:-?(?:ти|и|х|ух|ёх)(?:-| (?={_ATTRIBUTES}))|- ?)(?P<word>[а-яё]{{3,30}}+)(?!\w)"
)
_PERCENT = re.compile(
    r"(?<![\w.,:/-])(?P<number>\d{1,3}) ?%-?н?"
    r"(?P<ending>ого|ому|ыми|ый|ой|ым|ом|ая|ую|ое|ые|ых|го|му|й|м|я|ю|е|х)(?!\w)"
)
_FULL_ENDINGS = {"й": "ый", "го": "ого", "му": "ому", "я": "ая", "ю": "ую", "е": "ый", "х": "ых"}


def _read_compound(found: re.Match[str]) -> str | None:
    word, written = found["word"], found["number"]
    readings = forms(word)
    fits = (
        "лети" in word
        or any(form.part in ("ADJF", "PRTF") for form in readings)
        or word.endswith(("минутка", "летка", "угольник", "летний"))
    )
    if not fits:
        return None
    if "," in written:
        whole = int(written.partition(",")[0])
        return f"полутора{word}" if whole == 1 else f"{cardinal(whole, 'gent')} с половиной {word}"
    low = f"{joined(int(found['low']))} " if found["low"] else ""
    return low + joined(int(written)) + word


def _read_percent(found: re.Match[str]) -> str:
    ending = _FULL_ENDINGS.get(found["ending"], found["ending"])
    noun = noun_after(found.string[found.end() :])
    if found["ending"] == "м":
        ending = "ом" if noun and noun[0].case == "loct" else "ым"
    if found["ending"] == "е":
        ending = "ое" if noun and noun[0].gender == "neut" and noun[0].number == "sing" else "ые"
    if found["ending"] == "й" and noun and noun[0].gender == "femn":
        ending = "ой"
    return f"{joined(int(found['number']))}процентн{ending}"


# Names of solutions and the like: "5% раствор" is a "пятипроцентный раствор".
_STRENGTH = re.compile(r"(?<![\w.,:/-])(?P<number>\d{1,3}) ?%(?= (?P<noun>[а-яё]{4,20}))")
_OF_STRENGTH = frozenset(
    (
        "раствор",
        "спирт",
        "уксус",
        "кислота",
        "мазь",
        "крем",
        "гель",
        "эссенция",
        "скидка",
        "предоплата",
        "сметана",
        "настойка",
    )
)


def _read_strength(found: re.Match[str]) -> str | None:
    governed = context.governed(found.string[: found.start()], default="")
    fitting = [form for form in forms(found["noun"]) if form.lemma in _OF_STRENGTH and form.number == "sing"]
    form = next((form for form in fitting if form.case == governed), None)
    if form is None:
        form = next((form for form in fitting if form.case != "gent"), None)
    if form is None:
        return None
    return adjective(f"{joined(int(found['number']))}процентн", form.gender, form.case, animate=form.animate)


RULES: tuple[Rule, ...] = (
    substitution(_SCHOOL_CLASS, _read_school_class),
    substitution(_CLASS_ALONE, lambda found: " " + NAMES[found["letter"].lower()]),
    substitution(_PERCENT, _read_percent),
    substitution(_STRENGTH, _read_strength),
    substitution(_COMPOUND, _read_compound),
    substitution(_WITH_ENDING, _read_ending),
)
