"""GET /api/v1/jobs/ID/synthesize/"""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.core.files.base import ContentFile
from django.test import Client

from synthesis import storage
from synthesis.models import Job
from tests.api.answers import NOT_FOUND, refused
from tests.api.test_job_detail import BAD_IDS
from tests.synthesis import progress
from tests.synthesis.progress import AUDIO

Submit = Callable[..., Job]
SIZE = len(AUDIO)


def url(job: Job) -> str:
    return f"/api/v1/jobs/{job.pk}/synthesize/"


def fetch(api: Client, job: Job, **headers: str) -> Any:
    return api.get(url(job), headers={name.replace("_", "-"): value for name, value in headers.items()})


def body(response: Any) -> bytes:
    return b"".join(response.streaming_content) if response.streaming else response.content


def test_it_works(api: Client, ready_job: Job) -> None:  # row 19
    response = fetch(api, ready_job)
    assert response.status_code == 200
    assert response["Content-Type"] == "audio/mpeg"
    assert response["Content-Length"] == str(SIZE)
    assert response["Content-Disposition"] == f'attachment; filename="voicen-{ready_job.pk}.mp3"'
    assert response["ETag"].strip('"') in ready_job.audio
    assert response["Accept-Ranges"] == "bytes"
    assert "private" in response["Cache-Control"]
    assert body(response) == AUDIO


def test_a_stranger(stranger: Client, api: Client, ready_job: Job) -> None:  # row 21
    foreign, unknown = fetch(stranger, ready_job), api.get("/api/v1/jobs/999999/synthesize/")
    assert foreign.status_code == unknown.status_code == 404
    assert foreign.content == unknown.content
    assert foreign.json() == NOT_FOUND


def refused_as(api: Client, job: Job, status: str) -> None:
    """Row 17: the allowed status is a string here."""
    response = fetch(api, job)
    assert response.status_code == 406
    assert response["Content-Type"] == "application/json"
    assert response.content.decode() == (
        f'{{"error":{{"code":406,"message":"Not acceptable","allowedStatuses":"ready","currentStatus":"{status}"}}}}'
    )


def test_unfinished_jobs(api: Client, submit: Submit) -> None:  # row 17
    job = submit()
    refused_as(api, job, "waiting")
    step = progress.claim(job)
    progress.queue.begin_preparing(step)
    refused_as(api, job, "preparing")
    progress.finish_prepare(step)
    refused_as(api, job, "processing")
    progress.speak(progress.claim(job))
    refused_as(api, job, "synthesizing")


def test_a_failed_job(api: Client, submit: Submit) -> None:  # row 17
    refused_as(api, progress.make_failed(submit()), "failed")


@pytest.mark.parametrize("job_id", BAD_IDS)
def test_bad_ids(api: Client, ready_job: Job, job_id: str) -> None:  # row 4
    response = api.get(f"/api/v1/jobs/{job_id}/synthesize/")
    refused(response, 404)
    assert response.json() == NOT_FOUND


@pytest.mark.parametrize(
    ("header", "first", "last"),
    [
        ("bytes=0-99", 0, 99),
        ("bytes=100-199", 100, 199),
        ("bytes=5-5", 5, 5),
        (f"bytes=1000-{SIZE + 50}", 1000, SIZE - 1),
        ("bytes=0-", 0, SIZE - 1),
        (f"bytes={SIZE - 1}-", SIZE - 1, SIZE - 1),
        ("bytes=-1", SIZE - 1, SIZE - 1),
        ("bytes=-100", SIZE - 100, SIZE - 1),
        ("bytes=-99999", 0, SIZE - 1),
        (" bytes=0-9 ", 0, 9),
        (f"bytes=0-{10**18}", 0, SIZE - 1),
    ],
)
def test_a_range(api: Client, ready_job: Job, header: str, first: int, last: int) -> None:  # row 19
    response = fetch(api, ready_job, range=header)
    assert response.status_code == 206
    assert response["Content-Type"] == "audio/mpeg"
    assert response["Content-Range"] == f"bytes {first}-{last}/{SIZE}"
    assert response["Content-Length"] == str(last - first + 1)
    assert body(response) == AUDIO[first : last + 1]


@pytest.mark.parametrize("header", [f"bytes={SIZE}-", f"bytes={SIZE}-{SIZE + 5}", "bytes=-0", "bytes=999999999999-"])
def test_a_range_behind_the_end(api: Client, ready_job: Job, header: str) -> None:  # rows 19, 20
    response = fetch(api, ready_job, range=header)
    refused(response, 416)
    assert response["Content-Range"] == f"bytes */{SIZE}"


@pytest.mark.parametrize(
    "header",
    [
        "bytes=",
        "bytes=-",
        "bytes=a-b",
        "bytes=5-1",
        "bytes=1",
        "chunks=0-5",
        "bytes 0-5",
        "bytes=0-5,10-15",
        "",
        "0-5",
        "bytes=--5",
        "bytes=0--5",
        "bytes=0x0-0x5",
        "bytes=٠-٥",
        "bytes=0-" + "9" * 30,
        "bytes=" + "9" * 5000 + "-",
    ],
)
def test_other_ranges_get_the_whole(api: Client, ready_job: Job, header: str) -> None:  # RFC 9110
    response = fetch(api, ready_job, range=header)
    assert response.status_code == 200
    assert body(response) == AUDIO


def test_if_range(api: Client, ready_job: Job) -> None:
    etag = fetch(api, ready_job)["ETag"]
    assert fetch(api, ready_job, range="bytes=0-9", if_range=etag).status_code == 206
    for other in ('"other"', f"W/{etag}", "Wed, 21 Oct 2015 07:28:00 GMT", ""):
        response = fetch(api, ready_job, range="bytes=0-9", if_range=other)
        assert response.status_code == 200
        assert body(response) == AUDIO


def test_if_none_match(api: Client, ready_job: Job) -> None:
    etag = fetch(api, ready_job)["ETag"]
    for known in (etag, f"W/{etag}", f'"other", {etag}', "*"):
        response = fetch(api, ready_job, if_none_match=known)
        assert response.status_code == 304
        assert body(response) == b""
        assert response["ETag"] == etag
    assert fetch(api, ready_job, if_none_match='"other"').status_code == 200


def test_if_none_match_goes_before_range(api: Client, ready_job: Job) -> None:  # RFC 9110, 13.2.2
    etag = fetch(api, ready_job)["ETag"]
    assert fetch(api, ready_job, if_none_match=etag, range="bytes=0-9").status_code == 304


def test_head(api: Client, ready_job: Job) -> None:  # row 19
    response = api.head(url(ready_job))
    assert response.status_code == 200
    assert response["Content-Length"] == str(SIZE)
    assert response["Content-Type"] == "audio/mpeg"
    assert body(response) == b""


def test_head_ignores_a_range(api: Client, ready_job: Job) -> None:  # RFC 9110, 14.2
    response = api.head(url(ready_job), headers={"range": "bytes=0-9"})
    assert response.status_code == 200
    assert response["Content-Length"] == str(SIZE)


@pytest.mark.parametrize("accept", ["audio/mpeg", "application/octet-stream", "application/json", "nonsense"])
def test_accept_is_ignored(api: Client, ready_job: Job, accept: str) -> None:  # row 28
    assert body(fetch(api, ready_job, accept=accept)) == AUDIO


def test_format_means_nothing(api: Client, ready_job: Job) -> None:  # row 28
    assert body(api.get(f"{url(ready_job)}?format=wav")) == AUDIO


def test_without_the_last_slash(api: Client, ready_job: Job) -> None:  # row 27
    assert body(api.get(url(ready_job).rstrip("/"))) == AUDIO


@pytest.mark.parametrize("method", ["post", "put", "patch", "delete", "options"])
def test_other_methods(api: Client, ready_job: Job, method: str) -> None:  # row 20
    refused(getattr(api, method)(url(ready_job)), 405)


def test_the_file_is_gone(api: Client, ready_job: Job, media: Path) -> None:
    """A deletion between the look at the row and the opening of the file."""
    (media / ready_job.audio).unlink()
    response = fetch(api, ready_job)
    refused(response, 404)


def test_a_large_file_comes_in_pieces(api: Client, submit: Submit, media: Path) -> None:
    audio = bytes(range(256)) * 2000
    job = progress.make_ready(submit(), audio)
    response = fetch(api, job, range="bytes=1-400000")
    pieces = list(response.streaming_content)
    assert max(map(len, pieces)) <= 64 * 1024
    assert b"".join(pieces) == audio[1:400001]


def test_a_job_of_another_door_has_its_own_format(api: Client, submit: Submit) -> None:
    job = submit()
    step = progress.claim(job)
    progress.queue.begin_preparing(step)
    progress.queue.begin_speaking(step, chunk_count=1)
    assert step.token is not None
    name = storage.audio_name(job.folder, step.token, "flac")
    storage.speech_storage().save(name, ContentFile(AUDIO))
    progress.queue.finish_job(step, name, SIZE, 1000)
    response = fetch(api, job)
    assert response["Content-Type"] == "audio/flac"
    assert response["Content-Disposition"] == f'attachment; filename="voicen-{job.pk}.flac"'
    assert body(response) == AUDIO
