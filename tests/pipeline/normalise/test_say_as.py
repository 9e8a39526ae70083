"""The words for what a document says the reading of, which no later stage changes."""

import pytest

from synthesis.domain.ssml.elements import CURRENCIES
from workers.pipeline.normalise import LANGUAGES, normalise, say_as

_ALPHABETS = {
    "az": "abcçdeəfgğhxıijkqlmnoöprsştuüvyzw",
    "tr": "abcçdefgğhıijklmnoöprsştuüvyzqwx",
    "ru": "абвгдеёжзийклмнопрстуфхцчшщъыьэюяabcdefghijklmnopqrstuvwxyz",
}
_SIGNS = "./_?=&#:+%~@-"


@pytest.mark.parametrize(
    ("language", "written", "spoken"),
    [
        ("az", "AƏ-12 ı", "a ə tire bir iki ı"),
        ("az", "Iİ", "ı i"),
        ("tr", "ĞQ@w.tr", "yumuşak ge kü et çift ve nokta te re"),
        ("ru", "МВД ab", "эм вэ дэ эй би"),
        ("az", "é", "é"),
    ],
)
def test_characters(language: str, written: str, spoken: str) -> None:
    assert say_as.characters(written, language) == spoken


@pytest.mark.parametrize(
    ("language", "written", "spoken"),
    [
        ("az", "012", "sıfır bir iki"),
        ("az", "+994 (12) 4", "üstəgəl doqquz doqquz dörd, bir iki, dörd"),
        ("tr", "05-3", "sıfır beş, üç"),
        ("ru", "8.00", "восемь, ноль ноль"),
    ],
)
def test_digits(language: str, written: str, spoken: str) -> None:
    assert say_as.digits(written, language) == spoken


@pytest.mark.parametrize(
    ("language", "cardinal", "ordinal"),
    [
        ("az", "mənfi iki min iyirmi altı", "iyirmi beşinci"),
        ("tr", "eksi iki bin yirmi altı", "yirmi beşinci"),
        ("ru", "минус две тысячи двадцать шесть", "двадцать пятый"),
    ],
)
def test_numbers(language: str, cardinal: str, ordinal: str) -> None:
    assert say_as.cardinal("-2026", language) == cardinal
    assert say_as.ordinal("25", language) == ordinal


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_later_stage_changes_them(language: str) -> None:
    named = [say_as.characters(character, language) for character in _ALPHABETS[language] + _SIGNS]
    assert all(name.isalpha() or " " in name for name in named)
    said = [" ".join(named), say_as.digits("0123456789 +1", language)]
    for number in (0, 3, 11, 40, 100, 101, 1000, 1918, 2026, 10**6, 10**9 - 1):
        said += [say_as.cardinal(f"-{number}", language), say_as.ordinal(str(number), language)]
    for words in said:
        assert normalise(words, language).spoken == words


@pytest.mark.parametrize(
    ("language", "date", "time", "money"),
    [
        ("az", "iyirmi səkkiz may min doqquz yüz on səkkiz", "on dörd otuz", "on iki dollar əlli sent"),
        ("tr", "yirmi sekiz mayıs bin dokuz yüz on sekiz", "on dört otuz", "on iki dolar elli sent"),
        (
            "ru",
            "двадцать восьмого мая тысяча девятьсот восемнадцатого года",
            "четырнадцать тридцать",
            "двенадцать долларов пятьдесят центов",
        ),
    ],
)
def test_the_forms_in_which_documents_hand_dates_times_and_amounts_over(
    language: str, date: str, time: str, money: str
) -> None:
    assert normalise("28.05.1918", language).spoken == date
    assert normalise("14:30", language).spoken == time
    assert normalise("12,50 USD", language).spoken == money
    for code in CURRENCIES:
        spoken = normalise(f"5 {code}", language).spoken
        assert len(spoken.split()) >= 2
        assert code.lower() not in spoken.split()
