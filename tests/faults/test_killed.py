"""kill -9 of workers: one after another at random points of a long job, and all at the same moment."""

import contextlib
import os
import random
import signal
import time

import pytest

from tests.faults.place import PATIENCE_SECONDS, Site, book, until

pytestmark = pytest.mark.live

LONG, SHORTER = book(200), book(100)


def kill(pid: int) -> None:
    with contextlib.suppress(ProcessLookupError):
        os.kill(pid, signal.SIGKILL)


def test_a_worker_at_random_points(site: Site) -> None:
    seed = int.from_bytes(os.urandom(4))
    chance = random.Random(seed)
    site.pace(0.05)
    job_id = site.service.submit(LONG)
    points = sorted(chance.randrange(5, 195) for _ in range(5))
    for point in points:
        until(lambda point=point: site.spoken() >= point, f"{point} chunks are spoken (seed {seed})")  # type: ignore[misc]
        if workers := site.workers():
            kill(chance.choice(workers))
    site.assert_ready(job_id, LONG)


def test_every_worker_at_once(site: Site) -> None:
    site.pace(0.05)
    job_id = site.service.submit(SHORTER)
    until(lambda: site.spoken() >= 40, "some chunks are spoken")
    for pid in site.workers():
        kill(pid)
    site.assert_ready(job_id, SHORTER)


@pytest.mark.parametrize("step", ["prepare", "join"])
def test_in_the_steps_that_happen_once(site: Site, step: str) -> None:
    """Every worker is killed while one of them reads the text, or joins the audio."""
    job_id = site.service.submit(SHORTER)
    end = time.monotonic() + PATIENCE_SECONDS
    # Reading takes a moment only: it may be over before it is seen.
    while step not in (running := site.ask("progress")["running"]) and not (step == "prepare" and "speak" in running):
        assert time.monotonic() < end
    for pid in site.workers():
        kill(pid)
    site.assert_ready(job_id, SHORTER)
