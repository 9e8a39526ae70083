"""Request ids: the client's or the proxy's X-Request-ID, or one made here; in every log line and in the answer."""

import logging
import re
import uuid
from collections.abc import Callable
from time import monotonic

from django.http import HttpRequest
from django.http.response import HttpResponseBase

from synthesis import logcontext

logger = logging.getLogger("voicen.request")

# Whatever else stands there may be anything: a text, a key, or half a log line of an attacker.
_FORM = re.compile(r"[A-Za-z0-9._-]{1,64}", re.ASCII)
# API keys begin like this: one that was sent in the wrong header stays out of the logs.
_KEY = re.compile(r"vcn_", re.IGNORECASE)
_PROBES = frozenset({"healthz", "readyz", "metrics"})


def identify(given: str | None) -> str:
    """The given id if it is one, else a new one."""
    if given and _FORM.fullmatch(given) and not _KEY.search(given):
        return given
    return uuid.uuid4().hex


class RequestIdMiddleware:
    """First of all: what the others log carries the id too."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self._get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        name = identify(request.headers.get("X-Request-ID"))
        request_token, job_token = logcontext.request_id.set(name), logcontext.job_id.set(None)
        begin = monotonic()
        try:
            response = self._get_response(request)
            response.headers["X-Request-ID"] = name
            _log(request, response.status_code, monotonic() - begin)
            return response
        finally:
            logcontext.job_id.reset(job_token)
            logcontext.request_id.reset(request_token)


def _log(request: HttpRequest, status: int, seconds: float) -> None:
    match = request.resolver_match
    # The pattern of the path, never the path: anything can stand in one.
    route = match.route if match else "no such path"
    level = logging.DEBUG if match and match.url_name in _PROBES else logging.INFO
    job = (match.kwargs if match else {}).get("job_id", "")
    if logcontext.job_id.get() is None and job.isascii() and job.isdigit() and len(job) <= 19:
        logcontext.job_id.set(int(job))
    method = request.method if request.method in _METHODS else "other"
    logger.log(
        level,
        "%s %s: %d in %d ms",
        method,
        route,
        status,
        round(1000 * seconds),
        extra={"method": method, "route": route, "status": status, "milliseconds": round(1000 * seconds)},
    )


_METHODS = frozenset({"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"})
