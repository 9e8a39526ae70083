"""POST /v1/audio/speech: what it refuses, and in which form. What it speaks: tests/live/test_openai.py."""

import json
from collections.abc import Iterator
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.test import Client
from pytest_django import Settings

from models.catalogue import catalogue
from synthesis import live, places, speaking
from synthesis.domain.status import Source, Status
from synthesis.models import Job
from synthesis.services import jobs, queue, voice_names
from tests.synthesis import progress

URL = "/v1/audio/speech"
VALID = {"model": "tts-1", "input": "salam", "voice": "alloy"}


def send(client: Client, **changes: object) -> Any:
    body = {name: value for name, value in {**VALID, **changes}.items() if value is not ...}
    return client.post(URL, json.dumps(body), content_type="application/json")


def refused(response: Any, status: int, param: str | None = None, code: str | None = None, naming: str = "") -> None:
    assert response.status_code == status, response.content
    error = response.json()["error"]
    assert set(error) == {"message", "type", "param", "code"}
    assert error["param"] == param
    assert code is None or error["code"] == code
    assert naming in error["message"]
    assert not Job.objects.exists()


@pytest.mark.parametrize(
    ("changes", "param", "naming"),
    [
        ({"input": ...}, "input", "required"),
        ({"input": ""}, "input", "required"),
        ({"input": 7}, "input", "string"),
        ({"input": "…!?"}, "input", "nothing to synthesize"),
        ({"input": "a\0b"}, "input", "input: Null"),
        ({"model": 1}, "model", "string"),
        ({"voice": "nobody"}, "voice", "325640 (Aytac)"),
        ({"voice": "999"}, "voice", "999"),
        ({"voice": {"id": "999"}}, "voice", "999"),
        ({"voice": ["alloy"]}, "voice", "name"),
        ({"voice": True}, "voice", "name"),
        ({"lang": "ru"}, "voice", "Voices for ru: 325645 (Anna)"),
        ({"lang": "de"}, "lang", "az, tr, ru"),
        ({"response_format": "mp4"}, "response_format", "mp3, opus"),
        ({"stream_format": "json"}, "stream_format", "sse"),
        ({"speed": 0.2}, "speed", "0.25 to 4"),
        ({"speed": "1"}, "speed", "0.25 to 4"),
        ({"speed": True}, "speed", "0.25 to 4"),
        ({"sample_rate": 11025}, "sample_rate", "8000"),
        ({"sample_rate": 44100, "response_format": "opus"}, "sample_rate", "for opus"),
        ({"sample_rate": 24000.0}, "sample_rate", "24000"),
        ({"stream": "no"}, "stream", "true or false"),
    ],
    ids=str,
)
def test_refusals_name_the_field(api: Client, changes: dict[str, object], param: str, naming: str) -> None:
    refused(send(api, **changes), 400, param, naming=naming)


@pytest.mark.parametrize(
    ("changes", "param"),
    [
        ({"text": ""}, "input"),
        ({"type": "ssml"}, "type"),
        ({"language": "ru-RU"}, "voice"),
        ({"language": "en-US"}, "lang"),
        ({"voice": "nobody"}, "voice"),
    ],
    ids=str,
)
def test_refusals_of_jambonz(api: Client, changes: dict[str, object], param: str) -> None:
    body = {"model": ..., "input": ..., "text": "salam", "type": "text", "language": "az-AZ", "voice": "Aytac"}
    refused(send(api, **{**body, **changes}), 400, param)


def test_an_unknown_model(api: Client) -> None:
    refused(send(api, model="whisper-1"), 404, "model", "model_not_found", naming="tts-1")


def test_an_unknown_voice_has_a_code(api: Client) -> None:
    refused(send(api, voice="nobody"), 400, "voice", "voice_not_found")


def test_too_long(api: Client, settings: Settings) -> None:
    settings.MAX_CHARACTERS = 10
    refused(send(api, input="uzun mətn" * 2), 400, "input", naming="10 characters")


@pytest.mark.parametrize("header", ["", "Bearer", "Bearer wrong", "Basic QTpC"])
def test_without_a_key(db: None, header: str) -> None:
    client = Client(headers={"Authorization": header} if header else {})
    refused(send(client), 401, code="invalid_api_key")


def test_other_methods_and_bodies(api: Client) -> None:
    refused(api.get(URL), 405, code="method_not_allowed")
    refused(api.post(URL, "{", content_type="application/json"), 400)
    refused(api.post(URL, "x=1", content_type="application/x-www-form-urlencoded"), 415)


@pytest.mark.parametrize("path", ["/v1/", "/v1/chat/completions", "/v1/audio/transcriptions"])
def test_other_paths(api: Client, path: str) -> None:
    refused(api.get(path), 404, code="not_found")
    refused(api.post(path, "{}", content_type="application/json"), 404, code="not_found")


def test_a_fault_of_ours_is_json_too(key: str, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(*_: object) -> None:
        raise RuntimeError

    monkeypatch.setattr(voice_names, "find", broken)
    client = Client(headers={"Authorization": f"Bearer {key}"}, raise_request_exception=False)
    response = send(client)
    assert (response.status_code, response["Content-Type"]) == (500, "application/json")
    assert response.json()["error"]["message"]
    assert Client().get("/v1/models").status_code == 200, "and nothing is held up"


def test_a_full_queue(api: Client, user: User, settings: Settings) -> None:
    settings.MAX_UNFINISHED_JOBS = 1
    jobs.submit(user, catalogue().get(325640), "salam")
    response = send(api)
    assert response.status_code == 429
    assert response.json()["error"]["type"] == "rate_limit_error"
    assert Job.objects.count() == 1


@pytest.fixture
def full() -> Iterator[list[bool]]:
    """All of them taken."""
    taken = []
    while places._places.acquire(blocking=False):
        taken.append(True)
    yield taken
    for _ in taken:
        places._places.release()


def test_no_place_left(api: Client, full: list[bool]) -> None:
    response = send(api)
    refused(response, 503, code="busy")
    assert int(response["Retry-After"]) > 0


def test_nobody_speaks(api: Client, settings: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    settings.SPEECH_PATIENCE_SECONDS = 0
    response = send(api)
    refused(response, 503, code="timeout")
    assert response["Retry-After"]


def test_a_failure_before_the_first_audio_has_a_status(api: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    def frames(job_id: int, **_: object) -> Iterator[bytes]:
        progress.make_failed(Job.objects.get(pk=job_id))
        return real(job_id)

    real = live.frames
    monkeypatch.setattr(live, "frames", frames)
    response = send(api)
    assert response.status_code == 500
    error = response.json()["error"]
    assert (error["type"], error["code"]) == ("server_error", "speech_failed")
    assert "engine_failed" in error["message"]
    assert Job.objects.get().status == Status.FAILED, "the operator can see what it was"


def test_who_leaves_takes_the_job_along(user: User) -> None:
    speech = speaking.begin(user, catalogue().get(325640), "salam", Source.OPENAI)
    answer = speaking.Answer(speech, iter([b"one", b"two"]))
    assert next(answer) == b"one"
    answer.close()
    assert not Job.objects.exists()
    answer.close()


def test_what_is_finished_stays(user: User, media: object) -> None:
    before = places._places._value
    speech = speaking.begin(user, catalogue().get(325640), "salam", Source.OPENAI)
    assert places._places._value == before - 1
    progress.make_ready(speech.job)
    speech.close()
    speech.close()
    assert Job.objects.get().status == Status.READY
    assert places._places._value == before


@pytest.mark.parametrize(
    ("speed", "voice", "tempo"), [(1.0, 1.0, 1.0), (0.25, 0.5, 0.5), (1.5, 1.5, 1.0), (4.0, 2.0, 2.0)]
)
def test_speed_is_shared(user: User, speed: float, voice: float, tempo: float) -> None:
    """Voices go from half to double; the rest is done to the sound."""
    speech = speaking.begin(user, catalogue().get(325640), "salam", Source.OPENAI, speed)
    try:
        assert (Job.objects.get().options.get("speed", 1.0), speech._tempo) == (voice, tempo)
    finally:
        speech.close()


@pytest.mark.parametrize(
    ("changes", "early"), [({}, True), ({"stream_format": "sse"}, True), ({"stream": False}, False)]
)
def test_who_hears_it_early_gets_short_first_chunks(
    api: Client, monkeypatch: pytest.MonkeyPatch, changes: dict[str, object], *, early: bool
) -> None:
    def frames(job_id: int, **_: object) -> Iterator[bytes]:
        found.append(Job.objects.get(pk=job_id).options.get("early", False))
        raise live.Failed("engine_failed", "No.")
        yield b""

    found: list[bool] = []
    monkeypatch.setattr(live, "frames", frames)
    send(api, **changes)
    assert found == [early]


def test_how_long_it_is_kept(user: User, settings: Settings) -> None:
    for hours in (1, 0):
        settings.SPEECH_KEEP_HOURS = hours
        speech = speaking.begin(user, catalogue().get(325640), "salam", Source.OPENAI)
        job = Job.objects.get()
        assert job.source == "openai"
        assert (job.expires is None) == (hours == 0)
        if job.expires:
            assert round((job.expires - job.created).total_seconds()) == 3600
        speech.close()
    assert queue.unfinished_jobs(user.pk) == 0
