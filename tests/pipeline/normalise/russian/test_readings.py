"""Every kind of thing that Russian texts hold, as a native speaker reads it: the table is `readings.txt`."""

import re
from pathlib import Path

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from tests.pipeline.normalise.russian.reading import draft, folded, read
from workers.pipeline.normalise import normalise

_ROWS = [
    tuple(part.strip() for part in row.split("|", 2))
    for row in (Path(__file__).parent / "readings.txt").read_text(encoding="utf-8").splitlines()
    if row and not row.startswith("#")
]


@pytest.mark.parametrize(("kind", "sentence", "pattern"), _ROWS)
def test_it_is_read_as_people_read_it(kind: str, sentence: str, pattern: str) -> None:
    assert re.search(pattern, folded(read(sentence))), f"{kind}: {read(sentence)}"


@pytest.mark.parametrize(("kind", "sentence", "pattern"), _ROWS)
def test_nothing_is_dropped_and_no_digit_stays(kind: str, sentence: str, pattern: str) -> None:
    finished = draft(sentence)
    assert not finished.dropped()
    assert not re.search(r"\d", finished.text)


@pytest.mark.parametrize(
    "sentence",
    [
        "Мама мыла раму, а папа читал газету.",
        "Кто-то пришёл из-за угла — и ушёл.",
        "О, как хорошо! А у вас?",
        "Я не знаю, что и сказать…",
        "Отдай это им.",
        "Физика изучает движение тел.",
        "В доме было тихо.",
        "",
        ".",
    ],
)
def test_plain_sentences_stay_as_they_are(sentence: str) -> None:
    assert read(sentence) == sentence


@pytest.mark.parametrize(
    ("sentence", "end"),
    [
        ("Купил хлеб и т. д.", "так далее."),
        ("Он родился в XX в.", "веке."),
        ("Это стоит 5 руб.", "рублей."),
        ("Он родился в 1980 г.", "году."),
        ("Живёт в пос. Лесной.", "Лесной."),
        ("Пришло 25 чел.", "человек."),
    ],
)
def test_a_full_stop_of_an_abbreviation_also_ends_the_sentence(sentence: str, end: str) -> None:
    assert read(sentence).endswith(end)


def test_a_reading_knows_where_it_comes_from() -> None:
    sentence = "Цена 5 руб. за кг."
    finished = draft(sentence)
    at = finished.text.index("пять рублей")
    assert sentence[slice(*finished.origin(at, at + len("пять рублей")))] == "5 руб."


_WRITTEN = (
    "1 12 1980 05 3,5 1 000 12:30 9.05.45 I XIX IV-VI г. гг. в. вв. руб. тыс. млн % № ₽ $ € °C кг км/ч м² т. е. и др. "
    "д. ул. А. С. МВД США -й -х -летний в на с по до от к о за и — - … . , ( ) / + = × § ½ ² слово книги января"
)
_PIECES = st.sampled_from(sorted(set(_WRITTEN.split())))


@settings(max_examples=300, deadline=None)
@given(
    st.lists(_PIECES, max_size=14).map(" ".join) | st.lists(_PIECES, max_size=14).map("".join) | st.text(max_size=60)
)
@example("0𗀀")  # a letter without a name
def test_no_text_breaks_a_stage(text: str) -> None:
    normalise(text, "ru")


@pytest.mark.parametrize(
    "piece", ["1", ".", "1.", "1 ", "А. ", "IX-", "1-", "100 ", "с 1 по ", "код 1 ", "№1", "5 кг ", "т. "]
)
def test_long_monotonous_texts_are_read_in_linear_time(piece: str) -> None:
    """No assertion on the time: with a backtracking pattern it would not come to an end."""
    draft(piece * (8000 // len(piece)))
