"""Words that carry their sounds: the marks, and the engines that read them."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from models.catalogue import catalogue
from models.engines.kokoro import KokoroRuler, vocabulary
from models.engines.tone import Tone
from models.phonemes import phonemes
from models.pronunciations import LONGEST_GRAPHEME, LONGEST_IPA, PATTERN, fold, mark, sounds, without_marks, written


@pytest.mark.parametrize(
    ("word", "ipa", "expected"),
    [
        ("Google", "ˈɡuɡɯl", "{Google|ˈɡuɡɯl}"),
        ("New York", "njuː jɔːk", "{New_York|njuː_jɔːk}"),
        (" a  b ", " c\td ", "{a_b|c_d}"),
        ("a|b", "c", "{a_b|c}"),
    ],
)
def test_a_mark_is_one_token(word: str, ipa: str, expected: str) -> None:
    assert mark(word, ipa) == expected
    found = PATTERN.fullmatch(expected)
    assert found
    assert (written(found), sounds(found)) == (" ".join(re.split(r"[\s|]+", word.strip())), " ".join(ipa.split()))


@pytest.mark.parametrize(("word", "ipa"), [("", "a"), ("a", ""), ("|", "a"), ("a", "_")])
def test_a_mark_needs_both(word: str, ipa: str) -> None:
    with pytest.raises(ValueError, match="needs"):
        mark(word, ipa)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("bu {Google|ɡuɡl}'da", "bu Google'da"),
        ("{New_York|a_b}, {x|y}", "New York, x"),
        ("{yarım| o", "{yarım| o"),
        ("bu", "bu"),
    ],
)
def test_without_marks(text: str, expected: str) -> None:
    assert without_marks(text) == expected


@pytest.mark.parametrize(
    ("text", "language", "expected"),
    [
        ("IİĞ Əlİ", "az", "ıiğ əli"),
        ("IİĞ", "tr", "ıiğ"),
        ("IİЖЁ", "ru", "iiжё"),
    ],
)
def test_fold(text: str, language: str, expected: str) -> None:
    assert fold(text, language) == expected


@given(st.text(max_size=50), st.sampled_from(["az", "tr", "ru"]))
def test_folding_keeps_every_place(text: str, language: str) -> None:
    assert len(fold(text, language)) == len(text)


# --- Spoken ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "language", "expected"),
    [
        ("{google|ˈɡuɡɯl}", "tr", "ˈɡuɡɯl."),
        ("bu {google|ˈɡuɡɯl}, o", "az", "bu ˈɡuɡɯl, o."),
        ("{google|ɡuɡɯl}'dan o", "az", "ɡuɡɯldan o."),
        ("{new_york|njuː_jɔːk}?", "az", "njuː jɔːk?"),
        ("{a|ab}{b|cd}", "tr", "abcd."),
        ("bu{a|ab}bu", "az", "buabbu."),
        ("да {google|ɡuɡl} да", "ru", "dˈa ɡuɡl dˈa."),
        ("{a|t͡ʃa}", "az", "ʧa."),
    ],
)
def test_a_mark_is_spoken_by_its_sounds(text: str, language: str, expected: str) -> None:
    assert phonemes(text, language) == expected


def test_sounds_that_cannot_be_spoken_leave_the_word() -> None:
    assert phonemes("bu {da|ʘ} o", "az") == phonemes("bu da o", "az")


@pytest.mark.parametrize("text", ["{da", "da}", "{da|", "{|a}da", "{da|b} }{", "{{da|b}}", "\ue000da {da|b}"])
def test_half_a_mark_does_no_harm(text: str) -> None:
    assert set(phonemes(text, "az")) <= vocabulary().keys()
    assert phonemes(text, "az") != ""


@given(st.text(st.sampled_from("{}|_ab'ʘ. əж-\ue000"), max_size=30), st.sampled_from(["az", "tr", "ru"]))
def test_nothing_lies_outside_the_vocabulary(text: str, language: str) -> None:
    assert set(phonemes(text, language)) <= vocabulary().keys()


def test_the_longest_mark_fits_into_one_piece() -> None:
    longest = mark("w" * LONGEST_GRAPHEME, "ɝ" * LONGEST_IPA)
    voice = catalogue().get(325647)
    for ruler in (KokoroRuler(), Tone()):
        assert 0 < ruler.measure(longest, voice) <= ruler.limits.maximum


def test_an_engine_without_ipa_takes_the_word() -> None:
    voice = catalogue().get(325647)
    tone = Tone()
    assert tone.measure("bu {google|ˈɡuɡɯl}", voice) == tone.measure("bu google", voice)
    assert tone.speak("bu {google|ˈɡuɡɯl}", voice).samples.size == tone.speak("bu google", voice).samples.size
