"""One call over real sockets: what may be called, and every way in which the far side can fail to answer."""

import datetime
import ipaddress
import socket
import ssl
import threading
import time
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler
from pathlib import Path
from typing import Any

import pytest

from synthesis.domain import webhooks as rules
from synthesis.domain.webhooks import Answer
from tests.servers import free_port
from tests.webhooks.receiver import Receiver
from workers import posting

PRIVATE = "The host has a private address, which the operator does not allow."


def post(url: str, seconds: float = 10, *, allow_private: bool = True) -> Answer:
    return posting.post(url, b"{}", {"webhook-id": "msg_1"}, allow_private=allow_private, seconds=seconds)


@pytest.fixture
def receiver() -> Iterator[Receiver]:
    with Receiver() as running:
        yield running


def test_it_works(receiver: Receiver) -> None:
    assert post(receiver.url("/a%20b?c=%C9%99&d")) == Answer(204)
    received = receiver.received[0]
    assert (received.path, received.body) == ("/a%20b?c=%C9%99&d", b"{}")
    assert received.headers["webhook-id"] == "msg_1"
    assert received.headers["Connection"] == "close"


def test_without_a_path(receiver: Receiver) -> None:
    post(receiver.url(""))
    assert receiver.received[0].path == "/"


@pytest.mark.parametrize("host", ["127.0.0.1", "localhost", "127.1", "2130706433", "0x7f000001", "[::ffff:127.0.0.1]"])
def test_private_addresses_in_every_notation(host: str, receiver: Receiver) -> None:
    assert post(receiver.url(host=host), allow_private=False) == Answer(reason=PRIVATE)
    assert receiver.received == []


def test_a_name_that_changes_its_answer(receiver: Receiver, monkeypatch: pytest.MonkeyPatch) -> None:
    """The name is asked for once, and what was checked is what is called (DNS rebinding)."""
    asked: list[str] = []
    real = socket.getaddrinfo

    def rebinding(host: Any, port: Any, *args: Any, **kwargs: Any) -> Any:
        if host != "rebind.example":
            return real(host, port, *args, **kwargs)
        asked.append(host)
        address = "192.0.2.1" if len(asked) == 1 else "127.0.0.1"
        return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (address, port))]

    monkeypatch.setattr(socket, "getaddrinfo", rebinding)
    monkeypatch.setattr(rules, "may_call", lambda address, **_: address == "192.0.2.1")
    assert post(receiver.url(host="rebind.example"), seconds=1, allow_private=False).status is None
    assert asked == ["rebind.example"]
    assert receiver.received == []


def test_of_several_addresses_only_those_that_are_allowed(receiver: Receiver, monkeypatch: pytest.MonkeyPatch) -> None:
    answers = [
        (socket.AF_INET, socket.SOCK_STREAM, 6, "", (address, receiver.port))
        for address in ("169.254.169.254", "127.0.0.9", "127.0.0.1")
    ]
    real = socket.getaddrinfo
    monkeypatch.setattr(
        socket,
        "getaddrinfo",
        lambda host, *args, **kwargs: answers if host == "two.example" else real(host, *args, **kwargs),
    )
    assert post(receiver.url(host="two.example")) == Answer(204)
    assert receiver.received[0].headers["Host"] == f"two.example:{receiver.port}"


def test_no_proxy_of_the_environment(receiver: Receiver, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("http_proxy", "HTTP_PROXY", "https_proxy", "ALL_PROXY"):
        monkeypatch.setenv(name, f"http://127.0.0.1:{free_port()}")
    assert post(receiver.url()) == Answer(204)


def test_a_name_that_is_none() -> None:
    for host in ("no-such-host.invalid", "a..b", "-", "x" * 64 + ".invalid"):
        assert post(f"https://{host}/").reason == "The name of the host is not known."


def test_nothing_listens() -> None:
    assert post(f"http://127.0.0.1:{free_port()}/").reason == "The connection was refused."


def test_an_answer_that_is_no_http(receiver: Receiver) -> None:
    receiver.act = lambda handler: handler.wfile.write(b"SSH-2.0-OpenSSH_9.9\r\n")  # type: ignore[assignment]
    assert post(receiver.url()).reason == "The connection broke off, or the answer was not HTTP."


def test_a_connection_that_breaks_off(receiver: Receiver) -> None:
    receiver.act = lambda handler: handler.connection.shutdown(socket.SHUT_RDWR)
    assert post(receiver.url()).reason == "The connection broke off, or the answer was not HTTP."


def _silent(handler: BaseHTTPRequestHandler) -> None:
    time.sleep(8)


def _dripping_headers(handler: BaseHTTPRequestHandler) -> None:
    _drip(handler, b"HTTP/1.1 200 OK\r\n", b"X-Drip: 1\r\n")


def _dripping_body(handler: BaseHTTPRequestHandler) -> None:
    _drip(handler, b"HTTP/1.1 200 OK\r\n\r\n", b"x")


def _endless_body(handler: BaseHTTPRequestHandler) -> None:
    _drip(handler, b"HTTP/1.1 200 OK\r\n\r\n", b"x" * 65536, rest=0)


def _drip(handler: BaseHTTPRequestHandler, begin: bytes, drop: bytes, rest: float = 0.1) -> None:
    try:
        handler.wfile.write(begin)
        for _ in range(80):
            handler.wfile.write(drop)
            handler.wfile.flush()
            time.sleep(rest)
    except OSError:
        pass


@pytest.mark.parametrize("act", [_silent, _dripping_headers])
def test_one_that_does_not_answer(act: Any, receiver: Receiver) -> None:
    """The time is for all of it: a header now and then prolongs nothing."""
    receiver.act = act
    assert post(receiver.url(), seconds=1).reason == "No answer within 1 s."


@pytest.mark.parametrize("act", [_dripping_body, _endless_body])
def test_one_that_says_200_and_never_ends(act: Any, receiver: Receiver) -> None:
    receiver.act = act
    assert post(receiver.url(), seconds=2) == Answer(200)


def test_one_that_does_not_take_the_connection() -> None:
    """The queue of the listening socket is full: the system answers nothing."""
    with socket.socket() as full:
        full.bind(("127.0.0.1", 0))
        full.listen(0)
        address = full.getsockname()
        others = [socket.socket() for _ in range(4)]
        for other in others:
            other.setblocking(False)
            other.connect_ex(address)
        try:
            assert post(f"http://127.0.0.1:{address[1]}/", seconds=1).status is None
        finally:
            for other in others:
                other.close()


# --- TLS ------------------------------------------------------------------------------------------------------------


def certificate(folder: Path, name: str) -> tuple[Path, ssl.SSLContext]:
    """A certificate that signs itself, for one name and 127.0.0.1; and a server's context with it."""
    from cryptography import x509
    from cryptography.hazmat.primitives import hashes, serialization
    from cryptography.hazmat.primitives.asymmetric import ec

    key = ec.generate_private_key(ec.SECP256R1())
    subject = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, name)])
    now = datetime.datetime.now(datetime.UTC)
    names = [x509.DNSName(name), x509.IPAddress(ipaddress.ip_address("127.0.0.1"))]
    made = (
        x509.CertificateBuilder(subject, subject, key.public_key(), x509.random_serial_number())
        .not_valid_before(now - datetime.timedelta(days=1))
        .not_valid_after(now + datetime.timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName(names), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )
    public, private = folder / "public.pem", folder / "private.pem"
    public.write_bytes(made.public_bytes(serialization.Encoding.PEM))
    private.write_bytes(
        key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    )
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(public, private)
    return public, context


@pytest.fixture
def secure(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[tuple[Receiver, Path]]:
    public, context = certificate(tmp_path, "hook.example")
    real = socket.getaddrinfo
    here = [(socket.AF_INET, socket.SOCK_STREAM, 6, "", ("127.0.0.1", 0))]

    def named(host: Any, port: Any, *args: Any, **kwargs: Any) -> Any:
        return (
            [(*row[:4], (row[4][0], port)) for row in here]
            if "example" in str(host)
            else real(host, port, *args, **kwargs)
        )

    monkeypatch.setattr(socket, "getaddrinfo", named)
    posting._tls.cache_clear()
    with Receiver(tls=context) as running:
        yield running, public
    posting._tls.cache_clear()


def test_a_certificate_that_is_trusted(secure: tuple[Receiver, Path], monkeypatch: pytest.MonkeyPatch) -> None:
    """It has to be the name's, though the connection goes to an address."""
    receiver, public = secure
    monkeypatch.setenv("SSL_CERT_FILE", str(public))
    assert post(f"https://hook.example:{receiver.port}/x") == Answer(204)
    assert post(f"https://127.0.0.1:{receiver.port}/x") == Answer(204)
    other = post(f"https://other.example:{receiver.port}/x")
    assert other.reason == "The secure connection failed: is the certificate valid for this name?"
    assert len(receiver.received) == 2


def test_a_certificate_that_is_not(secure: tuple[Receiver, Path]) -> None:
    receiver, _ = secure
    answer = post(f"https://hook.example:{receiver.port}/x")
    assert answer.reason == "The secure connection failed: is the certificate valid for this name?"
    assert receiver.received == []


def test_a_handshake_that_never_ends() -> None:
    with socket.socket() as listening:
        listening.bind(("127.0.0.1", 0))
        listening.listen()
        taken: list[socket.socket] = []
        threading.Thread(target=lambda: taken.append(listening.accept()[0]), daemon=True).start()
        answer = post(f"https://127.0.0.1:{listening.getsockname()[1]}/", seconds=1)
        assert answer.reason == "No answer within 1 s."
        for one in taken:
            one.close()
