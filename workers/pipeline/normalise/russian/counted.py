"""Numbers that count or order things, in the form that the thing counted and the words before ask for."""

import re
from collections.abc import Iterator

from workers.pipeline.normalise.draft import Edit
from workers.pipeline.normalise.russian import context, numerals
from workers.pipeline.normalise.russian.morphology import Form, declined, forms
from workers.pipeline.normalise.russian.numerals import CASES, cardinal, collective, is_few, is_one, ordinal
from workers.pipeline.normalise.russian.quantities import AFTER, BEFORE, DASH, NUMBER, SIGN, Number, number
from workers.pipeline.normalise.russian.tables import word_set

# With these the number in the singular is an ordinal: "на 5 этаже", "1 место", "21 век".
ORDERED = word_set(
    "этаж место класс курс тур век столетие квартал канал подъезд путь уровень группа половина смена категория",
    "сезон линия ",
    "батальон полк дивизия армия бригада съезд созыв разряд ряд марта платформа январь февраль март апрель май",
    "июнь июль ",
    "август сентябрь октябрь ноябрь декабрь день-рождения тайм раунд этап ступень степень поколение четверть семестр ",
    "годовщина тысячелетие перрон неделя-беременности лига дивизион очередь",
)
# After these the number is a name, whatever follows: "глава 5 закона", "дом 2 квартира 3".
_NUMBERED = word_set(
    "глава статья пункт подпункт дом квартира рисунок таблица номер страница корпус раздел часть том параграф",
    "версия вариант ",
    "задача задание упражнение урок приложение форма шаг автобус маршрут палата кабинет аудитория комната",
    "строение офис ",
    "серия эпизод школа лицей гимназия поликлиника больница детсад троллейбус трамвай поезд рейс вагон терминал выход ",
    "выпуск абзац протокол приказ закон гост билет лот модель позиция билет дробь точка вопрос размер код индекс ",
    "зал стол ячейка блок цех участок склад окно бокс сектор станция скважина объект игрок формула добавочный",
)
_PARTS_OF_TEXTS = word_set(
    "статья пункт подпункт часть глава раздел параграф том абзац номер таблица рисунок",
)
_HOURS = word_set(
    "утра вечера ночи дня пополудни",
)
_ALLOWED = {
    "в": ("accs", "loct"), "во": ("accs", "loct"), "на": ("accs", "loct"), "с": ("ablt", "gent", "accs"),
    "со": ("ablt", "gent"), "за": ("accs", "ablt"), "под": ("accs", "ablt"), "по": ("accs", "datv", "loct"),
}  # fmt: skip
_TIMES_BEFORE = word_set(
    "в к до с около после на",
)

_NUMBER = re.compile(rf"{BEFORE}(?P<low>{SIGN}?{NUMBER})(?:{DASH}(?P<high>{SIGN}?{NUMBER}))?+{AFTER}")
_WORDS_AFTER = re.compile(r"(?: (?:и|или|до|по|либо) [-−+]?[\d ,.]*\d)? ([а-яё]++)(?: ([а-яё]++))?(?: ([а-яё]++))?")


def numbers(text: str) -> Iterator[Edit]:
    """Edits for all whole and decimal numbers, and ranges of them, that no other rule has read."""
    for found in _NUMBER.finditer(text):
        if _too_large(found):
            continue
        yield Edit(found.start(), found.end(), _read(found, text[: found.start()], text[found.end() :]))


def _too_large(found: re.Match[str]) -> bool:
    return any(number(written).whole >= numerals.LIMIT for written in (found["low"], found["high"]) if written)


def _read(found: re.Match[str], before: str, after: str) -> str:
    low, high = number(found["low"]), number(found["high"]) if found["high"] else None
    last = high or low
    if one := _one_of_many(last, before, after) if high is None else "":
        return one
    noun = noun_after(after)
    if _is_numbered(before, last.whole, noun):
        if last.fraction and high is None and "." in found["low"]:
            return f"{cardinal(last.whole)} точка {numerals.grouped(last.fraction)}"
        return _plain(low, high, "nomn", "masc")
    words = context.last_words(before, 1)
    preposition = words[0] if words else ""
    if last == Number(1) and high is None and _is_hour(preposition, after):
        return declined("час", "accs" if preposition == "в" else context.governed(before, after))
    if not noun or (noun[0].lemma in ("утро", "вечер", "ночь", "день") and _is_hour(preposition, after)):
        return _without_noun(low, high, before, after)
    governed = context.governed(before, after, default="")
    wanted = wanted_cases(preposition, governed, before, after)
    if last.fraction:
        return _decimal(low, high, noun, wanted[0])
    if order := _as_ordinal(last, high, noun, wanted):
        return " ".join(ordinal(each.whole, *order) for each in (low, high) if each)
    if high is None and (collective := _collective(last.whole, noun, wanted)):
        return collective
    form, case = _agreeing(last.whole, noun, wanted)
    case = context.distributive(before, last.whole, case)
    if case == "accs" and form.animate and form.number == "plur" and last.whole > 4 and is_few(last.whole):
        # "эвакуировали 104 жителей": the noun says that the last word is in the genitive
        few = last.whole % 10
        many = last.sign + f"{cardinal(last.whole - few)} {cardinal(few, 'gent')}"
        return f"{low.words(case)} {many}" if high else many
    return _plain(low, high, case, form.gender or "masc", form.animate)


_OF_MANY = re.compile(r" из (?:\d[\d ]{0,8}|[а-яё]{2,14}) ?([а-яё]{3,})")


def _one_of_many(count: Number, before: str, after: str) -> str:
    """ "1 из 3 призов": the gender is that of the noun after; "" where it is not so."""
    found = _OF_MANY.match(after) if is_one(count.whole) and not count.fraction else None
    nouns = [form for form in forms(found[1]) if form.part == "NOUN" and form.case == "gent"] if found else []
    if not nouns:
        return ""
    return count.words(context.governed(before, after), nouns[0].gender, nouns[0].animate)


_TOGETHER = word_set(
    "сутки ребёнок дитя ножницы ворота сани брюки очки дети",
)


def _collective(count: int, noun: tuple[Form, ...], wanted: tuple[str, ...]) -> str:
    """ "двое суток", "трое детей"."""
    if wanted[0] not in ("nomn", "accs") or noun[0].lemma not in _TOGETHER:
        return ""
    in_plural = any(form.case == "gent" and form.number == "plur" for form in noun)
    return collective(count) if in_plural and count < 5 else ""


def _plain(low: Number, high: Number | None, case: str, gender: str, animate: bool = False) -> str:
    return " ".join(each.words(case, gender, animate) for each in (low, high) if each)


def _is_numbered(before: str, count: int, noun: tuple[Form, ...]) -> bool:
    """Whether the number names what stands before it: "глава 2", but "в комнате 2 кровати"."""
    words = context.last_words(before, 2)
    if not words or not before.endswith(" "):
        return False
    if words == ["размере", "в"]:
        return False  # "в размере 5 МРОТ"
    names = [form for form in forms(words[0]) if form.lemma in _NUMBERED and form.number == "sing"]
    if not names or names[0].lemma in _PARTS_OF_TEXTS:
        return bool(names)
    in_a_place = len(words) > 1 and words[1] in ("в", "во", "на")
    return not (in_a_place and any(_agrees(form, count, "nomn") for form in noun))


def _is_hour(preposition: str, after: str) -> bool:
    word = _WORDS_AFTER.match(after)
    return word is not None and word[1] in _HOURS and preposition in _TIMES_BEFORE


def noun_after(after: str) -> tuple[Form, ...]:
    """The readings of the noun that follows, perhaps after one or two adjectives.

    Without a noun those of the adjective ("помог 43 пострадавшим"), in the cases that tell themselves.
    """
    found = _WORDS_AFTER.match(after)
    if not found or found[1] == "из":  # the dictionary has a woman of this name
        return ()
    adjective: tuple[Form, ...] = ()
    for word in found.groups():
        readings = forms(word) if word and len(word) > 1 else ()
        if not readings:
            break
        nouns = tuple(form for form in readings if form.part == "NOUN")
        if nouns and (readings[0].part == "NOUN" or word in ("человек", "раз")):
            return _agreeing_with(adjective, nouns)
        if readings[0].part not in ("ADJF", "PRTF", "NPRO"):
            break
        adjective = readings
    return tuple(form for form in adjective if form.part != "NPRO" and form.case in ("datv", "ablt"))


def _agreeing_with(adjective: tuple[Form, ...], nouns: tuple[Form, ...]) -> tuple[Form, ...]:
    """The readings of the noun that an adjective in the singular before it allows: "детском саду"."""
    cases = {form.case for form in adjective if form.number == "sing"}
    return tuple(form for form in nouns if form.number == "sing" and form.case in cases) or nouns


def _without_noun(low: Number, high: Number | None, before: str, after: str) -> str:
    case = context.governed(before, after)
    year = (high or low).whole
    words = context.last_words(before, 1)
    if 1900 <= year <= 2099 and words and words[0] in _YEAR_BEFORE and not (high or low).fraction:
        return " ".join(ordinal(each.whole, "masc", _YEAR_BEFORE[words[0]]) for each in (low, high) if each)
    return _plain(low, high, case, "masc")


_YEAR_BEFORE = {"в": "loct", "с": "gent", "до": "gent", "после": "gent", "к": "datv", "от": "gent"}


def wanted_cases(preposition: str, governed: str, before: str, after: str) -> tuple[str, ...]:
    """The cases that come into question, likeliest first."""
    if preposition in _ALLOWED:
        first = (governed,) if governed else ()
        return (*first, *(case for case in _ALLOWED[preposition] if case != governed))
    if governed == "accs":
        return ("accs", *(case for case in CASES if case != "accs"))
    return (governed,) if governed else CASES


def ordinal_agreement(number: int, before: str, after: str) -> tuple[str, str] | None:
    """Gender and case of an ordinal between the two stretches, of which the second begins with what it orders."""
    words = context.last_words(before, 1)
    wanted = wanted_cases(words[0] if words else "", context.governed(before, after, default=""), before, after)
    noun = noun_after(after)
    for case in wanted:
        for form in noun:
            if form.number == "sing" and form.case == case:
                return form.gender, case
    return next(((form.gender, form.case) for form in noun if form.number == "sing"), None)


def _as_ordinal(
    last: Number, high: Number | None, noun: tuple[Form, ...], wanted: tuple[str, ...]
) -> tuple[str, str] | None:
    """Gender and case of the ordinal, where the noun is one that is numbered by ordinals."""
    if high is not None and any(form.lemma == "класс" and form.case == "gent" for form in noun) and last.whole < 12:
        return "masc", "gent"
    if last.sign or last.fraction or not any(form.lemma in ORDERED and form.number == "sing" for form in noun):
        return None
    if any(_agrees(form, last.whole, case) for form in noun for case in wanted) and not is_one(last.whole):
        return None  # "2 этажа", "3 места"
    for case in wanted:
        for form in noun:
            if form.number == "sing" and form.case == case:
                return form.gender, case
    return None


def agreeing_case(count: int, word: str, wanted: tuple[str, ...]) -> str:
    """The first of the cases in which the word, as it is written, stands after `count`; "" if it does in none."""
    nouns = [form for form in forms(word) if form.part == "NOUN"]
    return next((case for case in wanted if any(_agrees(form, count, case) for form in nouns)), "")


def _agreeing(count: int, noun: tuple[Form, ...], wanted: tuple[str, ...]) -> tuple[Form, str]:
    for case in wanted:
        for form in noun:
            if _agrees(form, count, case):
                return form, case
    return noun[0], wanted[0]


def _agrees(form: Form, count: int, case: str) -> bool:
    """Whether the noun's form is the one that stands after `count` in `case`."""
    if count and count % 1000 == 0:
        return form.number == "plur" and form.case == "gent"
    if is_one(count):
        return form.number == "sing" and form.case == case
    if case == "accs" and form.animate and is_few(count) and form.number == "plur":
        return form.case in ("accs", "gent")
    if case == "accs" and form.animate and count < 5:
        return False
    if case in ("nomn", "accs"):
        return form.case == "gent" and form.number == ("sing" if is_few(count) else "plur")
    return form.number == "plur" and form.case == case


def _only_plural(noun: tuple[Form, ...], case: str) -> Form | None:
    """The reading in the plural, in `case` if it can be, of a noun that is not in the singular as decimals want it."""
    if any((form.number, form.case) == ("sing", "gent") for form in noun):
        return None
    plurals = [form for form in noun if form.number == "plur"]
    return next((form for form in plurals if form.case == case), plurals[0] if plurals else None)


def _decimal(low: Number, high: Number | None, noun: tuple[Form, ...], case: str) -> str:
    last = high or low
    if last.is_half_more and high is None:
        half = "полутора" if case not in ("nomn", "accs") else "полторы" if noun[0].gender == "femn" else "полтора"
        return last.sign + half
    if last.fraction == "5" and high is None and (plural := _only_plural(noun, case)):
        case = "nomn" if plural.case == "gent" and case in ("nomn", "accs") else plural.case
        return f"{last.sign}{cardinal(last.whole, case, plural.gender or 'masc')} с половиной"  # "к 7,5 годам"
    return _plain(low, high, case, noun[0].gender or "masc")
