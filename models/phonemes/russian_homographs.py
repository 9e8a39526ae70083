"""Russian words that are spelled alike and spoken apart: за́мок and замо́к, все and всё. Their neighbours decide."""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from functools import cache

from models.phonemes.stress import accent, context_weights, homograph_lines, parsed
from models.phonemes.text import STRESS_MARK

# A weight that the neighbours must outweigh before the rarer reading is taken. Of 1.5 to 3 it was the best on texts
# that the weights were not made from.
PRIOR = 2.0

# A genitive seldom opens a clause: слова́ пе́сни.
_AT_THE_START = 3.0

_LETTERS = "а-яё"
_WORD = re.compile(f"[{_LETTERS}+{STRESS_MARK}]+")
_PLAIN = re.compile("[а-я]+")


@dataclass(frozen=True, slots=True)
class Homograph:
    """Two readings, "+" before the stressed vowel, and what their neighbours are compared by."""

    usual: str
    rare: str
    # "gen": `case` is the genitive singular and the other a plural (воды́, во́ды); "loc": `case` is the locative
    # (в саду́); else the last letters, for words of one ending behave alike, and `case` has the later stress.
    group: str
    case: str


@dataclass(frozen=True, slots=True)
class Neighbours:
    """Words next to one, spaces only between; "" where there is none."""

    before: str = ""
    after: str = ""
    before_that: str = ""
    after_that: str = ""
    beyond_comma: str = ""  # the next word when a comma stands between


def marked(text: str) -> str:
    """Lower-case text with ё restored, and U+0301 where the context asks for a reading that is not the usual one.

    Words that carry a mark ("+" before the vowel or U+0301 after it) stay as they are.
    """
    words = list(_WORD.finditer(text))
    pieces: list[str] = []
    end = 0
    for place, word in enumerate(words):
        pieces += [text[end : word.start()], _read(text, words, place)]
        end = word.end()
    return "".join([*pieces, text[end:]])


def features(word: str, group: str, near: Neighbours) -> Iterator[str]:
    """What is weighed: the neighbours of this word, and the neighbours and their endings for all words like it."""
    for side, neighbour in (("p", near.before), ("n", near.after)):
        if neighbour:
            yield f"{word} {side}{neighbour}"
            yield f":{group} {side}{neighbour}"
            yield f":{group} {side}-{neighbour[-3:]}"
            yield f":{group} {side}-{neighbour[-2:]}"
    if near.before_that:
        yield f"{word} q{near.before_that}"
        yield f":{group} q{near.before_that}"
        yield f":{group} q-{near.before_that[-2:]}"
    if near.after_that:
        yield f"{word} m{near.after_that}"


@cache
def homographs() -> dict[str, Homograph]:
    """By their bare spelling, without ё."""
    pairs = [line.split() for line in homograph_lines() if " " in line]
    return {_bare(usual.partition(":")[0]): _homograph(usual, rare) for usual, rare in pairs}


def _homograph(usual: str, rare: str) -> Homograph:
    for reading in (usual, rare):
        case, marker, group = reading.partition(":")
        if marker:
            return Homograph(usual.partition(":")[0], rare.partition(":")[0], group, case)
    later = max(usual, rare, key=lambda reading: (reading.index("+"), "ё" in reading))
    return Homograph(usual, rare, _bare(usual)[-2:] + ("ё" if "ё" in usual + rare else ""), later)


def _bare(reading: str) -> str:
    return reading.replace("+", "").replace("ё", "е")


def _read(text: str, words: list[re.Match[str]], place: int) -> str:
    word = words[place][0]
    if not _PLAIN.fullmatch(word):
        return word
    homograph = homographs().get(word)
    if homograph is None:
        return accent(word).word
    reading = _reading(word, homograph, _neighbours(text, words, place))
    return parsed(reading).word if reading == homograph.usual else _with_mark(reading)


def _with_mark(reading: str) -> str:
    before, _, after = reading.partition("+")
    return before + after if after[0] == "ё" else before + after[0] + STRESS_MARK + after[1:]


def _neighbours(text: str, words: list[re.Match[str]], place: int) -> Neighbours:
    def word(at: int) -> str:
        return words[at][0].replace("ё", "е")

    def touch(left: int, between: str) -> bool:
        return 0 <= left < len(words) - 1 and text[words[left].end() : words[left + 1].start()] == between

    before, after = touch(place - 1, " "), touch(place, " ")
    return Neighbours(
        before=word(place - 1) if before else "",
        after=word(place + 1) if after else "",
        before_that=word(place - 2) if before and touch(place - 2, " ") else "",
        after_that=word(place + 2) if after and touch(place + 1, " ") else "",
        beyond_comma=word(place + 1) if touch(place, ", ") else "",
    )


def _reading(word: str, homograph: Homograph, near: Neighbours) -> str:
    if reading := _RULES.get(word, _no_rule)(near) or _rule_of_the_group(word, homograph, near):
        return reading
    if word in _ONLY_BY_RULE:
        return homograph.usual
    if homograph.group == "gen" and near.before in _WHOSE:
        near = replace(near, before=near.before_that, before_that="")
    weights = context_weights()
    sum_ = sum(weights.get(feature, 0.0) for feature in features(word, homograph.group, near))
    if homograph.group == "gen" and not near.before:
        sum_ -= _AT_THE_START
    rarer = sum_ if homograph.case == homograph.rare else -sum_
    return homograph.rare if rarer > PRIOR else homograph.usual


# Rules for the most frequent ones.


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


_ALL, _EVERYTHING = "вс+е", "вс+ё"
_ALL_FOLLOWED_BY = _words(
    "мы вы они эти те мои твои свои наши ваши остальные их его ее люди кто две два три четыре пять шесть семь восемь "
    "девять десять"
)
_EVERYTHING_FOLLOWED_BY = _words(
    "равно таки же еще это то тот та время что больше меньше чаще реже лучше хуже выше ниже дальше ближе глубже шире "
    "дороже дешевле раньше позже так вокруг зря нельзя можно нужно надо"
)
_BEYOND_COMMA = {"что": _EVERYTHING, "чего": _EVERYTHING, "чему": _EVERYTHING, "кто": _ALL, "кому": _ALL, "кого": _ALL}
_EVERYTHING_WITH_TWO = {("ли", "равно"), ("в", "порядке")}
_NO_ALL_FOLLOWED_BY = _words("и или ли бы а но да на за у с к")
_PLURAL = re.compile(r"правила|.+(?:[ыи]е|ли|лись|[ую]т|[ая]т|[ую]тся|[ая]тся|[ыи]|ства|[еа]ния|[тн]ия|ья)")
_SINGULAR = re.compile(r".+(?:ее|[ое]е|[аеиуыя]ла?|ло|л[оа]сь|лся|[еи]т|[еи]тся|ешь|ишь|ть|ться|[^г]о)")
_NOT_PLURAL = _words("меня тебя себя мной тобой когда куда сюда туда тогда всегда всякий или если почти ради")
_PLURAL_BEFORE = _words("мы вы они эти те нас вас их не почти как")


def _all_or_everything(near: Neighbours) -> str | None:
    """все or всё; None where the neighbours do not tell."""
    after, before = near.after, near.before
    if near.beyond_comma in _BEYOND_COMMA:
        return _BEYOND_COMMA[near.beyond_comma]
    if after in _ALL_FOLLOWED_BY or before in {"мы", "вы"}:
        return _ALL
    if after in _EVERYTHING_FOLLOWED_BY or before == "это" or (after, near.after_that) in _EVERYTHING_WITH_TWO:
        return _EVERYTHING
    if not after:
        return _at_the_end(before)
    if after in _NO_ALL_FOLLOWED_BY or after in _NOT_PLURAL:
        return None
    if _PLURAL.fullmatch(after) or (after in homographs() and homographs()[after].group == "gen"):
        return _ALL
    return _EVERYTHING if _SINGULAR.fullmatch(after) else None


def _at_the_end(before: str) -> str | None:
    if not before or before in _PLURAL_BEFORE or re.fullmatch(r".+(?:ли|лись|[ую]т|[ая]т|[ую]тся|[ая]тся)", before):
        return None
    return _EVERYTHING


def _after_preposition(case: str, *prepositions: str) -> Callable[[Neighbours], str | None]:
    """A rule: this reading right after one of the prepositions, but not in "не о чем"."""
    return lambda near: case if near.before in prepositions and near.before_that != "не" else None


def _costs_or_stands(costs: str, stands: str) -> Callable[[Neighbours], str | None]:
    """A rule for сто́ит and стои́т: what has a price, and what has a place."""

    def rule(near: Neighbours) -> str | None:
        if near.after in _PRICES or near.before == "сколько" or re.fullmatch(".+(?:ть|ться|ти)", near.after):
            return costs
        return stands if near.after in _PLACES else None

    return rule


_WHOSE = _words("его ее их")  # they look like adjectives and tell nothing of case and number
_NUMERALS = _words("два две три четыре полтора полторы оба обе")
_PRICES = _words(
    "один одну два две три четыре пять шесть семь восемь девять десять двадцать тридцать сорок пятьдесят шестьдесят "
    "семьдесят восемьдесят девяносто сто двести триста четыреста пятьсот шестьсот семьсот восемьсот девятьсот тысячу "
    "миллион миллиард ноль полтора всего около более меньше больше дороже дешевле дорого дешево недорого недешево "
    "денег копейки рубль"
)
_PLACES = _words("у за под перед над возле рядом посреди среди между вдоль там тут здесь")


def _counted(case: str) -> Callable[[Neighbours], str | None]:
    """A rule: this reading after a numeral, два часа́."""
    return lambda near: case if near.before in _NUMERALS or near.before_that in _NUMERALS else None


def _before(case: str, *words: str) -> Callable[[Neighbours], str | None]:
    """A rule: this reading right before one of the words."""
    return lambda near: case if near.after in words else None


def _no_rule(near: Neighbours) -> None:
    """For the words that have none."""


def _rule_of_the_group(word: str, homograph: Homograph, near: Neighbours) -> str | None:
    other = homograph.rare if homograph.case == homograph.usual else homograph.usual
    if _ORDER.fullmatch(word):
        return other if "вы" in (near.before, near.before_that) else homograph.usual  # вы хо́дите, but ходи́те!
    if homograph.group == "gen" and near.before in _NUMERALS:
        return homograph.case
    if homograph.group == "loc" and word[-1] == "и" and word != "груди":
        return homograph.case if near.before in _INSIDE else other
    if homograph.group == "loc" and near.before in _TOWARDS:
        return other
    return None


_ORDER = re.compile(".+ите(?:сь)?")
_INSIDE = _words("в во на")
_TOWARDS = _words("по к ко")

_SWEAT_BEFORE = re.compile(r".+[ыи]м|об?ли.+|пах.+|пропах.+|пропит.+|покр.+|исте.+|весь|вся")


def _sweat(near: Neighbours) -> str | None:
    """холо́дным по́том; else the adverb."""
    return "п+отом" if _SWEAT_BEFORE.fullmatch(near.before) else None


def _at_home(near: Neighbours) -> str | None:
    """Before all else in a clause it is the adverb: до́ма никого́."""
    return None if near.before else "д+ома"


def _mine_or_wash(near: Neighbours) -> str | None:
    """в моём до́ме; мы мо́ем посу́ду."""
    return "м+оем" if near.before in _WHO_WASHES else "мо+ём"


_WHO_WASHES = _words("мы не часто всегда тщательно")


def _itself(near: Neighbours) -> str | None:
    """о нём само́м; else на са́мом де́ле."""
    return "сам+ом" if near.before in _ITS_OWN or (near.before != "на" and near.after in _ITS_OWN) else "с+амом"


_ITS_OWN = _words("нем себе мне тебе")


def _began(near: Neighbours) -> str | None:
    """на́чало темне́ть; else the noun."""
    return "н+ачало" if re.fullmatch(".+(?:ть|ться)", near.after) else None


_RULES: dict[str, Callable[[Neighbours], str | None]] = {
    "все": _all_or_everything,
    "чем": _after_preposition("ч+ём", "о", "об", "в", "на", "при"),
    "всем": _after_preposition("вс+ём", "во", "о", "обо", "на", "при"),
    "моем": _mine_or_wash,
    "стоит": _costs_or_stands("ст+оит", "сто+ит"),
    "стоят": _costs_or_stands("ст+оят", "сто+ят"),
    "потом": _sweat,
    "самом": _itself,
    "начало": _began,
    "дома": _at_home,
    "часа": _counted("час+а"),
    "пропасть": _before("проп+асть", "без", "из", "с"),
}
# Their neighbours are too common to be weighed.
_ONLY_BY_RULE = frozenset({"все", "чем", "всем", "потом", "начало"})
