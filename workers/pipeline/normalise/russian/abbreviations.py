"""Abbreviations with full stops, hyphens and strokes, written out in the form that the sentence asks for."""

import re
from collections.abc import Iterator

from workers.pipeline.normalise.draft import Edit, Rule, substitution
from workers.pipeline.normalise.russian import context
from workers.pipeline.normalise.russian.abbreviation_tables import AFTER_HYPHEN, FIXED, NOUNS, SCIENCES
from workers.pipeline.normalise.russian.morphology import (
    counted,
    declined,
    forms,
    gender_of,
    is_comparative,
    is_transitive,
)
from workers.pipeline.normalise.russian.numerals import adjective, cardinal, joined
from workers.pipeline.normalise.russian.tables import word_set


def _pattern(key: str) -> str:
    return re.escape(key).replace(r"\ ", " ?") if "." in key else re.escape(key) + r"\b"


def _any_case(key: str) -> str:
    """The first letter small or capital."""
    first = key[0]
    return f"[{first}{first.upper()}]{_pattern(key)[len(re.escape(first)) :]}"


_FIXED_PATTERN = re.compile(
    rf"(?<![\w./-])(?<![А-ЯЁ]\. )(?:{'|'.join(_any_case(key) for key in sorted(FIXED, key=len, reverse=True))})(?!\w\.)"
)
_WITHOUT_SPACES = {key.replace(" ", ""): words for key, words in FIXED.items()}
_HYPHENED = re.compile(rf"(?<![\w-])(?:{'|'.join(map(re.escape, AFTER_HYPHEN))})(?![\w-])", re.IGNORECASE)


def _read_fixed(found: re.Match[str]) -> str | None:
    written = found[0].replace(" ", "")
    if written.lower() == "ипр." and re.match(" ?[А-ЯЁ]", found.string[found.end() :]):
        return None  # "и пр. Мира" is an avenue
    words = _WITHOUT_SPACES.get(written) or _WITHOUT_SPACES.get(written[0].lower() + written[1:])
    if words is None:
        return None
    if found.end() == len(found.string) and written.lower() not in _MAY_END:
        return None  # "Отдай это им."
    if words in _OTHERS and (ending := _ending_of_others(found.string[found.end() :])):
        words = _OTHERS[words] + ending
    return words + _ending(found)


# "груши и пр. фрукты", "яблок и др. фруктов": an adjective of the noun that follows.
_OTHERS = {"и прочее": "и проч", "и другие": "и друг"}
_ENDINGS_OF_OTHERS = {"nomn": "ие", "accs": "ие", "gent": "их", "datv": "им", "ablt": "ими", "loct": "их"}
_NEXT_WORD = re.compile(r" ([а-яё]{3,})")


def _ending_of_others(after: str) -> str:
    word = _NEXT_WORD.match(after)
    readings = forms(word[1]) if word else ()
    is_noun = bool(readings) and readings[0].part == "NOUN" and readings[0].number == "plur"
    return _ENDINGS_OF_OTHERS[readings[0].case] if is_noun else ""


_MAY_END = word_set(
    "ит.д. ит.п. т.д. т.п. дон.э. н.э. идр. ипр. имн.др. мн.др. вт.ч. с.г. тыс. млн. млрд. трлн. руб. коп. шт.",
    "чел. экз. сек. мин. ",
    "долл. дол. км/ч б/у ж/д з/п а/м х/ф м/ф т/с с/х в/ч р/с к/с л/с вкл. соотв. прибл. млн млрд трлн",
)


def _ending(found: re.Match[str]) -> str:
    after = found.string[found.end() :]
    if not after and found[0].endswith("."):
        return "."
    return " " if after[:1].isalnum() else ""


_SCIENCE_NAMES = "|".join(map(re.escape, sorted(SCIENCES, key=len, reverse=True)))
_SCIENCE = re.compile(
    r"(?<![\w.])(?P<degree>[Дд]октор|[Кк]андидат|[КкДд]|[Кк]анд|[Дд]-р|[Дд]окт)\.? ?"
    rf"(?P<science>{_SCIENCE_NAMES})\. ?(?:н|наук)\b\.?"
)


def _read_science(found: re.Match[str]) -> str:
    degree = "кандидат" if found["degree"][0] in "Кк" else "доктор"
    return f"{degree} {SCIENCES[found['science']]} наук{_ending(found)}"


_SO_CALLED = re.compile(r"(?<![\w.])[Тт](?:\. ?н\.|ак наз\.)(?= ([а-яё]+)(?: ([а-яё]+))?)")


def _read_so_called(found: re.Match[str]) -> str:
    noun = next((form for word in found.groups() if word for form in forms(word) if form.part == "NOUN"), None)
    if noun is None:
        return "так называемый"
    before = found.string[: found.start()]
    governed = context.governed(before, default="nomn")
    fitting = [
        form for word in found.groups() if word for form in forms(word) if form.part == "NOUN" and form.case == governed
    ]
    noun = fitting[0] if fitting else noun
    case = noun.case
    return "так " + adjective("называем", "plur" if noun.number == "plur" else noun.gender, case, animate=noun.animate)


_NOUN_PATTERNS = tuple(
    (
        re.compile(
            rf"(?<![\w./-])(?:{_first_letters})(?!\w){follows}",
            re.IGNORECASE if "А-Я" not in follows and "[IVX]" not in follows else 0,
        ),
        phrase,
    )
    for written, follows, phrase in NOUNS
    for _first_letters in ["|".join(f"[{part[0]}{part[0].upper()}]{part[1:]}" for part in written.split("|"))]
)
_CANDIDATE = re.compile(
    # After a number these are units; but "п. 2 ч. 3 ст. 5" are parts of a law.
    r"(?<![\w./-])(?!(?<=\d )(?:ч(?!\. ?\d{1,3}(?:\.\d)? (?:ст|гл)[.а])|т|с|м|г|кв|гр|р|л|стр|д|н)\.)"
    r"(?<!т\. )(?<!т\.)(?![тд]\. ?[дпекно]\.)"
    r"[а-яё]{1,5}(?:\.|[-/][а-яё]{1,3}\b)",
    re.IGNORECASE,
)


def nouns(text: str) -> Iterator[Edit]:
    """Edits for the abbreviated nouns: streets and houses, articles and pages, titles."""
    for candidate in _CANDIDATE.finditer(text):
        for pattern, phrase in _NOUN_PATTERNS:
            if found := pattern.match(text, candidate.start()):
                yield Edit(found.start(), found.end(), _read_noun(found, phrase))
                break


def _read_noun(found: re.Match[str], phrase: str) -> str:
    before, after = found.string[: found.start()], found.string[found.end() :]
    if phrase == "страница" and found[0].lower() == "стр." and _IN_ADDRESS.search(before):
        phrase = "строение"
    several = _SEVERAL.match(after) if phrase in _REFERENCE else None
    number = "plur" if several and int(several["low"]) < int(several["high"]) else "sing"
    words = declined(phrase, _noun_case(phrase, before, after), number)
    return words.strip() + _ending(found) + (" " if after[:1] == "№" else "")


_IN_ADDRESS = re.compile(
    r"\b(?:(?:д\.|дом|к\.|корп\.|корпус|вл\.|строение)[^.]{0,12}"
    r"|(?:ул\.|улиц[аеы]|пер\.|переул\w{1,4}|просп?\.|пр-т|проспект\w?|ш\.|шоссе|наб\.|пл\.)"
    r"[^.;]{3,40}, ?\d[^.;]{0,8})$",
    re.IGNORECASE,
)
_SEVERAL = re.compile(r" ?(?P<low>\d{1,4})(?: ?[-—–] ?| и |, ?)(?P<high>\d{1,4})")
_REFERENCE = word_set(
    "статья пункт подпункт часть глава раздел том страница абзац рисунок таблица приложение упражнение",
)
_AFTER_REFERENCE = re.compile(
    r"\b(?:пп?|ст|ч|гл|абз|разд|подп|стать[а-я]{1,2}|пункт[а-я]{0,2}|част[а-я]{1,2}|абзац[а-я]{0,2})\.? ?"
    r"[\dIVX.,-]{0,8}[\dIVX] $",
    re.IGNORECASE,
)
_SEE = re.compile(r"\b(?:см\.?|смотри(?:те)?)(?: (?:[^;!?]{0,40}(?: и| или|,) )?)$", re.IGNORECASE)
_PLACES = {
    "в": "loct",
    "во": "loct",
    "на": "loct",
    "по": "datv",
    "с": "gent",
    "со": "gent",
    "за": "ablt",
    "под": "ablt",
}
_NEXT_NAME = re.compile(r" ?([А-ЯЁ][а-яё-]+)")


def _noun_case(phrase: str, before: str, after: str) -> str:
    if phrase in _REFERENCE and _AFTER_REFERENCE.search(before[-30:]):
        return "gent"
    words = context.last_words(before, 2)
    if not words:
        return "nomn"
    if phrase in _REFERENCE and is_transitive(words[0]):
        return "accs"
    if phrase in _REFERENCE and words[0] in ("с", "со") and words[1:] in (["соответствии"], ["согласии"], ["связи"]):
        return "ablt"
    if _SEE.search(before[-60:]):
        return "accs"
    adjective_cases = [
        form.case for form in forms(words[0]) if form.part == "ADJF" and form.gender == gender_of(phrase)
    ]
    if adjective_cases and len(words[0]) > 4:
        governed = _place_case(phrase, words[1] if len(words) > 1 else "", before, "")
        return governed if governed in adjective_cases else adjective_cases[0]
    case = _place_case(phrase, words[0], before, after)
    if case == "nomn" and phrase in ("господин", "госпожа", "доктор", "гражданин", "гражданка", "святой"):
        return _case_of_name(after) or case
    return case


def _case_of_name(after: str) -> str:
    name = _NEXT_NAME.match(after)
    readings = [form for form in forms(name[1]) if form.number == "sing" and form.part == "NOUN"] if name else []
    return readings[0].case if readings and not any(form.case == "nomn" for form in readings) else ""


_MOTION = re.compile(
    r"\b(?:при[еёх]|пере[ех]|по[ей]|по[шс]|при[шх]|[её]д|ид|шл|шёл|едем|выех|выез|заех|отправ|направ|достав|"
    r"сверн|поверн|верн|полет|лет)[а-яё]{0,9}"
    r"(?: [а-яё]{3,12})? (?:в|на) $",
    re.IGNORECASE,
)
_SETTLEMENTS = word_set(
    "город село деревня посёлок область район республика",
)


def _place_case(phrase: str, word: str, before: str, after: str) -> str:
    if word in _PLACES:
        name = _NEXT_NAME.match(after)
        cases = {form.case for form in forms(name[1])} if name else set()
        if (
            phrase in _SETTLEMENTS
            and "accs" in cases
            and not cases & {"loct", "nomn"}
            and word in ("в", "на", "за", "под")
        ):
            return "accs"
        if word in ("в", "на") and _MOTION.search(before[-40:]):
            return "accs"
        return _PLACES[word]
    return (
        context.governed(before, default="nomn")
        if word in _GOVERNING or (len(word) > 4 and is_comparative(word))
        else "nomn"
    )


_GOVERNING = word_set(
    "до от из без для у около после кроме возле к ко согласно перед над между о об при через про вдоль",
)

_DAYS = {
    "пн": ("понедельник", "понедельник"), "вт": ("вторник", "вторник"), "ср": ("среда", "среду"),
    "чт": ("четверг", "четверг"),
    "пт": ("пятница", "пятницу"), "сб": ("суббота", "субботу"), "вс": ("воскресенье", "воскресенье"),
}  # fmt: skip
_DAY = rf"(?:{'|'.join(_DAYS)})"
_WEEK = re.compile(
    rf"(?<![\w.])(?P<before>(?:во?|на|за|по) )?(?P<days>{_DAY}\b\.?(?:(?:, ?| ?[-—] ?| и ){_DAY}\b\.?){{0,6}}+)(?!\w)",
    re.IGNORECASE,
)
_DAYS_IN_GENITIVE = {
    "пн": "понедельника", "вт": "вторника", "ср": "среды", "чт": "четверга", "пт": "пятницы", "сб": "субботы",
    "вс": "воскресенья",
}  # fmt: skip
_FROM_DAY = re.compile(rf"(?<=\b[СсCc] )(?P<day>{_DAY})\b\.?(?= по {_DAY}\b)", re.IGNORECASE)
_HOURS_FOLLOW = re.compile(r"(?::| с) \d| — [а-я]|(?::| с) (?:\w{3,12} ){1,3}до")
_DAY_NAME = re.compile(rf"{_DAY}\b\.?", re.IGNORECASE)


def _read_week(found: re.Match[str]) -> str | None:
    days = found["days"]
    if len(days.rstrip(".")) == 2 and not found["before"] and not _HOURS_FOLLOW.match(found.string, found.end()):
        return None
    words = _DAY_NAME.sub(lambda day: _DAYS[day[0].lower().rstrip(".")][bool(found["before"])], days)
    return (
        (found["before"] or "")
        + re.sub(r" ?[-—] ?", " ", words)
        + ("." if days.endswith(".") and found.end() == len(found.string) else "")
    )


_YEARS = re.compile(r"(?:(?P<before>\b(?:[Вв]о?|[Оо]б?)) )?(?P<ordinal>\S{2,20}(?:ых|ые|ым|ыми)) гг\b\.?")


_IN_DECADES = re.compile(r"\b[ВвОо]б? (?:[а-яё]{5,20}ых (?:и |— )?){1,3}$")


def _read_years(found: re.Match[str]) -> str:
    inside = found["before"] or _IN_DECADES.search(found.string[max(0, found.start() - 60) : found.start()])
    ending = "годах" if inside and found["ordinal"].endswith("ых") else _YEAR_ENDINGS[found["ordinal"][-2:]]
    return f"{found['before'] + ' ' if found['before'] else ''}{found['ordinal']} {ending}{_ending(found)}"


_PARAGRAPH = re.compile(r"(?P<many>§)?§ ?")


def _read_paragraph(found: re.Match[str]) -> str:
    words = context.last_words(found.string[: found.start()], 1)
    case = _PLACES.get(words[0], "nomn") if words else "nomn"
    return declined("параграф", case, "plur" if found["many"] else "sing") + " "


_SPOON = re.compile(r"(?<!\w)(?P<kind>ч|ст)\. ?(?=(?P<spoon>лож[а-яё]{2,4}))")
_SPOONS = {"ложка": "ая", "ложку": "ую", "ложки": "ых", "ложек": "ых"}


def _read_spoon(found: re.Match[str]) -> str:
    stem = "чайн" if found["kind"] == "ч" else "столов"
    return f"{stem}{_SPOONS.get(found['spoon'], 'ой')} "


# "2 р. в день" is no money: so little is paid for nothing.
_TIMES_A_DAY = re.compile(
    r"(?<![\w.,-])(?P<number>(?:[1-9][-—])?[1-9]) ?р\.? ?(?:/ ?|в )"
    r"(?:(?=(?:день|сут|нед|мес|год)[а-я]{0,3}\b)|(?P<day>д\.))"
)


def _read_times_a_day(found: re.Match[str]) -> str:
    return f"{found['number']} {'раза' if found['number'][-1] in '234' else 'раз'} в {'день' if found['day'] else ''}"


_SPOON_PART = re.compile(r"(?<=[/½⅓¼¾])(?P<bottom>\d?) (?P<kind>ч|ст)\. ?л\.")
_PART = re.compile(
    r"(?P<ordinal>\d-(?P<ending>[яю]|й|м|го|му)) "
    r"(?P<noun>пол\.(?= [IVXХ\d])|четв\.|мин\.|сек\.|стр\.|эт\.|кл\.|кв\.(?! ?к?м\b))"
)
_PARTS = {
    "пол.": "половина", "четв.": "четверть", "мин.": "минута", "сек.": "секунда", "стр.": "страница", "эт.": "этаж",
    "кл.": "класс", "кв.": "квартал",
}  # fmt: skip
_ORDINAL_CASES = {"я": "nomn", "ю": "accs", "го": "gent", "му": "datv"}
_ROMAN_PERIOD = re.compile(
    r"(?P<numerals>\b[IVX]{1,5}(?: ?[-—–] ?(?P<second>[IVX]{1,5}))?) (?P<noun>тыс\.(?= (?:до )?н\. ?э)|кв\.|п/г\b)"
)
_ROMAN_PERIODS = {"тыс.": "тысячелетие", "кв.": "квартал", "п/г": "полугодие"}


def _read_part(found: re.Match[str]) -> str | None:
    """ "во 2-й пол. XX в.", "на 5-м эт.": the ending of the ordinal, and the preposition where it leaves a choice."""
    ending, noun = found["ending"], _PARTS[found["noun"]]
    if (gender_of(noun) == "femn") != (ending in "яю") and ending != "й":
        return None
    case = _ORDINAL_CASES.get(ending)
    if case is None:
        before = found.string[max(0, found.start() - 40) : found.start()]
        words = context.last_words(_ORDINALS.sub("", before), 1)
        case = _PART_CASES.get(words[0] if words else "", "")
        if ending == "м":
            case = "loct" if case == "loct" else "ablt"
        elif gender_of(noun) == "masc":
            case = "accs"
    return f"{found['ordinal']} {declined(noun, case or 'gent')}{_ending(found)}"


_PART_CASES = {"в": "loct", "во": "loct", "на": "loct", "о": "loct", "при": "loct", "к": "datv", "по": "datv"}
_ORDINALS = re.compile(r"(?:\d{1,3}(?:-[а-я]{1,2})?(?:,| и|-|—) ?)*\d*$")


_FLAT = re.compile(r"(?<![\w.,-])(?P<rooms>\d)-? ?(?:х-?)?к(?:омн)?\. ?кв(?:\.|артира\b)")


def _read_flat(found: re.Match[str]) -> str:
    """ "в 2-комн. кв.", "1-к. квартира" """
    words = context.last_words(found.string[: found.start()], 1)
    case = _place_case("квартира", words[0], found.string[: found.start()], "") if words else "nomn"
    rooms = adjective(f"{joined(int(found['rooms']))}комнатн", "femn", case)
    return f"{rooms} {declined('квартира', case)}{_ending(found)}"


# Before a century or a decade only: elsewhere "нач." is a chief.
_BEGINNING = re.compile(r"(?<![\w.-])(?P<noun>[Нн]ач|[Кк]он|[Сс]ер)\. ?(?=[IVXХ]{1,6}(?!\w)|\d{1,4}-?х\b|\d{4} ?г)")
_BEGINNINGS = {"нач": "начало", "кон": "конец", "сер": "середина"}
_SAME_PERIOD = re.compile(
    r"\b(?:нач|кон|сер)[а-яё]{0,6}\.? (?:[IVXХ]{1,6}(?: вв?\.)?|\d{1,4}-х(?: гг\.)?) ?[—–-] ?$", re.IGNORECASE
)


def _read_beginning(found: re.Match[str]) -> str:
    """ "в нач. XIII в.", "сер. 90-х гг." """
    noun = _BEGINNINGS[found["noun"].lower()]
    before = _SAME_PERIOD.sub("", found.string[max(0, found.start() - 60) : found.start()])
    words = context.last_words(before, 1)
    case = _place_case(noun, words[0], before, "") if words else "nomn"
    return declined(noun, case) + " "


_WORKING_DAYS = re.compile(
    r"(?<![\w.])(?P<kind>раб|кал|календ|банк)\. ?(?P<days>дн\.?(?![а-яё])|д(?:ень|н[а-яё]{1,3})\b)"
)
_KINDS_OF_DAYS = {"раб": "рабоч", "кал": "календарн", "календ": "календарн", "банк": "банковск"}
_DAY_ENDINGS = {"день": "ий", "дню": "ему", "днём": "им", "дням": "им", "днями": "ими"}


def _read_working_days(found: re.Match[str]) -> str:
    """ "5 раб. дней" """
    days = "дней" if found["days"].startswith("дн") and len(found["days"].rstrip(".")) == 2 else found["days"]
    ending, stem = _DAY_ENDINGS.get(days, "их"), _KINDS_OF_DAYS[found["kind"]]
    hard = {"ий": "ый", "ему": "ому", "их": "ых", "им": "ым", "ими": "ыми"}[ending] if stem.endswith("н") else ending
    return f"{stem}{hard} {days}" + (_ending(found) if found["days"].endswith(".") else "")


_SIZE = re.compile(
    r"(?P<thing>\b(?:футболк|джинс|обув|плать|костюм|брюк|куртк|туфл|кроссовк|ботин|сапог|рубашк|юбк)[а-яё]{0,4},? )"
    r"р\. ?(?=\d)",
    re.IGNORECASE,
)
_VOLUMES = re.compile(r"(?<=\b[Вв] )(?P<count>\d{1,2})(?:-х|-ти)? ?тт?\.")
_WORK = re.compile(
    r"(?:роман|сочинени|собрани|словар|энциклопеди|издани|книг|истори|справочник|соч\.)[а-яё]{0,3}\b", re.IGNORECASE
)


def _read_volumes(found: re.Match[str]) -> str | None:
    """ "Роман в 2 т."; other things weigh so much."""
    if not _WORK.search(found.string, max(0, found.start() - 60), found.start()):
        return None
    count = int(found["count"])
    return f"{cardinal(count, 'loct')} {counted('том', count, 'loct')}{_ending(found)}"


def _read_roman_period(found: re.Match[str]) -> str:
    """ "в III тыс. до н. э.", "за I кв.", "во II-III кв." """
    noun, before = _ROMAN_PERIODS[found["noun"]], found.string[: found.start()]
    words = context.last_words(before, 1)
    case = _place_case(noun, words[0], before, "") if words else "nomn"
    case = "accs" if words in (["за"], ["на"]) else case
    case = context.governed(before) if words and case == "nomn" else case
    number = "plur" if found["second"] else "sing"
    return f"{found['numerals']} {declined(noun, case, number)}{_ending(found)}"


BEFORE_NUMBERS: tuple[Rule, ...] = (
    substitution(_SPOON, _read_spoon),
    substitution(_TIMES_A_DAY, _read_times_a_day),
    substitution(
        _SPOON_PART, lambda found: f"{found['bottom']} {'чайной' if found['kind'] == 'ч' else 'столовой'} ложки"
    ),
    substitution(_FLAT, _read_flat),
    substitution(_BEGINNING, _read_beginning),
    substitution(_WORKING_DAYS, _read_working_days),
    substitution(_SIZE, lambda found: f"{found['thing']}размер "),
    substitution(_VOLUMES, _read_volumes),
    substitution(_PART, _read_part),
    substitution(_ROMAN_PERIOD, _read_roman_period),
    nouns,
)
"""While the numbers are still digits: "с. 25" is a page, "с. Горки" a village."""

_YEAR_ENDINGS = {"ых": "годов", "ые": "годы", "ым": "годам", "ми": "годами"}

AFTER_UNITS: tuple[Rule, ...] = (
    substitution(_FROM_DAY, lambda found: _DAYS_IN_GENITIVE[found["day"].lower()]),
    substitution(_WEEK, _read_week),
    substitution(_YEARS, _read_years),
    substitution(_SCIENCE, _read_science),
    substitution(_SO_CALLED, _read_so_called),
    substitution(_PARAGRAPH, _read_paragraph),
    substitution(_FIXED_PATTERN, _read_fixed),
    substitution(_HYPHENED, lambda found: AFTER_HYPHEN[found[0].lower()]),
)
