import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from workers.pipeline.normalise.paragraphs import HARD_LIMIT, SOFT_LIMIT, ending, paragraphs

LONG = "bu sətir kənara çatdığı üçün bölünmüş bir sətirdir"


@given(st.text(alphabet="aБ1 .\n\r\u2028\t", max_size=60), st.integers(1, 2_000))
def test_pieces_are_the_text_and_bounded(text: str, times: int) -> None:
    pieces = list(paragraphs(text * times))
    assert "".join(pieces) == text * times
    assert all(0 < len(piece) <= HARD_LIMIT for piece in pieces)


@pytest.mark.parametrize(
    ("text", "pieces"),
    [
        ("", []),
        ("Bir.", ["Bir."]),
        ("Bir.\nİki.", ["Bir.\n", "İki."]),
        ("Bir.\r\n\r\n  İki.\r\n", ["Bir.\r\n\r\n  ", "İki.\r\n"]),
        ("Bir\u2029İki", ["Bir\u2029", "İki"]),
        (f"{LONG}\n{LONG}\ncümlə", [f"{LONG}\n{LONG}\ncümlə"]),  # wrapped lines
        (f"{LONG}\r\ncümlə", [f"{LONG}\r\ncümlə"]),
        (f"{LONG}\nCümlə", [f"{LONG}\n", "Cümlə"]),
        (f"{LONG}\nalma\narmud", [f"{LONG}\nalma\n", "armud"]),  # a list
        ("başlıq\n\nmətn", ["başlıq\n\n", "mətn"]),  # an empty line parts, whatever follows
    ],
)
def test_cut_after_line_breaks(text: str, pieces: list[str]) -> None:
    assert list(paragraphs(text)) == pieces


@pytest.mark.parametrize("word", ["sözlər", "1 250 ", "Cümlə. "])
def test_an_endless_line_is_cut_where_it_hurts_least(word: str) -> None:
    text = (word + "və ") * 4_000
    for piece in list(paragraphs(text))[:-1]:
        assert SOFT_LIMIT < len(piece) <= HARD_LIMIT
        if "." in word:
            assert piece.endswith(". ")
        else:
            assert re.search(r"(?:və |[lr0] və |sözlərvə |250 {1,2})$", piece)
            assert not re.search(r"\b1 $", piece)


def test_a_word_without_end_is_cut_hard_and_not_before_a_space() -> None:
    text = "a" * HARD_LIMIT + " b"
    first, second = paragraphs(text)
    assert second[0] == "a"
    assert first + second == text


@pytest.mark.parametrize(
    ("piece", "end"), [("a", ""), ("a ", " "), ("a\n", "\n"), ("a \r\n  ", "\n"), ("a\u2028", "\n")]
)
def test_ending(piece: str, end: str) -> None:
    assert ending(piece) == end
