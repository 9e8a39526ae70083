"""Leases: renewed while a step is worked on, lost when it is taken away, and the end of a process that hangs."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable

import pytest
from pytest_django import Settings

from synthesis.models import Job, Step, WorkerProcess
from synthesis.services import jobs, presence, queue
from workers.pulse import Pulse

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def quick(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    settings.LEASE_SECONDS = 3
    monkeypatch.setattr(presence, "SIGN_OF_LIFE_SECONDS", 0.2)


@pytest.fixture
def step(submit: Callable[..., Job]) -> Step:
    submit("salam")
    claimed = queue.claim()
    assert claimed is not None
    return claimed


def until(condition: Callable[[], bool], seconds: float = 20) -> None:
    end = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < end
        time.sleep(0.05)


def test_it_renews(quick: None, step: Step) -> None:
    pulse = Pulse(presence.Presence("host", 1, "tone"))
    pulse.start()
    first = Step.objects.get().lease_until
    assert first is not None
    try:
        with pulse.hold(step, 60) as lease:
            until(lambda: (Step.objects.get().lease_until or first) > first)
            lease.check()
    finally:
        pulse.stop()
    assert not WorkerProcess.objects.exists(), "it takes leave"


def test_it_learns_of_a_cancel(quick: None, step: Step) -> None:
    pulse = Pulse(presence.Presence("host", 1, "tone"))
    pulse.start()
    try:
        with pulse.hold(step, 60) as lease:
            jobs.cancel(step.job_id)
            until(lambda: lease.lost)
            with pytest.raises(queue.LostLease):
                lease.check()
    finally:
        pulse.stop()


def test_it_ends_a_process_that_hangs() -> None:
    code = """
import os, time, django
django.setup()
from unittest import mock
from synthesis.models import Step
from synthesis.services import presence, queue
from workers.pulse import Pulse
presence.SIGN_OF_LIFE_SECONDS = 0.1
import uuid
with mock.patch.object(presence, "sign_of_life"), mock.patch.object(queue, "renew", return_value=True):
    pulse = Pulse(presence.Presence("host", 1, "tone"))
    pulse.start()
    with pulse.hold(Step(pk=1, token=uuid.uuid4()), 0.3):
        time.sleep(30)
"""
    environment = os.environ | {"DJANGO_SETTINGS_MODULE": "voicen_server.settings"}
    done = subprocess.run([sys.executable, "-c", code], env=environment, timeout=25, check=False)
    assert done.returncode == -signal.SIGKILL


def test_a_dead_process_of_this_host_is_buried(submit: Callable[..., Job]) -> None:
    """Its step goes on at once; that of a living process, or of another host, does not."""
    child = subprocess.Popen([sys.executable, "-c", ""])
    child.wait()
    dead = presence.Presence(presence.this_host(), child.pid, "tone")
    alive = presence.Presence(presence.this_host(), os.getpid(), "tone")
    elsewhere = presence.Presence("another", child.pid, "tone")
    held = {}
    for who in (dead, alive, elsewhere):
        presence.sign_of_life(who)
        submit("salam")
        step = queue.claim(who.token)
        assert step is not None
        held[who.token] = step.pk
    presence.bury_dead(presence.this_host())
    assert set(WorkerProcess.objects.values_list("token", flat=True)) == {alive.token, elsewhere.token}
    again = queue.claim()
    assert again is not None
    assert again.pk == held[dead.token]
    assert queue.claim() is None
