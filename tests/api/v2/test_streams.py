"""What goes on while a job is made: its audio, and the events of its progress; with a worker that speaks."""

import json
import subprocess
import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from django.contrib.auth.models import User
from django.db import connections

from models.catalogue import catalogue
from synthesis import live, places, storage
from synthesis.api.v2 import streams
from synthesis.domain.options import AudioFormat, Options
from synthesis.models import Job
from synthesis.services import jobs
from tests.api.v2.test_jobs import refused
from tests.workers.conftest import Worker
from workers.pipeline.encoding import find_ffmpeg

pytestmark = pytest.mark.django_db(transaction=True)  # streams are fed by threads of their own

MANY = "Bu, birinci cümlədir, kifayət qədər uzundur. " * 12


@pytest.fixture
def worker() -> Worker:
    return Worker()


@pytest.fixture(autouse=True)
def _soon(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(live, "_LONGEST_LOOK", 0.01)
    monkeypatch.setattr(streams, "_LOOK_SECONDS", 0.01)


@pytest.fixture
def made(user: User) -> Callable[..., Job]:
    def submit(text: str = MANY, **options: Any) -> Job:
        return jobs.submit(user, catalogue().get(325640), text, order=jobs.Order(Options(**options)))

    return submit


def in_a_thread(work: Callable[[], None]) -> threading.Thread:
    def run() -> None:
        try:
            work()
        finally:
            connections.close_all()

    thread = threading.Thread(target=run)
    thread.start()
    return thread


def samples(frames: bytes) -> "np.ndarray[Any, Any]":
    return np.frombuffer(frames, "<i2").astype(int)


def whole(job: Job, rate: int = 24_000) -> "np.ndarray[Any, Any]":
    path = storage.speech_storage().path(Job.objects.get(pk=job.pk).audio)
    command = [find_ffmpeg(), "-v", "error", "-i", path, "-ar", str(rate), "-f", "s16le", "-"]
    return samples(subprocess.run(command, capture_output=True, check=True).stdout)


# --- live -------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("taken_before", [0, 1, 3])
@pytest.mark.parametrize("audio_format", [AudioFormat.WAV, AudioFormat.MP3])
def test_no_sample_is_lost_when_the_job_becomes_ready(
    made: Callable[..., Job], worker: Worker, taken_before: int, audio_format: AudioFormat
) -> None:
    """The reader has heard some chunks when the join takes the chunks away."""
    job = made(format=audio_format)
    worker.take()
    for _ in range(4):
        worker.take()
    pieces = live.frames(job.pk)
    heard = b""
    while len(heard) < taken_before * 9 * 24_000 * 2:
        heard += next(pieces)
    worker.take_all()
    assert Job.objects.get(pk=job.pk).status == "ready"
    heard += b"".join(pieces)
    expected = whole(job)
    assert live.sample_rate(job) == 24_000
    assert len(samples(heard)) == len(expected)
    # An mp3 is not the same samples; but it is at the same place.
    assert np.corrcoef(samples(heard), expected)[0, 1] > 0.98


def test_frames_come_before_the_job_is_done(made: Callable[..., Job], worker: Worker) -> None:
    job = made()
    worker.take()
    worker.take()
    first = next(live.frames(job.pk))
    assert len(first) > 1000
    assert Job.objects.get(pk=job.pk).status == "synthesizing"


def test_a_file_of_another_rate_goes_on_at_the_voices(made: Callable[..., Job], worker: Worker) -> None:
    job = made("salam", format=AudioFormat.WAV, sample_rate=8_000)
    worker.take_all()
    assert live.sample_rate(job) == 24_000
    heard = b"".join(live.frames(job.pk))
    assert len(heard) / 48_000 == pytest.approx((Job.objects.get(pk=job.pk).duration_ms or 0) / 1000, abs=0.002)


def test_what_ends_without_audio(made: Callable[..., Job], user: User) -> None:
    job = made()
    jobs.cancel(job.pk)
    with pytest.raises(live.Failed) as failed:
        next(live.frames(job.pk))
    assert failed.value.code == "cancelled"
    stranger = User.objects.create_user("stranger")
    with pytest.raises(live.Failed) as failed:
        next(live.frames(job.pk, stranger))
    assert failed.value.code == "deleted"
    jobs.delete(job.pk)
    for ask in (lambda: next(live.frames(job.pk)), lambda: live.sample_rate(job)):
        with pytest.raises(live.Failed) as failed:
            ask()
        assert failed.value.code == "deleted"
    with pytest.raises(live.Failed) as failed:
        next(live.frames(made().pk, patience_seconds=0))
    assert failed.value.code == "timeout"
    assert list(live.frames(made().pk, is_wanted=lambda: False)) == []


# --- stream/ ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("wanted", "media_type", "form"),
    [
        ("mp3", "audio/mpeg", []),
        ("wav", "audio/wav", []),
        ("ogg", "audio/ogg", []),
        ("pcm", "audio/pcm", ["-f", "s16le", "-ar", "24000", "-ac", "1"]),
    ],
)
def test_the_stream_is_the_job(
    api: Any, made: Callable[..., Job], worker: Worker, wanted: str, media_type: str, form: list[str], tmp_path: Path
) -> None:
    job = made()
    speaking = in_a_thread(worker.take_all)
    response = api.get(f"/api/v2/jobs/{job.pk}/stream/?format={wanted}")
    assert response.status_code == 200, response.content
    assert response["Content-Type"] == media_type
    assert response["X-Accel-Buffering"] == "no"
    path = tmp_path / "stream"
    path.write_bytes(b"".join(response.streaming_content))
    response.close()
    speaking.join()
    command = [find_ffmpeg(), "-v", "error", *form, "-i", str(path), "-ar", "24000", "-f", "s16le", "-"]
    heard = len(subprocess.run(command, capture_output=True, check=True).stdout) / 2
    assert heard / 24_000 == pytest.approx(len(whole(job)) / 24_000, abs=0.12)  # an mp3 stream states no padding


def test_streams_that_cannot_be(api: Any, made: Callable[..., Job]) -> None:
    job = made()
    refused(api.get(f"/api/v2/jobs/{job.pk}/stream/?format=aac"), 400, "invalid_input", "format:")
    jobs.cancel(job.pk)
    refused(api.get(f"/api/v2/jobs/{job.pk}/stream/"), 409, "wrong_status", "failed")


def test_streams_leave_threads_for_others(
    api: Any, made: Callable[..., Job], worker: Worker, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(places, "_places", threading.BoundedSemaphore(2))
    job = made("salam")
    worker.take_all()
    open_streams = [api.get(f"/api/v2/jobs/{job.pk}/events/") for _ in range(2)]
    for path in ("events/", f"jobs/{job.pk}/events/", f"jobs/{job.pk}/stream/"):
        response = api.get(f"/api/v2/{path}")
        refused(response, 503, "busy")
        assert int(response["Retry-After"]) > 0
    assert api.get(f"/api/v2/jobs/{job.pk}/").status_code == 200
    open_streams[0].close()  # without having been read at all
    again = api.get(f"/api/v2/jobs/{job.pk}/stream/")
    assert again.status_code == 200
    assert b"".join(again.streaming_content)
    again.close()
    open_streams[1].close()
    for _ in range(3):  # what is refused takes no place
        refused(api.get(f"/api/v2/jobs/{job.pk}/stream/?format=x"), 400, "invalid_input")
    assert places._places._value == 2


# --- events/ ----------------------------------------------------------------------------------------------------------


def events(response: Any) -> Iterator[tuple[str, dict[str, Any]]]:
    for event in b"".join(response.streaming_content).decode().split("\n\n"):
        fields = dict(line.partition(": ")[::2] for line in event.splitlines() if not line.startswith(":"))
        if fields:
            yield fields["event"], json.loads(fields["data"])


def test_the_events_of_a_job(api: Any, made: Callable[..., Job], worker: Worker) -> None:
    job = made()
    response = api.get(f"/api/v2/jobs/{job.pk}/events/")
    assert response["Content-Type"] == "text/event-stream"
    speaking = in_a_thread(worker.take_all)
    told = list(events(response))
    speaking.join()
    response.close()
    assert {name for name, _ in told} == {"job"}
    assert [data["id"] for _, data in told] == [job.pk] * len(told)
    shares = [data["progress"] for _, data in told]
    assert shares == sorted(shares)
    last = told[-1][1]
    assert (last["status"], last["progress"]) == ("ready", 1)
    assert last == api.get(f"/api/v2/jobs/{job.pk}/").json()


def test_a_browser_that_connects_again_is_sent_away(api: Any, made: Callable[..., Job]) -> None:
    job = made()
    jobs.cancel(job.pk)
    url = f"/api/v2/jobs/{job.pk}/events/"
    response = api.get(url)
    content = b"".join(response.streaming_content).decode()
    response.close()
    mark = content.split("id: ")[1].splitlines()[0]
    assert api.get(url, headers={"Last-Event-ID": mark}).status_code == 204
    jobs.retry(job.pk)
    response = api.get(url, headers={"Last-Event-ID": mark})
    assert response.status_code == 200, "it goes on after all"
    response.close()


def test_a_deleted_job_ends_its_events(api: Any, made: Callable[..., Job]) -> None:
    job = made()
    response = api.get(f"/api/v2/jobs/{job.pk}/events/")
    pieces = iter(response.streaming_content)
    assert b"event: job" in next(pieces)
    jobs.cancel_and_delete(job.pk)
    assert next(pieces) == f'event: deleted\ndata: {{"id": {job.pk}}}\n\n'.encode()
    assert list(pieces) == []
    response.close()


def test_keep_alive(api: Any, made: Callable[..., Job], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(streams, "_KEEP_ALIVE_SECONDS", 0.02)
    for url in (f"/api/v2/jobs/{made().pk}/events/", "/api/v2/events/"):
        response = api.get(url)
        pieces = iter(response.streaming_content)
        next(pieces)
        assert next(pieces) == b": keep-alive\n\n"
        response.close()


def test_the_events_of_all_jobs(api: Any, made: Callable[..., Job], stranger: Any, worker: Worker) -> None:
    old = made("salam")
    response = api.get("/api/v2/events/")
    pieces = iter(response.streaming_content)
    assert next(pieces).startswith(b":")
    nobodys = stranger.get("/api/v2/events/")
    others = iter(nobodys.streaming_content)
    next(others)
    new = made("salam")
    assert f'"id": {new.pk}' in next(pieces).decode()
    jobs.cancel_and_delete(old.pk)
    assert f'data: {{"id": {old.pk}}}' in next(pieces).decode()
    worker.take_all()
    last = next(pieces).decode()
    while '"status": "ready"' not in last:
        last = next(pieces).decode()
    assert f'"id": {new.pk}' in last
    response.close()
    nobodys.close()


# --- subtitles --------------------------------------------------------------------------------------------------------


def test_subtitles(api: Any, made: Callable[..., Job], worker: Worker) -> None:
    job = made("Salam, dünya! 12 alma.", subtitles=True)
    url = f"/api/v2/jobs/{job.pk}/subtitles"
    refused(api.get(f"{url}.srt"), 409, "wrong_status", "waiting")
    worker.take_all()
    known = api.get(f"/api/v2/jobs/{job.pk}/").json()["subtitles"]
    assert known["srt"] == f"http://testserver{url}.srt"
    sentences = api.get(f"{url}.json").json()
    assert [sentence["text"] for sentence in sentences] == ["Salam, dünya!", "12 alma."]
    assert [(word["offset"], word["length"]) for word in sentences[1]["words"]] == [(14, 2), (17, 4)]
    srt = api.get(f"{url}.srt")
    assert srt["Content-Type"] == "application/x-subrip; charset=utf-8"
    assert "\nSalam, dünya!\n\n2\n" in srt.content.decode()
    vtt = api.get(f"{url}.vtt")
    assert vtt["Content-Type"] == "text/vtt; charset=utf-8"
    assert vtt.content.startswith(b"WEBVTT\n\n00:00:00.0")
    refused(api.get(f"{url}.ass"), 404, "not_found")


def test_a_job_without_subtitles(api: Any, made: Callable[..., Job], worker: Worker) -> None:
    job = made("salam")
    worker.take_all()
    assert api.get(f"/api/v2/jobs/{job.pk}/").json()["subtitles"] is None
    refused(api.get(f"/api/v2/jobs/{job.pk}/subtitles.vtt"), 404, "no_subtitles", "subtitles=true")
