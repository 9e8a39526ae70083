"""Places for clients that wait for speech or listen to it: so many in each process (VOICEN_WEB_STREAMS).

Each holds a thread of the web server. Beyond them the next one is told to come again, so that short requests always
find a thread.
"""

import threading

from django.conf import settings

from synthesis.domain.errors import VoicenError

_RETRY_AFTER_SECONDS = 5


class Busy(VoicenError):
    """Every place is taken."""

    http_status = 503
    code = "busy"

    def __init__(self) -> None:
        super().__init__("Too many requests wait for speech here. Try again soon.", retry_after=_RETRY_AFTER_SECONDS)


_places = threading.BoundedSemaphore(settings.WEB_STREAMS)


def take() -> None:
    """Raises Busy. Whoever takes a place gives it back."""
    if not _places.acquire(blocking=False):
        raise Busy


def give_back() -> None:
    _places.release()
