"""Whether requests come through a proxy that the settings do not know of: said in the log, and kept for `doctor`.

Without VOICEN_TRUST_PROXY every client behind a proxy counts as the proxy: one who guesses passwords locks out all, and
the audit log names nobody. No setting shows that a proxy is there; the requests do.
"""

import contextlib
import logging
from collections.abc import Callable
from pathlib import Path
from time import monotonic, time

from django.conf import settings
from django.core.exceptions import MiddlewareNotUsed
from django.http import HttpRequest
from django.http.response import HttpResponseBase

logger = logging.getLogger("voicen.proxy")

# The mark is for days; it need not be renewed by every request.
_RENEW_SECONDS = 3600


class ForwardedMiddleware:
    """Notes requests with an X-Forwarded-For that is not believed. It is left out where it is."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        if settings.TRUST_PROXY:
            raise MiddlewareNotUsed
        self._get_response = get_response
        self._noted: float | None = None

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        if "X-Forwarded-For" in request.headers:
            self._note()
        return self._get_response(request)

    def _note(self) -> None:
        now = monotonic()
        if self._noted is None:
            logger.warning("requests carry X-Forwarded-For, which is not believed: see VOICEN_TRUST_PROXY")
        elif now - self._noted < _RENEW_SECONDS:
            return
        self._noted = now
        with contextlib.suppress(OSError):  # a full disk is told elsewhere
            _mark().touch()


def seconds_since() -> float | None:
    """How long ago a web process of this host last noted such a request, to the hour; None: never."""
    try:
        return max(0.0, time() - _mark().stat().st_mtime)
    except FileNotFoundError:
        return None


def _mark() -> Path:
    return Path(settings.DATA_DIR) / "forwarded"
