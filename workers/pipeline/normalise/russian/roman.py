"""Roman numerals, where the words around show that they are numbers: centuries, kings, congresses, volumes."""

import re
from collections.abc import Iterator

from workers.pipeline.normalise.draft import Edit
from workers.pipeline.normalise.russian import context
from workers.pipeline.normalise.russian.morphology import Form, declined, forms
from workers.pipeline.normalise.russian.numerals import ordinal
from workers.pipeline.normalise.russian.tables import word_set

_SHAPE = r"(?=[IVXLC])C{0,3}(?:XC|XL|L?X{0,3})(?:IX|IV|V?I{0,3})"
# Typed with Cyrillic letters: "ХХ век", "ХIХ".
_LATIN = str.maketrans("ХІСЛ", "XICL")
_ROMAN = re.compile(
    r"(?<![\w.,-])(?P<low>[IVXLCХІС]{1,8})(?:-?(?:го|й|е|я|м|му|х))?"
    r"(?: ?[-—] ?(?P<high>[IVXLCХІС]{1,8})(?:-?(?:го|й|е|я|м|му|х))?)?(?![\w])"
    r"(?P<century> вв?\.(?! ?\d)| вв?\b(?= [а-я]|$))?"
)
_VALID = re.compile(_SHAPE)
_VALUES = {"I": 1, "V": 5, "X": 10, "L": 50, "C": 100}
# Nouns that carry a Roman number after them: "том III"; and those that carry it before: "III том".
_AFTER_NOUN = word_set(
    "том глава раздел часть статья класс группа степень категория книга акт действие сцена явление серия эпизод",
    "выпуск ",
    "тип фаза стадия этап квартал созыв отделение параграф подтип пункт песнь уровень",
)
_BEFORE_NOUN = word_set(
    "век место премия столетие тысячелетие съезд квартал этап том класс тур мировой конгресс симпозиум форум",
    "фестиваль конференция ",
    "олимпиада игра чемпионат созыв степень группа категория ранг династия легион рейх интернационал республика отдел ",
    "отделение курс семестр четверть половина международный всероссийский всемирный крестовый пленум съезда",
    "раздел глава ",
    "часть универсиада открытый ежегодный вселенский государственный стадия фаза тип летний зимний спартакиада",
)


def value(written: str) -> int | None:
    """The number that a Roman numeral stands for; None when it is none."""
    written = written.translate(_LATIN)
    found = _VALID.fullmatch(written)
    if not found:
        return None
    numbers = [_VALUES[letter] for letter in written]
    return sum(-one if one < after else one for one, after in zip(numbers, [*numbers[1:], 0], strict=True))


def roman_numerals(text: str) -> Iterator[Edit]:
    """Edits for the Roman numerals that are numbers, with the "в." or "вв." after them."""
    for found in _ROMAN.finditer(text):
        low, high = value(found["low"]), value(found["high"]) if found["high"] else None
        if low is None or (found["high"] and high is None):
            continue
        words = _read(found, text, [low] if high is None else [low, high])
        if words is not None:
            yield Edit(found.start(), found.end(), words)


def _read(found: re.Match[str], text: str, values: list[int]) -> str | None:
    before, after = text[: found.start()], text[found.end() :]
    if found["century"]:
        return _century(found, before, after, values)
    agreement = (
        _with_noun_after(found, before, after)
        or _with_word_before(found, before)
        or _with_any_after(found, before, after)
    )
    if agreement is None:
        agreement = _from_to(before, after)
    if (
        agreement is None
        and len(found["low"]) > 1
        and found["low"].translate(_LATIN) not in ("CC", "CL", "XL", "XXL", "CV", "IC", "LC", "XC", "XXX", "XL")
    ):
        agreement = ("masc", context.governed(before, after)) if found["high"] is None else None
    if agreement is None:
        return None
    return " ".join(ordinal(each, *agreement) for each in values)


_UNTIL = re.compile(r" (?:по|до) [IVXLC]{1,7} (?:в|стол)", re.IGNORECASE)
_SINCE = re.compile(r"\b[Сс] [IVXLC]{1,7} по $|\b[Сс] [а-яё ]{5,40} по $")


def _century(found: re.Match[str], before: str, after: str, values: list[int]) -> str:
    words = context.last_words(before, 1)
    case = _century_case(words[0] if words else "", before, after)
    plural = found["century"].startswith(" вв")
    noun = declined("век", case, "plur" if plural else "sing")
    stop = "." if found[0].endswith(".") and not after else ""
    return " ".join([*(ordinal(each, "masc", case) for each in values), noun]) + stop


def _century_case(word: str, before: str, after: str) -> str:
    if not word:
        return "gent" if before.endswith(". ") else "nomn"
    if word in ("в", "во", "о", "об", "на", "при"):
        return "loct"
    if word in ("с", "со"):
        return "gent"
    if word == "по":
        return "accs"
    if word in ("и", "или") or before.rstrip().endswith(("—", "-")):
        return "gent" if not before.rstrip().lower().endswith("в") else "loct"
    governed = context.governed(before, after, default="")
    return governed or "gent"


def _from_to(before: str, after: str) -> tuple[str, str] | None:
    if _UNTIL.match(after) and context.last_words(before, 1)[:1] in (["с"], ["от"]):
        return "masc", "gent"
    if re.match(r" (?:и|—|-|или) [а-яё ]{0,20}[IVXLC]{1,7} в", after):
        words = context.last_words(before, 1)
        return "masc", _century_case(words[0] if words else "", before, after)
    return None


_NEXT_WORDS = re.compile(r" ([А-ЯЁ]?[а-яё]++)(?: ([а-яё]++))?")


def _with_noun_after(found: re.Match[str], before: str, after: str) -> tuple[str, str] | None:
    words = _NEXT_WORDS.match(after)
    if not words:
        return None
    readings = forms(words[1])
    known = [form for form in readings if form.lemma in _BEFORE_NOUN]
    if not known:
        return None
    governors = context.last_words(before, 1)
    wanted = _wanted(governors[0] if governors else "", context.governed(before, after, default=""))
    if known[0].part != "NOUN" and words[2]:
        nouns = [form for form in forms(words[2]) if form.part == "NOUN"]
        shared = [form for form in nouns if any(form.case == other.case for other in known)]
        known = shared or nouns or known
    singular = [form for form in known if form.number == "sing"]
    if found["high"]:  # "XIX-XX веков": each of them is one
        form = min(known, key=lambda form: wanted.index(form.case) if form.case in wanted else 9)
        return form.gender, form.case
    return _best(singular or known, wanted)


def _with_any_after(found: re.Match[str], before: str, after: str) -> tuple[str, str] | None:
    """After several letters: the adjective and noun, whatever they are ("XXII Олимпийские игры")."""
    words = _NEXT_WORDS.match(after)
    if not words or len(found["low"]) == 1 or not words[2]:
        return None
    adjectives = [form for form in forms(words[1]) if form.part == "ADJF"]
    nouns = [
        form for form in forms(words[2]) if form.part == "NOUN" and any(form.case == other.case for other in adjectives)
    ]
    governors = context.last_words(before, 1)
    wanted = _wanted(governors[0] if governors else "", context.governed(before, after, default=""))
    return _best(nouns, wanted) if nouns else None


def _wanted(preposition: str, governed: str) -> tuple[str, ...]:
    if preposition in ("в", "во", "на"):
        return ("loct", "accs")
    if preposition in ("с", "со"):
        return ("gent", "ablt")
    return (governed,) if governed else ()


def _best(readings: list[Form], wanted: tuple[str, ...]) -> tuple[str, str]:
    form = (
        min(readings, key=lambda form: wanted.index(form.case) if form.case in wanted else 9) if wanted else readings[0]
    )
    return "plur" if form.number == "plur" else form.gender, form.case


_LAST_NAME = re.compile(r"([А-ЯЁ]?[а-яё]++) $")


def _with_word_before(found: re.Match[str], before: str) -> tuple[str, str] | None:
    word = _LAST_NAME.search(before[-40:])
    if not word:
        return None
    readings = [form for form in forms(word[1]) if form.part == "NOUN"]
    if not readings:
        return None
    governors = context.last_words(before[: len(before) - len(word[0])], 1)
    wanted = _wanted(
        governors[0] if governors else "", context.governed(before[: len(before) - len(word[0])], default="")
    )
    named = [form for form in readings if form.lemma in _AFTER_NOUN and not form.animate]
    if named:
        if found["high"] and not wanted:
            return named[0].gender, "nomn"
        gender, case = _best(named, wanted)
        return (named[0].gender if gender == "plur" else gender), ("nomn" if gender == "plur" and not wanted else case)
    if word[1][0].isupper() and (len(found["low"]) > 1 or any(form.animate for form in readings)):
        people = [form for form in readings if form.animate and form.number == "sing"] or readings
        return _best(people, wanted)
    return None
