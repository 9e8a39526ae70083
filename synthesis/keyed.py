"""Requests that carry a key and nothing else, to the addresses of programs: middleware for people passes them by.

No session, message or language is looked at there, so none is looked for. With the content policy, which was put
together anew for each answer, that was half of what a request costs beside its statements.
"""

from collections.abc import Callable

from csp.constants import HEADER
from csp.middleware import CSPMiddleware
from csp.utils import build_policy
from django.conf import settings
from django.contrib.auth.middleware import AuthenticationMiddleware
from django.contrib.messages.middleware import MessageMiddleware
from django.contrib.sessions.middleware import SessionMiddleware
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.utils.deprecation import MiddlewareMixin

# Not /api/v2/: the pages call it with their session.
_BY_KEY = ("/api/v1/", "/v1/")


def by_key(request: HttpRequest) -> bool:
    """Whether the address knows nothing but keys."""
    return request.path_info.startswith(_BY_KEY)


class _ForPeople(MiddlewareMixin):
    get_response: Callable[[HttpRequest], HttpResponseBase]

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        if by_key(request):
            return self.get_response(request)
        answer: HttpResponseBase = super().__call__(request)  # type: ignore[assignment]
        return answer


class Sessions(_ForPeople, SessionMiddleware):
    """Django's own, for people."""


class LogIns(_ForPeople, AuthenticationMiddleware):
    """Django's own, for people."""


class Messages(_ForPeople, MessageMiddleware):
    """Django's own, for people."""


class ContentPolicy(CSPMiddleware):
    """The library's own, but the usual policy is put together once instead of for each answer."""

    _MARKS = ("_csp_config", "_csp_update", "_csp_replace", "_csp_exempt")

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        super().__init__(get_response)
        self._usual = build_policy()

    def process_response(self, request: HttpRequest, response: HttpResponseBase) -> HttpResponseBase:
        own = getattr(request, "_csp_nonce", None) is not None or any(hasattr(response, mark) for mark in self._MARKS)
        if own or settings.DEBUG:
            return super().process_response(request, response)
        response.headers.setdefault(HEADER, self._usual)
        return response
