"""The whole service as its users start it: `manage.py serve` in a process of its own, called over HTTP."""

import contextlib
import os
import re
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import psycopg
import requests

from tests import servers

ROOT = Path(__file__).parents[2]
START_SECONDS = 300  # only PyTorch on a busy host takes so long


class Service:
    """A running service with a data folder of its own, and a key for it."""

    def __init__(self, data_dir: Path, engine: str = "tone", **environment: str) -> None:
        self.data_dir = data_dir
        self.port = servers.free_port()
        self.url = f"http://127.0.0.1:{self.port}"
        self.environment = {
            **{name: value for name, value in os.environ.items() if not name.startswith("VOICEN_")},
            "VOICEN_DATA_DIR": str(data_dir),
            "VOICEN_ENGINE": engine,
            "PORT": str(self.port),
            "PYTHONUNBUFFERED": "1",
            **environment,
        }
        self.command = [sys.executable, "manage.py", "serve"]
        self.log = data_dir.with_suffix(".log")
        self.process: subprocess.Popen[bytes] | None = None
        self.key = ""

    def start(self) -> None:
        with self.log.open("ab") as log:
            self.process = subprocess.Popen(self.command, cwd=ROOT, env=self.environment, stdout=log, stderr=log)
        end = time.monotonic() + START_SECONDS
        start = self.log.read_text().count("Serving;")
        while self.log.read_text().count("Serving;") == start:
            if self.process.poll() is not None or time.monotonic() > end:
                raise RuntimeError(f"the service did not start:\n{self.log.read_text()[-3000:]}")
            time.sleep(0.1)
        self.key = re.findall(r"vcn_\w+", self.log.read_text())[-1]

    def stop(self) -> None:
        if self.process is not None and self.process.poll() is None:
            self.process.send_signal(signal.SIGINT)
            self.process.wait(90)

    def manage(self, *arguments: str) -> str:
        command = [sys.executable, "manage.py", *arguments]
        done = subprocess.run(command, cwd=ROOT, env=self.environment, capture_output=True, text=True, check=True)
        return done.stdout

    def children(self, word: str) -> list[int]:
        """The ids of the service's own processes whose command line holds this word, main processes first."""
        assert self.process is not None
        return [pid for pid in _descendants(self.process.pid) if word in _command_line(pid)]

    # --- The API -----------------------------------------------------------------------------------------------

    @property
    def headers(self) -> dict[str, str]:
        return {"Authorization": f"Token {self.key}"}

    def call(self, method: str, path: str, **options: Any) -> requests.Response:
        return requests.request(method, f"{self.url}/api/v1/{path}", headers=self.headers, timeout=60, **options)

    def submit(self, text: str, language: str = "az", voice_id: int = 325640) -> int:
        response = self.call("POST", "jobs/text/", json={"text": text, "lang": language, "voice_id": voice_id})
        assert response.status_code == 200, response.text
        return int(response.json()["data"]["id"])

    def status(self, job_id: int) -> str:
        return str(self.call("GET", f"jobs/{job_id}/").json()["data"]["status"])

    def wait(self, job_id: int, seconds: float = 120) -> str:
        """The status in which the job ends."""
        end = time.monotonic() + seconds
        while (status := self.status(job_id)) not in {"ready", "failed"}:
            assert time.monotonic() < end, f"job {job_id} is still {status}\n{self.log.read_text()[-3000:]}"
            time.sleep(0.1)
        return status

    def audio(self, job_id: int) -> bytes:
        response = self.call("GET", f"jobs/{job_id}/synthesize/")
        assert response.status_code == 200, response.text
        return response.content

    def speak(self, text: str, language: str = "az", voice_id: int = 325640, seconds: float = 120) -> bytes:
        job_id = self.submit(text, language, voice_id)
        assert self.wait(job_id, seconds) == "ready"
        return self.audio(job_id)


def _descendants(pid: int) -> list[int]:
    found = []
    tasks = Path(f"/proc/{pid}/task")
    with contextlib.suppress(FileNotFoundError, ProcessLookupError):
        for task in tasks.iterdir():
            for child in (task / "children").read_text().split():
                found += [int(child), *_descendants(int(child))]
    return found


def _command_line(pid: int) -> str:
    with contextlib.suppress(FileNotFoundError, ProcessLookupError):
        return Path(f"/proc/{pid}/cmdline").read_bytes().replace(b"\0", b" ").decode()
    return ""


@contextlib.contextmanager
def running(engine: str = "tone", **environment: str) -> Iterator[Service]:
    """A service on the stack that the tests run on: SQLite, or the PostgreSQL and Redis of the environment."""
    folder = Path(tempfile.mkdtemp(prefix="voicen-live-"))
    service = Service(folder / "data", engine, **_own_database(folder.name), **environment)
    try:
        service.start()
        yield service
    finally:
        service.stop()
        shutil.rmtree(folder, ignore_errors=True)


def _own_database(name: str) -> dict[str, str]:
    """An empty database and a queue of its own for this service, on the servers of the environment."""
    server = os.environ.get("DATABASE_URL", "")
    if not server.startswith("postgresql:"):
        return {}
    database = re.sub(r"\W", "_", name.lower())
    with psycopg.connect(server, autocommit=True) as connection:
        connection.execute(f'CREATE DATABASE "{database}"')
    broker = os.environ["CELERY_BROKER_URL"].rpartition("/")[0]
    return {
        "DATABASE_URL": f"{server.rpartition('/')[0]}/{database}",
        "CELERY_BROKER_URL": f"{broker}/{1 + sum(database.encode()) % 15}",
    }
