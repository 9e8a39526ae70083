"""jobs/ID/subtitles.srt, .vtt and .json, and jobs/ID/sentences/"""

import json

from django.http import HttpResponse
from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from synthesis import live, storage
from synthesis.api.v2 import schema
from synthesis.api.v2.endpoint import Endpoint, WrongState
from synthesis.domain import ssml, subtitles
from synthesis.domain.errors import JobNotFound, VoicenError
from synthesis.domain.options import Options
from synthesis.domain.status import Status
from synthesis.models import Job

_MEDIA_TYPES = {
    "srt": "application/x-subrip; charset=utf-8",
    "vtt": "text/vtt; charset=utf-8",
    "json": "application/json",
}


class NoSubtitles(VoicenError):
    """The job was made without."""

    http_status = 404
    code = "no_subtitles"

    def __init__(self) -> None:
        super().__init__("This job was made without subtitles: send subtitles=true with the next one.")


def _text(job: Job) -> str:
    """The text in whose places the sentences are told."""
    text, options = storage.read_text(job.folder), Options.stored(job.options)
    return ssml.reread(text, options.speed).written() if options.ssml else text


class Sentences(Endpoint):
    """GET jobs/ID/sentences/"""

    @extend_schema(
        operation_id="get_sentences",
        parameters=[schema.JOB_ID],
        responses={200: schema.HeardSentences, **schema.errors(404, 409)},
    )
    def get(self, request: Request, job_id: str) -> Response:
        """The sentences that are spoken so far and when each is heard; near enough to follow a job that is spoken."""
        job = self.job(job_id)
        try:
            found = live.sentences(job)
        except live.NoSentences as error:
            raise NoSubtitles from error
        except live.Failed as error:
            raise JobNotFound if error.code == "deleted" else WrongState("being spoken or ready", job.status) from error
        return Response({"data": found, "complete": job.status == Status.READY})


class Subtitles(Endpoint):
    """GET jobs/ID/subtitles.FORM"""

    @extend_schema(
        operation_id="get_subtitles",
        parameters=[schema.JOB_ID, schema.SUBTITLE_FORM],
        responses={
            (200, "application/json"): schema.TimedSentence(many=True),
            (200, "text/vtt"): schema.TEXT,
            (200, "application/x-subrip"): schema.TEXT,
            **schema.errors(404, 409),
        },
    )
    def get(self, request: Request, job_id: str, form: str) -> HttpResponse:
        """When each sentence is heard, in the words of the text as it was sent."""
        job = self.job(job_id)
        if job.status != Status.READY:
            raise WrongState(Status.READY, job.status)
        if not job.timings:
            raise NoSubtitles
        try:
            with storage.speech_storage().open(job.timings) as file:
                content: bytes = file.read()
            text = _text(job) if form != "json" else ""
        except FileNotFoundError as error:  # deleted since we have looked at the row
            raise JobNotFound from error
        if form != "json":
            content = subtitles.written(json.loads(content), text, form).encode()
        headers = {"Cache-Control": "private, no-cache", "X-Content-Type-Options": "nosniff"}
        return HttpResponse(content, content_type=_MEDIA_TYPES[form], headers=headers)
