"""Reads every digit: integers, grouped integers, decimals, and digit by digit what is none of them.

A run of digits with single marks or spaces between ("1 250,50", "29.10.1923") is taken whole and then judged
in Python, because a pattern that judged it would need backtracking.
"""

import re

from aznum2words import num2words as azerbaijani
from num2words import num2words

from workers.pipeline.normalise.cardinals import CARDINALS

# Longer strings without grouping are telephone, card and identity numbers: nobody hears them as billions.
_LONGEST_CARDINAL = 9
_LONGEST_GROUPED = 15
# A longer fraction is said digit by digit.
_LONGEST_FRACTION = 3

_MINUS = {"az": "mənfi", "tr": "eksi", "ru": "минус"}
_COMMA = {"az": "vergül", "tr": "virgül", "ru": "запятая"}
# The mark that groups thousands; the other of the two is the decimal mark. A space groups everywhere.
_GROUP_MARK = {"az": ".", "tr": ".", "ru": " "}

_CURRENCIES = "€$₼₺₽£¥₴₾"
_NUMBER = re.compile(
    rf"(?P<before>[%{_CURRENCIES}] ?)?"
    r"(?P<minus>(?<![\w)-])-)?"
    r"(?P<run>[0-9]+(?:[.,: ][0-9]+)*)"
    r"(?P<percent> ?%)?"
    r"(?:(?P<hyphen>-)(?=[a-zçəğıöşü])|(?P<stop>\.)(?= [a-zçğıöşü]))?"
)


def read_numbers(text: str, language: str) -> str:
    """`text` with all its digits in words.

    A currency sign moves behind its number, a percent sign in Turkish before it. The full stop of a Turkish
    ordinal ("3. baskı") goes: it ends no sentence.
    """

    def read(found: re.Match[str]) -> str:
        words = _read_run(found["run"], language)
        if found["minus"]:
            words = f"{_MINUS[language]} {words}"
        return _set_apart(_with_sign(words, found, language), found, language)

    return _NUMBER.sub(read, text)


def _with_sign(words: str, found: re.Match[str], language: str) -> str:
    signs = f"{found['before'] or ''}{found['percent'] or ''}".replace(" ", "")
    if language == "tr" and "%" in signs:
        return f"% {words} {signs.replace('%', '')}".rstrip()
    return f"{words} {signs}".rstrip()


def _set_apart(words: str, found: re.Match[str], language: str) -> str:
    """Spaces where the number touches a letter ("5kg"); an Azerbaijani suffix ("6-dan") is joined on."""
    start, end = found.span()
    if found.string[start - 1 : start].isalnum():
        words = f" {words}"
    if found["hyphen"]:
        return words if language == "az" and not found["percent"] else f"{words}-"
    if found["stop"]:
        return words if language == "tr" else f"{words}."
    return f"{words} " if found.string[end : end + 1].isalnum() else words


def _read_run(run: str, language: str) -> str:
    parts = re.split("[.,: ]", run)
    marks = [run[position] for position in _mark_positions(parts)]
    groups = _leading_groups(parts, marks, language)
    if groups == len(parts):
        return _integer("".join(parts), language, grouped=groups > 1)
    if groups == len(parts) - 1 and _is_decimal(parts, marks, language):
        return _decimal("".join(parts[:-1]), parts[-1], language)
    return _one_by_one(parts, marks, language)


def _mark_positions(parts: list[str]) -> list[int]:
    positions, position = [], -1
    for part in parts[:-1]:
        position += len(part) + 1
        positions.append(position)
    return positions


def _leading_groups(parts: list[str], marks: list[str], language: str) -> int:
    """How many of `parts` form one integer: "1.250.000,5" gives 3, "29.10.1923" gives 1."""
    if len(parts) == 1 or not 1 <= len(parts[0]) <= 3 or parts[0][0] == "0" or marks[0] == ":":
        return 1
    count = 1
    while count < len(parts) and marks[count - 1] == marks[0] and len(parts[count]) == 3:
        count += 1
    # One group after a mark that does not group here is a fraction: 1,250 in Turkish, 1.250 in Russian.
    if count == 2 == len(parts) and marks[0] not in (" ", _GROUP_MARK[language]):
        return 1
    return count


def _is_decimal(parts: list[str], marks: list[str], language: str) -> bool:
    """Whether the last of `parts` is a fraction; the ones before it are known to be one integer."""
    whole, mark = parts[0], marks[-1]
    if mark not in (".", ",") or (len(whole) > 1 and whole[0] == "0"):
        return False
    return len(marks) == 1 or mark != marks[0]


def _integer(digits: str, language: str, *, grouped: bool) -> str:
    longest = _LONGEST_GROUPED if grouped else _LONGEST_CARDINAL
    if len(digits) > longest or (len(digits) > 1 and digits[0] == "0"):
        return _digits(digits, language)
    return CARDINALS[language](int(digits))


def _digits(digits: str, language: str) -> str:
    return " ".join(_DIGITS[language][digit] for digit in digits)


_DIGITS = {language: {str(digit): cardinal(digit) for digit in range(10)} for language, cardinal in CARDINALS.items()}


def _decimal(whole: str, fraction: str, language: str) -> str:
    if language == "tr" or len(fraction) > _LONGEST_FRACTION or len(whole) > _LONGEST_GROUPED:
        words = _integer(whole, language, grouped=True)
        return f"{words} {_COMMA[language]} {_fraction(fraction, language)}"
    if language == "ru":
        return str(num2words(f"{whole}.{fraction}", lang="ru"))
    words = str(azerbaijani(f"{whole}.{fraction}"))
    # aznum2words drops a fraction of zeros: "2,0" is said as it is written.
    return words if fraction.strip("0") else f"{words} {_COMMA['az']} {_digits(fraction, 'az')}"


def _fraction(fraction: str, language: str) -> str:
    """3,14: "üç virgül on dört"; 3,05: "üç virgül sıfır beş"; long ones digit by digit."""
    short = len(fraction) <= _LONGEST_FRACTION
    return _integer(fraction, language, grouped=False) if short else _digits(fraction, language)


def _one_by_one(parts: list[str], marks: list[str], language: str) -> str:
    """Dates, times, telephone numbers, lists: every part by itself."""
    words = [_integer(part, language, grouped=False) for part in parts]
    rests = [", " if mark == "," else " " for mark in marks] + [""]
    return "".join(word + rest for word, rest in zip(words, rests, strict=True))
