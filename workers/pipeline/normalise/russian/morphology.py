"""What pymorphy3 knows about Russian words. Its dictionary (0.1 s, 20 MB) is loaded with the first word."""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from workers.pipeline.normalise.russian.numerals import CASES, is_few, is_one
from workers.pipeline.normalise.russian.tables import word_set

# The dictionary's finer cases and the one of the six that a numeral agrees in.
_FINER = {
    "gen1": "gent",
    "gen2": "gent",
    "acc1": "accs",
    "acc2": "accs",
    "loc1": "loct",
    "loc2": "loct",
    "voct": "nomn",
}

# Nouns whose counted forms are not the plural of the dictionary.
_COUNTED_PLURAL = {
    "человек": "люди человек человекам человек человеками человеках",
    "год": "годы лет годам годы годами годах",
}
# Said as they are after a number in spoken Russian: "двести двадцать вольт", "шестнадцать гигабайт".
_BARE_PLURAL = word_set(
    "вольт киловольт ватт киловатт мегаватт гигаватт милливатт ампер миллиампер герц килогерц мегагерц гигагерц",
    "бит килобит мегабит ",
    "гигабит байт килобайт мегабайт гигабайт терабайт децибел рентген раз ом",
)


@dataclass(frozen=True)
class Form:
    """One reading of a word: `number` is "sing" or "plur", `gender` None in the plural of adjectives."""

    part: str
    case: str
    number: str
    gender: str
    animate: bool
    lemma: str


@lru_cache(maxsize=1)
def _analyser() -> Any:
    import pymorphy3  # type: ignore[import-untyped]  # the import and the dictionary cost nothing until a text needs them

    return pymorphy3.MorphAnalyzer(lang="ru")


@lru_cache(maxsize=20_000)
def forms(word: str) -> tuple[Form, ...]:
    """The readings of a word as a noun, adjective, participle or ordinal, likeliest first."""
    return tuple(_forms(word.lower()))


def _forms(word: str) -> Iterator[Form]:
    for parse in _analyser().parse(word):
        tag = parse.tag
        if tag.POS not in ("NOUN", "ADJF", "PRTF", "NPRO") or tag.case is None:
            continue
        case = _FINER.get(str(tag.case), str(tag.case))
        animate = "anim" in tag
        gender = "masc" if parse.normal_form == "евро" else str(tag.gender or "masc")  # "один евро" to everybody
        yield Form(str(tag.POS), case, str(tag.number), gender, animate, str(parse.normal_form))


@lru_cache(maxsize=20_000)
def is_transitive(word: str) -> bool:
    """Whether the word is, first of all, a verb that takes an object: "купил", "стоит"."""
    parses = _analyser().parse(word.lower())
    return parses[0].tag.POS in ("VERB", "INFN", "GRND") and any("tran" in parse.tag for parse in parses)


@lru_cache(maxsize=20_000)
def is_verb_of_many(word: str) -> bool:
    """Whether the word is a verb whose subject may be a number: "смотрели", "смотрело"."""
    tag = _analyser().parse(word.lower())[0].tag
    return bool(tag.POS == "VERB" and (tag.number == "plur" or tag.gender == "neut"))


@lru_cache(maxsize=20_000)
def is_imperative(word: str) -> bool:
    """ "Возьмите", "добавь"."""
    tag = _analyser().parse(word.lower())[0].tag
    return tag.mood == "impr" and "tran" in tag


@lru_cache(maxsize=20_000)
def is_comparative(word: str) -> bool:
    """ "ближе", "холоднее"."""
    return str(_analyser().parse(word.lower())[0].tag.POS) == "COMP"


@lru_cache(maxsize=20_000)
def is_place(word: str) -> bool:
    """Whether the dictionary knows the word as a geographical name."""
    return any("Geox" in parse.tag and parse.score > 0.3 for parse in _analyser().parse(word))


@lru_cache(maxsize=20_000)
def is_plain_word(word: str) -> bool:
    """Whether the dictionary has the word, and not as an acronym."""
    parses = _analyser().parse(word.lower())
    return is_known(word) and not any("Abbr" in parse.tag for parse in parses)


@lru_cache(maxsize=20_000)
def is_known(word: str) -> bool:
    """Whether the dictionary has the word itself."""
    return bool(_analyser().word_is_known(word.lower()))


@lru_cache(maxsize=4096)
def declined(phrase: str, case: str, number: str = "sing") -> str:
    """The phrase of adjectives and a noun ("квадратный метр") in a case; what follows "|" stays as it is."""
    head, _, tail = phrase.partition("|")
    if head in _BARE_PLURAL and number == "plur" and case == "gent":
        spoken = head
    elif head in _COUNTED_PLURAL and number == "plur":
        spoken = _COUNTED_PLURAL[head].split()[CASES.index(case)]
    else:
        spoken = " ".join(_declined_word(word, case, number) for word in head.split())
    return f"{spoken} {tail}" if tail else spoken


def _declined_word(word: str, case: str, number: str) -> str:
    first, hyphen, last = word.rpartition("-")
    for parse in _analyser().parse(last):
        if parse.tag.case == "nomn" and parse.tag.POS in ("NOUN", "ADJF"):
            lifeless = parse.tag.POS == "ADJF" and case == "accs" and (number == "plur" or parse.tag.gender != "femn")
            form = parse.inflect({number, "nomn" if lifeless else case})
            if form is not None:
                return f"{first}{hyphen}{form.word}"
    return word


@lru_cache(maxsize=1024)
def gender_of(phrase: str) -> str:
    """ "masc", "femn" or "neut" of the noun at the end of the phrase's head."""
    noun = phrase.partition("|")[0].split()[-1].rpartition("-")[2]
    return next((form.gender for form in forms(noun) if form.part == "NOUN" and form.case == "nomn"), "masc")


def counted(phrase: str, number: int, case: str) -> str:
    """The phrase as it stands after the whole `number` in `case`: ("рубль", 5, "nomn") → "рублей"."""
    if number and number % 1000 == 0:  # тысячам рублей: the thousands govern the noun
        return declined(phrase, "gent", "plur")
    if is_one(number):
        return declined(phrase, case)
    if case not in ("nomn", "accs"):
        return declined(phrase, case, "plur")
    if not is_few(number):
        return declined(phrase, "gent", "plur")
    # два квадратных метра, две столовые ложки: the adjective in the plural, the noun in the singular
    head, _, tail = phrase.partition("|")
    *adjectives, noun = head.split()
    of_adjectives = "nomn" if gender_of(phrase) == "femn" else "gent"
    few = [declined(word, of_adjectives, "plur") for word in adjectives] + [declined(noun, "gent")]
    return " ".join(few + ([tail] if tail else []))
