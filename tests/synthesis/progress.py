"""Moves jobs along as workers do, by the queue's own services, with any bytes as audio."""

import uuid

from django.core.files.base import ContentFile

from synthesis import storage
from synthesis.domain.status import StepKind, StepState
from synthesis.models import Job, Step
from synthesis.services import queue as queue  # tests reach it here

AUDIO = bytes(range(256)) * 4


def claim(job: Job) -> Step:
    """Claim the next step, which has to be this job's."""
    step = queue.claim()
    assert step is not None
    assert step.job_id == job.pk
    return step


def prepare(job: Job, chunks: int = 3) -> None:
    """From waiting to processing: the text is split into so many chunks."""
    finish_prepare(_lease(job), chunks)


def _lease(job: Job) -> Step:
    """This job's first step, whatever else is its turn."""
    step = job.steps.select_related("job").get(kind=StepKind.PREPARE)
    step.state, step.token, step.attempts = StepState.RUNNING, uuid.uuid4(), 1
    step.save(update_fields=["state", "token", "attempts"])
    return step


def finish_prepare(step: Step, chunks: int = 3) -> None:
    assert step.kind == StepKind.PREPARE
    queue.begin_preparing(step)
    assert step.token is not None
    queue.add_chunks(step, [queue.ChunkPlace(number, 7 * number, 7, 200) for number in range(chunks)])
    name = storage.spoken_name(step.job.folder, step.token)
    storage.speech_storage().save(name, ContentFile(b"".join(b"chunk%2d" % number for number in range(chunks))))
    queue.finish_preparing(step, chunks, name)


def speak(step: Step) -> str:
    """Speak a claimed chunk; the name of its audio."""
    assert step.kind == StepKind.SPEAK
    assert step.token is not None
    queue.begin_speaking(step)
    name = storage.chunk_name(step.job.folder, step.index, step.token)
    storage.speech_storage().save(name, ContentFile(b"\0\0" * 10))
    queue.finish_speaking(step, name, 10, 24000)
    return name


def publish(step: Step, audio: bytes = AUDIO) -> str:
    """Store the mp3 of a claimed join, or of a claimed text of one chunk; its name."""
    assert step.token is not None
    name = storage.audio_name(step.job.folder, step.token)
    storage.speech_storage().save(name, ContentFile(audio))
    queue.finish_job(step, name, len(audio), 1000)
    return name


def make_ready(job: Job, audio: bytes = AUDIO) -> Job:
    """A job of one chunk from beginning to end; nothing else may wait in the queue."""
    step = claim(job)
    queue.begin_preparing(step)
    queue.begin_speaking(step, chunk_count=1)
    publish(step, audio)
    job.refresh_from_db()
    return job


def make_failed(job: Job) -> Job:
    step = claim(job)
    queue.begin_preparing(step)
    queue.attempt_failed(step, "engine_failed", "The engine failed.", permanent=True)
    job.refresh_from_db()
    return job
