"""What a client of v2 may send: fields checked strictly, an unknown one refused by its name."""

from collections.abc import Mapping
from datetime import timedelta
from typing import Any, ClassVar

from django.conf import settings
from django.core.files.uploadedfile import UploadedFile
from django.utils import timezone
from rest_framework import serializers
from rest_framework.request import Request

from models.catalogue import UnknownVoice, Voice
from synthesis.api.v1.requests import Language, StrictString, Upload, validated
from synthesis.documents import reading as documents
from synthesis.domain import text as texts
from synthesis.domain.errors import InvalidInput
from synthesis.domain.options import (
    LONGEST_RETENTION_DAYS,
    LONGEST_TITLE,
    LOUDNESS,
    PAUSES,
    SPEEDS,
    AudioFormat,
    Options,
    Priority,
    WavEncoding,
)
from synthesis.domain.status import Source
from synthesis.services import ssml, webhooks
from synthesis.services.jobs import Order
from synthesis.services.voices import catalogue

MOST_IN_A_BATCH = 100


class Number(serializers.FloatField):
    """A number between two bounds."""

    def to_internal_value(self, data: Any) -> float:
        try:
            return super().to_internal_value(data)
        except OverflowError:  # an integer of hundreds of digits
            self.fail("invalid")


class AnyVoice(serializers.Field):  # type: ignore[type-arg]
    """A voice by its number or its name: 325640, "325640", "Aytac"."""

    def to_internal_value(self, data: Any) -> Voice:
        if isinstance(data, str) and not data.strip().isdigit():
            name = data.strip().casefold()
            found = next((voice for voice in catalogue() if voice.name.casefold() == name), None)
            if found is not None:
                return found
        else:
            try:
                return catalogue().get(_whole(data))
            except UnknownVoice:
                pass
        known = ", ".join(f"{voice.id} ({voice.name})" for voice in catalogue())
        raise serializers.ValidationError(f"Unknown voice. Use one of: {known}.")


def _whole(data: Any) -> int:
    if isinstance(data, int) and not isinstance(data, bool):
        return data
    digits = data.strip() if isinstance(data, str) else ""
    return int(digits) if digits.isascii() and digits.isdigit() and len(digits) <= 19 else -1


class Title(serializers.Field):  # type: ignore[type-arg]
    """A line of printable characters."""

    def to_internal_value(self, data: Any) -> str:
        if not isinstance(data, str) or len(data) > LONGEST_TITLE or not data.isprintable():
            raise serializers.ValidationError(f"One line of at most {LONGEST_TITLE} characters is required.")
        return data.strip()


class WebhookUrl(serializers.Field):  # type: ignore[type-arg]
    """An address that is told what becomes of the job."""

    def to_internal_value(self, data: Any) -> str:
        try:
            return webhooks.check_url(data)
        except InvalidInput as error:
            raise serializers.ValidationError(error.message.removeprefix("url: ")) from error


class JobFields(serializers.Serializer):  # type: ignore[type-arg]
    """All but the text. What is left out is as usual."""

    voice_id = AnyVoice()
    lang = Language(required=False)
    title = Title(required=False)
    priority = serializers.ChoiceField([priority.name.lower() for priority in Priority], required=False)
    retention_days = serializers.IntegerField(min_value=1, max_value=LONGEST_RETENTION_DAYS, required=False)
    format = serializers.ChoiceField([str(known) for known in AudioFormat], required=False)
    encoding = serializers.ChoiceField([str(known) for known in WavEncoding], required=False)
    sample_rate = serializers.IntegerField(required=False, allow_null=True)
    bitrate = serializers.IntegerField(required=False, allow_null=True)
    speed = Number(required=False, min_value=SPEEDS[0], max_value=SPEEDS[1])
    pauses = Number(required=False, min_value=PAUSES[0], max_value=PAUSES[1])
    loudness = Number(required=False, allow_null=True, min_value=LOUDNESS[0], max_value=LOUDNESS[1])
    subtitles = serializers.BooleanField(required=False)
    lexicon = serializers.BooleanField(required=False)
    ssml = serializers.BooleanField(required=False)
    webhook = WebhookUrl(required=False)

    _options: ClassVar = (
        *(
            "format",
            "encoding",
            "sample_rate",
            "bitrate",
            "speed",
            "pauses",
            "loudness",
            "subtitles",
            "lexicon",
            "ssml",
        ),
    )

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        unknown = sorted(set(self.initial_data) - set(self.fields))
        if unknown:
            shown = "".join(filter(str.isprintable, unknown[0][:40]))
            raise serializers.ValidationError({shown: f"Unknown field. Use: {', '.join(self.fields)}."})
        voice: Voice = attrs["voice_id"]
        wanted = attrs.get("lang", voice.language)
        if voice.language != wanted:
            raise serializers.ValidationError({"lang": f"Voice {voice.id} speaks {voice.language}."})
        return attrs

    @property
    def voice(self) -> Voice:
        voice: Voice = self.validated_data["voice_id"]
        return voice

    @property
    def told(self) -> str | None:
        """The address that is told what becomes of the job, checked."""
        url: str | None = self.validated_data.get("webhook")
        return url

    def _checked(self, text: str) -> str:
        text = texts.check(text, settings.MAX_CHARACTERS)
        if self.validated_data.get("ssml"):
            ssml.check(text, self.voice, self.validated_data.get("speed", 1.0))
        return text

    def order(self, source: Source) -> Order:
        """What is asked for beside text and voice. Raises InvalidInput where values do not go together."""
        given = self.validated_data
        options = {name: given[name] for name in self._options if name in given}
        if "format" in options:
            options["format"] = AudioFormat(options["format"])
        if "encoding" in options:
            options["encoding"] = WavEncoding(options["encoding"])
        days = given.get("retention_days")
        return Order(
            options=Options(**options),
            title=given.get("title", ""),
            source=source,
            priority=Priority[given.get("priority", "normal").upper()],
            expires=timezone.now() + timedelta(days=days) if days else None,
        )


class JobRequest(JobFields):
    text = StrictString()

    def checked_text(self) -> str:
        """Raises InvalidInput."""
        return self._checked(self.validated_data["text"])


class FileRequest(JobFields):
    file = Upload()

    def checked_text(self) -> str:
        """The text of the file or document. Raises InvalidInput."""
        file: UploadedFile = self.validated_data["file"]
        text = documents.text_of(file, file.name or "", self.voice.language, settings.MAX_CHARACTERS)
        return self._checked(text)


def source_of(request: Request) -> Source:
    """A key is a program's; a session is a person's on our own pages."""
    return Source.API if request.auth is not None else Source.WEB


def fields(request: Request) -> Mapping[str, Any]:
    """The fields of a JSON object or a form; a field that a form has twice counts once."""
    data = request.data
    return data.dict() if hasattr(data, "dict") else data


def one(data: Mapping[str, Any]) -> JobRequest | FileRequest:
    """A job as it was sent, with a text or with a file. Raises InvalidInput."""
    if "text" in data and "file" in data:
        raise InvalidInput("text: Send either a text or a file.")
    return validated(FileRequest(data=data) if "file" in data else JobRequest(data=data))


def batch(data: Mapping[str, Any]) -> list[JobRequest]:
    """The jobs of a batch. Raises InvalidInput, which names the first bad one by its place."""
    jobs = data.get("jobs")
    if not isinstance(jobs, list) or not 0 < len(jobs) <= MOST_IN_A_BATCH:
        raise InvalidInput(f"jobs: A list of 1 to {MOST_IN_A_BATCH} jobs is required.")
    found = []
    for place, entry in enumerate(jobs):
        if not isinstance(entry, dict):
            raise InvalidInput(f"jobs[{place}]: An object is required.")
        try:
            request = validated(JobRequest(data=entry))
            request.checked_text()
            request.order(Source.API)
        except InvalidInput as error:
            raise InvalidInput(f"jobs[{place}]: {error.message}") from error
        found.append(request)
    return found
