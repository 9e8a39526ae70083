import pytest

from workers.pipeline.normalise.symbols import read_symbols


@pytest.mark.parametrize(
    ("language", "written", "words"),
    [
        ("az", "a & b", "a və b"),
        ("az", "beş ₼", "beş manat"),
        ("tr", "% beş", "yüzde beş"),
        ("tr", "on °C", "on santigrat derece"),
        ("tr", "on ℃", "on santigrat derece"),
        ("tr", "on °", "on derece"),
        ("ru", "№ пять", "номер пять"),
        ("ru", "инфо@яндекс", "инфо собака яндекс"),
        ("ru", "и/или", "и или"),
    ],
)
def test_named(language: str, written: str, words: str) -> None:
    assert read_symbols(written, language).split() == words.split()


def test_a_suffix_stays_at_the_name() -> None:
    assert read_symbols("iyirmi%-i", "az") == "iyirmi faiz-i"
    assert read_symbols("on $'a", "tr") == "on  dolar'a"
