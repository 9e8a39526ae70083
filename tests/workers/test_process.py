"""A worker process: it takes only what it can speak, and makes room for a new one when it has grown too large."""

import os
import signal
import time
from collections.abc import Callable
from typing import Any

import pytest
from billiard.pool import EX_RECYCLE
from pytest_django import Settings

from synthesis import dispatch
from synthesis.models import Job, Step
from synthesis.services import presence, queue
from tests.synthesis.test_own_voices import make
from workers import memory, stopping, tasks
from workers.process import WorkerProcess

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("media")]
Submit = Callable[..., Job]


@pytest.fixture
def resident(monkeypatch: pytest.MonkeyPatch) -> list[float]:
    """What the process takes, in MB: the last one, again and again, until a test appends another."""
    figures = [300.0]
    monkeypatch.setattr(memory, "resident_mb", lambda: figures[-1])
    return figures


@pytest.fixture
def started(settings: Settings, resident: list[float], monkeypatch: pytest.MonkeyPatch) -> WorkerProcess:
    """One with a memory mark of 1000 MB, that has no pulse: the tests have one connection."""
    settings.MEMORY_MARK_MB = 1000
    settings.WORKER_ENGINES = ["tone"]
    monkeypatch.setattr("workers.pulse.Pulse.start", lambda self: presence.sign_of_life(self._who))
    monkeypatch.setattr("synthesis.services.housekeeping.tidy", lambda *_: None)
    this = WorkerProcess()
    this.start()
    return this


def done() -> int:
    return Job.objects.filter(status="ready").count()


def test_it_works(started: WorkerProcess, submit: Submit) -> None:
    submit()
    submit()
    started.work()
    assert done() == 2
    assert presence.engines_alive() == {"tone"}


def test_nudges_of_before_a_look_that_found_nothing_cost_no_other_look(
    started: WorkerProcess, submit: Submit, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(tasks, "_this", started)
    looks: list[None] = []
    claim_batch = queue.claim_batch

    def look(*given: Any) -> list[Step]:
        looks.append(None)
        return claim_batch(*given)

    monkeypatch.setattr(queue, "claim_batch", look)
    before = time.time() - 60
    assert not started.has_looked_since(before)
    for rung in (before, before, None, time.time() + 60):
        tasks.work.apply(headers={dispatch.RUNG: str(rung)} if rung else {})
    assert len(looks) == 3, "all but the second: the last one's sender has a clock that is ahead"
    job = submit()
    tasks.work.apply(headers={dispatch.RUNG: str(time.time())})
    job.refresh_from_db()
    assert job.status == "ready"


def test_a_look_in_the_future_tells_nothing(started: WorkerProcess, monkeypatch: pytest.MonkeyPatch) -> None:
    """The clock of the host was set back."""
    started.work()
    long_ago = time.time() - 60
    assert started.has_looked_since(long_ago)
    monkeypatch.setattr("workers.process.time", lambda: long_ago + 30)
    assert not started.has_looked_since(long_ago)


def test_a_voice_of_another_engine_is_left_waiting(started: WorkerProcess, submit: Submit) -> None:
    make(900_001, engine="coqui", settings={"model": "xtts-v2"})
    foreign = submit()
    Job.objects.filter(pk=foreign.pk).update(voice_id=900_001)
    submit()
    started.work()
    foreign.refresh_from_db()
    assert done() == 1
    assert foreign.status == "waiting"
    assert foreign.steps.get().attempts == 0


def test_above_the_mark_what_is_idle_goes_and_that_may_be_enough(
    started: WorkerProcess, submit: Submit, resident: list[float], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(started._runtime, "unload_idle", lambda: resident.append(400))
    resident.append(1200)
    submit()
    submit()
    started.work()
    assert done() == 2
    assert not started.is_outgrown


@pytest.mark.parametrize(("after", "outgrown"), [(890, False), (910, True)])
def test_nearly_the_mark_is_no_room(
    started: WorkerProcess,
    submit: Submit,
    resident: list[float],
    monkeypatch: pytest.MonkeyPatch,
    after: float,
    outgrown: bool,
) -> None:
    monkeypatch.setattr(started._runtime, "unload_idle", lambda: resident.append(after))
    resident.append(1001)
    submit()
    started.work()
    assert started.is_outgrown is outgrown


def test_a_process_that_stays_too_large_takes_no_more(
    started: WorkerProcess, submit: Submit, resident: list[float], caplog: pytest.LogCaptureFixture
) -> None:
    resident.append(1200)
    submit()
    submit()
    started.work()
    assert done() == 1, "the step in hand is done, the next one is another process's"
    assert started.is_outgrown
    assert "took 1200 MB, and 1200 MB without what is idle" in caplog.text
    started.work()
    assert done() == 1


def test_a_mark_below_a_fresh_process_is_told_and_not_followed(
    settings: Settings, started: WorkerProcess, submit: Submit, resident: list[float], caplog: pytest.LogCaptureFixture
) -> None:
    settings.MEMORY_MARK_MB = 200
    this = WorkerProcess()
    this.start()
    submit()
    submit()
    this.work()
    assert done() == 2
    assert "VOICEN_MEMORY_MARK_MB=200 is not followed: a fresh process takes 300 MB" in caplog.text


# --- Making room -----------------------------------------------------------------------------------------------------


class Outgrown:
    is_outgrown = True

    def __init__(self) -> None:
        self.stopped = False

    def work(self) -> None: ...

    def stop(self) -> None:
        self.stopped = True


def test_a_solo_worker_stops_as_at_sigterm(monkeypatch: pytest.MonkeyPatch) -> None:
    killed: list[tuple[int, int]] = []
    monkeypatch.setattr(tasks, "_this", Outgrown())
    monkeypatch.setattr(os, "kill", lambda *call: killed.append(call))
    tasks.work()
    assert killed == [(os.getpid(), signal.SIGTERM)]


def test_a_child_of_a_pool_ends_itself_after_its_task(monkeypatch: pytest.MonkeyPatch) -> None:
    it = Outgrown()
    ended: list[int] = []
    monkeypatch.setattr(tasks, "_this", it)
    monkeypatch.setattr(tasks, "_MAIN_PROCESS", 1)
    monkeypatch.setattr(tasks, "_LEAVING_SECONDS", 0.0)
    monkeypatch.setattr(os, "_exit", ended.append)
    tasks.work()
    assert it.stopped
    assert tasks._this is None
    for _ in range(100):
        if ended:
            break
        time.sleep(0.01)
    assert ended == [EX_RECYCLE]
    tasks.work()
    assert not stopping.requested()


def test_memory_is_told_in_megabytes() -> None:
    before = memory.resident_mb()
    block = bytearray(os.urandom(1)) * (64 * 1024 * 1024)
    assert memory.resident_mb() - before == pytest.approx(64, abs=16)
    del block
    memory.give_back()
    assert memory.resident_mb() - before < 32
