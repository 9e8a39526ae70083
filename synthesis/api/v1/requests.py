"""What a client may send: fields checked strictly, all mistakes told in one message."""

from collections.abc import Mapping
from typing import Any, ClassVar, TypeVar

from django.conf import settings
from django.core.files.uploadedfile import UploadedFile
from rest_framework import serializers

from models.catalogue import UnknownVoice, Voice
from synthesis.domain import language, text
from synthesis.domain.errors import InvalidInput
from synthesis.domain.limits import IDEMPOTENCY_KEY_LENGTH
from synthesis.services.voices import catalogue


class StrictString(serializers.Field):  # type: ignore[type-arg]
    """A string as it was sent: not trimmed, not made of a number."""

    default_error_messages: ClassVar = {"invalid": "A string is required.", "blank": "This field may not be blank."}

    def to_internal_value(self, data: Any) -> str:
        if not isinstance(data, str):
            self.fail("invalid")
        if not data:
            self.fail("blank")
        return data


class Language(StrictString):
    """A language tag; its value is the two letters."""

    def to_internal_value(self, data: Any) -> str:
        known = catalogue().languages()
        code = language.primary(super().to_internal_value(data))
        if code not in known:
            raise serializers.ValidationError(f"Unknown language. Use one of: {', '.join(known)}.")
        return code


class VoiceId(serializers.Field):  # type: ignore[type-arg]
    """A voice by its number, sent as an integer or a string of digits."""

    def to_internal_value(self, data: Any) -> Voice:
        number = data if isinstance(data, int) and not isinstance(data, bool) else _digits(data)
        try:
            return catalogue().get(number)
        except UnknownVoice as error:
            ids = ", ".join(str(voice) for voice in catalogue().ids())
            raise serializers.ValidationError(f"Unknown voice. Use one of: {ids}.") from error


def _digits(data: Any) -> int:
    short = isinstance(data, str) and len(data) <= 20
    return int(data) if short and data.strip().isascii() and data.strip().isdigit() else -1


class Upload(serializers.Field):  # type: ignore[type-arg]
    """A part of the form with a file name; its content type says nothing, since clients send what they like."""

    default_error_messages: ClassVar = {"required": "No file was sent.", "invalid": "Send a file, not a plain field."}

    def to_internal_value(self, data: Any) -> UploadedFile:
        if not isinstance(data, UploadedFile):
            self.fail("invalid")
        return data


class _Submission(serializers.Serializer):  # type: ignore[type-arg]
    lang = Language()
    voice_id = VoiceId()

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        voice: Voice = attrs["voice_id"]
        if voice.language != attrs["lang"]:
            ids = ", ".join(str(v.id) for v in catalogue() if v.language == attrs["lang"])
            raise serializers.ValidationError(
                {"lang": f"Voice {voice.id} speaks {voice.language}. Voices for {attrs['lang']}: {ids}."}
            )
        return attrs


class TextSubmission(_Submission):
    text = StrictString()

    def checked_text(self) -> str:
        """The checked text. Raises InvalidInput."""
        return text.check(self.validated_data["text"], settings.MAX_CHARACTERS)


class FileSubmission(_Submission):
    file = Upload()

    def checked_text(self) -> str:
        """The checked text of the file. Raises InvalidInput."""
        content = self.validated_data["file"].read()
        return text.check(text.decode(content, self.validated_data["lang"]), settings.MAX_CHARACTERS)


_SubmissionT = TypeVar("_SubmissionT", bound="serializers.Serializer[Any]")


def validated(submission: _SubmissionT) -> _SubmissionT:
    """The submission, valid. Raises InvalidInput with one string, such as `lang: This field is required.`"""
    if not submission.is_valid():
        raise InvalidInput(" ".join(_messages(submission.errors)))
    return submission


def _messages(errors: Mapping[str, Any]) -> list[str]:
    return [f"{name}: {message}" for name, messages in errors.items() for message in messages]


def idempotency_key(value: str | None) -> str | None:
    """The Idempotency-Key header, checked. Raises InvalidInput."""
    if value is None:
        return None
    key = value.strip()
    if not 0 < len(key) <= IDEMPOTENCY_KEY_LENGTH or not (key.isascii() and key.isprintable()):
        raise InvalidInput(f"Idempotency-Key: 1 to {IDEMPOTENCY_KEY_LENGTH} printable ASCII characters.")
    return key
