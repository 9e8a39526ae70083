"""A running service: what it survives, and that it leaves nothing behind."""

import contextlib
import os
import signal
import time
from pathlib import Path

import pytest
import requests

from tests.live.service import Service, running

pytestmark = pytest.mark.live


def test_it_starts_with_a_backlog() -> None:
    """The administrator's own jobs wait: the start does not stand behind them."""
    with running() as service:
        for _ in range(8):
            service.submit("Bu, uzun bir cümlədir. " * 300)
        service.stop()
        service.start()
        assert "unfinished jobs" in service.log.read_text()


def test_interrupt_ends_everything(tmp_path: Path) -> None:
    with running() as service:
        assert service.process is not None
        everything = service.children("")
        assert len(everything) >= 4  # web main and worker, celery main and child
        service.process.send_signal(signal.SIGINT)
        assert service.process.wait(60) == 0
        assert not [pid for pid in everything if alive(pid)]


def test_killed_supervisor_leaves_nothing_behind() -> None:
    with running() as service:
        assert service.process is not None
        everything = service.children("")
        service.process.kill()
        service.process.wait(10)
        end = time.monotonic() + 60
        while left := [pid for pid in everything if alive(pid)]:
            assert time.monotonic() < end, left
            time.sleep(0.2)


def test_dead_web_and_worker_are_started_again() -> None:
    with running() as service:
        for word in ("gunicorn", "celery"):
            os.kill(service.children(word)[0], signal.SIGKILL)
        end = time.monotonic() + 60
        spoken = b""
        while not spoken:  # the web workers of the killed main process still answer for a moment, then reset
            assert time.monotonic() < end
            with contextlib.suppress(requests.ConnectionError):
                spoken = service.speak("salam")
            time.sleep(0.2)


def test_create_token_prints_the_key_last(service: Service) -> None:
    key = service.manage("create_token", "newcomer").split()[-1]
    answer = requests.get(f"{service.url}/api/v1/jobs/", headers={"Authorization": f"Token {key}"}, timeout=20)
    assert answer.status_code == 200


def alive(pid: int) -> bool:
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except (FileNotFoundError, ProcessLookupError):
        return False
