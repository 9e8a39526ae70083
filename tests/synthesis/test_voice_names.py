"""Which voice answers to which name."""

import pytest

from models.catalogue import catalogue
from synthesis.models import VoiceName
from synthesis.services import voice_names
from synthesis.services.voice_names import UnknownVoiceName, find

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    ("name", "language", "number"),
    [
        ("325645", None, 325645),
        ("325652", None, 325640),
        ("Aytac", None, 325640),
        ("zEYNEP", None, 325647),
        (" nova ", None, 325641),
        ("SHIMMER", "tr", 325647),
        ("", None, 325640),
        ("", "ru", 325645),
    ],
)
def test_names(name: str, language: str | None, number: int) -> None:
    assert find(name, language).id == number


@pytest.mark.parametrize(
    ("name", "language"), [("nobody", None), ("1", None), ("9" * 40, None), ("alloy", "ru"), ("", "de"), ("²", None)]
)
def test_nobody_by_that_name(name: str, language: str | None) -> None:
    with pytest.raises(UnknownVoiceName) as caught:
        find(name, language)
    assert caught.value.message


def test_what_is_quoted_is_short_and_printable() -> None:
    with pytest.raises(UnknownVoiceName) as caught:
        find("\x1b[2J" + "x" * 500)
    assert caught.value.message.isprintable()
    assert len(caught.value.message) < 400


def test_rows_win_and_add() -> None:
    VoiceName.objects.create(name="alloy", voice_id=325645)
    VoiceName.objects.create(name="müəllim", voice_id=325642)
    assert (find("Alloy").id, find("Müəllim").id) == (325645, 325642)
    assert "müəllim" in voice_names.of_voices()[325642]


def test_a_row_without_its_voice() -> None:
    VoiceName.objects.create(name="alloy", voice_id=1)
    VoiceName.objects.create(name="default", voice_id=1)
    with pytest.raises(UnknownVoiceName):
        find("alloy")
    assert find() == next(iter(catalogue())), "without a name there is always one"


def test_every_voice_has_a_name_of_openai() -> None:
    assert set(voice_names.SHIPPED.values()) == set(catalogue().ids())
