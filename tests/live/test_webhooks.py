"""Webhooks of the running service, to a real receiver on this machine."""

import os
import signal
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler

import pytest
import requests

from tests.live.service import Service, running
from tests.webhooks.receiver import Receiver

pytestmark = pytest.mark.live

EXPIRE = (
    "from synthesis.models import WebhookDelivery; from django.db.models.functions import Now; "
    "print(WebhookDelivery.objects.filter(state='running').update(lease_until=Now()))"
)


@pytest.fixture(scope="module")
def own() -> Iterator[Service]:
    with running(VOICEN_WEBHOOKS_ALLOW_PRIVATE="true", VOICEN_WORKER_PROCESSES="2") as service:
        yield service


@pytest.fixture
def receiver() -> Iterator[Receiver]:
    with Receiver() as one:
        yield one


@pytest.fixture
def secret(own: Service, receiver: Receiver) -> Iterator[str]:
    """Of a webhook to the receiver, which goes with the test."""
    url = f"{own.url}/api/v2/webhooks/"
    answer = requests.post(url, json={"url": receiver.url()}, headers=own.headers, timeout=30)
    assert answer.status_code == 201, answer.text
    yield str(answer.json()["secret"])
    requests.delete(f"{url}{answer.json()['id']}/", headers=own.headers, timeout=30)


def test_a_life(own: Service, receiver: Receiver, secret: str) -> None:
    """Completed by a worker, deleted by the web server: both are told."""
    job = own.submit("salam zebra")
    assert own.wait(job) == "ready"
    completed = receiver.wait_for(1)[0].verified(secret)
    assert (completed["type"], completed["data"]["id"]) == ("job.completed", job)
    assert own.call("DELETE", f"jobs/{job}/").status_code == 200
    deleted = receiver.wait_for(2)[1].verified(secret)
    assert (deleted["type"], deleted["data"]["id"]) == ("job.deleted", job)
    log = own.log.read_text()
    assert "webhook delivery" in log
    for hidden in (secret, receiver.url(), "zebra"):
        assert hidden not in log


def test_killed_while_a_receiver_is_silent(own: Service, receiver: Receiver, secret: str) -> None:
    """Speech goes on beside a call that takes long; and a killed worker's call is made again, with the same id."""
    free = threading.Event()

    def silent(handler: BaseHTTPRequestHandler) -> None:
        if not free.is_set():
            free.wait(60)
            return  # to a process that is no longer there
        handler.send_response(200)
        handler.end_headers()

    receiver.act = silent
    first = own.submit("birinci")
    assert own.wait(first) == "ready"
    receiver.wait_for(1)
    others = [own.submit(f"salam {number}") for number in range(4)]
    assert [own.wait(job) for job in others] == ["ready"] * 4
    assert len(receiver.received) == 1, "one call at a time to an endpoint"
    for pid in own.children("celery"):
        os.kill(pid, signal.SIGKILL)
    receiver.act = None
    free.set()
    assert own.manage("shell", "-v0", "-c", EXPIRE).strip() == "1"
    events = [received.verified(secret)["data"]["id"] for received in receiver.wait_for(6, seconds=120)]
    assert sorted(set(events)) == [first, *others]
    again = [received for received in receiver.received if received.verified(secret)["data"]["id"] == first]
    assert len({received.headers["webhook-id"] for received in again}) == 1
