import pytest
from hypothesis import given
from hypothesis import strategies as st

from workers.pipeline.normalise.cardinals import CARDINAL_LIMIT, CARDINALS

VALUES = {
    "tr": "sıfır bir iki üç dört beş altı yedi sekiz dokuz on yirmi otuz kırk elli altmış yetmiş seksen doksan",
    "az": "sıfır bir iki üç dörd beş altı yeddi səkkiz doqquz on iyirmi otuz qırx əlli altmış yetmiş səksən doxsan",
}
NUMBERS = [*range(10), *range(10, 100, 10)]
SCALES = {
    "tr": {"bin": 10**3, "milyon": 10**6, "milyar": 10**9, "trilyon": 10**12},
    "az": {"min": 10**3, "milyon": 10**6, "milyard": 10**9, "trilyon": 10**12},
}


def value(words: str, language: str) -> int:
    """The number that the words say: the reader's inverse, by another way."""
    values = dict(zip(VALUES[language].split(), NUMBERS, strict=True))
    total, group = 0, 0
    for word in words.split(" "):
        if word == "yüz":
            group = max(group, 1) * 100
        elif word in SCALES[language]:
            total, group = total + max(group, 1) * SCALES[language][word], 0
        else:
            group += values[word]
    return total + group


@given(st.integers(0, CARDINAL_LIMIT - 1) | st.integers(0, 2_100), st.sampled_from(["az", "tr"]))
def test_words_say_the_number(number: int, language: str) -> None:
    words = CARDINALS[language](number)
    assert value(words, language) == number


@pytest.mark.parametrize(
    ("language", "number", "words"),
    [
        ("tr", 0, "sıfır"),
        ("tr", 100, "yüz"),
        ("tr", 1_000, "bin"),
        ("tr", 301_661, "üç yüz bir bin altı yüz altmış bir"),  # num2words loses this "bir"
        ("tr", 1_001_000, "bir milyon bin"),
        ("az", 11_000, "on bir min"),  # num2words says "on min"
        ("ru", 2_001, "две тысячи один"),
        ("ru", 21_000_000, "двадцать один миллион"),
    ],
)
def test_example(language: str, number: int, words: str) -> None:
    assert CARDINALS[language](number) == words
