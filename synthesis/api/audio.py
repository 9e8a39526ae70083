"""Audio in an HTTP answer: whole, or the one range that was asked for (players seek with ranges)."""

import re
from collections.abc import Iterator
from typing import IO, NamedTuple

from django.http import FileResponse, HttpRequest, HttpResponse, JsonResponse, StreamingHttpResponse
from django.http.response import HttpResponseBase

from synthesis.api.errors import envelope

_RANGE = re.compile(r"bytes=(\d{0,19})-(\d{0,19})", re.ASCII)
_PIECE = 64 * 1024


class ByteRange(NamedTuple):
    """First and last byte, both included."""

    first: int
    last: int


class UnsatisfiableRange(ValueError):
    """The range begins behind the end of the file."""


def parse_range(header: str, size: int) -> ByteRange | None:
    """The one range that the header asks for; None to answer with the whole file, as RFC 9110 wants for a header that
    is malformed or of another unit, and allows for several ranges. Raises UnsatisfiableRange."""
    match = _RANGE.fullmatch(header.strip())
    if match is None or match.group(0) == "bytes=-":
        return None
    first, last = match.groups()
    if not first:
        if int(last) == 0:
            raise UnsatisfiableRange
        return ByteRange(max(size - int(last), 0), size - 1)
    if last and int(last) < int(first):
        return None
    if int(first) >= size:
        raise UnsatisfiableRange
    return ByteRange(int(first), min(int(last), size - 1) if last else size - 1)


def audio_response(
    request: HttpRequest, file: IO[bytes], *, size: int, etag: str, filename: str, content_type: str
) -> HttpResponseBase:
    """The answer to GET or HEAD; takes the open file over."""
    response = _body(request, file, size, etag, content_type)
    response.headers["Accept-Ranges"] = "bytes"
    response.headers["ETag"] = etag
    response.headers["Cache-Control"] = "private, no-cache"
    response.headers["Content-Disposition"] = f'attachment; filename="{filename}"'
    return response


def _body(request: HttpRequest, file: IO[bytes], size: int, etag: str, content_type: str) -> HttpResponseBase:
    if not {etag, "*"}.isdisjoint(_etags(request.headers.get("If-None-Match", ""))):
        file.close()
        return HttpResponse(status=304)
    try:
        part = _wanted(request, size, etag)
    except UnsatisfiableRange:
        file.close()
        refusal = envelope(416, "The range begins behind the end of the audio.")
        return JsonResponse(refusal, status=416, headers={"Content-Range": f"bytes */{size}"})
    if part is None:
        whole = FileResponse(file, content_type=content_type)
        whole.headers["Content-Length"] = str(size)
        return whole
    file.seek(part.first)
    length = part.last - part.first + 1
    response = StreamingHttpResponse(_pieces(file, length), status=206, content_type=content_type)
    response.headers["Content-Range"] = f"bytes {part.first}-{part.last}/{size}"
    response.headers["Content-Length"] = str(length)
    return response


def _wanted(request: HttpRequest, size: int, etag: str) -> ByteRange | None:
    header = request.headers.get("Range", "")
    # RFC 9110: a Range of a HEAD is ignored, and so is one of another version of the file.
    if not header or request.method != "GET" or request.headers.get("If-Range", etag) != etag:
        return None
    return parse_range(header, size)


def _etags(header: str) -> set[str]:
    return {tag.strip().removeprefix("W/") for tag in header.split(",")}


def _pieces(file: IO[bytes], length: int) -> Iterator[bytes]:
    with file:
        while length > 0 and (piece := file.read(min(_PIECE, length))):
            length -= len(piece)
            yield piece
