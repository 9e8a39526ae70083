"""A job's audio while it is being spoken: its chunks in order as they become done, then what is left of the mp3.

It looks at the rows a few times a second and asks no broker. A chunk's file may go at any moment, since the join takes
them away: from then on the finished audio is decoded, from the sample that was reached.
"""

import subprocess
import tempfile
import time
from collections.abc import Iterator
from typing import IO, TYPE_CHECKING

from synthesis import ffmpeg, storage
from synthesis.domain.status import Status, StepKind, StepState
from synthesis.models import Job, Step

if TYPE_CHECKING:
    from django.contrib.auth.models import User

SAMPLE_WIDTH = 2
_LOOK_SECONDS = 0.1
_PIECE = 64 * 1024
_WAV_HEADER = 44
_RATE_AT = 24


class Failed(Exception):
    """The job has ended without audio, or does not get on. `code` as jobs have it."""

    def __init__(self, code: str, message: str) -> None:
        super().__init__(message)
        self.code = code
        self.message = message


def frames(job_id: int, owner: "User | None" = None, *, patience_seconds: float = 600.0) -> Iterator[bytes]:
    """The audio as s16le mono frames at `sample_rate`, piece by piece, each as soon as it is spoken.

    Raises Failed when the job fails, is cancelled or deleted, or adds no audio for `patience_seconds`.
    """
    sent = index = 0
    last = time.monotonic()
    while True:
        job = _job(job_id, owner)
        if job.status == Status.READY:
            yield from _decoded(job, sent)
            return
        step = job.steps.filter(kind=StepKind.SPEAK, index=index, state=StepState.DONE).first()
        if step is not None and (pieces := _chunk(step)) is not None:
            for piece in pieces:
                sent += len(piece) // SAMPLE_WIDTH
                yield piece
            index, last = index + 1, time.monotonic()
            continue
        if job.status == Status.FAILED:
            raise Failed(job.error_code, job.error_message)
        if time.monotonic() - last > patience_seconds:
            raise Failed("timeout", f"No audio came for {patience_seconds:g} s.")
        time.sleep(_LOOK_SECONDS)


def sample_rate(job: Job) -> int:
    """Hz of `frames`, known once the first of them is there."""
    step = Step.objects.filter(job=job, kind=StepKind.SPEAK, state=StepState.DONE).first()
    if step is not None and step.sample_rate:
        return step.sample_rate
    with _wav(_job(job.pk, None)) as file:
        return int.from_bytes(file.read(_WAV_HEADER)[_RATE_AT : _RATE_AT + 4], "little")


def _job(job_id: int, owner: "User | None") -> Job:
    jobs = Job.objects.filter(pk=job_id) if owner is None else Job.objects.filter(pk=job_id, owner=owner)
    job = jobs.first()
    if job is None:
        raise Failed("deleted", "The job was deleted.")
    return job


def _chunk(step: Step) -> list[bytes] | None:
    """The audio of a chunk; None: the join has taken it away."""
    try:
        with storage.speech_storage().open(step.audio) as file:
            return list(iter(lambda: file.read(_PIECE), b""))
    except FileNotFoundError:
        return None


def _decoded(job: Job, start: int) -> Iterator[bytes]:
    """The finished audio from this sample on."""
    with _wav(job) as file:
        file.seek(_WAV_HEADER + start * SAMPLE_WIDTH)
        while piece := file.read(_PIECE):
            yield piece


def _wav(job: Job) -> IO[bytes]:
    target = tempfile.TemporaryFile()  # noqa: SIM115 - the caller closes it
    try:
        with storage.speech_storage().open(job.audio) as audio, tempfile.NamedTemporaryFile() as source:
            for piece in iter(lambda: audio.read(_PIECE), b""):
                source.write(piece)
            source.flush()
            command = [*ffmpeg.quiet(), "-protocol_whitelist", "file", "-i", f"file:{source.name}", "-map", "0:a:0"]
            command += ["-ac", "1", "-c:a", "pcm_s16le", "-bitexact", "-map_metadata", "-1", "-f", "wav", "pipe:1"]
            subprocess.run(command, stdout=target, check=True, timeout=600)
    except FileNotFoundError as error:
        target.close()
        raise Failed("deleted", "The job was deleted.") from error
    except subprocess.SubprocessError as error:
        target.close()
        raise Failed("audio_unreadable", "The audio cannot be read.") from error
    target.seek(0)
    return target
