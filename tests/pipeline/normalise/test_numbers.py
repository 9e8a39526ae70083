import pytest
from hypothesis import given
from hypothesis import strategies as st

from workers.pipeline.normalise import LANGUAGES
from workers.pipeline.normalise.cardinals import CARDINALS
from workers.pipeline.normalise.numbers import read_numbers


@given(st.text(alphabet="0123456789.,: -%$€₼()abя", max_size=80), st.sampled_from(LANGUAGES))
def test_no_digit_stays(text: str, language: str) -> None:
    assert not any(character.isdigit() for character in read_numbers(text, language))


@given(st.integers(1_000, 999_999_999), st.sampled_from(LANGUAGES))
def test_grouping_changes_nothing(number: int, language: str) -> None:
    plain = read_numbers(str(number), language)
    assert plain == CARDINALS[language](number)
    assert read_numbers(f"{number:,}".replace(",", " "), language) == plain
    if language != "ru":
        assert read_numbers(f"{number:,}".replace(",", "."), language) == plain


@pytest.mark.parametrize(
    ("language", "written", "read"),
    [
        ("az", "3,14", "üç tam yüzdə on dörd"),
        ("az", "3.5", "üç tam onda beş"),
        ("az", "2,0", "iki vergül sıfır"),
        ("az", "3,14159", "üç vergül bir dörd bir beş doqquz"),
        ("az", "6-dan 9-a", "altıdan doqquza"),
        ("az", "14:30-da", "on dörd otuzda"),
        ("az", "AZ1000", "AZ min"),
        ("tr", "3,05", "üç virgül sıfır beş"),
        ("tr", "1,250", "bir virgül iki yüz elli"),
        ("tr", "1,250.50", "bin iki yüz elli virgül elli"),
        ("tr", "1.250.000,5", "bir milyon iki yüz elli bin virgül beş"),
        ("tr", "%20'si 30%", "% yirmi'si % otuz"),
        ("tr", "3. baskı. 4.", "üç baskı. dört."),
        ("ru", "12,5%", "двенадцать целых пять десятых %"),
        ("ru", "1.250", "одна целая двести пятьдесят тысячных"),
        ("ru", "09.05.1945", "ноль девять ноль пять одна тысяча девятьсот сорок пять"),
        ("ru", "$5 000", "пять тысяч $"),
        ("ru", "-5 и 3-5", "минус пять и три-пять"),
        ("tr", "007", "sıfır sıfır yedi"),
        ("tr", "12345678901", "bir iki üç dört beş altı yedi sekiz dokuz sıfır bir"),
        ("tr", "5kg", "beş kg"),
        ("tr", "1, 2,3,4", "bir, iki, üç, dört"),
        ("tr", "0532 123 45 67", "sıfır beş üç iki yüz yirmi üç kırk beş altmış yedi"),
    ],
)
def test_example(language: str, written: str, read: str) -> None:
    assert read_numbers(written, language) == read


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("written", ["9" * 10_000, "123." * 3_000 + "5", "1 " * 5_000, "0," * 5_000 + "1"])
def test_long_numbers_keep_every_digit_or_part(written: str, language: str) -> None:
    words = read_numbers(written, language).split()
    parts = 10_000 if "." not in written and " " not in written and "," not in written else 1
    assert len(words) >= max(parts, written.count(" "), written.count(","))
