"""voices/, read/, lexicon/ and usage/."""

import os
import subprocess
import sys
from collections.abc import Callable
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.test import Client
from pytest_django import Settings

from models.catalogue import catalogue
from synthesis import reading, samples, storage
from synthesis.models import Job
from tests.api.v2.test_jobs import post, refused
from tests.workers.conftest import Worker

pytestmark = pytest.mark.django_db

Submit = Callable[..., Job]


@pytest.fixture
def worker() -> Worker:
    return Worker()


def test_voices(api: Client) -> None:
    voices = api.get("/api/v2/voices/").json()["data"]
    assert [voice["id"] for voice in voices] == list(catalogue().ids())
    assert voices[0] == {
        "id": 325640,
        "name": "Aytac",
        "language": "az",
        "gender": "female",
        "engine": "tone",
        "licence": catalogue().get(325640).licence,
        "sample": "http://testserver/api/v2/voices/325640/sample",
    }


def test_a_sample_is_spoken_once(client: Any, worker: Worker, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(samples, "_PATIENCE_SECONDS", 0)
    url = "/api/v2/voices/325640/sample/"
    refused(client.get(url), 503, "unavailable", "Try again")
    refused(client.get(url), 503, "unavailable")
    assert Job.objects.count() == 1, "however often it is asked for"
    worker.take_all()
    response = client.get(url)
    content = b"".join(response.streaming_content)
    assert response["Content-Type"] == "audio/mpeg"
    assert response["Cache-Control"].startswith("public")
    assert content[:3] == b"ID3"
    assert not Job.objects.exists(), "what is kept is the sample"
    again = client.get(url, headers={"Range": "bytes=0-2"})
    assert (again.status_code, b"".join(again.streaming_content)) == (206, b"ID3")
    assert client.get(url, headers={"If-None-Match": response["ETag"]}).status_code == 304
    account = User.objects.get(username=samples.ACCOUNT)
    assert not account.is_active
    assert not account.has_usable_password()


def test_a_sample_that_cannot_be_spoken(client: Any, worker: Worker) -> None:
    def fail(text: str) -> Any:
        raise ValueError

    worker.engine.on_speak = fail
    with pytest.raises(samples.NoSampleYet):
        samples.made(catalogue().get(325640), lambda: False)
    for _ in range(4):
        worker.take_all()
        Job.objects.get().steps.update(not_before=None)
    refused(client.get("/api/v2/voices/325640/sample/"), 503, "unavailable", "cannot be heard")
    assert not storage.speech_storage().exists("samples")


@pytest.mark.parametrize("voice", ["1", "x", "9" * 40])
def test_a_sample_of_nobody(client: Any, voice: str) -> None:
    refused(client.get(f"/api/v2/voices/{voice}/sample/"), 404, "not_found")


def test_how_a_text_will_be_read(api: Client) -> None:
    text = "  Salam!\n\n12 alma 3,5 manatdır. 😀 Bitdi."
    sentences = post(api, "/api/v2/read/", text=text, lang="az").json()["sentences"]
    for sentence in sentences:
        assert text[sentence["offset"] :][: sentence["length"]] == sentence["original"]
    assert [sentence["original"] for sentence in sentences][:2] == ["Salam!", "12 alma 3,5 manatdır."]
    assert sentences[1]["spoken"].startswith("on iki alma üç tam onda beş manatdır")
    by_voice = post(api, "/api/v2/read/", text=text, voice_id=325640)
    assert by_voice.json()["sentences"] == sentences


def test_the_callers_lexicon_counts(api: Client, stranger: Client) -> None:
    entry = post(api, "/api/v2/lexicon/", language="az", grapheme="SOCAR", alias="sokar").json()
    ask: dict[str, Any] = {"text": "SOCAR gəldi.", "lang": "az"}
    assert post(api, "/api/v2/read/", **ask).json()["sentences"][0]["spoken"] == "sokar gəldi."
    own = post(api, "/api/v2/read/", **ask, lexicon=False).json()["sentences"][0]["spoken"]
    assert own == post(stranger, "/api/v2/read/", **ask).json()["sentences"][0]["spoken"]
    assert api.delete(f"/api/v2/lexicon/{entry['id']}/").status_code == 204
    assert post(api, "/api/v2/read/", **ask).json()["sentences"][0]["spoken"] == own


def test_what_cannot_be_read(api: Client, monkeypatch: pytest.MonkeyPatch, settings: Settings) -> None:
    refused(post(api, "/api/v2/read/", text="salam"), 400, "invalid_input", "lang")
    refused(post(api, "/api/v2/read/", text="a" * 10_001, lang="az"), 400, "invalid_input", "10000")
    settings.READER = "workers.nowhere.read"
    reading._reader.cache_clear()
    refused(post(api, "/api/v2/read/", text="salam", lang="az"), 503, "unavailable", "packages of a worker")
    reading._reader.cache_clear()


def test_reading_loads_no_numerical_library() -> None:
    program = """
import sys, django
django.setup()
from synthesis import reading
from synthesis.reading import settings
from django.utils.module_loading import import_string
from workers.pipeline.normalise import normalise
import_string(settings.READER)
for language, text in (("az", "12 alma"), ("tr", "12 elma"), ("ru", "12 яблок и 5 км")):
    normalise(text, language)
heavy = {"numpy", "onnxruntime", "torch", "pydub", "TTS"} & set(sys.modules)
sys.exit(", ".join(sorted(heavy)) or 0)
"""
    environment = {"DJANGO_SETTINGS_MODULE": "voicen_server.settings"}
    done = subprocess.run(
        [sys.executable, "-c", program], env={**os.environ, **environment}, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr[-500:]


def test_lexicon(api: Client, stranger: Client) -> None:
    made = post(api, "/api/v2/lexicon/", language="az", grapheme="Bolt", alias="bolt")
    assert made.status_code == 201
    entry = made.json()
    assert {name: entry[name] for name in ("language", "grapheme", "alias", "ipa", "enabled")} == {
        "language": "az",
        "grapheme": "Bolt",
        "alias": "bolt",
        "ipa": "",
        "enabled": True,
    }
    changed = post(api, "/api/v2/lexicon/", language="az", grapheme="Bolt", ipa="bolt").json()
    assert (changed["id"], changed["alias"], changed["ipa"]) == (entry["id"], "", "bolt")
    post(api, "/api/v2/lexicon/", language="tr", grapheme="Bolt", alias="bolt")
    assert len(api.get("/api/v2/lexicon/").json()["data"]) == 2
    assert api.get("/api/v2/lexicon/?language=az").json()["data"] == [changed]
    one = f"/api/v2/lexicon/{entry['id']}/"
    assert api.get(one).json() == changed
    assert stranger.get("/api/v2/lexicon/").json() == {"data": []}
    refused(stranger.get(one), 404, "not_found")
    refused(stranger.delete(one), 404, "not_found")
    assert api.delete(one).status_code == 204
    refused(api.delete(one), 404, "not_found")


@pytest.mark.parametrize(
    ("sent", "naming"),
    [
        ({"language": "en"}, "language:"),
        ({"grapheme": ""}, "grapheme:"),
        ({"alias": ""}, "alias:"),
        ({"ipa": "b"}, "not both"),
        ({"grapheme": "a\0b"}, "grapheme:"),
        ({"note": "x" * 201}, "note:"),
        ({"whole_word": "maybe"}, "whole_word:"),
    ],
)
def test_entries_that_cannot_be(api: Client, sent: dict[str, Any], naming: str) -> None:
    entry = {"language": "az", "grapheme": "Bolt", "alias": "bolt", **sent}
    refused(post(api, "/api/v2/lexicon/", **entry), 400, "invalid_input", naming)
    refused(api.get("/api/v2/lexicon/?language=xx"), 400, "invalid_input", "language:")


def test_usage(api: Client, submit: Submit, settings: Settings) -> None:
    settings.CHARACTERS_PER_DAY = 1000
    submit("salam")
    submit("salam")
    usage = api.get("/api/v2/usage/").json()
    assert usage["total"] == {"jobs": 2, "characters": 10, "ready": 0, "audio_seconds": 0}
    assert usage["data"][0]["characters"] == 10
    assert usage["limits"]["characters_per_day"] == 1000
    assert api.get("/api/v2/usage/?from=2020-01-01&to=2020-01-31").json()["data"] == []
    for bad in ("from=x", "to=2020-13-01", "from=2020-02-30", "from=2030-01-01&to=2029-01-01", "from=0001-01-01"):
        refused(api.get(f"/api/v2/usage/?{bad}"), 400, "invalid_input")
