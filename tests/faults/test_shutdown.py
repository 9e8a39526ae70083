"""SIGTERM in the middle: the worker hands its step back within the grace period, and no attempt is used up."""

import contextlib
import os
import signal
import time
from pathlib import Path

import pytest

from tests.faults.place import PATIENCE_SECONDS, Site, book, until
from voicen_server.supervisor import GRACE_SECONDS

pytestmark = pytest.mark.live
LONG = book(100)


def terminate(pids: list[int]) -> None:
    """Returns when they have ended: each finishes or hands back what it has, so none waits for the SIGKILL."""
    for pid in pids:
        with contextlib.suppress(ProcessLookupError):
            os.kill(pid, signal.SIGTERM)
    until(
        lambda: not any(map(runs, pids)), "the workers end", 4 * GRACE_SECONDS
    )  # four times: other work may keep the machine busy


def runs(pid: int) -> bool:
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except OSError:
        return False


def mains(site: Site) -> list[int]:
    """The workers' main processes: what a supervisor sends its signal to."""
    workers = site.workers()
    return workers[:1] if site.redis else workers


def test_while_chunks_are_spoken(site: Site) -> None:
    site.pace(0.3)
    text = LONG
    job_id = site.service.submit(text)
    until(lambda: site.spoken() >= 3, "some chunks are spoken")
    terminate(mains(site))
    assert site.ask("progress")["running"] == []
    assert site.attempts(job_id) == 1
    site.pace(0)
    site.assert_ready(job_id, text)


@pytest.mark.parametrize("step", ["prepare", "join"])
def test_in_the_steps_that_happen_once(site: Site, step: str) -> None:
    job_id = site.service.submit(LONG)
    end = time.monotonic() + PATIENCE_SECONDS
    while step not in (running := site.ask("progress")["running"]) and not (step == "prepare" and "speak" in running):
        assert time.monotonic() < end
    terminate(mains(site))
    assert site.ask("progress")["running"] == []
    site.assert_ready(job_id, LONG)
