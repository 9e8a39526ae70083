"""Drops the full stops that end no sentence: after abbreviations and initials, inside addresses.

After this stage a full stop is a sentence end, which saves the chunker all knowledge of abbreviations and the
engine a false fall of the voice after "Prof.". Works before `case`: a capital letter tells a sentence end.
"""

import re

from workers.pipeline.normalise.case import lower

# What stands before a name or a number and therefore never ends a sentence.
_LEADERS = {
    "az": "prof dos dr akad müəl mən küç pr pros şəh məh ray qəs bax nöm tel cən xan",
    "tr": "prof doç dr av arş gör öğr yrd uzm müh mim alb yb yzb sn bkz bk cad sok mah apt bul no tel çev",
    "ru": "проф акад доц ул пр просп пер пл наб бул ш кв стр корп рис табл тел см ср им гр св обл оз",
}
# What ends a sentence when a capital letter follows, and none otherwise.
_TRAILERS = {
    "az": "və s b i a m ə mln mlrd man qəp əsr",
    "tr": "vb vs vd ltd şti mln mlr tl yy sa dk",
    "ru": "др гг вв тыс млн млрд руб коп чел мин сек час обр",
}
_LEADING = {language: frozenset(words.split()) for language, words in _LEADERS.items()}
_TRAILING = {language: frozenset(words.split()) for language, words in _TRAILERS.items()}

_POINT = {"az": "nöqtə", "tr": "nokta", "ru": "точка"}

# One attempt at each word's beginning and none inside it: linear also in an endless word.
_STOP = re.compile(r"(?<!\w)(\w++)\.(?=( ?)(\w?))")


def drop_stops(text: str, language: str) -> str:
    """`text` without the full stops that end no sentence; one inside an address ("mail.az") is said."""

    def read(found: re.Match[str]) -> str:
        word, space, following = found.groups()
        if following and not space:
            return word + _inside(word, following, language)
        return word + ("." if _ends_sentence(word, following, language) else " ")

    return _STOP.sub(read, text)


def _inside(word: str, following: str, language: str) -> str:
    """What a full stop between two letters stands for."""
    if len(word) == 1 or lower(word, language) in _LEADING[language]:
        return " "  # T.C., т.е., Prof.Dr.
    if word[-1].islower() and following.isupper():
        return ". "  # a sentence end whose space was forgotten
    return f" {_POINT[language]} "


def _ends_sentence(word: str, following: str, language: str) -> bool:
    if not following:
        return True
    if len(word) == 1 and word.isupper():
        return False  # an initial
    lowered = lower(word, language)
    if lowered in _LEADING[language]:
        return False
    if len(word) == 1 or lowered in _TRAILING[language]:
        return following.isupper()
    return True
