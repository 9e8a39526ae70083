"""The clock of a host jumps by an hour, forwards and back, while workers hold leases and die."""

import contextlib
import os
import signal
import time
from collections.abc import Iterator
from pathlib import Path

import libfaketime
import pytest

from tests.faults.place import Site, book, standing, until

pytestmark = pytest.mark.live
TEXT = book(60)


class Clock:
    """What the service's processes take for the time of day; their monotonic clocks stay true."""

    def __init__(self, file: Path) -> None:
        self._file = file
        self.jump("+0")

    def jump(self, offset: str) -> None:
        draft = self._file.with_suffix(".draft")
        draft.write_text(offset)
        draft.rename(self._file)


@pytest.fixture(scope="module", params=["embedded", "production"])
def elsewhen(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Site, Clock]]:
    """On PostgreSQL the database's host keeps its time: only that of web and workers jumps."""
    file = tmp_path_factory.mktemp("clock") / "offset"
    clock = Clock(file)
    library = Path(libfaketime.__file__).parent / "vendor/libfaketime/src/libfaketime.so.1"
    environment = {
        "LD_PRELOAD": str(library),
        "FAKETIME_TIMESTAMP_FILE": str(file),
        # All processes see the jump at one moment, as on a real host: else they take each other for dead meanwhile.
        "FAKETIME_NO_CACHE": "1",
        "DONT_FAKE_MONOTONIC": "1",
        "FAKETIME_DONT_FAKE_MONOTONIC": "1",
    }
    with standing(request.param, environment=environment) as site:
        yield site, clock


@pytest.mark.parametrize("offset", ["+3600", "-3600"])
def test_the_clock_jumps(elsewhen: tuple[Site, Clock], offset: str) -> None:
    site, clock = elsewhen
    clock.jump("+0")
    site.pace(0.1)
    job_id = site.service.submit(TEXT)
    until(lambda: site.spoken() >= 10, "some chunks are spoken")
    clock.jump(offset)
    until(lambda: abs(site.ask("now") - time.time() - int(offset)) < 60, "the service's clock has jumped")
    until(lambda: site.spoken() >= 20, "it goes on")
    for pid in site.workers():
        with contextlib.suppress(ProcessLookupError):
            os.kill(pid, signal.SIGKILL)
    site.assert_ready(job_id, TEXT)
    clock.jump("+0")  # the files' times are true: what was left an hour ahead of this clock would not be old yet
    site.assert_clean()
