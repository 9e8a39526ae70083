"""ffmpeg dies or hangs in the middle of a join."""

import contextlib
import os
import signal

import pytest

from tests.faults.place import Site, book, until
from tests.faults.words import JOIN_SECONDS

pytestmark = pytest.mark.live
LONG = book(100)


def encoders(site: Site) -> list[int]:
    return site.service.children("libmp3lame -b:a")


def test_ffmpeg_is_killed(site: Site) -> None:
    job_id = site.service.submit(LONG)
    until(lambda: bool(encoders(site)), "ffmpeg runs")
    for pid in encoders(site):
        with contextlib.suppress(ProcessLookupError):
            os.kill(pid, signal.SIGKILL)
    site.assert_ready(job_id, LONG)


def test_ffmpeg_hangs(site: Site) -> None:
    """It is ended with its worker at the step's deadline, and the join begins anew."""
    site.limit(JOIN_SECONDS, 8)
    job_id = site.service.submit(LONG)
    until(lambda: bool(encoders(site)), "ffmpeg runs")
    for pid in encoders(site):
        with contextlib.suppress(ProcessLookupError):
            os.kill(pid, signal.SIGSTOP)
    site.disarm()  # for the next attempt
    site.assert_ready(job_id, LONG)


def test_ffmpeg_hangs_and_its_worker_is_killed(site: Site) -> None:
    job_id = site.service.submit(LONG)
    until(lambda: bool(encoders(site)), "ffmpeg runs")
    for pid in encoders(site):
        with contextlib.suppress(ProcessLookupError):
            os.kill(pid, signal.SIGSTOP)
    for pid in site.workers():
        with contextlib.suppress(ProcessLookupError):
            os.kill(pid, signal.SIGKILL)
    site.assert_ready(job_id, LONG)
