import pytest
from hypothesis import given
from hypothesis import strategies as st
from num2words import num2words

from workers.pipeline.normalise.russian.numerals import (
    CASES,
    LIMIT,
    cardinal,
    decimal,
    digits,
    fraction,
    grouped,
    joined,
    ordinal,
)


@pytest.mark.parametrize(
    ("number", "case", "gender", "words"),
    [
        (0, "gent", "masc", "ноля"),
        (1, "accs", "femn", "одну"),
        (2, "nomn", "femn", "две"),
        (2, "nomn", "neut", "два"),
        (21, "datv", "masc", "двадцати одному"),
        (40, "gent", "masc", "сорока"),
        (90, "ablt", "masc", "девяноста"),
        (200, "gent", "masc", "двухсот"),
        (354, "ablt", "masc", "тремястами пятьюдесятью четырьмя"),
        (800, "ablt", "masc", "восемьюстами"),
        (1000, "accs", "masc", "тысячу"),
        (1250, "nomn", "masc", "тысяча двести пятьдесят"),
        (21_000, "gent", "masc", "двадцати одной тысячи"),
        (2_000_000, "datv", "masc", "двум миллионам"),
        (1_001_000, "nomn", "masc", "один миллион одна тысяча"),
    ],
)
def test_cardinals(number: int, case: str, gender: str, words: str) -> None:
    assert cardinal(number, case, gender) == words


def test_living_beings_are_counted_otherwise_in_the_accusative() -> None:
    assert cardinal(2, "accs", "masc", animate=True) == "двух"
    assert cardinal(22, "accs", "masc", animate=True) == "двадцать два"
    assert cardinal(21, "accs", "masc", animate=True) == "двадцать одного"
    assert cardinal(1, "accs", "femn", animate=True) == "одну"


@given(st.integers(0, LIMIT - 1), st.sampled_from("ngdip"))
def test_cardinals_are_those_of_num2words(number: int, letter: str) -> None:
    case = dict(zip("ngdip", ("nomn", "gent", "datv", "ablt", "loct"), strict=True))[letter]
    known = str(num2words(number, lang="ru", case=letter))
    if 1000 <= number < 2000:
        known = known.partition(" ")[2]
    assert cardinal(number, case) == known


@given(st.integers(1, 9_999))
def test_ordinals_are_those_of_num2words(number: int) -> None:
    """Below 10 000: it makes a "десятый тысяч первый" of 10 001."""
    known = str(num2words(number, lang="ru", to="ordinal"))
    assert ordinal(number) == known


@pytest.mark.parametrize(
    ("number", "gender", "case", "words"),
    [
        (3, "femn", "accs", "третью"),
        (3, "plur", "gent", "третьих"),
        (40, "masc", "datv", "сороковому"),
        (80, "plur", "nomn", "восьмидесятые"),
        (1980, "masc", "loct", "тысяча девятьсот восьмидесятом"),
        (2000, "masc", "loct", "двухтысячном"),
        (21_000, "masc", "nomn", "двадцатиоднотысячный"),
    ],
)
def test_ordinals(number: int, gender: str, case: str, words: str) -> None:
    assert ordinal(number, gender, case) == words


@pytest.mark.parametrize(
    ("whole", "part", "case", "words"),
    [
        (3, "14", "nomn", "три целых четырнадцать сотых"),
        (1, "1", "nomn", "одна целая одна десятая"),
        (0, "5", "gent", "ноля целых пяти десятых"),
        (21, "01", "accs", "двадцать одну целую одну сотую"),
        (3, "1415926", "nomn", "три запятая один четыре один пять девять два шесть"),
    ],
)
def test_decimals(whole: int, part: str, case: str, words: str) -> None:
    assert decimal(whole, part, case) == words


@pytest.mark.parametrize(
    ("top", "bottom", "case", "words"),
    [
        (1, 2, "nomn", "одна вторая"),
        (3, 4, "nomn", "три четверти"),
        (2, 3, "gent", "двух третей"),
        (1, 3, "accs", "одну треть"),
        (5, 8, "nomn", "пять восьмых"),
    ],
)
def test_fractions(top: int, bottom: int, case: str, words: str) -> None:
    assert fraction(top, bottom, case) == words


@pytest.mark.parametrize(
    ("number", "words"),
    [(1, "одно"), (2, "двух"), (25, "двадцатипяти"), (40, "сорока"), (90, "девяносто"), (100, "сто"), (1000, "тысяче")],
)
def test_the_first_part_of_a_compound(number: int, words: str) -> None:
    assert joined(number) == words


def test_digits_and_groups() -> None:
    assert digits("0120") == "ноль один два ноль"
    assert [grouped(group) for group in ("05", "00", "120", "007")] == [
        "ноль пять",
        "ноль ноль",
        "сто двадцать",
        "ноль ноль семь",
    ]


@given(st.integers(0, LIMIT - 1), st.sampled_from(CASES))
def test_every_number_has_words_in_every_case(number: int, case: str) -> None:
    assert all(word.isalpha() for word in cardinal(number, case).split())
    assert all(word.isalpha() for word in ordinal(number, "femn", case).split())
