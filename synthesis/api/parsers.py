"""Request bodies: bounded before they are read, and strict afterwards."""

import json
from collections.abc import Mapping
from typing import IO, Any, cast

from django.conf import settings
from django.utils.http import parse_header_parameters
from rest_framework.parsers import BaseParser, DataAndFiles, MultiPartParser
from rest_framework.request import Request

from synthesis.domain.errors import InvalidInput
from synthesis.domain.limits import max_body_bytes

# A client that is still sending would see a broken connection instead of our answer: take this much more, then stop.
_DRAIN_LIMIT_BYTES = 256 * 1024 * 1024
_PIECE = 64 * 1024


class JsonParser(BaseParser):
    """A JSON object in UTF-8 (RFC 8259), a byte order mark in front allowed."""

    media_type = "application/json"

    def parse(
        self, stream: IO[Any], media_type: str | None = None, parser_context: Mapping[str, Any] | None = None
    ) -> dict[str, Any]:
        content = _read_bounded(stream, parser_context)
        try:
            data = json.loads(content.decode("utf-8-sig"), parse_constant=_refuse_constant)
        except (
            ValueError,
            RecursionError,
        ) as error:  # ValueError: bad UTF-8, bad JSON, an integer of 5000 digits
            raise InvalidInput("The body is not valid JSON in UTF-8.") from error
        if not isinstance(data, dict):
            raise InvalidInput("The body has to be a JSON object.")
        return data


class FormParser(MultiPartParser):
    """multipart/form-data, its fields in any order."""

    media_type = "multipart/form-data"

    def parse(
        self, stream: IO[Any], media_type: str | None = None, parser_context: Mapping[str, Any] | None = None
    ) -> DataAndFiles:  # type: ignore[type-arg]
        _check_length(stream, parser_context)
        _, options = parse_header_parameters(media_type or "")
        watched = _WatchedStream(stream)
        form = super().parse(cast("IO[Any]", watched), media_type, parser_context)
        # Django takes what there is; half a book must not become a job when a client's line breaks.
        if f"--{options['boundary']}--".encode() not in watched.end:
            raise InvalidInput("The form data is incomplete.")
        return form


class _WatchedStream:
    """A stream that remembers its last bytes: a closing boundary and what may follow it."""

    def __init__(self, stream: IO[Any]) -> None:
        self._stream = stream
        self.end = b""

    def read(self, size: int = -1) -> bytes:
        piece: bytes = self._stream.read(size)
        self.end = (self.end + piece)[-1024:]
        return piece


def _refuse_constant(name: str) -> None:
    raise ValueError(f"{name} is no JSON")  # Python's parser takes NaN and Infinity


def _check_length(stream: IO[Any], context: Mapping[str, Any] | None) -> int:
    request: Request = (context or {})["request"]
    try:
        length = int(request.META.get("CONTENT_LENGTH") or 0)
    except ValueError:
        length = 0
    if length > max_body_bytes(settings.MAX_CHARACTERS):
        _drain(stream)
        raise InvalidInput(f"text: Longer than {settings.MAX_CHARACTERS} characters.")
    return length


def _read_bounded(stream: IO[Any], context: Mapping[str, Any] | None) -> bytes:
    length = _check_length(stream, context)
    content: bytes = stream.read(length)
    return content


def _drain(stream: IO[Any]) -> None:
    taken = 0
    while taken < _DRAIN_LIMIT_BYTES and (piece := stream.read(_PIECE)):
        taken += len(piece)
