"""What no HTTP library sends: refused in the API's own shape, by gunicorn or Django, and never a 500."""

import json
import socket
from concurrent.futures import ThreadPoolExecutor

import pytest
import requests

from tests.live.service import Service

pytestmark = pytest.mark.live


def raw(service: Service, request: bytes) -> tuple[int, bytes]:
    """Status and body of the answer to these bytes."""
    with socket.create_connection(("127.0.0.1", service.port), timeout=30) as connection:
        connection.sendall(request)
        connection.shutdown(socket.SHUT_WR)
        answer = b""
        while piece := connection.recv(65536):
            answer += piece
    head, _, body = answer.partition(b"\r\n\r\n")
    return int(head.split()[1]), body


def http(line: str, *headers: str, body: bytes = b"") -> bytes:
    return "\r\n".join([line, "Host: localhost", *headers, "", ""]).encode("latin-1") + body


@pytest.mark.parametrize(
    ("request_bytes", "status"),
    [
        (http(f"GET /api/v1/jobs/?x={'a' * 9000} HTTP/1.1"), 414),
        (http("GET /api/v1/jobs/ HTTP/1.1", "X: " + "a" * 9000), 431),
        (http("GET /api/v1/jobs/ HTTP/1.1", "Authorization: Token gizli\0açar"), 400),
        (http("GET /api/v1/jobs/ HTTP/9.9"), 400),
        (http("POST /api/v1/jobs/text/ HTTP/1.1", "Transfer-Encoding: gzip"), 400),
        (http("POST /api/v1/jobs/text/ HTTP/1.1", "Content-Length: -1"), 400),
        (http("GET /api/v1/jobs/ HTTP/1.1", "Authorization: Token \xff\xfe"), 401),
        (http("GET /api/v1/jobs/%00 HTTP/1.1"), 401),
        (http("GET /api/v1/jobs/%ff%fe/ HTTP/1.1"), 401),
        (http("GET /api/v1/jobs/ HTTP/1.1", "X-Forwarded-Host: evil.example"), 401),
    ],
    ids=str,
)
def test_refused_in_json(service: Service, request_bytes: bytes, status: int) -> None:
    answered, body = raw(service, request_bytes)
    assert answered == status
    assert json.loads(body)["error"]["code"] == status


@pytest.mark.parametrize("charset", ["bz2", "utf-16", "nonsense", '"x"'])
def test_a_charset_changes_nothing(service: Service, charset: str) -> None:
    headers = service.headers | {"Content-Type": f"application/json; charset={charset}"}
    body = '{"text": "şəhər", "lang": "az", "voice_id": 325640}'.encode()
    answer = requests.post(f"{service.url}/api/v1/jobs/text/?x=1", data=body, headers=headers, timeout=20)
    assert answer.status_code == 200
    assert answer.json()["data"]["character_count"] == 5


def test_a_host_that_is_not_ours(service: Service) -> None:
    answer = requests.get(f"{service.url}/api/v1/jobs/", headers={"Host": "evil.example"}, timeout=20)
    assert (answer.status_code, answer.json()["error"]["code"]) == (400, 400)


def test_the_log_quotes_no_header(service: Service) -> None:
    raw(service, http("GET /api/v1/jobs/ HTTP/1.1", "Authorization: Token gizliacar\0"))
    assert "gizliacar" not in service.log.read_text()


def test_a_body_over_the_limit_is_answered(service: Service) -> None:
    """The client is still sending when it is refused: it has to see the answer and not a broken connection."""
    body = json.dumps({"text": "a" * 20_000_000, "lang": "az", "voice_id": 325640})
    headers = service.headers | {"Content-Type": "application/json"}
    answer = requests.post(f"{service.url}/api/v1/jobs/text/", data=body, headers=headers, timeout=60)
    assert answer.status_code == 400
    assert answer.json()["error"]["message"] == "text: Longer than 1000000 characters."


def test_slow_senders_hold_up_nobody(service: Service) -> None:
    """Half-sent requests wait for their rest; others are answered meanwhile."""
    half = http("POST /api/v1/jobs/text/ HTTP/1.1", f"Authorization: Token {service.key}", "Content-Length: 1000")
    slow = [socket.create_connection(("127.0.0.1", service.port), timeout=30) for _ in range(12)]
    try:
        for connection in slow:
            connection.sendall(half)
        with ThreadPoolExecutor(4) as pool:
            answers = list(pool.map(lambda _: service.call("GET", "jobs/").status_code, range(20)))
        assert answers == [200] * 20
    finally:
        for connection in slow:
            connection.close()
