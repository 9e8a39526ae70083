"""A request has to arrive whole within its time, however it dawdles; an answer may take as long as it likes."""

import json
import socket
import time
from collections.abc import Iterator

import pytest

from tests.live.service import Service, running
from tests.live.test_bad_requests import http

pytestmark = pytest.mark.live
SECONDS = 5


@pytest.fixture(scope="module")
def strict() -> Iterator[Service]:
    with running(VOICEN_UPLOAD_SECONDS=str(SECONDS), VOICEN_WEB_PROCESSES="1", VOICEN_WEB_THREADS="2") as service:
        yield service


def drip(service: Service, begin: bytes, piece: bytes) -> tuple[float, bytes]:
    """Send the beginning, then a piece every half second, until the server answers. After how long, and what."""
    started = time.monotonic()
    with socket.create_connection(("127.0.0.1", service.port), timeout=0.5) as connection:
        connection.sendall(begin)
        answer = b""
        while time.monotonic() - started < 6 * SECONDS:
            try:
                received = connection.recv(65536)
                answer += received
                if not received:
                    break
            except TimeoutError:
                if piece and not answer:
                    connection.sendall(piece)
            except OSError:
                break
        return time.monotonic() - started, answer


@pytest.mark.parametrize("piece", [b"", b"a"], ids=["silent", "dripping"])
def test_a_body(strict: Service, piece: bytes) -> None:
    headers = (f"Authorization: Token {strict.key}", "Content-Type: application/json", "Content-Length: 100000")
    begin = http("POST /api/v1/jobs/text/ HTTP/1.1", *headers, body=b'{"text": "')
    seconds, answer = drip(strict, begin, piece)
    assert SECONDS - 1 < seconds < SECONDS + 10
    head, _, body = answer.partition(b"\r\n\r\n")
    assert head.split()[1] == b"400"
    assert json.loads(body)["error"]["code"] == 400


@pytest.mark.parametrize("piece", [b"", b"a"], ids=["silent", "dripping"])
def test_headers(strict: Service, piece: bytes) -> None:
    seconds, _ = drip(strict, b"GET /api/v1/jobs/ HTTP/1.1\r\nHost: localhost\r\nX-Slow: ", piece)
    assert SECONDS - 1 < seconds < SECONDS + 10


def test_threads_come_free(strict: Service) -> None:
    """More dawdlers than threads: they hold up others for their time and no longer."""
    begin = http("POST /api/v1/jobs/text/ HTTP/1.1", f"Authorization: Token {strict.key}", "Content-Length: 1000")
    slow = [socket.create_connection(("127.0.0.1", strict.port), timeout=30) for _ in range(4)]
    try:
        for connection in slow:
            connection.sendall(begin)
        started = time.monotonic()
        assert strict.call("GET", "jobs/").status_code == 200
        assert time.monotonic() - started < 3 * SECONDS + 10
    finally:
        for connection in slow:
            connection.close()


def test_a_slow_reader_gets_its_audio(strict: Service) -> None:
    job_id = strict.submit("salam dünya. " * 60)
    assert strict.wait(job_id) == "ready"
    whole = len(strict.audio(job_id))
    with socket.create_connection(("127.0.0.1", strict.port), timeout=30) as connection:
        connection.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
        line = f"GET /api/v1/jobs/{job_id}/synthesize/ HTTP/1.1"
        connection.sendall(http(line, f"Authorization: Token {strict.key}", "Connection: close"))
        received, started = b"", time.monotonic()
        while piece := connection.recv(max(1024, whole // 12)):
            received += piece
            if time.monotonic() - started < SECONDS + 3:
                time.sleep(1)
    assert len(received.partition(b"\r\n\r\n")[2]) == whole
