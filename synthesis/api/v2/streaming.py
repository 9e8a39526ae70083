"""Answers that go on for long: how many there may be, and how the end of their reader is noticed.

Each holds a thread of the web server. Beyond VOICEN_WEB_STREAMS of a process the next one is told to come again, so
that short requests always find a thread.
"""

import contextlib
import socket
import sys
import threading
from collections.abc import Callable, Iterator
from typing import Any

from django.conf import settings
from django.http import HttpRequest, StreamingHttpResponse

from synthesis.domain.errors import VoicenError

_RETRY_AFTER_SECONDS = 5
_ESTABLISHED = 1  # tcpi_state, the first byte of TCP_INFO


class Busy(VoicenError):
    """Every place for a long answer is taken."""

    http_status = 503
    code = "busy"

    def __init__(self) -> None:
        super().__init__("Too many streams are open here. Try again soon.", retry_after=_RETRY_AFTER_SECONDS)


_places = threading.BoundedSemaphore(settings.WEB_STREAMS)


@contextlib.contextmanager
def place() -> Iterator[None]:
    """A place for as long as the block lasts. Raises Busy."""
    if not _places.acquire(blocking=False):
        raise Busy
    try:
        yield
    finally:
        _places.release()


def is_there(request: HttpRequest) -> Callable[[], bool]:
    """Asks whether the client still holds its connection. Where that cannot be known: always.

    Reading the socket would not tell: its receiving side is shut once a request has taken too long to arrive.
    """
    connection = request.META.get("gunicorn.socket")
    if connection is None or sys.platform != "linux":
        return lambda: True

    def asked() -> bool:
        try:
            return bool(connection.getsockopt(socket.IPPROTO_TCP, socket.TCP_INFO, 1)[0] == _ESTABLISHED)
        except (OSError, ValueError):  # a local socket; or closed already, which the next write finds out
            return True

    return asked


class _Held:
    """The pieces of an answer. Closing it gives the place back, also when nobody has read any of it."""

    def __init__(self, pieces: Iterator[Any], done: contextlib.ExitStack) -> None:
        self._pieces = pieces
        self._done = done

    def __iter__(self) -> Iterator[Any]:
        return self

    def __next__(self) -> Any:
        return next(self._pieces)

    def close(self) -> None:
        with self._done:
            close = getattr(self._pieces, "close", None)
            if close is not None:
                close()


def streamed(make: Callable[[], Iterator[Any]], content_type: str) -> StreamingHttpResponse:
    """A streamed answer of what `make` gives, in a place of its own. Raises Busy, and what `make` raises."""
    with contextlib.ExitStack() as stack:
        stack.enter_context(place())
        pieces = make()
        response = StreamingHttpResponse(_Held(pieces, stack.pop_all()), content_type=content_type)
    response.headers["Cache-Control"] = "no-cache"
    response.headers["X-Accel-Buffering"] = "no"  # nginx would hold the first pieces back
    return response
