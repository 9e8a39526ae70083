"""jobs/ of the v2 API: made, listed, looked at, cancelled, taken up again, deleted."""

from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.utils import timezone
from pytest_django import Settings

from synthesis import storage
from synthesis.domain.options import AudioFormat, Options
from synthesis.models import Job, JobWebhook
from synthesis.services import jobs
from tests.documents import makers
from tests.synthesis import progress

pytestmark = pytest.mark.django_db

Submit = Callable[..., Job]
JOBS = "/api/v2/jobs/"


def post(api: Client, path: str = JOBS, headers: dict[str, str] | None = None, **body: Any) -> Any:
    return api.post(path, body, content_type="application/json", headers=headers)


def refused(response: Any, code: int, reason: str, naming: str = "") -> None:
    assert response.status_code == code, response.content
    error = response.json()["error"]
    assert (error["code"], error["reason"]) == (code, reason)
    assert naming in error["message"]


def test_a_job_as_usual(api: Client, user: User) -> None:
    response = post(api, text="Salam, dünya!", voice_id=325640)
    assert response.status_code == 201, response.content
    job = response.json()
    row = Job.objects.get(pk=job["id"])
    assert (row.owner, row.options, row.source) == (user, {}, "api")
    assert storage.read_text(row.folder) == "Salam, dünya!"
    assert job["status"] == "waiting"
    assert (job["progress"], job["queue_position"], job["seconds_left"]) == (0, 0, None)
    assert (job["audio"], job["subtitles"], job["error"], job["duration"]) == (None, None, None, None)
    assert api.get(f"{JOBS}{row.pk}").json() == api.get(f"{JOBS}{row.pk}/").json() == job


def test_every_option_is_kept(api: Client) -> None:
    options: dict[str, Any] = {"format": "wav", "encoding": "ulaw", "sample_rate": 8000, "speed": 1.25, "pauses": 0.5}
    options |= {"loudness": -19.0, "subtitles": True, "lexicon": False, "ssml": False}
    sent: dict[str, Any] = {
        "voice_id": "aytac",
        "lang": "az-AZ",
        "title": "Xəbərlər",
        "priority": "high",
        "retention_days": 7,
    }
    job = post(api, text="salam", **sent, **options).json()
    row = Job.objects.get(pk=job["id"])
    assert job["options"] == {**options, "bitrate": None}
    assert Options.stored(row.options).format == AudioFormat.WAV
    assert (row.title, row.priority, job["priority"]) == ("Xəbərlər", 1, "high")
    assert row.expires is not None
    assert abs(row.expires - timezone.now() - timedelta(days=7)) < timedelta(minutes=5)


@pytest.mark.parametrize(
    ("sent", "naming"),
    [
        ({"text": ""}, "text:"),
        ({"text": None}, "text:"),
        ({"text": "…"}, "nothing to synthesize"),
        ({"voice_id": 1}, "325640 (Aytac)"),
        ({"voice_id": "nobody"}, "325640 (Aytac)"),
        ({"voice_id": None}, "voice_id:"),
        ({"lang": "ru"}, "lang: Voice 325640 speaks az."),
        ({"speed": 3}, "speed:"),
        ({"speed": "NaN"}, "speed:"),
        ({"speed": 10**400}, "speed:"),
        ({"format": "aac"}, "format:"),
        ({"encoding": "ulaw"}, "encoding:"),
        ({"sample_rate": 8001}, "sample_rate:"),
        ({"format": "flac", "bitrate": 64}, "bitrate:"),
        ({"loudness": -3}, "loudness:"),
        ({"title": "a\nb"}, "title:"),
        ({"title": "\ud800"}, "title:"),
        ({"title": "x" * 201}, "title:"),
        ({"priority": "urgent"}, "priority:"),
        ({"retention_days": 0}, "retention_days:"),
        ({"subtitles": "perhaps"}, "subtitles:"),
        ({"colour": "red"}, "colour: Unknown field."),
        ({"file": "x"}, "either a text or a file"),
    ],
)
def test_what_is_refused(api: Client, sent: dict[str, Any], naming: str) -> None:
    refused(post(api, **{"text": "salam", "voice_id": 325640, **sent}), 400, "invalid_input", naming)
    assert not Job.objects.exists()


def test_a_file(api: Client) -> None:
    file = SimpleUploadedFile("kitab.txt", "Bir kitab.".encode("utf-16"))
    response = api.post(JOBS, {"file": file, "voice_id": "325640", "speed": "1.5", "subtitles": "true", "title": "K"})
    assert response.status_code == 201, response.content
    job = response.json()
    assert (job["options"]["speed"], job["options"]["subtitles"], job["title"]) == (1.5, True, "K")
    assert api.get(f"{JOBS}{job['id']}/text/").content.decode() == "Bir kitab."
    refused(api.post(JOBS, {"voice_id": "325640"}), 400, "invalid_input", "text:")
    refused(api.post(JOBS, "text", content_type="text/plain"), 415, "unsupported_media_type", "multipart/form-data")


def test_the_same_key_gives_the_same_job(api: Client) -> None:
    key = {"Idempotency-Key": "k1"}
    first = post(api, headers=key, text="salam", voice_id=325640)
    assert post(api, headers=key, text="salam", voice_id=325640).json()["id"] == first.json()["id"]
    changed = post(api, headers=key, text="salam", voice_id=325640, speed=1.5)
    refused(changed, 409, "idempotency_conflict")


def test_batches_are_all_or_nothing(api: Client, settings: Settings) -> None:
    batch = f"{JOBS}batch/"
    good = {"text": "salam", "voice_id": 325640}
    made = post(api, batch, jobs=[good, {**good, "title": "iki"}]).json()["data"]
    assert [job["title"] for job in made] == ["", "iki"]
    assert [job["queue_position"] for job in made] == [0, 1]
    refused(post(api, batch, jobs=[good, {**good, "speed": 9}]), 400, "invalid_input", "jobs[1]: speed:")
    refused(post(api, batch, jobs=[good, 7]), 400, "invalid_input", "jobs[1]:")
    refused(post(api, batch, jobs=[]), 400, "invalid_input", "1 to 100")
    refused(post(api, batch, jobs=[good] * 101), 400, "invalid_input", "1 to 100")
    folders = len(storage.stored_folders())
    settings.MAX_UNFINISHED_JOBS = 3
    refused(post(api, batch, jobs=[good] * 2), 429, "too_many_jobs")
    assert Job.objects.count() == 2
    assert len(storage.stored_folders()) == folders, "nothing stays of those that were not made"


def test_pages(api: Client, submit: Submit, stranger: Client) -> None:
    ids = [submit().pk for _ in range(5)]
    seen, url = [], f"{JOBS}?limit=2"
    while url:
        page = api.get(url).json()
        assert len(page["data"]) <= 2
        seen += [job["id"] for job in page["data"]]
        url = page["next"]
        submit()  # what is new does not shift the pages
    assert seen == ids[::-1]
    assert stranger.get(JOBS).json() == {"data": [], "next": None}


def test_filters(api: Client, submit: Submit) -> None:
    ready = progress.make_ready(submit())
    Job.objects.filter(pk=ready.pk).update(title="Səhər Xəbərləri")
    waiting = submit(voice_id=325641)

    def ids(query: str) -> list[int]:
        return [job["id"] for job in api.get(f"{JOBS}?{query}").json()["data"]]

    assert ids("status=ready") == [ready.pk]
    assert ids("status=ready,waiting") == [waiting.pk, ready.pk]
    assert ids("voice_id=325641") == [waiting.pk]
    assert ids("q=Xəbər") == [ready.pk]
    assert ids("q=yox") == []
    for bad in ("status=done", "voice_id=x", "q=%00", "cursor=-1", "limit=0", "limit=101", f"cursor={10**30}"):
        refused(api.get(f"{JOBS}?{bad}"), 400, "invalid_input", f"{bad.split('=')[0]}:")


def test_others_jobs_do_not_exist(stranger: Client, ready_job: Job) -> None:
    one = f"{JOBS}{ready_job.pk}/"
    for path in ("", "audio/", "text/", "stream/", "events/", "subtitles.srt"):
        refused(stranger.get(one + path), 404, "not_found", "ID not found.")
    for path in ("cancel/", "retry/"):
        refused(stranger.post(one + path), 404, "not_found")
    refused(stranger.delete(one), 404, "not_found")
    for bad in ("0", "x", "9" * 30, "-1", "١"):
        refused(stranger.get(f"{JOBS}{bad}/"), 404, "not_found")


def test_cancel_retry_delete(api: Client, submit: Submit) -> None:
    job = submit()
    one = f"{JOBS}{job.pk}/"
    refused(api.post(f"{one}retry/"), 409, "wrong_status", "waiting")
    cancelled = api.post(f"{one}cancel/").json()
    assert (cancelled["status"], cancelled["error"]["code"]) == ("failed", "cancelled")
    assert cancelled["error"]["message"] == "Cancelled by its owner."
    refused(api.post(f"{one}cancel/"), 409, "wrong_status", "failed")
    assert api.post(f"{one}retry/").json()["status"] == "waiting"
    assert api.delete(one).status_code == 204
    refused(api.get(one), 404, "not_found")
    refused(api.delete(one), 404, "not_found")


def test_progress(api: Client, submit: Submit) -> None:
    before, job = submit(), submit()
    assert api.get(f"{JOBS}{job.pk}/").json()["queue_position"] == 1
    jobs.cancel_and_delete(before.pk)
    progress.prepare(job)
    known = api.get(f"{JOBS}{job.pk}/").json()
    assert (known["status"], known["chunk_count"], known["queue_position"]) == ("processing", 3, None)
    progress.speak(progress.claim(job))
    known = api.get(f"{JOBS}{job.pk}/").json()
    assert known["progress"] == pytest.approx(1 / 3, abs=1e-3)
    assert known["seconds_left"] is not None
    for _ in range(2):
        progress.speak(progress.claim(job))
    assert api.get(f"{JOBS}{job.pk}/").json()["progress"] < 1
    progress.publish(progress.claim(job))
    known = api.get(f"{JOBS}{job.pk}/").json()
    assert (known["progress"], known["duration"], known["seconds_left"]) == (1, 1.0, None)


# --- Who may come in ------------------------------------------------------------------------------------------------


def test_without_a_key(client: Client) -> None:
    for path in (JOBS, "/api/v2/voices/", "/api/v2/usage/", "/api/v2/events/"):
        response = client.get(path)
        refused(response, 401, "unauthorized", "No valid API key")
        assert response["WWW-Authenticate"] == "Token"
    refused(client.get(JOBS, headers={"Authorization": "Token nonsense"}), 401, "unauthorized")


def test_a_session_needs_its_csrf_token(user: User) -> None:
    client = Client(enforce_csrf_checks=True)
    client.force_login(user)
    assert client.get(JOBS).status_code == 200
    body = {"text": "salam", "voice_id": 325640}
    refused(client.post(JOBS, body, content_type="application/json"), 403, "forbidden", "CSRF")
    token = "a" * 32
    client.cookies["csrftoken"] = token
    made = client.post(JOBS, body, content_type="application/json", headers={"X-CSRFToken": token})
    assert made.status_code == 201, made.content
    assert made.json()["source"] == "web"


def test_a_wrong_key_is_not_made_good_by_a_session(user: User) -> None:
    client = Client(headers={"Authorization": "Token nonsense"})
    client.force_login(user)
    refused(client.get(JOBS), 401, "unauthorized")


def test_unknown_paths_and_methods(api: Client) -> None:
    refused(api.get("/api/v2/nothing/"), 404, "not_found")
    refused(api.put(JOBS), 405, "method_not_allowed")


def test_a_document(api: Client, tmp_path: Path, media: Path) -> None:
    path = makers.docx(tmp_path / "a.docx", "Hörmətli müştəri,", "24 noyabrda görüşərik.", heading="Məktub")
    form = {"file": SimpleUploadedFile("məktub.docx", path.read_bytes()), "voice_id": "325640"}
    answer = api.post("/api/v2/jobs/", form)
    assert answer.status_code == 201, answer.content
    text = api.get(f"/api/v2/jobs/{answer.json()['id']}/text/").content.decode()
    assert text == "Məktub\n\nHörmətli müştəri,\n\n24 noyabrda görüşərik.\n"


def test_a_document_that_is_none(api: Client, media: Path) -> None:
    form = {"file": SimpleUploadedFile("a.pdf", b"%PDF-1.7"), "voice_id": "325640"}
    answer = api.post("/api/v2/jobs/", form)
    assert (answer.status_code, answer.json()["error"]["message"]) == (400, "file: This is no PDF, or it is damaged.")


def test_a_webhook_of_its_own(api: Client, media: Path, settings: Settings) -> None:
    settings.WEBHOOKS_ALLOW_PRIVATE = True
    body = {"text": "salam", "voice_id": 325640, "webhook": "http://127.0.0.1:9/hook"}
    answer = api.post("/api/v2/jobs/", body, content_type="application/json")
    assert answer.status_code == 201, answer.content
    assert JobWebhook.objects.get().job_id == answer.json()["id"]
    answer = api.post("/api/v2/jobs/", {**body, "webhook": "ftp://a"}, content_type="application/json")
    assert answer.status_code == 400
    assert answer.json()["error"]["message"].startswith("webhook: ")
