"""One call of a webhook: which address it may go to, and what came back. Knows no rows.

The name is looked up here, each address is checked, and the connection is made to the address that was checked: a name
that answers otherwise the next time it is asked changes nothing. Redirects are not followed, proxies of the environment
not used, and of an answer no more than a little is read.
"""

import contextlib
import http.client
import socket
import ssl
import threading
from collections.abc import Callable, Iterator, Mapping
from datetime import UTC, datetime
from functools import cache
from time import monotonic
from urllib.parse import urlsplit

from urllib3.connection import HTTPConnection, HTTPSConnection
from urllib3.exceptions import HTTPError, NewConnectionError, TimeoutError

from synthesis.domain import webhooks as rules
from synthesis.domain.webhooks import Answer

_MOST_ADDRESSES = 4
_ANSWER_BYTES = 4096


class _Refused(Exception):
    """Says to the owner of the webhook why no call was made."""


def post(
    url: str, body: bytes, headers: Mapping[str, str], *, allow_private: bool, seconds: float = rules.TIMEOUT_SECONDS
) -> Answer:
    """Send the body, and wait for the answer for so many seconds in all. Whatever goes wrong is in the answer."""
    end = monotonic() + seconds
    try:
        return _post(url, body, headers, allow_private, end)
    except _Refused as error:
        return Answer(reason=str(error))
    except (OSError, HTTPError, http.client.HTTPException, ValueError) as error:
        # What a cut connection looks like depends on where it was cut.
        return Answer(reason=f"No answer within {seconds:g} s." if monotonic() >= end else _reason(error))


def _post(url: str, body: bytes, headers: Mapping[str, str], allow_private: bool, end: float) -> Answer:
    parts = urlsplit(url)
    host, port = parts.hostname or "", parts.port or (443 if parts.scheme == "https" else 80)
    connection = _connect(parts.scheme, host, port, _addresses(host, port, allow_private), end)
    try:
        with _cut_at(end, connection) as is_cut:
            target = f"{parts.path or '/'}{f'?{parts.query}' if parts.query else ''}"
            shown = f"[{host}]" if ":" in host else host
            shown = shown if parts.port is None else f"{shown}:{port}"
            connection.request(
                "POST", target, body, {**headers, "Host": shown, "Connection": "close"}, preload_content=False
            )
            answer = connection.getresponse()
            if is_cut():  # to http.client the end of the connection is the end of the headers too
                raise TimeoutError
            with contextlib.suppress(HTTPError, OSError, http.client.HTTPException):  # the status is there already
                answer.read(_ANSWER_BYTES, decode_content=False)
            asked = rules.retry_after(answer.headers.get("Retry-After"), datetime.now(UTC))
            return Answer(answer.status, retry_after=asked)
    finally:
        connection.close()


def _addresses(host: str, port: int, allow_private: bool) -> list[str]:
    """The addresses of the host that may be called. Raises _Refused."""
    try:
        found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    except (OSError, UnicodeError) as error:
        raise _Refused("The name of the host is not known.") from error
    addresses = list(dict.fromkeys(str(address[0]) for *_, address in found))
    allowed = [address for address in addresses if rules.may_call(address, allow_private=allow_private)]
    if not allowed:
        raise _Refused("The host has a private address, which the operator does not allow.")
    return allowed[:_MOST_ADDRESSES]


def _connect(scheme: str, host: str, port: int, addresses: list[str], end: float) -> HTTPConnection:
    """A connection to the first address that takes one. Raises as `connect` does for the last one."""
    *others, last = addresses
    for address in others:
        with contextlib.suppress(NewConnectionError, TimeoutError):
            return _connected(scheme, host, port, address, end)
    return _connected(scheme, host, port, last, end)


def _connected(scheme: str, host: str, port: int, address: str, end: float) -> HTTPConnection:
    seconds = max(0.1, end - monotonic())
    if scheme == "https":
        # The certificate has to be the host's, whatever address it has.
        connection: HTTPConnection = HTTPSConnection(
            address, port, timeout=seconds, server_hostname=host, ssl_context=_tls()
        )
    else:
        connection = HTTPConnection(address, port, timeout=seconds)
    try:
        connection.connect()
    except BaseException:
        connection.close()
        raise
    return connection


@cache
def _tls() -> ssl.SSLContext:
    """The certificates that the host trusts; SSL_CERT_FILE names others."""
    return ssl.create_default_context()


@contextlib.contextmanager
def _cut_at(end: float, connection: HTTPConnection) -> Iterator[Callable[[], bool]]:
    """End the connection then: one that sends a byte now and then would go on for ever. Tells whether it was ended."""
    connected: socket.socket = connection.sock
    done = threading.Event()

    def cut() -> None:
        done.set()
        with contextlib.suppress(OSError):
            connected.shutdown(socket.SHUT_RDWR)

    timer = threading.Timer(max(0.0, end - monotonic()), cut)
    timer.daemon = True
    timer.start()
    try:
        yield done.is_set
    finally:
        timer.cancel()


def _reason(error: BaseException) -> str:
    """In words of ours: messages of libraries quote the address."""
    if _is_caused_by(error, ssl.SSLError):
        return "The secure connection failed: is the certificate valid for this name?"
    if _is_caused_by(error, ConnectionRefusedError):
        return "The connection was refused."
    if isinstance(error, NewConnectionError):
        return "No connection could be made."
    return "The connection broke off, or the answer was not HTTP."


def _is_caused_by(error: BaseException | None, kind: type[BaseException]) -> bool:
    while error is not None:
        if isinstance(error, kind):
            return True
        error = error.__cause__ or error.__context__
    return False
