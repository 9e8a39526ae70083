"""Nudges: after commit, and never at a request's cost."""

import threading
import time
from collections.abc import Callable

import pytest
from django.db import transaction
from kombu.exceptions import OperationalError

from synthesis import dispatch
from synthesis.models import Job
from voicen_server.celery import app

pytestmark = pytest.mark.django_db(transaction=True)
Submit = Callable[..., Job]


@pytest.fixture
def rung(monkeypatch: pytest.MonkeyPatch) -> threading.Event:
    event = threading.Event()
    monkeypatch.setattr(dispatch, "_doorbell", dispatch._Doorbell())
    monkeypatch.setattr(dispatch, "publish", event.set)
    return event


def test_it_works(submit: Submit, rung: threading.Event) -> None:
    submit()
    assert rung.wait(5)


def test_not_before_the_commit(submit: Submit, rung: threading.Event) -> None:
    with transaction.atomic():
        submit()
        assert not rung.wait(0.3)
    assert rung.wait(5)


def test_a_rollback_publishes_nothing(submit: Submit, rung: threading.Event) -> None:
    with pytest.raises(RuntimeError), transaction.atomic():  # noqa: PT012
        submit()
        raise RuntimeError
    assert not rung.wait(0.3)
    assert Job.objects.count() == 0


@pytest.mark.parametrize("error", [OperationalError("down"), OSError("refused"), TimeoutError(), ValueError("odd")])
@pytest.mark.filterwarnings("ignore::pytest.PytestUnhandledThreadExceptionWarning")
def test_a_broker_that_raises(submit: Submit, monkeypatch: pytest.MonkeyPatch, error: Exception) -> None:
    tried = threading.Semaphore(0)

    def raising() -> None:
        tried.release()
        raise error

    monkeypatch.setattr(dispatch, "_doorbell", dispatch._Doorbell())
    monkeypatch.setattr(dispatch, "publish", raising)
    for _ in range(3):  # and it is tried again at the next job
        submit()
        assert tried.acquire(timeout=5)
        time.sleep(0.05)
    assert Job.objects.count() == 3


def test_a_broker_that_hangs(submit: Submit, monkeypatch: pytest.MonkeyPatch) -> None:
    release = threading.Event()
    monkeypatch.setattr(dispatch, "_doorbell", dispatch._Doorbell())
    monkeypatch.setattr(dispatch, "publish", release.wait)
    try:
        started = time.monotonic()
        for _ in range(5):
            submit()
        assert time.monotonic() - started < 3
    finally:
        release.set()
    assert Job.objects.count() == 5
    assert sum(thread.name == "doorbell" and thread.is_alive() for thread in threading.enumerate()) <= 8


def test_rings_become_one(rung: threading.Event, monkeypatch: pytest.MonkeyPatch) -> None:
    count, gate = [0], threading.Event()

    def slow() -> None:
        count[0] += 1
        gate.wait(5)

    monkeypatch.setattr(dispatch, "publish", slow)
    for _ in range(100):
        dispatch.ring()
    time.sleep(0.1)
    gate.set()
    time.sleep(0.2)
    assert 1 <= count[0] <= 2


def test_the_message_carries_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    sent: list[tuple[object, ...]] = []

    def send_task(name: str, args: object = None, kwargs: object = None, **options: object) -> None:
        sent.append((name, args or (), kwargs or {}, options.get("retry")))

    monkeypatch.setattr(app, "send_task", send_task)
    monkeypatch.setattr(app, "_tasks", {}, raising=False)
    monkeypatch.setattr(dispatch, "_waiting", lambda *_: 0)
    dispatch.publish()
    assert sent == [("workers.work", (), {}, False)]


def test_eager(rung: threading.Event) -> None:
    app.conf.task_always_eager = True
    try:
        dispatch.ring()
    finally:
        app.conf.task_always_eager = False
    assert rung.is_set()
