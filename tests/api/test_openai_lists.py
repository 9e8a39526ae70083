"""GET /v1/models, /v1/audio/models, /v1/audio/voices: for everybody, unless the operator says otherwise."""

from typing import Any

import pytest
from django.test import Client
from pytest_django import Settings

from models.catalogue import catalogue
from synthesis.models import VoiceName

PATHS = ["/v1/models", "/v1/models/", "/v1/models/tts-1", "/v1/audio/models", "/v1/audio/voices", "/v1//audio/voices"]


def get(path: str, client: Client | None = None) -> Any:
    response = (client or Client()).get(path)
    assert response.status_code == 200, response.content
    return response.json()


def test_models(db: None) -> None:
    answer = get("/v1/models")
    assert answer["object"] == "list"
    models = {model["id"]: model for model in answer["data"]}
    assert {"voicen", "tts-1", "tts-1-hd", "gpt-4o-mini-tts"} == set(models)
    assert get("/v1/models/tts-1") == models["tts-1"]
    assert [voice["name"] for voice in models["tts-1"]["voices"]] == [str(number) for number in catalogue().ids()]


def test_dated_models(db: None) -> None:
    assert get("/v1/models/gpt-4o-mini-tts-2025-12-15")["id"] == "gpt-4o-mini-tts-2025-12-15"
    response = Client().get("/v1/models/gpt-5")
    assert (response.status_code, response.json()["error"]["code"]) == (404, "model_not_found")


def test_models_as_open_webui_reads_them(db: None) -> None:
    assert [model["id"] for model in get("/v1/audio/models")["models"]][:2] == ["voicen", "tts-1"]


def test_voices(db: None) -> None:
    voices = get("/v1/audio/voices")["voices"]
    assert [voice["id"] for voice in voices] == [str(number) for number in catalogue().ids()]
    aytac = voices[0]
    assert (aytac["name"], aytac["language"]) == ("Aytac (az, female)", "az")
    assert {"Aytac", "alloy"} <= set(aytac["aliases"])


def test_the_table_wins(db: None) -> None:
    VoiceName.objects.create(name="alloy", voice_id=325645)
    by_id = {voice["id"]: voice["aliases"] for voice in get("/v1/audio/voices")["voices"]}
    assert "alloy" in by_id["325645"]
    assert "alloy" not in by_id["325640"]


@pytest.mark.parametrize("path", PATHS)
def test_a_wrong_key_does_not_matter(db: None, path: str) -> None:
    get(path, Client(headers={"Authorization": "Bearer sk-none"}))


@pytest.mark.parametrize("path", PATHS)
def test_not_public(api: Client, settings: Settings, path: str) -> None:
    settings.PUBLIC_CATALOGUE = False
    get(path, api)
    response = Client().get(path)
    assert (response.status_code, response.json()["error"]["code"]) == (401, "invalid_api_key")
