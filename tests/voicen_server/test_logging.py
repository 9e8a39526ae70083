"""Neither a text nor a key reaches the logs, whatever goes wrong."""

import logging
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from django.db import OperationalError
from django.test import Client

from synthesis.models import Job
from synthesis.services import housekeeping, jobs, queue
from tests.synthesis import progress

MARKER = "Gizli cümlə zebra"
TEXT = "/api/v1/jobs/text/"


@pytest.fixture
def lines() -> Iterator[list[str]]:
    """Every line that any logger would write at level DEBUG, formatted with its traceback."""
    seen: list[str] = []

    class Keep(logging.Handler):
        def emit(self, record: logging.LogRecord) -> None:
            seen.append(logging.Formatter("%(levelname)s %(name)s %(message)s").format(record))

    handler, root = Keep(), logging.getLogger()
    level = root.level
    root.addHandler(handler)
    root.setLevel(logging.DEBUG)
    yield seen
    root.removeHandler(handler)
    root.setLevel(level)


def submit(api: Client, text: str = MARKER) -> int:
    body = {"text": text, "lang": "az", "voice_id": "325640"}
    return int(api.post(TEXT, body, content_type="application/json").status_code)


@pytest.mark.usefixtures("media")
def test_neither_text_nor_key(
    api: Client, key: str, media: Path, lines: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    api.raise_request_exception = False
    assert submit(api) == 200
    assert submit(api, f"{MARKER}\0") == 400
    assert api.post(TEXT, f'{{"text": "{MARKER}', content_type="application/json").status_code == 400
    assert Client(headers={"Authorization": f"Token {key}x"}).get("/api/v1/jobs/").status_code == 401
    job = Job.objects.get()
    progress.make_failed(job)
    jobs.retry(job.pk)
    step = progress.claim(job)
    queue.attempt_failed(step, "engine_failed", "No.")
    jobs.cancel_and_delete(job.pk)
    housekeeping.tidy()
    original = jobs._create
    monkeypatch.setattr(jobs, "_create", _raising(OperationalError("disk I/O error")))
    assert submit(api) == 503
    monkeypatch.setattr(jobs, "_create", _raising(RuntimeError(f"a fault that quotes {MARKER}")))
    assert submit(api) == 500
    monkeypatch.setattr(jobs, "_create", original)
    assert any("RuntimeError" in line and "in fail" in line for line in lines)  # a fault is logged, with its place
    own = [line for line in lines if " django.db.backends " not in line]  # off unless DEBUG
    for line in own:
        assert "Gizli" not in line
        assert key not in line


def _raising(error: Exception) -> Callable[..., Job]:
    def fail(*_: object) -> Job:
        raise error

    return fail
