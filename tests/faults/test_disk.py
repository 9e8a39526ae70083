"""The disk is full, really: a small file system of its own under a part of the data folder."""

import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
import requests

from tests.faults.place import Site, book, standing, until

pytestmark = pytest.mark.live
TEXT = book(60)
_UNSHARE = ["unshare", "--user", "--map-root-user", "--mount"]


def can_mount() -> bool:
    """Whether this account may mount a file system in a name space of its own."""
    if shutil.which("unshare") is None:
        return False
    tried = [*_UNSHARE, "mount", "-t", "tmpfs", "tmpfs", "/mnt"]
    return subprocess.run(tried, capture_output=True, check=False).returncode == 0


needs_mount = pytest.mark.skipif(not can_mount(), reason="this account may not mount a tmpfs in a name space")


class SmallDisk:
    """The service's folder as its processes see it, and a file that fills it."""

    def __init__(self, site: Site, folder: str) -> None:
        assert site.service.process is not None
        inside = Path(f"/proc/{site.service.process.pid}/root")
        self._folder = inside / (site.service.data_dir / folder).relative_to("/")

    def fill(self) -> None:
        """To the last byte."""
        with (self._folder / "filler").open("ab", buffering=0) as filler:
            for size in (1 << 20, 4096, 1):
                while True:
                    try:
                        if filler.write(bytes(size)) < size:
                            break
                    except OSError:
                        break

    def empty(self) -> None:
        (self._folder / "filler").unlink()


@pytest.fixture(params=["media", "tmp", "."], ids=["chunk-store", "encoder", "sqlite"])
def small(request: pytest.FixtureRequest) -> Iterator[tuple[Site, SmallDisk]]:
    def command(site: Site) -> list[str]:
        folder = site.service.data_dir / request.param
        folder.mkdir(mode=0o700, parents=True)
        mount = f"mount -t tmpfs -o size=48m,mode=0700 tmpfs '{folder}' && exec '{sys.executable}' manage.py serve"
        return [*_UNSHARE, "sh", "-c", mount]

    with standing("embedded", command) as site:
        yield site, SmallDisk(site, request.param)


@needs_mount
def test_a_job_waits_for_room(small: tuple[Site, SmallDisk]) -> None:
    site, disk = small
    site.pace(1)  # the disk has to be full before the job is done, however busy the machine
    job_id = site.service.submit(TEXT)
    until(lambda: site.spoken() >= 5, "some chunks are spoken")
    disk.fill()
    site.pace(0)
    log = site.service.log
    signs = ("the disk is full", "the database is away")
    until(lambda: any(sign in log.read_text() for sign in signs), "it is noticed", tell=site.state)
    answer = requests.get(f"{site.service.url}/api/v1/jobs/{job_id}/", headers=site.service.headers, timeout=60)
    assert answer.json()["data"]["status"] not in {"failed", "ready"}
    disk.empty()
    site.assert_ready(job_id, TEXT)
    site.assert_clean()
