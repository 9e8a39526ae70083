"""A service with all that stands around it, each part of which a test can break; and what has to be true afterwards."""

import contextlib
import json
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import lru_cache
from pathlib import Path
from typing import Any

import requests

from models.catalogue import catalogue
from models.engines.loader import EngineOptions, load
from tests import servers
from tests.faults import words
from tests.live.service import ROOT, Service
from workers.pipeline import render
from workers.pipeline.encoding import Tags
from workers.pipeline.mp3 import Mp3Encoder, stated_samples

WORKERS = 2
LEASE_SECONDS = 3
MEMORY_MB = 600
VOICE_ID = 325640


def book(chunks: int, faults: Mapping[int, str] | None = None) -> str:
    """A text whose every sentence is one chunk, each of another length: the audio of one cannot pass for another's."""
    faults = faults or {}
    return "\n\n".join(_sentence(number + 10, faults.get(number, "")) for number in range(chunks))


def _sentence(letters: int, first_word: str) -> str:
    first = f"{first_word} " if first_word else ""
    whole, rest = divmod(letters - len(first), 6)
    waves = ["dəniz"] * max(1, whole)
    waves[-1] += "a" * rest
    return (first + " ".join(waves)).capitalize() + "."


@lru_cache(maxsize=8)
def expected_audio(text: str) -> bytes:
    """What the service has to deliver, but for the tags: the same pipeline in one go."""
    voice = catalogue().get(VOICE_ID)
    engine = load("tone", EngineOptions(data_dir=Path(), weights_dir=None, threads=1))
    chunks = list(render.chunks(text, voice, engine))
    assert len({len(chunk.text) for chunk in chunks}) == len(chunks) == text.count("\n\n") + 1
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "expected.mp3"
        with Mp3Encoder(path, engine.sample_rate, Tags(language="az")) as encoder:
            for chunk in chunks:
                encoder.write(render.speak_chunk(chunk, voice, engine))
        assert stated_samples(path) == encoder.samples
        return _without_tags(path.read_bytes())


def _without_tags(mp3: bytes) -> bytes:
    assert mp3[:3] == b"ID3"
    length = 0
    for byte in mp3[6:10]:
        length = length << 7 | byte
    return mp3[10 + length :]


class Desk:
    """A process that looks at the service's rows and files, and does what an operator does; see `desk`."""

    def __init__(self, environment: Mapping[str, str], prefix: Sequence[str] = ()) -> None:
        self._process = subprocess.Popen(
            [*prefix, sys.executable, "-m", "tests.faults.desk"],
            cwd=ROOT,
            env={**environment, "DJANGO_SETTINGS_MODULE": "voicen_server.settings"},
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )

    @property
    def pid(self) -> int:
        return self._process.pid

    def ask(self, what: str, *arguments: Any) -> Any:
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        self._process.stdin.write(json.dumps([what, *arguments]) + "\n")
        self._process.stdin.flush()
        reply = json.loads(self._process.stdout.readline())
        if "error" in reply:
            raise RuntimeError(reply["error"])
        return reply["answer"]

    def close(self) -> None:
        self._process.communicate(timeout=20)


class Site:
    """A running service, its servers if it has any, and the faults that its workers are armed with."""

    def __init__(
        self,
        folder: Path,
        postgres: servers.Postgres | None,
        redis: servers.Redis | None,
        environment: Mapping[str, str],
    ) -> None:
        self.postgres, self.redis = postgres, redis
        self.mounts = False
        """Whether the service has file systems of its own, which only its own name space shows."""
        self._armed = folder / "faults"
        self._armed.mkdir()
        environment = {
            **environment,
            "DATABASE_URL": postgres.url if postgres else "",
            "CELERY_BROKER_URL": redis.url if redis else "",
            "DJANGO_SETTINGS_MODULE": "tests.faults.settings",
            "FAULTS_DIR": str(self._armed),
            "VOICEN_LEASE_SECONDS": str(LEASE_SECONDS),
            "VOICEN_WORKER_PROCESSES": str(WORKERS),
            "VOICEN_WORKER_MEMORY_MB": str(MEMORY_MB),
        }
        self.service = Service(folder / "data", "tone", **environment)
        self.desk: Desk | None = None

    def start(self) -> None:
        self.service.start()
        assert self.service.process is not None
        enter = ["nsenter", "--target", str(self.service.process.pid), "--user", "--mount", "--wd"]
        self.desk = Desk(self.service.environment, [*enter, "--preserve-credentials"] if self.mounts else [])

    def stop(self) -> None:
        if self.desk is not None:
            self.desk.close()
        self.service.stop()

    # --- Faults --------------------------------------------------------------------------------------------------

    def arm(self, word: str, times: int) -> None:
        """The next so many chunks with this word go wrong."""
        for number in range(times):
            (self._armed / f"{word}.{number}").touch()

    def pace(self, seconds: float) -> None:
        """Each chunk takes so much longer."""
        (self._armed / words.PACE).write_text(str(seconds))

    def disarm(self) -> None:
        for path in self._armed.iterdir():
            path.unlink(missing_ok=True)

    def workers(self) -> list[int]:
        return self.service.children("celery")

    # --- Looking -------------------------------------------------------------------------------------------------

    def ask(self, what: str, *arguments: Any) -> Any:
        assert self.desk is not None
        return self.desk.ask(what, *arguments)

    def attempts(self, job_id: int) -> int:
        """The most that any step of the job needed so far."""
        return max((step["attempts"] for step in self.ask("look")["steps"] if step["job_id"] == job_id), default=0)

    def spoken(self) -> int:
        return int(self.ask("progress")["spoken"])

    def end_of(self, job_id: int, seconds: float = 120) -> str:
        """The status in which the job ends, however often the service is away meanwhile."""
        end = time.monotonic() + seconds
        while True:
            with contextlib.suppress(requests.RequestException, KeyError, ValueError):
                status = self.service.status(job_id)
                if status in {"ready", "failed"}:
                    return status
            assert time.monotonic() < end, f"job {job_id} does not end\n{self.state()}"
            time.sleep(0.1)

    def state(self) -> str:
        log = self.service.log.read_text()[-3000:]
        with contextlib.suppress(Exception):
            look = self.ask("look")
            unfinished = [step for step in look["steps"] if step["state"] != "done"][:10]
            return f"{look['jobs']}\n{unfinished}\n{log}"
        return log

    def reason(self, job_id: int) -> tuple[str, str]:
        job = next(job for job in self.ask("look")["jobs"] if job["id"] == job_id)
        return job["error_code"], job["error_message"]

    # --- What has to be true -------------------------------------------------------------------------------------

    def assert_ready(self, job_id: int, text: str, seconds: float = 120) -> None:
        """The job is ready, and holds every sentence of the text once and in order, to the byte."""
        assert self.end_of(job_id, seconds) == "ready", self.state()
        assert _without_tags(self.service.audio(job_id)) == expected_audio(text)

    def assert_failed(self, job_id: int, code: str, place: str = "", seconds: float = 120) -> None:
        """The job has failed, with a reason that names the place."""
        assert self.end_of(job_id, seconds) == "failed", self.state()
        given, message = self.reason(job_id)
        assert given == code, message
        assert place in message
        assert message.endswith(".")

    def clear(self) -> None:
        """Whatever a failed test has left."""
        for job in self.ask("look")["jobs"]:
            self.ask("cancel_and_delete", job["id"])

    def assert_clean(self) -> None:
        """Nothing runs, nothing is left over; and once every job is deleted nothing at all is left."""
        until(lambda: self.ask("progress")["running"] == [], "no step runs")
        self.ask("tidy")
        look = self.ask("look")
        _assert_rows(look)
        _assert_files(look)
        self._assert_processes(look)
        assert "dəniz" not in self.service.log.read_text().lower(), "a text in the log"
        for job in look["jobs"]:
            self.service.call("DELETE", f"jobs/{job['id']}/")
        look = self.ask("look")
        assert (look["jobs"], look["steps"], look["files"]) == ([], [], [])

    def _assert_processes(self, look: Mapping[str, Any]) -> None:
        """Only web and workers are there, and the rows name exactly the workers."""
        until(lambda: set(self._own_processes()) <= set(self.service.children("")), "no process is an orphan")
        others = [line for pid in self.service.children("") if not _is_ours(line := _command_line(pid))]
        assert not others, others
        until(self._workers_are_back, "every worker is back, and no dead one is listed")

    def _workers_are_back(self) -> bool:
        listed = self.ask("look")["workers"]
        return len(listed) == WORKERS and set(listed) <= set(self.service.children(""))

    def _own_processes(self) -> Iterator[int]:
        """Every process of this machine that works in the service's data folder."""
        assert self.service.process is not None
        assert self.desk is not None
        marker = f"VOICEN_DATA_DIR={self.service.data_dir}".encode()
        for entry in Path("/proc").iterdir():
            if entry.name.isdigit() and int(entry.name) not in {self.service.process.pid, self.desk.pid}:
                with contextlib.suppress(OSError):
                    if marker in (entry / "environ").read_bytes().split(b"\0"):
                        yield int(entry.name)


def _is_ours(line: str) -> bool:
    return not line or any(word in line for word in ("gunicorn", "celery", "multiprocessing"))


def _assert_rows(look: Mapping[str, Any]) -> None:
    assert {job["status"] for job in look["jobs"]} <= {"ready", "failed"}
    ready = {job["id"] for job in look["jobs"] if job["status"] == "ready"}
    assert {step["job_id"] for step in look["steps"]} <= {job["id"] for job in look["jobs"]} - ready
    assert {step["state"] for step in look["steps"]} <= {"done", "blocked"}
    for job in look["jobs"]:
        assert (job["status"] == "ready") == bool(job["audio"]) == (not job["error_code"])
        assert job["status"] == "failed" or job["chunks_spoken"] == job["chunk_count"]


def _assert_files(look: Mapping[str, Any]) -> None:
    named = {f"jobs/{job['folder']}/text.txt" for job in look["jobs"]}
    named |= {job[name] for job in look["jobs"] for name in ("audio", "spoken")}
    named |= {step["audio"] for step in look["steps"]}
    assert set(look["files"]) == named - {""}
    assert (look["temporary"], look["queue"]) == ([], [])


def _command_line(pid: int) -> str:
    with contextlib.suppress(OSError):
        return Path(f"/proc/{pid}/cmdline").read_bytes().replace(b"\0", b" ").decode()
    return ""


def until(condition: Callable[[], bool], what: str, seconds: float = 60) -> None:
    end = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < end, f"in vain: {what}"
        time.sleep(0.1)


@contextlib.contextmanager
def standing(
    kind: str,
    command: Callable[[Site], Sequence[str]] | None = None,
    environment: Mapping[str, str] | None = None,
) -> Iterator[Site]:
    """A service on SQLite with the embedded queue (`embedded`), or on PostgreSQL and Redis (`production`)."""
    with contextlib.ExitStack() as stack:
        folder = Path(tempfile.mkdtemp(prefix="voicen-faults-"))
        stack.callback(shutil.rmtree, folder, ignore_errors=True)
        production = kind == "production"
        postgres = stack.enter_context(servers.postgres_server()) if production else None
        redis = stack.enter_context(servers.redis_server()) if production else None
        site = Site(folder, postgres, redis, environment or {})
        if command is not None:
            site.service.command, site.mounts = list(command(site)), True
        stack.callback(site.stop)
        site.start()
        yield site
