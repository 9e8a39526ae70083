import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from workers.pipeline.normalise import LANGUAGES, normalise, paragraphs

ALPHABETS = {
    "az": "abcçdeəfgğhxıijkqlmnoöprsştuüvyzwâîû",
    "tr": "abcçdefgğhıijklmnoöprsştuüvyzqwxâîû",
    "ru": "абвгдеёжзийклмнопрстуфхцчшщъыьэюя\u0301",
}
# One joint between two words: a mark with its space, a dash with two, or one of these three alone.
JOINT = r"(?:[.,!?;:…] | — |[ '-])"

anything = st.text(max_size=200)
# Arbitrary Unicode rarely forms a number, a word or a run of marks.
writing = st.text(alphabet="0123456789.,:;-–—…!?'’\"()%$€₼№°+=/ \n\t\u00a0\u0301abIİıəğşЯжыё😀²½Ⅻ٣x", max_size=120)
language_of = st.sampled_from(LANGUAGES)


@given(anything | writing, language_of)
def test_any_text_becomes_words_of_the_language(text: str, language: str) -> None:
    spoken = normalise(text, language).spoken
    letters = re.escape(ALPHABETS[language])
    assert re.fullmatch(rf"(?:[{letters}]+(?:{JOINT}[{letters}]+)*(?: —|[.,!?;:…])?[ \n]?)?", spoken)


@given(anything | writing, language_of)
def test_what_is_spoken_reads_as_itself(text: str, language: str) -> None:
    spoken = normalise(text, language).spoken
    assert normalise(spoken, language) == normalise(normalise(spoken, language).spoken, language)
    assert normalise(spoken, language).dropped == 0


@given(st.text(alphabet=st.characters(categories=["L"]), min_size=1, max_size=30), language_of)
def test_no_letter_is_lost_without_being_counted(word: str, language: str) -> None:
    for letter in word:
        reading = normalise(letter, language)
        assert reading.spoken or reading.dropped or letter in "ъьЪЬ", f"{letter!r} vanished"


@given(st.integers(min_value=0), language_of)
def test_every_number_is_spoken(number: int, language: str) -> None:
    assert normalise(str(number), language).spoken
    assert normalise(str(number), language).dropped == 0


@pytest.mark.parametrize(
    ("language", "text", "spoken"),
    [
        ("az", "Prof. Əliyev 25 il İŞIQ axtardı!", "prof əliyev iyirmi beş il işıq axtardı!"),
        (
            "az",
            "Qiymət: 1.250,50 ₼ (endirim 20%-dən çox).",
            "qiymət: min iki yüz əlli tam yüzdə əlli manat, endirim iyirmi faiz-dən çox.",
        ),
        ("tr", "Dr. Öztürk'ün %12,5'i IŞIK İÇİN…", "dr öztürk'ün yüzde on iki virgül beş'i ışık için…"),
        (
            "tr",
            "Kitabın 3. baskısı bugün öğleden sonra nihayet\nçıktı.\n",
            "kitabın üç baskısı bugün öğleden sonra nihayet çıktı.\n",
        ),
        ("ru", "«Привет, — сказал А. С. Пушкин. — Как дела?!»", "привет — сказал а с пушкин. как дела?"),
        ("ru", "з+амок и замо\u0301к", "за\u0301мок и замо\u0301к"),
        ("ru", "Windows 10 стоит $99", "виндовс десять стоит девяносто девять долларов"),
    ],
)
def test_example(language: str, text: str, spoken: str) -> None:
    assert normalise(text, language).spoken == spoken


@pytest.mark.parametrize("language", LANGUAGES)
def test_emoji_and_unknown_signs_are_dropped_and_counted(language: str) -> None:
    reading = normalise("a 😀😀 ☃ b", language)
    assert reading.dropped == 3
    assert len(reading.spoken.split()) == 2


@pytest.mark.parametrize("text", ["", " \n", "...", "—", "😀", "'\"«»", "\u200b\u00ad", "\u0301"])
@pytest.mark.parametrize("language", LANGUAGES)
def test_nothing_to_speak(text: str, language: str) -> None:
    assert normalise(text, language).spoken == ""


def test_unknown_language() -> None:
    with pytest.raises(ValueError, match=r"'de'.*az, tr, ru"):
        normalise("Hallo", "de")


def test_pieces_of_an_endless_line_do_not_grow_together() -> None:
    text = "söz " * 5_000
    spoken = "".join(normalise(piece, "az").spoken for piece in paragraphs(text))
    assert spoken.split() == ["söz"] * 5_000
