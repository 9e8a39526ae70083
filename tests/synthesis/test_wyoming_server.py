"""Wyoming's parts that need no connection. The whole: tests/live/test_wyoming.py."""

import pytest
from django.contrib.auth.models import User
from hypothesis import given
from hypothesis import strategies as st
from pytest_django import Settings
from wyoming.tts import SynthesizeVoice

from models.catalogue import catalogue
from synthesis import wyoming_server
from synthesis.services.voice_names import UnknownVoiceName
from synthesis.wyoming_server import NoAccount, Sentences, voice_for
from workers.pipeline.normalise.sentences import boundaries

TEXT = "Salam! Prof. Əliyev saat 10.30-da gəlir. “Gözləyin,” dedi… Sonra getdi? Bəli"


def cut(text: str, size: int, language: str = "az") -> list[str]:
    sentences = Sentences(boundaries, language)
    found = [one for start in range(0, len(text), size) for one in sentences.add(text[start : start + size])]
    return [*found, *sentences.finish()]


def squeezed(text: str) -> str:
    return "".join(text.split())


@pytest.mark.parametrize("size", [1, 2, 3, 7, 20, 500])
def test_pieces_of_any_size(size: int) -> None:
    found = cut(TEXT, size)
    assert squeezed("".join(found)) == squeezed(TEXT)
    assert found[0].strip() == "Salam!"
    assert any(one.strip().startswith("Prof. Əliyev") for one in found), "nothing is cut behind an abbreviation"


def test_a_sentence_is_given_away_before_the_text_ends() -> None:
    sentences = Sentences(boundaries, "ru")
    assert sentences.add("Привет! Как де") == ["Привет!"]
    assert sentences.add("ла? Хорошо") == ["Как дела?"]
    assert sentences.finish() == ["Хорошо"]
    assert sentences.finish() == []


def test_what_cannot_be_said_is_left_out() -> None:
    assert [one.strip() for one in cut("… Salam. *** !!!", 1)] == ["Salam."]
    assert cut(" \n ", 1) == []


def test_a_sentence_without_end() -> None:
    text = "söz " * 2000
    found = cut(text, 50)
    assert len(found) > 2
    assert max(map(len, found)) < 2500
    assert squeezed("".join(found)) == squeezed(text)


@given(st.lists(st.text("abc .!?\nşə1…", max_size=8), max_size=12), st.sampled_from(["az", "tr", "ru"]))
def test_no_letter_is_lost(pieces: list[str], language: str) -> None:
    sentences = Sentences(boundaries, language)
    found = [one for piece in pieces for one in sentences.add(piece)] + sentences.finish()
    letters = [char for char in "".join(pieces) if char.isalnum()]
    assert [char for one in found for char in one if char.isalnum()] == letters


def test_info(db: None) -> None:
    programs = wyoming_server.info().tts
    assert len(programs) == 1, "Home Assistant takes the first only"
    assert programs[0].supports_synthesize_streaming
    assert [voice.name for voice in programs[0].voices] == [str(number) for number in catalogue().ids()]
    assert {code for voice in programs[0].voices for code in voice.languages} == {"az", "tr", "ru"}


@pytest.mark.parametrize(
    ("wanted", "number"),
    [
        (None, 325640),
        (SynthesizeVoice(), 325640),
        (SynthesizeVoice(name="325645"), 325645),
        (SynthesizeVoice(name="Zeynep"), 325647),
        (SynthesizeVoice(language="tr"), 325647),
        (SynthesizeVoice(language="ru_RU"), 325645),
    ],
)
def test_voices(db: None, wanted: SynthesizeVoice | None, number: int) -> None:
    assert voice_for(wanted).id == number


@pytest.mark.parametrize("wanted", [SynthesizeVoice(name="x"), SynthesizeVoice(language="de")])
def test_no_such_voice(db: None, wanted: SynthesizeVoice) -> None:
    with pytest.raises(UnknownVoiceName):
        voice_for(wanted)


def test_the_account(user: User, settings: Settings) -> None:
    settings.WYOMING_USER = user.username
    assert wyoming_server.account() == user
    user.is_active = False
    user.save()
    for name in (user.username, "", "nobody"):
        settings.WYOMING_USER = name
        with pytest.raises(NoAccount):
            wyoming_server.account()
