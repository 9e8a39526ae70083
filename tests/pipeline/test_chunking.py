from collections.abc import Callable
from itertools import count, islice

import pytest
from hypothesis import given
from hypothesis import strategies as st

from models.engines.base import ChunkLimits
from workers.pipeline.chunking import CLAUSE_PAUSE, PARAGRAPH_PAUSE, SENTENCE_PAUSE, WORD_PAUSE, Chunk, split
from workers.pipeline.normalise import normalise, paragraphs

LIMITS = ChunkLimits(target=40, maximum=60)


def measured(text: str) -> int:
    """As the engines measure: white space at the edges is free, a missing final mark is added."""
    text = text.strip()
    return len(text) + (not text.endswith((".", "!", "?", "…")))


def chunks_of(*readings: str, limits: ChunkLimits = LIMITS, measure: Callable[[str], int] = measured) -> list[Chunk]:
    return list(split(readings, limits, measure))


def texts_of(*readings: str) -> list[str]:
    return [chunk.text for chunk in chunks_of(*readings)]


readings_of = st.text(alphabet="aəbz ,.!—-'\n7", max_size=300).map(
    lambda text: [normalise(paragraph, "az").spoken for paragraph in paragraphs(text)]
)
limits_of = st.integers(8, 60).flatmap(lambda target: st.integers(target, 90).map(lambda top: ChunkLimits(target, top)))


@given(readings_of, limits_of)
def test_everything_is_spoken_once_in_order_within_the_maximum(readings: list[str], limits: ChunkLimits) -> None:
    chunks = chunks_of(*readings, limits=limits)
    assert "".join(chunk.text for chunk in chunks) == "".join(readings)
    assert [chunk.index for chunk in chunks] == list(range(len(chunks)))
    for chunk in chunks:
        assert measured(chunk.text) <= limits.maximum
        assert any(map(str.isalpha, chunk.text))
        assert "\n" not in chunk.text[:-1]
        assert not chunk.text[0].isspace()


@given(st.lists(st.text(alphabet="ab .\n", max_size=20), max_size=8))
def test_readings_of_any_shape_are_spoken_whole(readings: list[str]) -> None:
    text = "".join(readings)
    assert "".join(texts_of(*readings)) == (text if any(map(str.isalpha, text)) else "")


def superadditive(text: str) -> int:
    """More for the whole than for its parts: the sum of the sentences promises too much."""
    return measured(text) + len(text) ** 2 // 20


@given(st.lists(st.sampled_from(["hə. ", "a. ", "bəli, ", "yox "]), max_size=60))
def test_a_measure_that_does_not_add_up_still_keeps_the_maximum(words: list[str]) -> None:
    chunks = chunks_of("".join(words), measure=superadditive)
    assert "".join(chunk.text for chunk in chunks) == "".join(words)
    assert all(superadditive(chunk.text) <= LIMITS.maximum for chunk in chunks)


def test_whole_sentences_are_packed_up_to_the_target() -> None:
    assert texts_of("bir iki üç dörd. beş altı yeddi səkkiz. doqquz on.") == [
        "bir iki üç dörd. beş altı yeddi səkkiz. ",
        "doqquz on.",
    ]


def test_a_few_syllables_are_not_left_alone() -> None:
    assert texts_of("bir iki üç dörd. beş altı yeddi səkkiz. hə.") == ["bir iki üç dörd. beş altı yeddi səkkiz. hə."]


def test_not_even_then_above_the_maximum() -> None:
    limits = ChunkLimits(target=40, maximum=41)
    chunks = chunks_of("bir iki üç dörd. beş altı yeddi səkkiz. hə.", limits=limits)
    assert [chunk.text for chunk in chunks] == ["bir iki üç dörd. beş altı yeddi səkkiz. ", "hə."]


def test_a_sentence_between_target_and_maximum_stays_whole() -> None:
    sentence = "bir iki üç dörd beş, altı yeddi səkkiz doqquz on on."
    assert LIMITS.target < measured(sentence) <= LIMITS.maximum
    assert texts_of(sentence) == [sentence]


def test_over_long_sentences_are_cut_at_clauses_first() -> None:
    first, second = "bir iki üç dörd beş altı yeddi, ", "səkkiz doqquz on on bir on iki — on üç."
    assert texts_of(first + second) == [first, second]


def test_then_at_words_in_even_parts() -> None:
    parts = texts_of("söz " * 20 + "söz.")
    assert len(parts) == 3
    assert max(map(len, parts)) - min(map(len, parts)) <= len("söz ")


def test_then_inside_a_word_never_before_a_stress_mark() -> None:
    parts = texts_of("а\u0301" * 100)
    assert all(part.startswith("а") for part in parts)


def test_one_letter_over_the_maximum_is_an_error() -> None:
    with pytest.raises(ValueError, match="one letter"):
        chunks_of("a", measure=lambda text: 61)


@pytest.mark.parametrize(
    ("end", "pause"),
    [
        (".\n", PARAGRAPH_PAUSE),
        ("\n", PARAGRAPH_PAUSE),
        ("? ", SENTENCE_PAUSE),
        (", ", CLAUSE_PAUSE),
        (" ", WORD_PAUSE),
    ],
)
def test_the_pause_is_how_the_chunk_ends(end: str, pause: int) -> None:
    first, last = chunks_of(
        "bir iki üç dörd beş altı yeddi səkkiz on" + end, "bir iki üç dörd beş altı yeddi səkkiz on."
    )
    assert first.pause_ms == pause
    assert last.pause_ms == 0


@pytest.mark.parametrize("readings", [[], [""], ["\n", "... ", "—"]])
def test_nothing_to_speak_is_no_chunk(readings: list[str]) -> None:
    assert chunks_of(*readings) == []


def test_streams_and_measures_each_sentence_once_and_each_chunk_once() -> None:
    asked = 0

    def counting(text: str) -> int:
        nonlocal asked
        asked += 1
        return measured(text)

    endless = (f"bu {'a' * (number % 7)} cümlədir. " for number in count())
    taken = list(islice(split(endless, LIMITS, counting), 100))
    sentences = sum(chunk.text.count(".") for chunk in taken)
    assert asked <= sentences + len(taken) + 10
