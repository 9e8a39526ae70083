"""The thread that delivers beside the work of a worker process."""

import threading
import time
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler

import pytest
from django.contrib.auth.models import User
from django.db import OperationalError
from pytest_django import Settings

from synthesis.models import Job, WebhookDelivery
from synthesis.services import deliveries, webhooks
from tests.synthesis import progress
from tests.webhooks.conftest import Endpoint
from tests.webhooks.receiver import Receiver
from workers import postman
from workers.postman import Postman

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture(autouse=True)
def _quick(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    settings.RING_SECONDS = 0.2
    monkeypatch.setattr(postman, "_REST_SECONDS", 0.1)
    monkeypatch.setattr(postman, "_LEAVING_SECONDS", 0.5)


@pytest.fixture
def running() -> Iterator[Postman]:
    one = Postman()
    one.start()
    yield one
    one.stop()


@pytest.fixture
def held(receiver: Receiver) -> Iterator[threading.Event]:
    """Calls to /slow are answered once this is set."""
    free = threading.Event()

    def act(handler: BaseHTTPRequestHandler) -> None:
        if handler.path == "/slow":
            free.wait(60)
        handler.send_response(204)
        handler.end_headers()

    receiver.act = act
    yield free
    free.set()


def until(condition: Callable[[], bool], seconds: float = 30) -> None:
    end = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < end
        time.sleep(0.05)


def count(state: str) -> int:
    return WebhookDelivery.objects.filter(state=state).count()


def test_it_delivers(running: Postman, endpoint: Endpoint, receiver: Receiver, submit: Callable[..., Job]) -> None:
    _, secret = endpoint()
    for _ in range(5):
        progress.make_ready(submit())
    until(lambda: count("delivered") == 5)
    assert {received.verified(secret)["type"] for received in receiver.received} == {"job.completed"}


def test_who_is_slow_holds_up_only_himself(
    running: Postman, endpoint: Endpoint, receiver: Receiver, held: threading.Event
) -> None:
    slow = [endpoint(receiver.url("/slow"))[0] for _ in range(3)]
    for row in slow * 3:
        webhooks.test(row)
    receiver.wait_for(2)
    other, _ = endpoint(receiver.url("/other"), owner=User.objects.create_user("other"))
    for _ in range(3):
        webhooks.test(other)
    until(lambda: WebhookDelivery.objects.filter(endpoint=other, state="delivered").count() == 3)
    assert [received.path for received in receiver.received].count("/slow") == 2, "two at once of an account"
    held.set()
    until(lambda: count("delivered") == 12)


@pytest.mark.parametrize("name", ["claim", "write"])
def test_a_database_that_goes_away(
    name: str, running: Postman, endpoint: Endpoint, receiver: Receiver, monkeypatch: pytest.MonkeyPatch
) -> None:
    """An answer waits until it can be written: nobody is called again for that."""
    real, faults = getattr(deliveries, name), [OperationalError, ValueError, OperationalError]

    def failing(*args: object) -> object:
        if faults:
            raise faults.pop()
        return real(*args)

    monkeypatch.setattr(deliveries, name, failing)
    webhooks.test(endpoint()[0])
    until(lambda: count("delivered") == 1)
    assert (faults, len(receiver.received)) == ([], 1)


def test_a_fault_of_ours_is_an_answer_too(
    running: Postman, endpoint: Endpoint, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*_: object) -> None:
        raise ValueError

    monkeypatch.setattr(postman, "send", broken)
    monkeypatch.setattr(threading, "excepthook", lambda _: None)
    webhooks.test(endpoint()[0])
    until(lambda: count("failed") == 1)


def test_it_leaves_with_a_call_out(
    running: Postman, endpoint: Endpoint, receiver: Receiver, held: threading.Event
) -> None:
    webhooks.test(endpoint(receiver.url("/slow"))[0])
    receiver.wait_for(1)
    running.stop()
    assert not running._thread.is_alive()
    assert count("running") == 1, "its lease runs out, and somebody else makes the call"


def test_it_writes_what_comes_back_while_it_leaves(
    running: Postman, endpoint: Endpoint, receiver: Receiver, held: threading.Event, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(postman, "_LEAVING_SECONDS", 10)
    webhooks.test(endpoint(receiver.url("/slow"))[0])
    receiver.wait_for(1)
    threading.Timer(0.3, held.set).start()
    running.stop()
    assert count("delivered") == 1
