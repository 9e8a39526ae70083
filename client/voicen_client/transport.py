"""HTTP: one session with the key, which tries again what is safe to try again, and errors as exceptions."""

from __future__ import annotations

from contextlib import suppress
from types import TracebackType
from typing import Any
from urllib.parse import urlsplit

import requests
from requests.adapters import HTTPAdapter
from requests.auth import AuthBase
from urllib3.connectionpool import ConnectionPool
from urllib3.exceptions import InvalidHeader, MaxRetryError
from urllib3.response import BaseHTTPResponse
from urllib3.util import Retry

from voicen_client.errors import NotFound, Refused, Unauthorized, Unreachable, VoicenError

_CONNECT_SECONDS, _READ_SECONDS = 10, 60
_LONGEST_REST_SECONDS = 30  # a quota that opens tomorrow is told, not waited for
_TRIED_AGAIN = frozenset({429, 502, 503, 504})


class _Key(AuthBase):
    """As an `auth` of requests, so that a .netrc does not put another account's password in its place."""

    def __init__(self, key: str) -> None:
        self._key = key

    def __call__(self, request: requests.PreparedRequest) -> requests.PreparedRequest:
        request.headers["Authorization"] = f"Token {self._key}"
        return request


class _Patience(Retry):
    """Gives up at once when the server asks for a long rest: its answer says why."""

    def increment(
        self,
        method: str | None = None,
        url: str | None = None,
        response: BaseHTTPResponse | None = None,
        error: Exception | None = None,
        _pool: ConnectionPool | None = None,
        _stacktrace: TracebackType | None = None,
    ) -> _Patience:
        if response is not None and _pool is not None:
            with suppress(InvalidHeader):  # then it is as if there were none
                if (self.get_retry_after(response) or 0) > _LONGEST_REST_SECONDS:
                    raise MaxRetryError(_pool, url or "")
        return super().increment(method, url, response, error, _pool, _stacktrace)


class Transport:
    """Requests to one server. `url` is its base address, without /api/. Raises VoicenError for what is none."""

    def __init__(self, url: str, key: str, *, tries: int = 5) -> None:
        if not _is_address(url):
            raise VoicenError("The address of the server looks like https://tts.example.az")
        if not key.isascii() or not key.isprintable() or not key.strip():
            raise VoicenError("A key has printable ASCII characters only.")
        self.url = url.rstrip("/")
        self._session = requests.Session()
        self._session.auth = _Key(key.strip())
        # All methods: a POST that makes a job carries an Idempotency-Key, and the others do the same thing once.
        patience = _Patience(
            total=tries,
            backoff_factor=0.5,
            backoff_max=8,
            status_forcelist=_TRIED_AGAIN,
            allowed_methods=None,
            raise_on_status=False,
        )
        for scheme in ("http://", "https://"):
            self._session.mount(scheme, HTTPAdapter(max_retries=patience))

    def close(self) -> None:
        """End the connections."""
        self._session.close()

    def call(self, method: str, path: str, **options: Any) -> requests.Response:
        """The answer to a request below /api/. Raises Unreachable, Unauthorized, NotFound or Refused."""
        try:
            answer = self._session.request(
                method,
                f"{self.url}/api/{path}",
                timeout=(_CONNECT_SECONDS, _READ_SECONDS),
                allow_redirects=False,  # another host would be sent the key
                **options,
            )
        except requests.RequestException as error:
            raise Unreachable(f"No answer from {self.url} ({_why(error)}).") from error
        if answer.is_redirect:
            raise Unreachable(f"{self.url} points elsewhere: use {answer.headers['Location'].partition('/api/')[0]}")
        if not answer.ok:
            raise _refusal(answer, self.url)
        return answer

    def json(self, method: str, path: str, **options: Any) -> Any:
        """The same, parsed. Raises Unreachable also for what is no JSON."""
        answer = self.call(method, path, **options)
        try:
            return answer.json()
        except requests.JSONDecodeError as error:
            raise Unreachable(f"{self.url} does not answer like a Voicen server.") from error


def _is_address(url: str) -> bool:
    try:
        parts = urlsplit(url)
    except ValueError:
        return False
    return parts.scheme in {"http", "https"} and bool(parts.hostname) and not parts.username and not parts.query


def _why(error: requests.RequestException) -> str:
    if isinstance(error, requests.exceptions.SSLError):
        return "its certificate is not trusted"
    if isinstance(error, requests.Timeout):
        return "timed out"
    return "cannot connect" if isinstance(error, requests.ConnectionError) else type(error).__name__


def _refusal(answer: requests.Response, url: str) -> Refused | Unreachable:
    try:
        told = answer.json()["error"]
        message, reason = str(told["message"]), str(told.get("reason", ""))
    except (requests.JSONDecodeError, LookupError, TypeError, AttributeError):
        if answer.status_code != 404:
            return Unreachable(f"{url} does not answer like a Voicen server (HTTP {answer.status_code}).")
        message, reason = "Not found.", ""
    known = {401: Unauthorized, 404: NotFound}
    return known.get(answer.status_code, Refused)(message, answer.status_code, reason)
