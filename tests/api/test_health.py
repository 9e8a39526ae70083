"""Probes: no key, no names, no versions."""

import socket
from datetime import timedelta

import pytest
from celery import Celery
from django.db import InterfaceError, OperationalError, connection
from django.db.migrations.recorder import MigrationRecorder
from django.test import Client
from django.utils import timezone

from models.catalogue import catalogue
from synthesis import health
from synthesis.models import OperatorVoice, WorkerProcess
from synthesis.services import presence
from tests import servers


@pytest.fixture(autouse=True)
def _look_again() -> None:
    health.broker_memory.forget()
    health.migrations_memory.forget()


def test_alive(client: Client) -> None:
    """Without a database: this test has none."""
    response = client.get("/healthz")
    assert response.status_code == 200
    assert response.json() == {"status": "ok"}


def test_no_worker(client: Client, db: None) -> None:
    response = client.get("/readyz")
    assert response.status_code == 503
    assert response.json() == {
        "status": "no worker",
        "database": True,
        "migrations": True,
        "queue": True,
        "workers": 0,
        "voices_without_worker": len(catalogue()),
    }


def test_ready(client: Client, db: None) -> None:
    presence.sign_of_life(presence.Presence("host-a", 17, "tone"))
    response = client.get("/readyz")
    assert response.status_code == 200
    assert response.json() == {
        "status": "ok",
        "database": True,
        "migrations": True,
        "queue": True,
        "workers": 1,
        "voices_without_worker": 0,
    }


def test_a_worker_that_speaks_none_of_the_voices(client: Client, db: None) -> None:
    presence.sign_of_life(presence.Presence("host-a", 17, "another"))
    response = client.get("/readyz")
    assert (response.status_code, response.json()["status"]) == (503, "no worker")
    assert response.json()["voices_without_worker"] == len(catalogue())


def test_a_dead_worker_does_not_count(client: Client, db: None) -> None:
    presence.sign_of_life(presence.Presence("host-a", 17, "tone"))
    WorkerProcess.objects.update(last_seen=timezone.now() - timedelta(minutes=1))
    assert client.get("/readyz").status_code == 503


def test_a_voice_whose_engine_no_worker_has(client: Client, db: None) -> None:
    """Its jobs wait; the others are spoken, so the service stays."""
    OperatorVoice.objects.create(
        number=900_009,
        name="Own",
        language="az",
        gender="female",
        licence="CC0-1.0",
        engine="coqui",
        settings={"model": "xtts-v2"},
        version=1,
    )
    presence.sign_of_life(presence.Presence("host-a", 17, "tone"))
    response = client.get("/readyz")
    assert (response.status_code, response.json()["status"]) == (200, "ok")
    assert response.json()["voices_without_worker"] == 1


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


def test_a_migration_is_missing(client: Client, db: None) -> None:
    presence.sign_of_life(presence.Presence("host-a", 17, "tone"))
    MigrationRecorder(connection).record_unapplied("metrics", "0001_totals")
    response = client.get("/readyz")
    assert (response.status_code, response.json()["status"]) == (503, "not migrated")
    MigrationRecorder(connection).record_applied("metrics", "0001_totals")
    assert client.get("/readyz").status_code == 200, "a lack is not remembered"


def test_the_broker_is_away(client: Client, db: None, monkeypatch: pytest.MonkeyPatch) -> None:
    """A real connection to a port where nobody listens; it is remembered for seconds, not for ever."""
    presence.sign_of_life(presence.Presence("host-a", 17, "tone"))
    monkeypatch.delenv("CELERY_BROKER_URL", raising=False)  # Celery takes it before what it is given
    nobody = Celery("nobody", broker=f"redis://127.0.0.1:{servers.free_port()}/0", set_as_current=False)
    monkeypatch.setattr(health, "current_app", nobody)
    response = client.get("/readyz")
    assert (response.status_code, response.json()["status"], response.json()["queue"]) == (503, "no queue", False)
    monkeypatch.undo()
    assert client.get("/readyz").status_code == 503
    health.broker_memory.forget()
    assert client.get("/readyz").status_code == 200


ACCEPTING = "/readyz?exclude=queue&exclude=workers"


def test_whether_a_job_would_be_accepted(client: Client, db: None, monkeypatch: pytest.MonkeyPatch) -> None:
    """Neither a worker nor the broker is needed for that, and the broker is not even asked."""
    monkeypatch.delenv("CELERY_BROKER_URL", raising=False)
    nobody = Celery("nobody", broker=f"redis://127.0.0.1:{servers.free_port()}/0", set_as_current=False)
    monkeypatch.setattr(health, "current_app", nobody)
    response = client.get(ACCEPTING)
    assert response.status_code == 200
    assert response.json() == {
        "status": "ok",
        "database": True,
        "migrations": True,
        "workers": 0,
        "voices_without_worker": len(catalogue()),
    }
    assert client.get("/readyz?exclude=workers").json()["status"] == "no queue"
    monkeypatch.undo()
    assert client.get("/readyz?exclude=queue").json()["status"] == "no worker"


def test_what_accepting_needs(client: Client, db: None) -> None:
    MigrationRecorder(connection).record_unapplied("metrics", "0001_totals")
    assert client.get(ACCEPTING).status_code == 503
    MigrationRecorder(connection).record_applied("metrics", "0001_totals")

    def away(*_: object) -> None:
        raise OperationalError("no route to host db-17")

    with connection.execute_wrapper(away):
        assert client.get(ACCEPTING).status_code == 503


@pytest.mark.parametrize("query", ["exclude=database", "exclude=", "exclude=workers&exclude=worker"])
def test_what_cannot_be_left_out(client: Client, query: str) -> None:
    """A slip in a probe must not pass for a yes; without a database: this test has none."""
    response = client.get(f"/readyz?{query}")
    assert (response.status_code, response.json()["status"]) == (400, "exclude takes queue, workers")


def test_a_frozen_broker_holds_a_probe_up_for_seconds_only(
    client: Client, db: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("CELERY_BROKER_URL", raising=False)
    with socket.create_server(("127.0.0.1", 0)) as silent:
        frozen = Celery("frozen", broker=f"redis://127.0.0.1:{silent.getsockname()[1]}/0", set_as_current=False)
        frozen.conf.broker_transport_options = {"socket_timeout": 0.5, "socket_connect_timeout": 0.5}
        monkeypatch.setattr(health, "current_app", frozen)
        assert client.get("/readyz").json()["queue"] is False
