import pytest

from tests.pipeline.normalise.turkic.readings import read, readings
from workers.pipeline.normalise.azerbaijani.numbers import AFTER_UNITS, BEFORE_DATES, BEFORE_UNITS, GRAMMAR


@pytest.mark.parametrize(("written", "spoken"), readings(__file__))
def test_a_sentence(written: str, spoken: str) -> None:
    assert read(written, (*BEFORE_DATES, *BEFORE_UNITS, *AFTER_UNITS)) == spoken


@pytest.mark.parametrize(
    ("number", "words"),
    [
        (0, "sıfır"),
        (25, "iyirmi beş"),
        (70, "yetmiş"),
        (100, "yüz"),
        (1000, "min"),
        (1_000_000, "bir milyon"),
        (10**14 + 7, "yüz trilyon yeddi"),
    ],
)
def test_cardinal(number: int, words: str) -> None:
    assert GRAMMAR.cardinal(number) == words


@pytest.mark.parametrize(
    ("number", "words"),
    [
        (1, "birinci"), (2, "ikinci"), (3, "üçüncü"), (4, "dördüncü"), (6, "altıncı"), (9, "doqquzuncu"),
        (10, "onuncu"),
        (20, "iyirminci"), (40, "qırxıncı"), (100, "yüzüncü"), (1000, "mininci"), (2024, "iki min iyirmi dördüncü"),
    ],
)  # fmt: skip
def test_ordinal(number: int, words: str) -> None:
    assert GRAMMAR.ordinal(number) == words


@pytest.mark.parametrize(
    ("whole", "fraction", "words"),
    [
        ("3", "14", "üç tam yüzdə on dörd"),
        ("3", "05", "üç tam yüzdə beş"),
        ("0", "001", "sıfır tam mində bir"),
        ("2", "0", "iki vergül sıfır"),
        ("3", "14159", "üç vergül bir dörd bir beş doqquz"),
    ],
)
def test_decimal(whole: str, fraction: str, words: str) -> None:
    assert GRAMMAR.decimal(whole, fraction) == words


@pytest.mark.parametrize(
    ("words", "suffix", "inflected"),
    [
        ("altı", "ya", "altıya"), ("altı", "a", "altıya"), ("doqquz", "a", "doqquza"), ("üç", "dən", "üçdən"),
        ("dörd", "tən", "dörddən"), ("iki", "i", "ikisi"), ("iki", "ni", "ikini"), ("beş", "ni", "beşi"),
        ("beş", "nə", "beşinə"),
        ("yüz", "lik", "yüzlük"), ("on", "luq", "onluq"), ("altı", "lıq", "altılıq"), ("on", "dək", "onadək"),
        ("beş", "cidə", "beşincidə"), ("üç", "CÜ", "üçüncü"), ("manat", "lıq", "manatlıq"),
        ("qəpik", "ə", "qəpiyə"),
        ("nizami küçəsi", "də", "nizami küçəsində"), ("abş dolları", "a", "abş dollarına"),
        ("be em te", "nin", "be em tenin"),
        ("NATO", "ya", "NATOya"), ("üç", "mərtəbə", "üçmərtəbə"), ("üç", "", "üç"),
    ],
)  # fmt: skip
def test_suffix(words: str, suffix: str, inflected: str) -> None:
    assert GRAMMAR.inflect(words, suffix) == inflected
