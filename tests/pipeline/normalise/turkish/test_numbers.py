import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.pipeline.normalise.turkic.readings import read, readings
from workers.pipeline.normalise.turkish.numbers import AFTER_UNITS, BEFORE_DATES, BEFORE_UNITS, GRAMMAR

_VALUES = {
    "sıfır": 0, "bir": 1, "iki": 2, "üç": 3, "dört": 4, "beş": 5, "altı": 6, "yedi": 7, "sekiz": 8, "dokuz": 9,
    "on": 10,
    "yirmi": 20, "otuz": 30, "kırk": 40, "elli": 50, "altmış": 60, "yetmiş": 70, "seksen": 80, "doksan": 90,
}  # fmt: skip
_SCALES = {"bin": 10**3, "milyon": 10**6, "milyar": 10**9, "trilyon": 10**12}


@pytest.mark.parametrize(("written", "spoken"), readings(__file__))
def test_a_sentence(written: str, spoken: str) -> None:
    assert read(written, (*BEFORE_DATES, *BEFORE_UNITS, *AFTER_UNITS)) == spoken


@given(st.integers(0, 10**15 - 1))
def test_cardinal_says_the_number(number: int) -> None:
    total = group = 0
    for word in GRAMMAR.cardinal(number).split():
        if word in _SCALES:
            total, group = total + (group or 1) * _SCALES[word], 0
        elif word == "yüz":
            group = (group or 1) * 100
        else:
            group += _VALUES[word]
    assert total + group == number


@pytest.mark.parametrize(
    ("number", "words"),
    [(0, "sıfır"), (100, "yüz"), (1000, "bin"), (1_001_000, "bir milyon bin"), (11_111, "on bir bin yüz on bir")],
)
def test_cardinal(number: int, words: str) -> None:
    assert GRAMMAR.cardinal(number) == words


@pytest.mark.parametrize(
    ("whole", "fraction", "words"),
    [
        ("3", "14", "üç virgül on dört"),
        ("3", "05", "üç virgül sıfır beş"),
        ("0", "125", "sıfır virgül yüz yirmi beş"),
        ("2", "00", "iki virgül sıfır sıfır"),
        ("3", "1415", "üç virgül bir dört bir beş"),
    ],
)
def test_decimal(whole: str, fraction: str, words: str) -> None:
    assert GRAMMAR.decimal(whole, fraction) == words


@pytest.mark.parametrize(
    ("words", "suffix", "inflected"),
    [
        ("yirmi", "si", "yirmisi"), ("dört", "ü", "dördü"), ("yirmi dört", "ün", "yirmi dördün"),
        ("dört", "te", "dörtte"),
        ("dört", "e", "dörde"), ("on dokuz", "da", "on dokuzda"), ("üç", "de", "üçte"), ("altı", "a", "altıya"),
        ("altı", "yla", "altıyla"), ("beş", "yle", "beşle"), ("iki", "er", "ikişer"), ("on", "ar", "onar"),
        ("iki", "nin", "ikinin"),
        ("beş", "inci", "beşinci"), ("üç", "üncüsü", "üçüncüsü"), ("yirmi üç", "teki", "yirmi üçteki"),
        ("on", "daki", "ondaki"),
        ("doksan", "larda", "doksanlarda"), ("saat", "te", "saatte"), ("türk lirası", "ya", "türk lirasına"),
        ("şirketi", "nin", "şirketinin"), ("lira", "yı", "lirayı"), ("kilometre", "ye", "kilometreye"),
        ("dolar", "e", "dolara"),
        ("te be me me", "ye", "te be me meye"), ("sekiz", "dik", "sekizdik"),
    ],
)  # fmt: skip
def test_suffix(words: str, suffix: str, inflected: str) -> None:
    assert GRAMMAR.inflect(words, suffix) == inflected
