"""What goes on while a job is made: its audio, and the events of its progress."""

import json
import time
from collections.abc import Callable, Iterator
from datetime import timedelta
from itertools import chain
from typing import Any, ClassVar

from django.db.models import Q
from django.http import HttpResponse
from django.http.response import HttpResponseBase
from django.utils import timezone
from drf_spectacular.utils import extend_schema
from rest_framework.request import Request

from synthesis import live, transcode
from synthesis.api.v2 import answers, schema
from synthesis.api.v2.endpoint import Endpoint, WrongState
from synthesis.api.v2.streaming import is_there, streamed
from synthesis.domain.errors import InvalidInput, JobNotFound, VoicenError
from synthesis.domain.status import FINISHED, Status
from synthesis.models import Job
from synthesis.transcode import StreamFormat

EVENT_STREAM = "text/event-stream"
_FORMATS = {
    "mp3": StreamFormat.MP3,
    "wav": StreamFormat.WAV,
    "pcm": StreamFormat.PCM,
    "ogg": StreamFormat.OPUS,
}
_LOOK_SECONDS = 0.5
_KEEP_ALIVE_SECONDS = 15.0
_LONGEST_SECONDS = 3600.0
"""Then the client connects again: what it was allowed to is looked at anew."""
_MOST_JOBS = 200


class TooSlow(VoicenError):
    """No audio came in time."""

    http_status = 503
    code = "timeout"


class Stream(Endpoint):
    """GET jobs/ID/stream/"""

    @extend_schema(
        operation_id="stream_audio",
        parameters=[schema.JOB_ID, schema.STREAM_FORMAT],
        responses={(200, "audio/*"): schema.BYTES, **schema.errors(400, 404, 409, 503)},
    )
    def get(self, request: Request, job_id: str) -> HttpResponseBase:
        """The audio from its beginning, while the rest is still spoken. It begins when the first chunk is spoken."""
        job = self.job(job_id)
        wanted = request.query_params.get("format", "mp3")
        if wanted not in _FORMATS:
            raise InvalidInput(f"format: one of {', '.join(_FORMATS)}.")
        there = is_there(request._request)
        target = _FORMATS[wanted]
        return streamed(lambda: _audio(job, target, there), target.media_type)


def _audio(job: Job, target: StreamFormat, there: Callable[[], bool]) -> Iterator[bytes]:
    """Returns when the first audio is there, so that a failure before it has a status of its own."""
    try:
        rate = live.sample_rate(job, is_wanted=there)
        pieces = transcode.stream(live.frames(job.pk, is_wanted=there), rate, target)
        first = next(pieces, b"")
    except live.Failed as error:
        raise _refusal(error, job) from error
    return _Joined(first, pieces)


class _Joined:
    """The first piece and the rest; what ends the rest early ends the answer early."""

    def __init__(self, first: bytes, rest: Iterator[bytes]) -> None:
        self._rest = rest
        self._all = chain([first], rest)

    def __iter__(self) -> Iterator[bytes]:
        return self

    def __next__(self) -> bytes:
        return next(self._all)

    def close(self) -> None:
        close = getattr(self._rest, "close", None)
        if close is not None:
            close()


def _refusal(error: live.Failed, job: Job) -> VoicenError:
    if error.code == "deleted":
        return JobNotFound()
    if error.code == "timeout":
        return TooSlow(error.message, retry_after=10)
    return WrongState(f"not {Status.FAILED}", Status.FAILED)


class Events(Endpoint):
    """GET jobs/ID/events/"""

    @extend_schema(
        operation_id="job_events",
        parameters=[schema.JOB_ID],
        responses={(200, EVENT_STREAM): schema.EVENTS, 204: None, **schema.errors(404, 503)},
    )
    def get(self, request: Request, job_id: str) -> HttpResponseBase:
        """The job as it is, and again at each change until it is ready or has failed.

        A browser that connects again after that gets 204 and stays away.
        """
        job = self.job(job_id)
        if request.headers.get("Last-Event-ID", "") == _mark(job) and job.status in FINISHED:
            return HttpResponse(status=204)
        base, there = answers.root(request), is_there(request._request)
        return streamed(lambda: _of_job(job.pk, base, there), EVENT_STREAM)


class AllEvents(Endpoint):
    """GET events/"""

    @extend_schema(operation_id="events", responses={(200, EVENT_STREAM): schema.EVENTS, **schema.errors(503)})
    def get(self, request: Request) -> HttpResponseBase:
        """Each change of each of the caller's jobs from now on."""
        owner_id, base, there = self.owner().pk, answers.root(request), is_there(request._request)
        return streamed(lambda: _of_owner(owner_id, base, there), EVENT_STREAM)


class _Pulse:
    """When to look again, and when to say that the line is alive."""

    comment: ClassVar = b": keep-alive\n\n"

    def __init__(self, there: Callable[[], bool]) -> None:
        self._there = there
        self._end = time.monotonic() + _LONGEST_SECONDS
        self._said = time.monotonic()

    def goes_on(self) -> bool:
        time.sleep(_LOOK_SECONDS)
        return time.monotonic() < self._end and self._there()

    def said(self) -> None:
        self._said = time.monotonic()

    def is_due(self) -> bool:
        return time.monotonic() - self._said >= _KEEP_ALIVE_SECONDS


def _of_job(job_id: int, base: str, there: Callable[[], bool]) -> Iterator[bytes]:
    pulse, last = _Pulse(there), ""
    while True:
        job = Job.objects.filter(pk=job_id).first()
        if job is None:
            yield _deleted(job_id)
            return
        if _mark(job) != last:
            last = _mark(job)
            yield _event(job, base)
            pulse.said()
        elif pulse.is_due():
            yield pulse.comment
            pulse.said()
        if job.status in FINISHED or not pulse.goes_on():
            return


def _of_owner(owner_id: int, base: str, there: Callable[[], bool]) -> Iterator[bytes]:
    pulse = _Pulse(there)
    since = timezone.now()
    known = {job.pk: _mark(job) for job in _changing(owner_id, since)}
    yield b": these are the changes from now on\n\n"
    while pulse.goes_on():
        rows = _changing(owner_id, since)
        for job in rows:
            if known.get(job.pk) != _mark(job):
                known[job.pk] = _mark(job)
                yield _event(job, base)
                pulse.said()
        seen = {job.pk for job in rows}
        for job_id in [job_id for job_id in known if job_id not in seen]:
            del known[job_id]
            if not Job.objects.filter(pk=job_id).exists():
                yield _deleted(job_id)
                pulse.said()
        if pulse.is_due():
            yield pulse.comment
            pulse.said()


def _changing(owner_id: int, since: Any) -> list[Job]:
    """The jobs that may still change, and those that have ended lately."""
    lately = max(since, timezone.now() - timedelta(minutes=1))
    changing = ~Q(status__in=FINISHED) | Q(finished__gte=lately)
    return list(Job.objects.filter(changing, owner_id=owner_id).order_by("-id")[:_MOST_JOBS])


def _mark(job: Job) -> str:
    """Differs whenever something of the job has changed that its owner waits for."""
    return f"{job.pk}-{job.status}-{job.chunks_spoken}-{job.chunk_count or 0}"


def _event(job: Job, base: str) -> bytes:
    data = json.dumps(answers.job(job, base), ensure_ascii=False)
    return f"event: job\nid: {_mark(job)}\ndata: {data}\n\n".encode()


def _deleted(job_id: int) -> bytes:
    return f'event: deleted\ndata: {{"id": {job_id}}}\n\n'.encode()
