"""jobs/ID/audio/ and the signed addresses."""

import subprocess
from collections.abc import Callable
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlsplit

import pytest
from django.contrib.auth.models import User
from django.core import signing
from django.test import Client
from pytest_django import Settings

from models.catalogue import catalogue
from synthesis import audio_links, storage
from synthesis.domain.options import AudioFormat, Options
from synthesis.models import Job
from synthesis.services import jobs
from tests.api.v2.test_jobs import refused
from tests.synthesis import progress
from tests.synthesis.progress import AUDIO
from tests.workers.conftest import Worker
from workers.pipeline.encoding import find_ffmpeg

pytestmark = pytest.mark.django_db

Submit = Callable[..., Job]


@pytest.fixture
def worker() -> Worker:
    return Worker()


def body(response: Any) -> bytes:
    return b"".join(response.streaming_content) if response.streaming else response.content


def answer(api: Client, job: Job) -> dict[str, Any]:
    found: dict[str, Any] = api.get(f"/api/v2/jobs/{job.pk}/").json()
    return found


def path_of(url: str) -> str:
    return urlsplit(url).path


def test_the_owner_fetches_it(api: Client, ready_job: Job) -> None:
    Job.objects.filter(pk=ready_job.pk).update(title='Xəbərlər: "bu gün"/sabah')
    response = api.get(f"/api/v2/jobs/{ready_job.pk}/audio/")
    assert body(response) == AUDIO
    assert response["Content-Type"] == "audio/mpeg"
    assert response["Content-Disposition"].startswith("attachment; filename*=utf-8''")
    assert unquote(response["Content-Disposition"]).endswith("''Aytac_Xəbərlər_bu_gün_sabah.mp3")
    part = api.get(f"/api/v2/jobs/{ready_job.pk}/audio/", headers={"Range": "bytes=2-4"})
    assert (part.status_code, body(part)) == (206, AUDIO[2:5])
    assert (
        api.get(f"/api/v2/jobs/{ready_job.pk}/audio/", headers={"If-None-Match": response["ETag"]}).status_code == 304
    )


def test_a_job_that_is_not_ready(api: Client, submit: Submit) -> None:
    refused(api.get(f"/api/v2/jobs/{submit().pk}/audio/"), 409, "wrong_status", "waiting")


def test_a_signed_address_needs_no_key(api: Client, client: Client, ready_job: Job) -> None:
    audio = answer(api, ready_job)["audio"]
    assert (audio["format"], audio["media_type"], audio["bytes"]) == ("mp3", "audio/mpeg", len(AUDIO))
    assert audio["url"].startswith("http://testserver/audio/")
    assert audio["url"].endswith(f"/Aytac_{ready_job.pk}.mp3")
    response = client.get(path_of(audio["url"]))
    assert body(response) == AUDIO
    assert response["Cache-Control"].startswith("public, max-age=")
    assert 86_400 <= int(response["Cache-Control"].partition("max-age=")[2]) <= 90_001
    assert response["Content-Disposition"].startswith("inline")
    assert body(client.get(path_of(audio["url"]), headers={"Range": "bytes=-3"})) == AUDIO[-3:]
    assert client.head(path_of(audio["url"])).status_code == 200
    assert answer(api, ready_job)["audio"]["url"] == audio["url"], "caches keep it"


def test_an_address_that_is_no_longer_good(api: Client, client: Client, ready_job: Job) -> None:
    url = path_of(answer(api, ready_job)["audio"]["url"])
    forged = url.replace("/audio/", "/audio/x", 1)
    refused(client.get(forged), 404, "not_found")
    other = signing.Signer(salt="another").sign_object([ready_job.pk, "x", 2**40])
    refused(client.get(f"/audio/{other}/a.mp3"), 404, "not_found")
    jobs.cancel_and_delete(ready_job.pk)
    refused(client.get(url), 404, "not_found")


def test_it_expires(client: Client, ready_job: Job, settings: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    settings.AUDIO_URL_HOURS = 1
    link = audio_links.link(ready_job)
    assert client.get(link.path).status_code == 200

    class Later:
        @staticmethod
        def now() -> Any:
            return link.expires

    monkeypatch.setattr(audio_links, "timezone", Later)
    refused(client.get(link.path), 404, "not_found", "expired")


def test_for_telephones(api: Client, client: Client, user: User, worker: Worker, tmp_path: Path) -> None:
    job = jobs.submit(user, catalogue().get(325640), "Salam, dünya.", order=jobs.Order(Options(AudioFormat.OGG)))
    worker.take_all()
    audio = answer(api, job)["audio"]
    assert (audio["format"], audio["sample_rate"]) == ("ogg", 48_000)
    url = path_of(audio["url"])
    duration = answer(api, job)["duration"]
    for wanted, media_type, form in (
        ("wav", "audio/wav", []),
        ("ulaw", "audio/basic", ["-f", "mulaw", "-ar", "8000"]),
        ("alaw", "audio/PCMA", ["-f", "alaw", "-ar", "8000"]),
    ):
        response = client.get(f"{url}?format={wanted}&sample_rate=8000")
        content = body(response)
        assert response["Content-Type"] == media_type
        assert int(response["Content-Length"]) == len(content)
        file = tmp_path / "a"
        file.write_bytes(content)
        command = [find_ffmpeg(), "-v", "error", *form, "-i", str(file), "-ar", "8000", "-f", "s16le", "-"]
        heard = subprocess.run(command, capture_output=True, check=True).stdout
        assert len(heard) / 16_000 == pytest.approx(duration, abs=0.01)
    part = client.get(f"{url}?format=ulaw", headers={"Range": "bytes=0-9"})
    assert (part.status_code, len(body(part))) == (206, 10)
    for bad in ("format=mp3", "sample_rate=1"):
        refused(client.get(f"{url}?{bad}"), 400, "invalid_input", bad.partition("=")[0])
    Job.objects.filter(pk=job.pk).update(duration_ms=4_000_000)
    refused(client.get(f"{url}?format=wav"), 400, "invalid_input", "Longer")
    assert client.get(url).status_code == 200


def test_audio_whose_file_is_gone(api: Client, client: Client, submit: Submit) -> None:
    job = progress.make_ready(submit())
    url = path_of(answer(api, job)["audio"]["url"])
    storage.speech_storage().delete(job.audio)
    refused(client.get(url), 404, "not_found")
    refused(client.get(f"{url}?format=wav"), 404, "not_found")
    refused(api.get(f"/api/v2/jobs/{job.pk}/audio/"), 404, "not_found")
