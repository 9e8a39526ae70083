"""What the OpenAPI document says beside what the views' own fields say: answers, errors, parameters.

The document is made for /api/v2/ only: v1 is told in docs/api-v1.md, and is frozen.
"""

from collections.abc import Sequence
from typing import Any

from drf_spectacular.extensions import OpenApiAuthenticationExtension
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, OpenApiResponse
from rest_framework import serializers

from synthesis.api.v2 import fields as fields  # tells drf-spectacular of them
from synthesis.api.v2 import requests
from synthesis.domain.options import Priority
from synthesis.domain.status import Source, Status

BYTES = OpenApiTypes.BINARY
TEXT = OpenApiTypes.STR
EVENTS = OpenApiResponse(OpenApiTypes.STR, "`event: job` with the job as JSON; `event: deleted` with its id.")


class _Error(serializers.Serializer):  # type: ignore[type-arg]
    code = serializers.IntegerField(help_text="The HTTP status.")
    message = serializers.CharField()
    reason = serializers.CharField(help_text="For programs: invalid_input, wrong_status, too_many_jobs …")
    status = serializers.CharField(required=False, help_text="Of the job, where that is the reason.")


class Error(serializers.Serializer):  # type: ignore[type-arg]
    error = _Error()


_TOLD = {
    400: "Something in the request is not as it should be.",
    404: "Nothing has this id, or not of the caller.",
    409: "Not in the state that the job is in; or the key of another request.",
    415: "A body of another media type.",
    429: "A quota or the number of unfinished jobs is used up.",
    503: "Not now; Retry-After says when.",
}


def errors(*codes: int) -> dict[Any, Any]:
    """The refusals of an endpoint that needs a key."""
    known = {401: "No valid key, and nobody signed in.", 403: "A session without its CSRF token.", **_TOLD}
    return {code: OpenApiResponse(Error, known[code]) for code in (401, 403, *codes)}


def _path(name: str, description: str) -> OpenApiParameter:
    return OpenApiParameter(name, OpenApiTypes.INT64, OpenApiParameter.PATH, description=description)


def _query(name: str, kind: Any, description: str, enum: Sequence[str] = ()) -> OpenApiParameter:
    return OpenApiParameter(name, kind, OpenApiParameter.QUERY, description=description, enum=list(enum) or None)


JOB_ID = _path("job_id", "Of one of the caller's jobs.")
VOICE_ID = _path("voice_id", "As voices/ lists it.")
ENTRY_ID = _path("entry_id", "Of one of the caller's entries.")
STREAM_FORMAT = _query("format", OpenApiTypes.STR, "mp3 when nothing is said.", ("mp3", "wav", "pcm", "ogg"))
SUBTITLE_FORM = OpenApiParameter("form", OpenApiTypes.STR, OpenApiParameter.PATH, enum=["srt", "vtt", "json"])
IDEMPOTENCY_KEY = OpenApiParameter(
    "Idempotency-Key",
    OpenApiTypes.STR,
    OpenApiParameter.HEADER,
    description="The same key with the same request gives the same job for 24 hours.",
)
LISTING = [
    _query("cursor", OpenApiTypes.STR, "From `next` of the page before."),
    _query("limit", OpenApiTypes.INT32, "1 to 100; 20 when nothing is said."),
    _query("status", OpenApiTypes.STR, f"One or several, with commas: {', '.join(Status)}."),
    _query("voice_id", OpenApiTypes.INT32, "Only jobs of this voice."),
    _query("q", OpenApiTypes.STR, "Only jobs whose title holds this."),
]
DAYS = [
    _query("from", OpenApiTypes.DATE, "The first day; the first of this month when nothing is said."),
    _query("to", OpenApiTypes.DATE, "The last day; today when nothing is said."),
]
LANGUAGE = _query("language", OpenApiTypes.STR, "Only entries of this language.", ("az", "tr", "ru"))


class _AudioFile(serializers.Serializer):  # type: ignore[type-arg]
    url = serializers.CharField(help_text="Needs no key; add ?format=ulaw&sample_rate=8000 for telephones.")
    expires = serializers.CharField()
    format = serializers.CharField()
    media_type = serializers.CharField()
    bytes = serializers.IntegerField()
    sample_rate = serializers.IntegerField(allow_null=True)


class _Subtitles(serializers.Serializer):  # type: ignore[type-arg]
    srt = serializers.CharField()
    vtt = serializers.CharField()
    json = serializers.CharField()


class _Reason(serializers.Serializer):  # type: ignore[type-arg]
    code = serializers.CharField()
    message = serializers.CharField()


class _Options(serializers.Serializer):  # type: ignore[type-arg]
    format = serializers.CharField()
    encoding = serializers.CharField()
    sample_rate = serializers.IntegerField(allow_null=True)
    bitrate = serializers.IntegerField(allow_null=True)
    speed = serializers.FloatField()
    pauses = serializers.FloatField()
    loudness = serializers.FloatField(allow_null=True)
    subtitles = serializers.BooleanField()
    lexicon = serializers.BooleanField()
    ssml = serializers.BooleanField()


class Job(serializers.Serializer):  # type: ignore[type-arg]
    """A text that becomes audio."""

    id = serializers.IntegerField()
    title = serializers.CharField(allow_blank=True)
    voice_id = serializers.IntegerField()
    language = serializers.CharField()
    status = serializers.ChoiceField([str(status) for status in Status])
    created = serializers.CharField()
    started = serializers.CharField(allow_null=True)
    finished = serializers.CharField(allow_null=True)
    expires = serializers.CharField(allow_null=True, help_text="It is deleted after this.")
    source = serializers.ChoiceField([str(source) for source in Source])  # type: ignore[assignment]
    priority = serializers.ChoiceField([priority.name.lower() for priority in Priority])
    character_count = serializers.IntegerField()
    chunk_count = serializers.IntegerField(allow_null=True)
    chunks_spoken = serializers.IntegerField()
    progress = serializers.FloatField(help_text="0 to 1.")
    queue_position = serializers.IntegerField(allow_null=True, help_text="Jobs whose turn comes first, while it waits.")
    seconds_left = serializers.IntegerField(allow_null=True, help_text="At the pace so far.")
    duration = serializers.FloatField(allow_null=True, help_text="Seconds, once it is ready.")
    audio = _AudioFile(allow_null=True)
    subtitles = _Subtitles(allow_null=True)
    stream = serializers.CharField()
    options = _Options()
    error = _Reason(allow_null=True)


class JobList(serializers.Serializer):  # type: ignore[type-arg]
    data = Job(many=True)  # type: ignore[assignment]


class JobPage(JobList):
    next = serializers.CharField(allow_null=True)


class BatchRequest(serializers.Serializer):  # type: ignore[type-arg]
    jobs = serializers.ListField(child=requests.JobRequest(), max_length=requests.MOST_IN_A_BATCH, min_length=1)


class FileForm(requests.FileRequest):
    file = serializers.FileField(help_text="txt, md, html, docx, epub, pdf or srt.")  # type: ignore[assignment]


class Voice(serializers.Serializer):  # type: ignore[type-arg]
    id = serializers.IntegerField()
    name = serializers.CharField()
    language = serializers.CharField()
    gender = serializers.CharField()
    engine = serializers.CharField()
    licence = serializers.CharField()
    sample = serializers.CharField(help_text="An mp3; needs no key.")


class Voices(serializers.Serializer):  # type: ignore[type-arg]
    data = Voice(many=True)  # type: ignore[assignment]


class _TimedWord(serializers.Serializer):  # type: ignore[type-arg]
    start = serializers.FloatField(help_text="Seconds.")
    end = serializers.FloatField()
    offset = serializers.IntegerField(help_text="In code points of the text as it was sent.")
    length = serializers.IntegerField()


class _TimedMark(serializers.Serializer):  # type: ignore[type-arg]
    name = serializers.CharField()
    time = serializers.FloatField(help_text="Seconds.")
    offset = serializers.IntegerField(help_text="Of the element, in code points of the text as it was sent.")


class TimedSentence(_TimedWord):
    text = serializers.CharField(help_text="As it was sent; of SSML without the markup.")
    words = _TimedWord(many=True)
    marks = _TimedMark(many=True, required=False, help_text="Of SSML, where the sentence has some.")


class HeardSentences(serializers.Serializer):  # type: ignore[type-arg]
    data = _TimedWord(many=True)  # type: ignore[assignment]
    complete = serializers.BooleanField(help_text="Whether the job is ready; before that the times are estimates.")


class SpokenSentence(serializers.Serializer):  # type: ignore[type-arg]
    offset = serializers.IntegerField(help_text="In code points of the text.")
    length = serializers.IntegerField()
    original = serializers.CharField()
    spoken = serializers.CharField(allow_blank=True)


class Reading(serializers.Serializer):  # type: ignore[type-arg]
    sentences = SpokenSentence(many=True)


class Entry(serializers.Serializer):  # type: ignore[type-arg]
    id = serializers.IntegerField()
    language = serializers.CharField()
    grapheme = serializers.CharField()
    alias = serializers.CharField(allow_blank=True)
    ipa = serializers.CharField(allow_blank=True)
    whole_word = serializers.BooleanField()
    match_case = serializers.BooleanField()
    enabled = serializers.BooleanField()
    note = serializers.CharField(allow_blank=True)


class Entries(serializers.Serializer):  # type: ignore[type-arg]
    data = Entry(many=True)  # type: ignore[assignment]


class _Day(serializers.Serializer):  # type: ignore[type-arg]
    day = serializers.DateField()
    jobs = serializers.IntegerField()
    characters = serializers.IntegerField()
    ready = serializers.IntegerField()
    audio_seconds = serializers.FloatField()


class _Total(serializers.Serializer):  # type: ignore[type-arg]
    jobs = serializers.IntegerField()
    characters = serializers.IntegerField()
    ready = serializers.IntegerField()
    audio_seconds = serializers.FloatField()


class _Limits(serializers.Serializer):  # type: ignore[type-arg]
    characters_per_day = serializers.IntegerField(help_text="0: no limit.")
    characters_per_month = serializers.IntegerField()
    jobs_in_queue = serializers.IntegerField()


class Usage(serializers.Serializer):  # type: ignore[type-arg]
    data = _Day(many=True)  # type: ignore[assignment]
    total = _Total()
    limits = _Limits()


def only_v2(endpoints: Sequence[tuple[str, str, str, Any]], **_: Any) -> list[tuple[str, str, str, Any]]:
    """drf-spectacular's hook: the paths of the document."""
    return [endpoint for endpoint in endpoints if endpoint[0].startswith("/api/v2/")]


class _SessionScheme(OpenApiAuthenticationExtension):  # type: ignore[no-untyped-call]
    target_class = "synthesis.api.v2.endpoint.Session"
    name = "session"

    def get_security_definition(self, auto_schema: Any) -> dict[str, Any]:
        told = "Of a person who is signed in here; what changes something needs X-CSRFToken too."
        return {"type": "apiKey", "in": "cookie", "name": "sessionid", "description": told}


class _KeyScheme(OpenApiAuthenticationExtension):  # type: ignore[no-untyped-call]
    target_class = "synthesis.api.authentication.KeyAuthentication"
    name = "key"

    def get_security_definition(self, auto_schema: Any) -> dict[str, Any]:
        told = "`Token KEY` or `Bearer KEY`."
        return {"type": "apiKey", "in": "header", "name": "Authorization", "description": told}
