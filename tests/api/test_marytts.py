"""MaryTTS' paths: /process, /voices, /locales, /version. What they speak: tests/live/test_marytts.py."""

import base64
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.test import Client
from pytest_django import Settings

from models.catalogue import catalogue
from synthesis.models import Job


def refused(response: Any, status: int, naming: str = "") -> None:
    assert response.status_code == status, response.content
    assert response["Content-Type"] == "text/plain; charset=utf-8"
    assert naming in response.content.decode()
    assert not Job.objects.exists()


def lines(path: str, client: Client | None = None) -> list[str]:
    response = (client or Client()).get(path)
    assert response.status_code == 200
    assert response["Content-Type"] == "text/plain; charset=utf-8"
    return list(response.content.decode().splitlines())


def test_lists(db: None) -> None:
    assert lines("/voices")[0] == "Aytac az female neural"
    assert len(lines("/voices")) == len(catalogue())
    assert lines("/locales") == ["az", "tr", "ru"]
    assert len(lines("/version")) == 1


@pytest.mark.parametrize("path", ["/voices", "/locales", "/version"])
def test_lists_that_are_not_public(api: Client, settings: Settings, path: str) -> None:
    settings.PUBLIC_CATALOGUE = False
    assert lines(path, api)
    refused(Client().get(path), 401)


@pytest.mark.parametrize(
    ("query", "naming"),
    [
        ({"INPUT_TEXT": ""}, "INPUT_TEXT: A text"),
        ({"INPUT_TEXT": "?!"}, "nothing"),
        ({"INPUT_TYPE": "RAWMARYXML"}, "INPUT_TYPE"),
        ({"OUTPUT_TYPE": "PHONEMES"}, "OUTPUT_TYPE"),
        ({"INPUT_TYPE": "SSML"}, "INPUT_TEXT: SSML line 1"),
        ({"INPUT_TYPE": "SSML", "INPUT_TEXT": "<speak><audio/></speak>"}, "<audio> is not supported"),
        ({"AUDIO": "AU_FILE"}, "AUDIO"),
        ({"LOCALE": "en_US"}, "az, tr, ru"),
        ({"LOCALE": "?"}, "az, tr, ru"),
        ({"VOICE": "cmu-slt"}, "Aytac"),
        ({"VOICE": "Aytac", "LOCALE": "ru"}, "Anna"),
        ({"SPEED": "fast"}, "SPEED"),
        ({"SPEED": "nan"}, "SPEED"),
    ],
    ids=str,
)
def test_refusals(api: Client, query: dict[str, str], naming: str) -> None:
    fields = {"INPUT_TEXT": "salam", **query}
    refused(api.get("/process", fields), 400, naming)
    refused(api.post("/process", fields, content_type="application/x-www-form-urlencoded"), 400)


@pytest.fixture
def nobody_speaks(settings: Settings) -> None:
    """What is let in ends with 503 instead of audio."""
    settings.SPEECH_PATIENCE_SECONDS = 0


def asked(**meta: str) -> int:
    return int(Client().get("/process", {"INPUT_TEXT": "salam"}, **meta).status_code)  # type: ignore[arg-type]


def test_without_a_key(user: User, nobody_speaks: None, settings: Settings) -> None:
    assert asked() == 401
    settings.MARYTTS_USER = user.username
    assert asked() == 503
    assert asked(REMOTE_ADDR="10.0.0.7") == 401
    assert asked(HTTP_X_FORWARDED_FOR="127.0.0.1") == 401, "a proxy on this host lends its address to nobody"
    assert asked(HTTP_AUTHORIZATION="Bearer wrong") == 401, "a wrong key is not none"
    settings.MARYTTS_USER = "nobody"
    assert asked() == 401


def test_an_inactive_account(user: User, nobody_speaks: None, settings: Settings) -> None:
    settings.MARYTTS_USER = user.username
    user.is_active = False
    user.save()
    assert asked() == 401


@pytest.mark.parametrize(
    ("header", "status"),
    [("Basic {basic}", 503), ("Token {key}", 503), ("Bearer {key}", 503), ("Basic ==", 401), ("Basic {key}", 401)],
)
def test_keys(user: User, key: str, nobody_speaks: None, header: str, status: int) -> None:
    basic = base64.b64encode(f"mary:{key}".encode()).decode()
    assert asked(HTTP_AUTHORIZATION=header.format(key=key, basic=basic)) == status


def test_what_could_not_be_spoken_is_not_kept(api: Client, nobody_speaks: None) -> None:
    refused(api.get("/process", {"INPUT_TEXT": "salam"}), 503, "No audio came")


def test_other_methods(api: Client) -> None:
    refused(api.put("/process"), 405)
