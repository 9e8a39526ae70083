"""Probes: no key, no names, no versions."""

from datetime import timedelta

import pytest
from django.db import InterfaceError, OperationalError, connection
from django.test import Client
from django.utils import timezone

from synthesis.models import WorkerProcess
from synthesis.services import presence


def test_alive(client: Client) -> None:
    """Without a database: this test has none."""
    response = client.get("/healthz")
    assert response.status_code == 200
    assert response.json() == {"status": "ok"}


def test_no_worker(client: Client, db: None) -> None:
    response = client.get("/readyz")
    assert response.status_code == 503
    assert response.json() == {"status": "no worker", "database": True, "workers": 0}


def test_ready(client: Client, db: None) -> None:
    presence.sign_of_life(presence.Presence("host-a", 17, "tone"))
    response = client.get("/readyz")
    assert response.status_code == 200
    assert response.json() == {"status": "ok", "database": True, "workers": 1}


def test_a_dead_worker_does_not_count(client: Client, db: None) -> None:
    presence.sign_of_life(presence.Presence("host-a", 17, "tone"))
    WorkerProcess.objects.update(last_seen=timezone.now() - timedelta(minutes=1))
    assert client.get("/readyz").status_code == 503


def test_voices_whose_engine_no_worker_has(client: Client, db: None) -> None:
    presence.sign_of_life(presence.Presence("host-a", 17, "coqui"))
    response = client.get("/readyz")
    assert response.status_code == 200
    state = {"status": "some voices wait", "database": True, "workers": 1, "voices_without_worker": 9}
    assert response.json() == state


@pytest.mark.parametrize("error", [OperationalError, InterfaceError])
def test_the_database_is_away(client: Client, db: None, error: type[Exception]) -> None:
    def away(*_: object) -> None:
        raise error("no route to host db-17")

    with connection.execute_wrapper(away):
        response = client.get("/readyz")
    assert response.status_code == 503
    assert response.json() == {"status": "unavailable", "database": False}


@pytest.mark.parametrize("url", ["/healthz", "/readyz"])
def test_only_looked_at(client: Client, db: None, url: str) -> None:
    assert client.post(url).status_code == 405
    assert client.head(url).status_code in {200, 503}
