"""What holds for all three languages; the rules of each have files of their own."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from models.engines.kokoro import vocabulary
from models.phonemes import phonemes
from models.phonemes.text import PAUSE_MARKS

LANGUAGES = ("az", "tr", "ru")
ALPHABETS = {
    "az": "abcçdeəfgğhxıijkqlmnoöprsştuüvyz",
    "tr": "abcçdefgğhıijklmnoöprsştuüvyzâîû",
    "ru": "абвгдеёжзийклмнопрстуфхцчшщыэюя",
}
# Letters of borrowed names, which the alphabet does not have.
GUESTS = {"az": "wâîûéñßøæ", "tr": "xqwəéäñßøæ", "ru": "іїєґўәөүғқңһ"}

languages = st.sampled_from(LANGUAGES)
texts = st.text(
    st.one_of(st.characters(), st.sampled_from("абвгдеёжзийклмнопрстуфхцчшщъыьэюяəığşçöüÂİI.,!?:;—…-'’+\u0301 \n")),
    max_size=60,
)


@given(texts, languages)
def test_nothing_lies_outside_the_vocabulary(text: str, language: str) -> None:
    assert set(phonemes(text, language)) <= vocabulary().keys()


@given(texts, languages)
def test_the_result_is_tidy(text: str, language: str) -> None:
    """Single spaces, none at the edges or before a mark; a mark at the end unless nothing is spoken."""
    symbols = phonemes(text, language)
    assert "  " not in symbols
    assert symbols == symbols.strip()
    assert not any(f" {mark}" in symbols for mark in ".,!?;:…")
    assert symbols == "" or (symbols[-1] in PAUSE_MARKS and set(symbols) - set(PAUSE_MARKS + " "))


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_letter_is_spoken(language: str) -> None:
    """Between two others, doubled, alone, in both cases: a letter always leaves a sound of its own."""
    for letter in ALPHABETS[language] + GUESTS[language]:
        for cased in (letter, letter.upper() if language == "ru" else letter):
            assert phonemes(cased, language) != "", letter
            frame = "кра{}ту" if language == "ru" else "kra{}tu"
            assert len(phonemes(frame.format(cased), language)) > len(phonemes(frame.format(""), language)), letter


@pytest.mark.parametrize(
    ("upper", "lower", "language"),
    [
        ("ŞƏKİ VƏ QIŞ", "şəki və qış", "az"),
        ("IĞDIR İLE ŞİRİN", "ığdır ile şirin", "tr"),
        ("ЁЛКА И ПОДЪЕЗД", "ёлка и подъезд", "ru"),
    ],
)
def test_case_does_not_matter(upper: str, lower: str, language: str) -> None:
    assert phonemes(upper, language) == phonemes(lower, language)


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("mark", PAUSE_MARKS)
def test_pause_marks_are_kept(language: str, mark: str) -> None:
    sound = phonemes("о" if language == "ru" else "o", language).removesuffix(".")
    assert phonemes(f"o{mark} o" if language != "ru" else f"о{mark} о", language) == f"{sound}{mark} {sound}."
    assert phonemes(f"o{mark}" if language != "ru" else f"о{mark}", language) == f"{sound}{mark}"


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_text_without_a_final_mark_gets_a_full_stop(language: str) -> None:
    assert phonemes("да" if language == "ru" else "da", language)[-1] == "."


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("bu – o", "bu — o."),
        ("bu - o", "bu — o."),
        ("bu -- o", "bu — o."),
        ("bu-o", "bu o."),
        ("bu\no\t  bu", "bu o bu."),
        ("bu\u00a0o", "bu o."),
        ('«bu» “o” "bu"', "bu o bu."),
        ("bu'o bu’o buʼo", "buo buo buo."),
        ("bu...", "bu…"),
        ("bu , o !", "bu, o!"),
        ("(bu) o", "bu o."),
        ("bu/o", "bu o."),
        ("bu¿ 7 o", "bu o."),
        ("bu\u00ado", "buo."),
    ],
)
def test_marks_are_mapped(text: str, expected: str) -> None:
    assert phonemes(text, "az") == expected


@pytest.mark.parametrize("text", ["", " ", "\n", "...", "—", "?! …", "7", "'", "-", "東京", "+", "\u0301", "ъ", "ь"])
@pytest.mark.parametrize("language", LANGUAGES)
def test_without_a_sound_there_is_nothing(text: str, language: str) -> None:
    assert phonemes(text, language) == ""


def test_accents_of_other_languages_are_taken_off() -> None:
    assert phonemes("café", "az") == phonemes("cafe", "az")
    assert phonemes("cafe\u0301", "tr") == phonemes("cafe", "tr")


def test_decomposed_letters_are_the_composed_ones() -> None:
    assert phonemes("s\u0327u\u0308", "az") == phonemes("şü", "az") == "ʃy."
    assert phonemes("И\u0306од е\u0308лка", "ru") == phonemes("йод ёлка", "ru")
    assert phonemes("I\u0307z", "tr") == phonemes("iz", "tr")


def test_an_unknown_language_is_an_error() -> None:
    with pytest.raises(ValueError, match="'en'"):
        phonemes("hello", "en")
