"""Row 20: every error below /api/ is JSON, whoever raises it."""

from collections.abc import Callable
from typing import Any

import pytest
from django.db import DataError, InterfaceError, OperationalError, connection
from django.http import UnreadablePostError
from django.test import Client

from synthesis.models import Job
from synthesis.services import jobs
from tests.api.answers import refused
from tests.api.test_authentication import every_endpoint

TEXT = "/api/v1/jobs/text/"
VALID = {"text": "salam", "lang": "az", "voice_id": "325640"}


@pytest.mark.parametrize(
    "url",
    [
        "/api/",
        "/api/v1/",
        "/api/v1/unknown",
        "/api/v1/unknown/",
        "/api/v1/jobs/1/2/",
        "/api/v1/jobs/1/synthesize/x",
        "/api/v1/jobs//",
        "/api/v3/jobs/",
        "/api/v1/jobs/text/1/",
        "/api/x%00y",
        "/api/%FF",
        "/api/v1/jobs//synthesize/",
    ],
)
@pytest.mark.parametrize("method", ["get", "post", "delete"])
def test_unknown_urls(api: Client, url: str, method: str) -> None:
    refused(getattr(api, method)(url), 404)


def test_outside_the_api_pages_are_html(client: Client, db: None) -> None:
    response = client.get("/unknown")
    assert response.status_code == 404
    assert response["Content-Type"].startswith("text/html")


@every_endpoint
def test_a_strange_method(api: Client, method: str, url: str) -> None:
    refused(api.generic("BREW", url), 405)


@every_endpoint
def test_a_bad_host(api: Client, method: str, url: str) -> None:
    response = getattr(api, method)(url, headers={"host": "evil.example"})
    assert response.status_code == 400
    assert response["Content-Type"] == "application/json"


def test_a_bad_host_quotes_nothing(api: Client) -> None:
    assert "evil" not in refused(api.get("/api/v1/jobs/", headers={"host": "evil.example"}), 400)


@pytest.fixture
def calm(api: Client) -> Client:
    api.raise_request_exception = False
    return api


def send(api: Client) -> Any:
    return api.post(TEXT, VALID, content_type="application/json")


@pytest.mark.parametrize("error", [RuntimeError, KeyError, ZeroDivisionError, TypeError, AssertionError])
def test_a_fault_of_ours(calm: Client, monkeypatch: pytest.MonkeyPatch, error: type[Exception]) -> None:
    def broken(*_: object) -> None:
        raise error("secret detail")

    monkeypatch.setattr(jobs, "submit", broken)
    assert "secret" not in refused(send(calm), 500)


@pytest.mark.parametrize("error", [OperationalError, InterfaceError])
@every_endpoint
def test_the_database_is_away(api: Client, method: str, url: str, error: type[Exception]) -> None:  # row 30
    def away(*_: object) -> None:
        raise error("connection refused: password=secret")

    with connection.execute_wrapper(away):
        response = getattr(api, method)(url)
    assert response.status_code == 503
    assert response["Content-Type"] == "application/json"
    assert int(response["Retry-After"]) > 0
    assert b"secret" not in response.content


def test_the_database_goes_at_the_commit(calm: Client, monkeypatch: pytest.MonkeyPatch) -> None:  # row 30
    def away(*_: object) -> None:
        raise OperationalError("disk I/O error")

    monkeypatch.setattr(jobs, "_create", away)
    response = send(calm)
    refused(response, 503)
    assert int(response["Retry-After"]) > 0


def test_a_full_disk(calm: Client, monkeypatch: pytest.MonkeyPatch) -> None:  # row 30
    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("synthesis.storage.save_text", full)
    response = send(calm)
    refused(response, 503)
    assert int(response["Retry-After"]) > 0
    assert Job.objects.count() == 0


def test_a_query_that_is_wrong_is_our_fault(calm: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    """Trying again later does not help against a defect: 500, and a log line that shows the place."""

    def wrong(*_: object) -> None:
        raise DataError("value too long")

    monkeypatch.setattr(jobs, "_create", wrong)
    refused(send(calm), 500)


def test_a_client_that_goes_away_is_no_fault_of_ours(
    calm: Client, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def gone(*_: object) -> None:
        raise UnreadablePostError("connection reset by peer")

    monkeypatch.setattr("synthesis.api.parsers._read_bounded", gone)
    refused(send(calm), 400)
    assert [record for record in caplog.records if record.levelname == "ERROR"] == []


def test_a_refusal_leaves_nothing(api: Client, submit: Callable[..., Job]) -> None:
    refused(api.post(TEXT, {**VALID, "lang": "tr"}, content_type="application/json"), 400)
    assert Job.objects.count() == 0
