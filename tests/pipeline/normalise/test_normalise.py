"""What holds for every text, and the golden files."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from benchmarks.reading.scoring import Case, golden
from models.pronunciations import Entry
from workers.pipeline.normalise import LANGUAGES, How, Lexicon, normalise, paragraphs, stages
from workers.pipeline.normalise.draft import is_missed

ALPHABETS = {
    "az": "abcçdeəfgğhxıijkqlmnoöprsştuüvyzâîû",
    "tr": "abcçdefgğhıijklmnoöprsştuüvyzâîû",
    "ru": "абвгдеёжзийклмнопрстуфхцчшщъыьэюя\u0301",
}
# One joint between two words: a mark with its space, a dash with two, or one of these three alone.
JOINT = r"(?:[.,!?;:…] | — |[ '-])"

anything = st.text(max_size=200)
# Arbitrary Unicode rarely forms a number, a word or a run of marks.
writing = st.text(
    alphabet="0123456789.,:;-–—…!?'’\"()[]%$€₼₽№°+=/#@*&~ \n\t\u00a0\u0301abIİıəğşЯжыёкмг😀²½Ⅻ٣xVXkqTL", max_size=120
)
language_of = st.sampled_from(LANGUAGES)


@given(anything | writing, language_of)
def test_any_text_becomes_words_of_the_language(text: str, language: str) -> None:
    letters = re.escape(ALPHABETS[language])
    for sentence in normalise(text, language).sentences:
        assert re.fullmatch(rf"(?:[{letters}]+(?:{JOINT}[{letters}]+)*(?: —|[.,!?;:…])?)?", sentence.spoken)


@given(writing | anything, language_of)
def test_nothing_is_lost(text: str, language: str) -> None:
    """Every letter, digit and sign lies in a span of what is spoken or is listed as dropped."""
    for sentence in normalise(text, language).sentences:
        spoken = {place for span in sentence.spans for place in range(span.start, span.end)}
        lost = set(range(sentence.start, sentence.end)) - spoken - set(sentence.dropped)
        assert not [text[place] for place in lost if is_missed(text[place])]


@given(writing | anything, language_of)
def test_sentences_cover_the_text_in_order(text: str, language: str) -> None:
    place = 0
    for sentence in normalise(text, language).sentences:
        assert text[place : sentence.start].strip() == ""
        assert text[sentence.start : sentence.end].strip() == text[sentence.start : sentence.end] != ""
        place = sentence.end
    assert text[place:].strip() == ""


@pytest.mark.parametrize("language", LANGUAGES)
def test_what_is_spoken_reads_as_itself(language: str) -> None:
    """A text that is only words is left alone, or a user could not write down how something is to be said."""
    for case in golden(language):
        for sentence in normalise(case.text, language).sentences:
            again = normalise(sentence.spoken, language)
            assert again.dropped == 0
            assert again.spoken == sentence.spoken


@given(st.text(alphabet=st.characters(categories=["L"]), min_size=1, max_size=30), language_of)
def test_no_letter_is_lost_without_being_counted(word: str, language: str) -> None:
    for letter in word:
        reading = normalise(letter, language)
        assert reading.spoken or reading.dropped, f"{letter!r} vanished"


@given(st.integers(min_value=0), language_of)
def test_every_number_is_spoken(number: int, language: str) -> None:
    reading = normalise(str(number), language)
    assert reading.spoken
    assert reading.dropped == 0


@pytest.mark.parametrize(
    "case", [case for language in LANGUAGES for case in golden(language)], ids=lambda case: case.text
)
def test_golden(case: Case) -> None:
    spoken = normalise(case.text, case.language).spoken
    assert case.accepts(spoken), spoken


@pytest.mark.parametrize(
    ("language", "text", "spoken"),
    [
        ("az", "Prof. Əliyev 25 il İŞIQ axtardı!", "professor əliyev iyirmi beş il işıq axtardı!"),
        (
            "az",
            "Qiymət: 1.250,50 ₼ (endirim 20%-dən çox).",
            "qiymət: min iki yüz əlli manat əlli qəpik, endirim iyirmi faizdən çox.",
        ),
        ("tr", "Dr. Öztürk'ün %12,5'i IŞIK İÇİN…", "doktor öztürk'ün yüzde on iki virgül beşi ışık için…"),
        ("tr", "Kitabın 3. baskısı\nçıktı.", "kitabın üçüncü baskısı çıktı."),
        ("ru", "«Привет, — сказал А. С. Пушкин. — Как дела?!»", "привет — сказал а эс пушкин. как дела?"),
        ("ru", "з+амок и замо\u0301к", "за\u0301мок и замо\u0301к"),
        ("ru", "Windows 10 стоит $99", "виндовс десять стоит девяносто девять долларов"),
    ],
)
def test_example(language: str, text: str, spoken: str) -> None:
    assert normalise(text, language).spoken == spoken


def test_every_word_knows_where_it_comes_from() -> None:
    text = "Görüş 14:30-da, BMT-nin binasında."
    (sentence,) = normalise(text, "az", start=100).sentences
    origins = [
        (sentence.spoken[span.spoken_start : span.spoken_end], text[span.start - 100 : span.end - 100])
        for span in sentence.spans
    ]
    assert origins == [
        ("görüş", "Görüş"),
        ("on", "14:30-da"),
        ("dörd", "14:30-da"),
        ("otuzda", "14:30-da"),
        ("be", "BMT-nin"),
        ("em", "BMT-nin"),
        ("tenin", "BMT-nin"),
        ("binasında", "binasında"),
    ]


@pytest.mark.parametrize("language", LANGUAGES)
def test_emoji_and_unknown_signs_are_dropped_and_counted(language: str) -> None:
    reading = normalise("söz söz 😀😀 ☃ söz" if language != "ru" else "да да 😀😀 ☃ да", language)
    assert reading.dropped == 3
    assert len(reading.spoken.split()) == 3


@pytest.mark.parametrize("text", ["", " \n", "...", "—", "😀", "'\"«»", "\u200b\u00ad", "\u0301"])
@pytest.mark.parametrize("language", LANGUAGES)
def test_nothing_to_speak(text: str, language: str) -> None:
    assert normalise(text, language).spoken == ""


def test_unknown_language() -> None:
    with pytest.raises(ValueError, match=r"'de'.*az, tr, ru"):
        normalise("Hallo", "de")


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_stage_can_be_switched_off(language: str) -> None:
    names = [name for name, _ in stages(language)]
    assert "links" in names
    text = "mail.az"
    assert normalise(text, language).spoken != normalise(text, language, how=How(without=frozenset({"links"}))).spoken


def test_a_lexicon_comes_first() -> None:
    how = How(Lexicon([Entry("TBMM", "meclis"), Entry("Şişli", ipa="ʃiʃˈli")], "tr"))
    assert normalise("TBMM'de Şişli 3. oldu.", "tr", how=how).spoken == "meclis'de {şişli|ʃiʃˈli} üçüncü oldu."


def test_pieces_of_an_endless_line_do_not_grow_together() -> None:
    text = "söz " * 5_000
    spoken = " ".join(normalise(piece.text, "az").spoken for piece in paragraphs(text))
    assert spoken.split() == ["söz"] * 5_000
