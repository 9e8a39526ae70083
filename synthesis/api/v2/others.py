"""voices/, read/, lexicon/ and usage/."""

from datetime import date
from typing import Any

from django.conf import settings
from django.db.models import Sum
from django.http.response import HttpResponseBase
from django.urls import reverse
from django.utils import timezone
from django.utils.dateparse import parse_date
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from models.catalogue import UnknownVoice, Voice
from models.pronunciations import Entry
from synthesis import reading, samples
from synthesis.api.audio import audio_response
from synthesis.api.v1.requests import Language, StrictString, validated
from synthesis.api.v2 import answers, requests, schema
from synthesis.api.v2.endpoint import Endpoint, number
from synthesis.api.v2.streaming import is_there, place
from synthesis.domain import quotas as days
from synthesis.domain import text as texts
from synthesis.domain.errors import InvalidInput, JobNotFound, VoicenError
from synthesis.domain.lexicon.records import MAX_ENTRIES, Record, problems
from synthesis.domain.ssml import Document
from synthesis.models import LexiconEntry, Usage
from synthesis.services import lexicon, quotas, ssml
from synthesis.services.voices import catalogue, engine_of

LONGEST_READ = 10_000
_LONGEST_PERIOD_DAYS = 366 * 5
_NUMBERS = ("jobs", "characters", "ready", "audio_ms")


class NotFound(VoicenError):
    """No such voice or entry."""

    http_status = 404
    code = "not_found"


# --- Voices ---------------------------------------------------------------------------------------------------------


class Voices(Endpoint):
    """GET voices/"""

    @extend_schema(operation_id="list_voices", responses={200: schema.Voices, **schema.errors()})
    def get(self, request: Request) -> Response:
        """Every voice that can be asked for."""
        base = answers.root(request)
        return Response({"data": [_voice(voice, base) for voice in catalogue()]})


def _voice(voice: Voice, base: str) -> dict[str, Any]:
    return {
        "id": voice.id,
        "name": voice.name,
        "language": voice.language,
        "gender": voice.gender,
        "engine": engine_of(voice),
        "licence": voice.licence,
        "sample": base + reverse("v2-sample", kwargs={"voice_id": voice.id}),
    }


class Sample(Endpoint):
    """GET voices/ID/sample/"""

    permission_classes = ()

    def get_authenticators(self) -> list[Any]:
        return []

    @extend_schema(
        operation_id="get_sample",
        parameters=[schema.VOICE_ID],
        auth=[],
        responses={(200, "audio/mpeg"): schema.BYTES, 404: schema.Error, 503: schema.Error},
    )
    def get(self, request: Request, voice_id: str) -> HttpResponseBase:
        """The voice, heard: an mp3 of a sentence. The first to ask for it waits until it is spoken."""
        try:
            voice = catalogue().get(number(voice_id))
        except (UnknownVoice, JobNotFound) as error:
            raise NotFound("There is no such voice.") from error
        sample = samples.stored(voice)
        if sample is None:
            with place():
                sample = samples.made(voice, is_there(request._request))
        response = audio_response(
            request._request,
            sample.file,
            size=sample.size,
            etag=f'"{sample.token}"',
            filename=f"voice-{voice.id}.mp3",
            content_type="audio/mpeg",
        )
        response.headers["Cache-Control"] = "public, max-age=86400"
        response.headers["Content-Disposition"] = f'inline; filename="voice-{voice.id}.mp3"'
        return response


# --- Reading --------------------------------------------------------------------------------------------------------


class ReadRequest(serializers.Serializer):  # type: ignore[type-arg]
    text = StrictString()
    lang = Language(required=False)
    voice_id = requests.AnyVoice(required=False)
    lexicon = serializers.BooleanField(required=False, default=True)
    ssml = serializers.BooleanField(required=False, default=False)

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        if "lang" not in attrs and "voice_id" not in attrs:
            raise serializers.ValidationError({"lang": ["Send lang or voice_id."]})
        return attrs

    def language(self) -> str:
        given = self.validated_data
        return str(given["voice_id"].language if "voice_id" in given else given["lang"])

    def document(self, text: str) -> str | Document:
        """The text, or what it says in SSML. Raises InvalidInput."""
        given = self.validated_data
        return ssml.document(text, self.language(), given.get("voice_id")) if given["ssml"] else text


class Read(Endpoint):
    """POST read/"""

    @extend_schema(
        operation_id="read",
        request=ReadRequest,
        responses={200: schema.Reading, **schema.errors(400, 415, 503)},
    )
    def post(self, request: Request) -> Response:
        """How a text will be read: each sentence as it is written and as it is spoken. Nothing is spoken or stored."""
        wanted = validated(ReadRequest(data=request.data))
        text = texts.check(wanted.validated_data["text"], min(LONGEST_READ, settings.MAX_CHARACTERS))
        owner_id = self.owner().pk if wanted.validated_data["lexicon"] else None
        sentences = reading.read(wanted.document(text), wanted.language(), owner_id)
        return Response({"sentences": [_sentence(sentence) for sentence in sentences]})


def _sentence(sentence: reading.SpokenSentence) -> dict[str, Any]:
    return {
        "offset": sentence.offset,
        "length": sentence.length,
        "original": sentence.original,
        "spoken": sentence.spoken,
    }


# --- Lexicon --------------------------------------------------------------------------------------------------------


class Line(serializers.CharField):
    """A string of one line, as it was sent."""

    def __init__(self, **options: Any) -> None:
        super().__init__(trim_whitespace=False, max_length=1000, **options)


class EntryRequest(serializers.Serializer):  # type: ignore[type-arg]
    language = Line()
    grapheme = Line()
    alias = Line(required=False, allow_blank=True, default="")
    ipa = Line(required=False, allow_blank=True, default="")
    whole_word = serializers.BooleanField(required=False, default=True)
    match_case = serializers.BooleanField(required=False, default=False)
    note = Line(required=False, allow_blank=True, default="")

    def record(self) -> Record:
        """The checked entry. Raises InvalidInput."""
        given = self.validated_data
        entry = Entry(given["grapheme"], given["alias"], given["ipa"], given["whole_word"], given["match_case"])
        record = Record(given["language"], entry, given["note"])
        if mistakes := [f"{name}: {message}" for name, message in problems(record)]:
            raise InvalidInput(" ".join(mistakes))
        return record


class Lexicon(Endpoint):
    """GET and POST lexicon/"""

    @extend_schema(
        operation_id="list_entries",
        parameters=[schema.LANGUAGE],
        responses={200: schema.Entries, **schema.errors(400)},
    )
    def get(self, request: Request) -> Response:
        """The caller's own entries; those for everybody are the operator's."""
        rows = LexiconEntry.objects.filter(owner=self.owner())
        language = request.query_params.get("language")
        if language is not None:
            if language not in catalogue().languages():
                raise InvalidInput(f"language: one of {', '.join(catalogue().languages())}.")
            rows = rows.filter(language=language)
        return Response({"data": [_entry(row) for row in rows[:MAX_ENTRIES]]})

    @extend_schema(
        operation_id="create_entry",
        request=EntryRequest,
        responses={201: schema.Entry, **schema.errors(400, 415)},
    )
    def post(self, request: Request) -> Response:
        """Say how a word is spoken, as other words (`alias`) or in IPA. The same word again changes its entry."""
        record = validated(EntryRequest(data=request.data)).record()
        return Response(_entry(lexicon.put(record, self.owner())), 201)


class LexiconItem(Endpoint):
    """GET and DELETE lexicon/ID/"""

    @extend_schema(
        operation_id="get_entry", parameters=[schema.ENTRY_ID], responses={200: schema.Entry, **schema.errors(404)}
    )
    def get(self, request: Request, entry_id: str) -> Response:
        """One of the caller's entries."""
        return Response(_entry(self._row(entry_id)))

    @extend_schema(
        operation_id="delete_entry", parameters=[schema.ENTRY_ID], responses={204: None, **schema.errors(404)}
    )
    def delete(self, request: Request, entry_id: str) -> Response:
        """Take back what was said about a word."""
        self._row(entry_id).delete()
        return Response(status=204)

    def _row(self, entry_id: str) -> LexiconEntry:
        row = LexiconEntry.objects.filter(pk=number(entry_id), owner=self.owner()).first()
        if row is None:
            raise JobNotFound  # the same words for whatever has an id
        return row


def _entry(row: LexiconEntry) -> dict[str, Any]:
    fields = ("language", "grapheme", "alias", "ipa", "whole_word", "match_case", "enabled", "note")
    return {"id": row.pk, **{name: getattr(row, name) for name in fields}}


# --- Usage ----------------------------------------------------------------------------------------------------------


class UsageOfDays(Endpoint):
    """GET usage/"""

    @extend_schema(
        operation_id="get_usage", parameters=schema.DAYS, responses={200: schema.Usage, **schema.errors(400)}
    )
    def get(self, request: Request) -> Response:
        """What the caller had accepted on each day (UTC), and the limits of the account."""
        last = _day(request, "to", days.today(timezone.now()))
        first = _day(request, "from", days.month_of(last))
        if not first <= last or (last - first).days > _LONGEST_PERIOD_DAYS:
            raise InvalidInput(f"from: A day before `to`, by {_LONGEST_PERIOD_DAYS} days at most.")
        rows = Usage.objects.filter(owner=self.owner(), day__gte=first, day__lte=last).order_by("day")
        total = rows.aggregate(**{f"all_{name}": Sum(name) for name in _NUMBERS})
        limits = quotas.of(self.owner())
        return Response(
            {
                "data": [
                    {"day": row.day.isoformat(), **_numbers({name: getattr(row, name) for name in _NUMBERS})}
                    for row in rows
                ],
                "total": _numbers({name: total[f"all_{name}"] for name in _NUMBERS}),
                "limits": {
                    "characters_per_day": limits.characters_per_day,
                    "characters_per_month": limits.characters_per_month,
                    "jobs_in_queue": limits.jobs_in_queue,
                },
            }
        )


def _numbers(of: dict[str, int | None]) -> dict[str, Any]:
    found = {name: of[name] or 0 for name in _NUMBERS}
    return {**{name: found[name] for name in _NUMBERS[:3]}, "audio_seconds": found["audio_ms"] / 1000}


def _day(request: Request, name: str, default: date) -> date:
    value = request.query_params.get(name)
    if value is None:
        return default
    try:
        found = parse_date(value)
    except ValueError:
        found = None
    if found is None or not (value.isascii() and len(value) == 10):
        raise InvalidInput(f"{name}: A day such as 2026-01-31 is required.")
    return found
