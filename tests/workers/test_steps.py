"""A worker that takes step after step: what becomes of the job when something goes wrong on the way."""

import errno
import json
import logging
import re
import subprocess
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from django.contrib.auth.models import User
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from models.audio import Pcm
from models.catalogue import catalogue
from models.engines.base import EngineError
from synthesis import storage
from synthesis.domain import limits
from synthesis.domain.options import AudioFormat, Options, WavEncoding
from synthesis.domain.status import Status, StepKind, StepState
from synthesis.models import Job, Step
from synthesis.services import jobs, queue
from tests.pipeline.test_formats import decoded
from tests.workers.conftest import Worker
from voicen_server.logs import LineFormatter
from workers import steps, stopping
from workers.pipeline.encoding import find_ffmpeg
from workers.pipeline.mp3 import encodable_samples, stated_samples

pytestmark = pytest.mark.django_db(transaction=True)  # files go on commit

Submit = Callable[..., Job]

MANY = "Bu, birinci cümlədir, kifayət qədər uzundur. " * 20


def rested() -> None:
    """A failed attempt rests for seconds; tests do not."""
    Step.objects.update(not_before=None)


def take_all(worker: Worker) -> None:
    for _ in range(3):
        worker.take_all()
        rested()
    worker.take_all()


def files(job: Job) -> list[str]:
    folder = Path(storage.speech_storage().path(storage.folder_name(job.folder)))
    return sorted(path.name for path in folder.iterdir())


def test_one_chunk_takes_one_step(submit: Submit, worker: Worker) -> None:
    job = submit("salam")
    assert worker.take() is not None
    job.refresh_from_db()
    assert job.status == Status.READY
    assert (job.chunk_count, job.chunks_spoken) == (1, 1)
    assert not job.steps.exists()
    assert sorted(files(job)) == sorted(["text.txt", job.audio.rpartition("/")[2]])


def test_many_chunks(submit: Submit, worker: Worker) -> None:
    job = submit(MANY)
    worker.take()
    job.refresh_from_db()
    assert job.status == Status.PROCESSING
    assert job.chunk_count is not None
    assert job.chunk_count > 3
    assert job.steps.filter(kind=StepKind.SPEAK, state=StepState.PENDING).count() == job.chunk_count
    worker.take()
    job.refresh_from_db()
    assert (job.status, queue.chunks_spoken(job)) == (Status.SYNTHESIZING, 1)
    samples = sum(len(step_audio) // 2 for step_audio in spoken_audio(worker, job))
    job.refresh_from_db()
    assert job.status == Status.READY
    path = Path(storage.speech_storage().path(job.audio))
    assert stated_samples(path) == encodable_samples(samples, 24_000)
    assert job.duration_ms == round(stated_samples(path) / 24)
    assert sorted(files(job)) == sorted(["text.txt", path.name]), "chunks and spoken text go with the end"


def test_the_first_chunks_are_short_for_who_hears_them_early(user: User, worker: Worker) -> None:
    lengths = []
    for options in (Options(early=True), Options()):
        job = jobs.submit(user, catalogue().get(325640), MANY, order=jobs.Order(options=options))
        worker.take()
        lengths.append(list(job.steps.filter(kind=StepKind.SPEAK).order_by("index").values_list("length", flat=True)))
        jobs.cancel(job.pk)
    early, usual = lengths
    assert early[0] < early[1] < early[2]
    assert early[0] <= usual[0] / 2
    assert sum(early) == sum(usual)


def test_round_trips_to_the_database(submit: Submit, worker: Worker) -> None:
    """What a chunk in the middle of a book costs: every worker pays it for every chunk."""
    submit(MANY)
    worker.take()
    worker.take()
    with CaptureQueriesContext(connection) as claimed:
        step = queue.claim()
    assert step is not None
    # BEGIN, the step with its job, its lease, COMMIT; SQLite looks first, without the write lock.
    assert len(claimed) == (5 if connection.vendor == "sqlite" else 4)
    with CaptureQueriesContext(connection) as spoken:
        steps.run(step, worker.runtime, worker.pulse)
    # The voices' stamp, the end of the chunk, the look whether it was the last.
    assert len(spoken) == 3


@pytest.mark.parametrize(
    ("options", "codec", "rate"),
    [
        (Options(AudioFormat.MP3, sample_rate=8_000), "mp3", 8_000),
        (Options(AudioFormat.WAV, WavEncoding.ULAW, sample_rate=8_000, loudness=-19.0), "pcm_mulaw", 8_000),
        (Options(AudioFormat.OGG, bitrate=24), "opus", 48_000),
        (Options(AudioFormat.FLAC, sample_rate=44_100), "flac", 44_100),
    ],
)
@pytest.mark.parametrize("text", ["salam", MANY])
def test_the_file_that_was_asked_for(
    user: User, worker: Worker, options: Options, codec: str, rate: int, text: str
) -> None:
    job = jobs.submit(user, catalogue().get(325640), text, order=jobs.Order(options, title="Sınaq"))
    worker.take_all()
    job.refresh_from_db()
    assert job.status == Status.READY, job.error_message
    assert job.audio.endswith(f".{options.format}")
    path = Path(storage.speech_storage().path(job.audio))
    assert job.audio_bytes == path.stat().st_size
    assert job.sample_rate == 24_000
    said = subprocess.run([find_ffmpeg(), "-hide_banner", "-i", path], capture_output=True, check=False).stderr.decode()
    assert codec in said
    assert f"{rate} Hz, mono" in said
    assert (f"Voicen {job.pk}" in said) == (options.format != AudioFormat.WAV)
    assert "Sınaq" not in said, "no word of a client is on a command line"
    seconds = len(decoded(path, 48_000)) / 48_000
    assert job.duration_ms == pytest.approx(1000 * seconds, abs=6)


@pytest.mark.parametrize("text", ["Salam! 12 alma.", MANY])
def test_subtitles(user: User, worker: Worker, text: str) -> None:
    job = jobs.submit(user, catalogue().get(325640), text, order=jobs.Order(Options(subtitles=True)))
    worker.take_all()
    job.refresh_from_db()
    assert job.status == Status.READY, job.error_message
    names = {"text.txt", job.audio.rpartition("/")[2], job.timings.rpartition("/")[2]}
    assert set(files(job)) == names, "the places go with the chunks"
    with storage.speech_storage().open(job.timings) as file:
        sentences = json.load(file)
    assert [sentence["text"] for sentence in sentences] == re.findall(r"\S[^.!]*[.!]", text)
    assert sentences[-1]["end"] <= (job.duration_ms or 0) / 1000
    assert len({sentence["start"] for sentence in sentences}) == len(sentences)
    jobs.delete(job.pk)
    assert not Path(storage.speech_storage().path(storage.folder_name(job.folder))).exists()


def test_the_sentences_of_a_job_can_be_followed(user: User, worker: Worker, api: Client) -> None:
    text = "Bu, birinci cümlədir. Qısa! Bu isə, \u200bkifayət qədər uzundur, yəni çox uzun. " * 12
    job = jobs.submit(user, catalogue().get(325640), text, order=jobs.Order(Options(subtitles=True)))
    address = f"/api/v2/jobs/{job.pk}/sentences/"
    assert api.get(address).json() == {"data": [], "complete": False}
    for _ in range(5):
        assert worker.take() is not None
    early = api.get(address).json()
    assert not early["complete"]
    worker.take_all()
    late = api.get(address).json()
    assert late["complete"]
    assert 4 < len(early["data"]) < len(late["data"]) == 36
    for estimate, exact in zip(early["data"][:-1], late["data"], strict=False):
        assert (estimate["offset"], estimate["length"]) == (exact["offset"], exact["length"])
        assert abs(estimate["start"] - exact["start"]) < 0.5
        assert abs(estimate["end"] - exact["end"]) < 0.5


def test_sentences_that_there_are_not(user: User, worker: Worker, api: Client) -> None:
    without = jobs.submit(user, catalogue().get(325640), "Salam.")
    assert api.get(f"/api/v2/jobs/{without.pk}/sentences/").json()["error"]["reason"] == "no_subtitles"
    cancelled = jobs.submit(user, catalogue().get(325640), MANY, order=jobs.Order(Options(subtitles=True)))
    jobs.cancel(cancelled.pk)
    refused = api.get(f"/api/v2/jobs/{cancelled.pk}/sentences/")
    assert (refused.status_code, refused.json()["error"]["reason"]) == (409, "wrong_status")


def test_a_text_that_the_release_before_has_read_has_no_subtitles(user: User, worker: Worker) -> None:
    job = jobs.submit(user, catalogue().get(325640), MANY, order=jobs.Order(Options(subtitles=True)))
    worker.take()
    job.refresh_from_db()
    storage.speech_storage().delete(storage.spans_name(job.spoken))
    worker.take_all()
    job.refresh_from_db()
    assert (job.status, job.timings) == (Status.READY, "")


def spoken_audio(worker: Worker, job: Job) -> list[bytes]:
    """Speak to the end; the audio of every chunk as it was before the join took it."""
    speech = storage.speech_storage()
    while job.steps.filter(kind=StepKind.SPEAK).exclude(state=StepState.DONE).exists():
        worker.take()
    names = job.steps.filter(kind=StepKind.SPEAK).order_by("index").values_list("audio", flat=True)
    audio = [speech.open(name).read() for name in names]
    worker.take_all()
    return audio


def test_the_chunks_are_the_text(submit: Submit, worker: Worker) -> None:
    said: list[str] = []

    def speak(text: str) -> Pcm:
        said.append(text)
        return Pcm(np.full(4800, 0.5, np.float32), 24_000)

    worker.engine.on_speak = speak
    submit("Birinci.\n\nİkinci cümlə, 3 alma. " + MANY)
    worker.take_all()
    assert " ".join("".join(said).split()) == " ".join(("birinci.\n\nikinci cümlə, üç alma. " + MANY.lower()).split())


def logged(caplog: pytest.LogCaptureFixture) -> str:
    """What the service's own formatter makes of the records."""
    return "\n".join(LineFormatter().format(record) for record in caplog.records)


def test_an_engine_that_fails_once(submit: Submit, worker: Worker) -> None:
    answers = [EngineError("a passing fault")]

    def speak(text: str) -> Pcm:
        if answers:
            raise answers.pop()
        return Pcm(np.full(4800, 0.5, np.float32), 24_000)

    worker.engine.on_speak = speak
    job = submit("salam")
    take_all(worker)
    job.refresh_from_db()
    assert job.status == Status.READY


def test_memory_that_is_used_up(submit: Submit, worker: Worker) -> None:
    """Each attempt is written down before the process makes room for another."""

    def speak(text: str) -> Pcm:
        raise MemoryError

    worker.engine.on_speak = speak
    job = submit("salam")
    for attempt in range(limits.MAX_ATTEMPTS):
        job.steps.update(not_before=None)
        with pytest.raises(steps.OutgrownError):
            worker.take()
        assert job.steps.get().attempts == attempt + 1
    job.refresh_from_db()
    assert (job.status, job.error_code) == (Status.FAILED, "out_of_memory")


@pytest.mark.parametrize(
    ("fault", "code", "words"),
    [
        (EngineError("the voice is hoarse", code="hoarse"), "hoarse", "The voice is hoarse (chunk 1 of"),
        (OSError(errno.EACCES, "Permission denied"), "storage_failed", "Permission denied"),
        (ValueError("salam gizli"), "internal_error", "Unforeseen ValueError"),
    ],
)
def test_an_engine_that_always_fails(
    submit: Submit,
    worker: Worker,
    fault: Exception,
    code: str,
    words: str,
    caplog: pytest.LogCaptureFixture,
) -> None:
    def speak(text: str) -> Pcm:
        raise fault

    worker.engine.on_speak = speak
    job, other = submit(MANY), submit("salam", 325646)
    take_all(worker)
    job.refresh_from_db()
    assert (job.status, job.error_code) == (Status.FAILED, code)
    assert words in job.error_message
    assert job.error_message.endswith(".")
    assert "gizli" not in job.error_message + logged(caplog)
    worker.engine.on_speak = None
    jobs.retry(other.pk)
    worker.take_all()
    other.refresh_from_db()
    assert other.status == Status.READY, "one job's failure is not another's"


@pytest.mark.parametrize("samples", [np.array([], np.float32), np.full(999, np.nan, np.float32), np.zeros(9999)])
def test_sound_that_is_none(submit: Submit, worker: Worker, samples: np.ndarray) -> None:
    worker.engine.on_speak = lambda text: Pcm(samples.astype(np.float32), 24_000)
    job = submit("salam")
    take_all(worker)
    job.refresh_from_db()
    assert job.status == Status.FAILED
    assert job.error_code in {"empty_audio", "broken_audio", "silent_audio"}


def test_nothing_to_speak_fails_at_once(submit: Submit, worker: Worker) -> None:
    job = submit("…!?")  # the API would refuse it
    worker.take_all()
    job.refresh_from_db()
    assert (job.status, job.error_code) == (Status.FAILED, "nothing_to_speak")


def test_cancelled_while_speaking(submit: Submit, worker: Worker) -> None:
    job = submit(MANY)
    worker.take()

    def speak(text: str) -> Pcm:
        jobs.cancel(job.pk)
        return Pcm(np.full(4800, 0.5, np.float32), 24_000)

    worker.engine.on_speak = speak
    worker.take_all()
    job.refresh_from_db()
    assert (job.status, job.error_code, job.chunks_spoken) == (Status.FAILED, "cancelled", 0)
    assert not [name for name in files(job) if name.endswith(".pcm")], "the late chunk is thrown away"


def test_deleted_while_speaking(submit: Submit, worker: Worker, media: Path) -> None:
    job = submit("salam")

    def speak(text: str) -> Pcm:
        jobs.cancel_and_delete(job.pk)
        return Pcm(np.full(4800, 0.5, np.float32), 24_000)

    worker.engine.on_speak = speak
    worker.take_all()
    assert not Job.objects.exists()
    assert not [path for path in media.rglob("*") if path.is_file()]


@pytest.mark.parametrize("damage", ["gone", "short"])
def test_a_hole_fails_the_job(submit: Submit, worker: Worker, damage: str) -> None:
    job = submit(MANY)
    worker.take()
    job.refresh_from_db()
    assert job.chunk_count
    for _ in range(job.chunk_count):
        worker.take()
    second = job.steps.get(kind=StepKind.SPEAK, index=1)
    path = Path(storage.speech_storage().path(second.audio))
    if damage == "gone":
        path.unlink()
    else:
        path.write_bytes(path.read_bytes()[:-100])
    worker.take_all()
    job.refresh_from_db()
    assert (job.status, job.error_code) == (Status.FAILED, "chunk_missing")
    assert "chunk 2" in job.error_message
    assert not [name for name in files(job) if name.endswith(".mp3")]


def test_a_job_waits_while_the_disk_is_full(submit: Submit, worker: Worker, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(*_: object) -> str:
        raise OSError(errno.ENOSPC, "No space left on device")

    job = submit("salam")
    monkeypatch.setattr(storage.DurableFileSystemStorage, "_save", full)
    for _ in range(5):
        assert worker.take() is not None
        assert worker.take() is None, "it rests"
        rested()
    assert Step.objects.get().attempts == 0
    monkeypatch.undo()
    worker.take_all()
    job.refresh_from_db()
    assert job.status == Status.READY


def test_a_voice_that_is_no_longer_there(submit: Submit, worker: Worker) -> None:
    job = submit("salam")
    Job.objects.filter(pk=job.pk).update(voice_id=1)
    worker.take_all()
    job.refresh_from_db()
    assert (job.status, job.error_code) == (Status.FAILED, "unknown_voice")


def test_logs_tell_no_text(submit: Submit, worker: Worker, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    submit("gizlisöz")
    worker.take_all()
    assert "gizlisöz" not in logged(caplog)


def test_lost_lease_is_no_fault(submit: Submit, worker: Worker) -> None:
    job = submit("salam")

    def speak(text: str) -> Pcm:
        Step.objects.update(lease_until=None, token=None, state=StepState.PENDING)
        assert queue.claim() is not None
        return Pcm(np.full(4800, 0.5, np.float32), 24_000)

    worker.engine.on_speak = speak
    worker.take()
    job.refresh_from_db()
    assert job.status == Status.SYNTHESIZING
    assert job.error_code == ""


@pytest.fixture
def shutting_down(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(stopping, "requested", lambda: True)


def test_a_join_is_handed_back_at_a_shutdown(submit: Submit, worker: Worker, monkeypatch: pytest.MonkeyPatch) -> None:
    job = submit(MANY)
    worker.take()
    job.refresh_from_db()
    for _ in range(job.chunk_count or 0):
        worker.take()
    monkeypatch.setattr(stopping, "requested", lambda: True)
    for _ in range(5):
        worker.take()
    assert Step.objects.get(kind=StepKind.JOIN).attempts == 0
    monkeypatch.undo()
    worker.take_all()
    job.refresh_from_db()
    assert job.status == Status.READY


def test_reading_a_book_is_handed_back_at_a_shutdown(submit: Submit, worker: Worker, shutting_down: None) -> None:
    submit(MANY)
    worker.take()
    step = Step.objects.get(kind=StepKind.PREPARE)
    assert (step.state, step.attempts) == (StepState.PENDING, 0)
