"""Which case the words before a number ask for."""

import re

from workers.pipeline.normalise.russian import morphology
from workers.pipeline.normalise.russian.tables import word_set

# `с` and `в` depend on what follows the number as well, `по` on the number: see `governed`.
_PREPOSITIONS = {
    "gent": "от ото до из изо без безо для у около после кроме вместо против среди свыше более менее больше меньше "
    "выше ниже старше младше дольше дешевле дороже порядка напротив вокруг ради вдоль помимо внутри накануне возле "
    "ок не-менее не-более",
    "datv": "к ко благодаря согласно вопреки навстречу равно равен равна равны равняется равнялось равняться",
    "accs": "в во на за через про сквозь спустя под подо",
    "ablt": "перед передо между над надо",
    "loct": "о об обо при",
}
_NOUNS = {
    "gent": "течение размере пределах уровне возрасте количестве объёме объеме сумме размера суммы объёма объема "
    "количества продолжение протяжении районе истечении достигает достиг достигла достигло достигли превышении "
    "достигнет достигать высоте глубине расстоянии удалении хватает хватит хватило хватало недостаёт недостает нет",
    "accs": "сумму стоимостью ценой весом массой длиной шириной высотой глубиной ростом площадью ёмкостью мощностью "
    "вместимостью стаж сроком",
}
_CASES = {
    word.replace("-", " "): case
    for table in (_PREPOSITIONS, _NOUNS)
    for case, words in table.items()
    for word in words.split()
}
_PASSED_OVER = word_set(
    "почти примерно приблизительно ещё еще всего лишь только минимум максимум ровно целых общей аж уже где-то хотя бы ",
    "плюс минус сумму",
) - {"сумму"}
_LAST_WORD = re.compile(r"([а-яё]++(?:-[а-яё]++)?)[ (]{0,3}$", re.IGNORECASE)
_FROM_TO = re.compile(r"[^.;!?]{0,40}?[ (](?:до|по)\b", re.IGNORECASE)
_TIME_OF_DAY = re.compile(r"(?: ?ч(?:ас(?:а|ов)?\b|\.|\b))?\.? ?(?:утра|вечера|дня|ночи)\b| час(?:а|ов)\b")
_AWAY = re.compile(
    r" (?:от|к (?:северу|югу|востоку|западу)|езды|ходьбы|пути"
    r"|(?:юж|север|запад|восточ)н\w{1,5}|(?:север|юж|запад|восточ)нее)\b"
)
_BETWEEN = re.compile(r"\bмежду \S{1,20} и $", re.IGNORECASE)


def last_words(before: str, count: int = 3) -> list[str]:
    """The words directly before, the nearest first, lower case, without those that govern nothing ("примерно")."""
    words: list[str] = []
    before = before[-80:]
    while len(words) < count and (found := _LAST_WORD.search(before)):
        before = before[: found.start()]
        word = found[1].lower()
        if word not in _PASSED_OVER:
            words.append(word)
    return words


def governed(before: str, after: str = "", default: str = "nomn") -> str:
    """The case of a number between the two stretches of the sentence."""
    if before.endswith(("ок. ", "Ок. ")):
        return "gent"
    if _BETWEEN.search(before[-40:]):
        return "ablt"
    if determiner := _DETERMINER.search(before[-40:]):
        return _governed_through(determiner, before[: -len(determiner[0])], after, default)
    words = last_words(before, 1)
    if not words or words[0] == "и":
        return _governed_in_list(before) or default
    word = words[0]
    if word in ("с", "со"):
        return "gent" if _FROM_TO.match(after) or _TIME_OF_DAY.match(after) else "ablt"
    if word in ("в", "во") and _AWAY.match(after):
        return "loct"
    if word == "по":
        return "accs"
    if word in _CASES:
        return _CASES[word]
    if _is_subject(before, word, after):
        return "nomn"
    return (default not in ("gent", "accs") and _governed_by_verb(word)) or default


_COUNTED = re.compile(r" ([а-яё]++)")
_CLAUSE = re.compile(r"(?:^|[,;:(—] )(?P<words>[^,;:(—]*)$")


_PREPOSITIONAL = re.compile(rf"\b(?:{'|'.join(' '.join(_PREPOSITIONS.values()).split())}|со?|по) [а-яё\d]+ ?")


def _is_subject(before: str, verb: str, after: str) -> bool:
    """ "Матч смотрели 51 000 болельщиков": people are counted, and the object stands before the verb already."""
    people = _COUNTED.match(after)
    if not people or not morphology.is_verb_of_many(verb) or not morphology.is_transitive(verb):
        return False
    if not any(form.animate and form.part == "NOUN" for form in morphology.forms(people[1])):
        return False
    clause = _CLAUSE.search(before[-120:])
    words = _PREPOSITIONAL.sub("", clause["words"].lower()).split()[:-1] if clause else []
    readings = [morphology.forms(word) for word in words]
    if any(form.case == "nomn" and form.number == "plur" for forms in readings for form in forms):
        return False  # "врачи осмотрели"
    return any(form.case == "accs" and form.part == "NOUN" for forms in readings for form in forms)


# Between a preposition and the number, and in the case of both: "из каждых 100", "в первые 5 дней".
_DETERMINER = re.compile(
    r"\b(?:кажд|последн|перв|следующ|ближайш|остальн|эт|все|т)(?P<ending>[ыие]х|[ыие]м|[ыие]ми|ые|ие|и|е) $",
    re.IGNORECASE,
)


def _governed_through(determiner: re.Match[str], before: str, after: str, default: str) -> str:
    case = governed(before, after, default="")
    ending = determiner["ending"].lower()
    if ending.endswith("х"):
        in_place = last_words(before, 1)[:1] in (["в"], ["во"], ["на"])
        return "loct" if in_place or case == "loct" else "gent"
    if ending.endswith("м"):
        return "datv"
    return "ablt" if ending.endswith("ми") else case or default


# The dictionary has them as verbs with an object as well: "прошло тысяча лет".
_NO_OBJECT = word_set("прошло пройдёт пройдет проходит минуло стукнуло прошли проходят пройдут")
_FIRST_WORD = re.compile(r"[А-ЯЁ]?[а-яё]++")


def _governed_in_list(before: str) -> str:
    """ "Возьмите муку, 1 ложку соли и 1 чашку молока": the verb at the head governs the list."""
    first = _FIRST_WORD.match(before)
    is_list = before.rstrip().endswith((",", " и")) and len(before) < 200
    return "accs" if first and is_list and len(first[0]) > 3 and morphology.is_imperative(first[0]) else ""


def _governed_by_verb(word: str) -> str:
    """What an ordinary word before the number asks for: an object, or what it is compared with."""
    if word in _NO_OBJECT:
        return ""
    if word.startswith("достиг"):
        return "gent"
    if word.startswith(("датирова", "датиру")):
        return "ablt"
    if len(word) > 3 and morphology.is_transitive(word):
        return "accs"
    return "gent" if len(word) > 3 and word.endswith(("е", "ей")) and morphology.is_comparative(word) else ""


def distributive(before: str, number: int, case: str) -> str:
    """ "по одному рублю", "по тысяче рублей", but "по пять рублей"."""
    if case == "accs" and last_words(before, 1) == ["по"] and number in (1, 1000, 10**6, 10**9):
        return "datv"
    return case
