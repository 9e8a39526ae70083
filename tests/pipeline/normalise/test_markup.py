"""What a document's markup says of its words: said in their place, with their stretch of the document."""

from array import array

import pytest
from hypothesis import given
from hypothesis import strategies as st

from models.pronunciations import PATTERN, Entry
from workers.pipeline.normalise import AS_SHIPPED, How, Markup, Reading, Said, normalise, over_shipped

OFFSET = 1000


def read(text: str, *said: Said, language: str = "az", how: How = AS_SHIPPED) -> Reading:
    """`text`, which begins somewhere in the original."""
    starts = array("I", range(OFFSET, OFFSET + len(text)))
    ends = array("I", range(OFFSET + 1, OFFSET + len(text) + 1))
    return normalise(text, language, how=how, markup=Markup(starts, ends, said))


def spans(reading: Reading, text: str) -> list[tuple[str, str]]:
    return [
        (
            sentence.spoken[span.spoken_start : span.spoken_end],
            text[span.start - OFFSET : span.end - OFFSET],
        )
        for sentence in reading.sentences
        for span in sentence.spans
    ]


@pytest.mark.parametrize("text", ["Salam! 12 alma, 3,5 manat. Dr. Əliyev {gəldi}.", "a", "…"])
def test_without_anything_said_it_is_read_as_ever(text: str) -> None:
    marked, plain = read(text), normalise(text, "az")
    assert marked.spoken == plain.spoken
    assert [(one.start + OFFSET, one.end + OFFSET) for one in plain.sentences] == [
        (one.start, one.end) for one in marked.sentences
    ]


def test_words_are_read_by_all_rules() -> None:
    text = "Qutuda X alma."
    reading = read(text, Said(7, 8, "12"))
    assert reading.spoken == normalise("Qutuda 12 alma.", "az").spoken == "qutuda on iki alma."
    assert ("qutuda", "Qutuda") in spans(reading, text)
    assert {original for spoken, original in spans(reading, text) if spoken in ("on", "iki")} == {"X"}


def test_sounds_are_touched_by_nothing() -> None:
    text = "{Bakı} ABŞ-da Bakı 12."
    lexicon = over_shipped("az", [Entry("bakı", alias="paytaxt")])
    reading = read(text, Said(1, 5, "bɑˈkɯ", is_ipa=True), Said(7, 10, "a b", is_ipa=True), how=How(lexicon))
    assert "{bakı|bɑˈkɯ}" in reading.spoken
    assert "{abş|a_b}" in reading.spoken
    assert "paytaxt on iki." in reading.spoken, "the other one is the lexicon's"
    assert spans(reading, text)[0] == ("{bakı|bɑˈkɯ}", "Bakı")


def test_no_sentence_ends_inside_of_what_is_said_otherwise() -> None:
    text = "Bu. Son. Daha son."
    assert len(normalise(text, "az").sentences) == 3
    reading = read(text, Said(0, 8, "bir söz"))
    assert reading.spoken == "bir söz daha son."
    assert len(reading.sentences) == 2


def test_what_a_cut_has_parted_is_said_once() -> None:
    text, said = "bir iki üç", Said(2, 8, "söz")
    starts, ends = array("I", range(len(text))), array("I", range(1, len(text) + 1))
    markup = Markup(starts, ends, [said])
    first, second = (normalise(text[a:b], "az", start=a, markup=markup).spoken for a, b in ((0, 5), (5, 10)))
    assert (first, second) == ("bisöz", "üç")


@given(
    st.text(st.characters(exclude_categories=("Cs", "Cc")), min_size=1, max_size=20),
    st.sampled_from(["az", "tr", "ru"]),
    st.booleans(),
)
def test_any_word_can_be_said_otherwise(word: str, language: str, is_ipa: bool) -> None:
    if not any(map(str.isalnum, word.strip())):
        word = f"a{word}"
    text = f"salam {word} son"
    start = 6 + len(word) - len(word.lstrip())
    reading = read(text, Said(start, start + len(word.strip()), "xɑ" if is_ipa else "bir", is_ipa), language=language)
    if is_ipa:
        assert [found["ipa"] for found in PATTERN.finditer(reading.spoken)] == ["xɑ"]
    else:
        assert reading.spoken == normalise("salam bir son", language).spoken
