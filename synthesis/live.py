"""A job while it is being spoken: its audio, chunk by chunk as they become done and then what is left of the file, and
its sentences.

It looks at the rows several times a second, the oftener the sooner audio may come, and asks no broker. The join takes
the chunks away: from then on the finished audio is decoded, from the very sample that was reached.
"""

import json
import time
from collections.abc import Callable, Iterator
from typing import IO, TYPE_CHECKING, Any

from synthesis import decoding, storage
from synthesis.domain import subtitles
from synthesis.domain.errors import JobNotFound
from synthesis.domain.options import Options
from synthesis.domain.status import FINISHED, Status, StepKind, StepState
from synthesis.models import Job, Step

if TYPE_CHECKING:
    from django.contrib.auth.models import User

SAMPLE_WIDTH = 2
PATIENCE_SECONDS = 600.0
# Seconds between two looks: the first ones, and those when nothing has come for some time. Each costs two queries.
_SHORTEST_LOOK, _LONGEST_LOOK, _SLOW_AFTER = 0.03, 0.15, 2.0
_PIECE = 64 * 1024
_RATE_OF_OLD_JOBS = 24_000
"""Hz. Jobs that were ready before rates were written down are decoded at this one."""


class NoSentences(Exception):
    """The job was made without subtitles."""


class Failed(Exception):
    """No more audio will come. `code` as jobs have it: cancelled, deleted, timeout and others."""

    def __init__(self, code: str, message: str) -> None:
        super().__init__(message)
        self.code = code
        self.message = message


def frames(
    job_id: int,
    owner: "User | None" = None,
    *,
    patience_seconds: float = PATIENCE_SECONDS,
    is_wanted: Callable[[], bool] = lambda: True,
) -> Iterator[bytes]:
    """The audio as s16le mono frames at `sample_rate`, piece by piece, each as soon as it is spoken.

    It is as the voice spoke it: a loudness that the job asks for is reached in the finished file only. Ends early when
    nobody wants it any more, which is asked at every look. Raises Failed when the job fails, is cancelled or deleted,
    or adds no audio for `patience_seconds`.
    """
    index = sent = 0
    last = time.monotonic()
    while is_wanted():
        # In this order: between the two looks a chunk may be added, but none can go unless the job becomes ready.
        job = _job(job_id, owner)
        if job.status == Status.READY:
            yield from _finished(job, sent)
            return
        step = _spoken(job, index)
        content = _chunk(step) if step is not None else b""
        if content:
            for start in range(0, len(content), _PIECE):
                yield content[start : start + _PIECE]
            index, sent = index + 1, sent + len(content) // SAMPLE_WIDTH
            last = time.monotonic()
            continue
        if job.status == Status.FAILED:
            raise Failed(job.error_code, job.error_message)
        waited = time.monotonic() - last
        if waited > patience_seconds:
            raise Failed("timeout", f"No audio came for {patience_seconds:g} s.")
        time.sleep(_rest(waited))


def _rest(waited: float) -> float:
    """Seconds to the next look, after so many without audio."""
    return min(_LONGEST_LOOK, _SHORTEST_LOOK + (_LONGEST_LOOK - _SHORTEST_LOOK) * waited / _SLOW_AFTER)


def sample_rate(
    job: Job, *, patience_seconds: float = PATIENCE_SECONDS, is_wanted: Callable[[], bool] = lambda: True
) -> int:
    """Hz of the job's frames. Returns when its first chunk is spoken. Raises Failed as `frames` does."""
    begin = time.monotonic()
    while True:
        row = _job(job.pk, None)
        if row.status == Status.READY:
            return row.sample_rate or _RATE_OF_OLD_JOBS
        step = _spoken(row, 0)
        if step is not None and step.sample_rate:
            return step.sample_rate
        if row.status == Status.FAILED:
            raise Failed(row.error_code, row.error_message)
        waited = time.monotonic() - begin
        if waited > patience_seconds or not is_wanted():
            raise Failed("timeout", f"No audio came for {patience_seconds:g} s.")
        time.sleep(_rest(waited))


def sentences(job: Job) -> list[dict[str, Any]]:
    """When each sentence that is spoken so far is heard (start and end in seconds), and its place in the text.

    Of a ready job as its subtitles say, before as far as can be told from the rows. Raises Failed as `frames` does,
    and NoSentences.
    """
    if not Options.stored(job.options).subtitles:
        raise NoSentences
    if job.status not in FINISHED:
        try:
            return list(_spoken_sentences(job))
        except FileNotFoundError:  # the join has taken them away
            job.refresh_from_db()
    if job.status == Status.FAILED:
        raise Failed(job.error_code, job.error_message)
    if not job.timings:
        raise NoSentences
    try:
        with storage.speech_storage().open(job.timings) as file:
            exact = json.load(file)
    except FileNotFoundError as error:
        raise Failed("deleted", "The job was deleted.") from error
    return [{key: sentence[key] for key in ("start", "end", "offset", "length")} for sentence in exact]


def _spoken_sentences(job: Job) -> Iterator[dict[str, Any]]:
    if not job.spoken:
        return
    speech = storage.speech_storage()
    with speech.open(job.spoken) as spoken, speech.open(storage.spans_name(job.spoken)) as lines:
        yield from subtitles.estimated(list(_spoken_chunks(job, spoken)), lines)


def _spoken_chunks(job: Job, spoken: IO[bytes]) -> Iterator[subtitles.SpokenChunk]:
    """Those from the first on, up to one that has yet to be spoken."""
    rows = job.steps.filter(kind=StepKind.SPEAK).order_by("index")
    for state, length, samples, rate, pause_ms in rows.values_list(
        "state", "length", "samples", "sample_rate", "pause_ms"
    ).iterator():
        if state != StepState.DONE or not samples or not rate:
            return
        rest = pause_ms / 1000
        yield subtitles.SpokenChunk(len(spoken.read(length).decode()), max(0.0, samples / rate - rest), rest)


def _job(job_id: int, owner: "User | None") -> Job:
    jobs = Job.objects.filter(pk=job_id) if owner is None else Job.objects.filter(pk=job_id, owner=owner)
    job = jobs.first()
    if job is None:
        raise Failed("deleted", "The job was deleted.")
    return job


def _spoken(job: Job, index: int) -> Step | None:
    return job.steps.filter(kind=StepKind.SPEAK, state=StepState.DONE, index=index).first()


def _chunk(step: Step) -> bytes:
    """The audio of a chunk, whole; nothing when the join has taken it away."""
    try:
        with storage.speech_storage().open(step.audio) as file:
            content: bytes = file.read()
    except FileNotFoundError:
        return b""
    return content


def _finished(job: Job, start: int) -> Iterator[bytes]:
    try:
        yield from decoding.frames(job.audio, job.sample_rate or _RATE_OF_OLD_JOBS, start)
    except JobNotFound as error:
        raise Failed("deleted", "The job was deleted.") from error
    except decoding.Unreadable as error:
        raise Failed("audio_unreadable", str(error)) from error
