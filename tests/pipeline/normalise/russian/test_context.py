import pytest

from workers.pipeline.normalise.russian.context import governed, last_words
from workers.pipeline.normalise.russian.morphology import counted, declined, is_transitive


@pytest.mark.parametrize(
    ("before", "after", "case"),
    [
        ("Осталось около ", " книг", "gent"),
        ("Ждём до примерно ", " часов", "gent"),
        ("Работаем с ", " до 18 часов", "gent"),
        ("Пришла с ", " детьми", "ablt"),
        ("Живёт в ", " от города", "loct"),
        ("Цены выросли на ", "%", "accs"),
        ("Он купил ", " книгу", "accs"),
        ("Там стояло ", " человек", "nomn"),
        ("Между 5 и ", " кг", "ablt"),
        ("В размере ", " рублей", "gent"),
        ("", " рублей", "nomn"),
        ("Холоднее ", " градусов", "gent"),
    ],
)
def test_the_words_before_ask_for_a_case(before: str, after: str, case: str) -> None:
    assert governed(before, after) == case


def test_words_that_govern_nothing_are_passed_over() -> None:
    assert last_words("не более чем на примерно ", 2) == ["на", "чем"]


@pytest.mark.parametrize(
    ("phrase", "number", "case", "words"),
    [
        ("рубль", 1, "nomn", "рубль"),
        ("рубль", 3, "nomn", "рубля"),
        ("рубль", 11, "accs", "рублей"),
        ("рубль", 21, "datv", "рублю"),
        ("рубль", 5, "ablt", "рублями"),
        ("рубль", 1000, "datv", "рублей"),
        ("квадратный метр", 2, "nomn", "квадратных метра"),
        ("квадратный метр", 1, "accs", "квадратный метр"),
        ("километр|в час", 90, "nomn", "километров в час"),
        ("вольт", 220, "nomn", "вольт"),
        ("человек", 25, "nomn", "человек"),
    ],
)
def test_what_is_counted_agrees_with_the_number(phrase: str, number: int, case: str, words: str) -> None:
    assert counted(phrase, number, case) == words


def test_phrases_are_declined() -> None:
    assert declined("улица", "loct") == "улице"
    assert declined("турецкая лира", "gent", "plur") == "турецких лир"
    assert declined("киловатт-час", "gent", "plur") == "киловатт-часов"


def test_verbs_with_an_object_are_known() -> None:
    assert is_transitive("купил")
    assert not is_transitive("дом")
