"""Requests a second and waiting times of the API: gunicorn with PostgreSQL, loaded from this machine.

Run it from the project's environment: ``.venv/bin/python -m benchmarks.api [--seconds 5] [--clients 1 16 64]
[--jobs 1000000] [--one-core]``. The load generator shares the cores with server and database, and here other programs
do too: so the time of the processors that a request takes is told beside. The last part fills the database with so many
jobs and asks for pages of the list and of the admin.
"""

import argparse
import contextlib
import json
import os
import platform
import select
import socket
import statistics
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

TEXT = "Hörmətli müştəri, sifarişiniz 24 noyabr saat 15:30-da çatdırılacaq. " * 4
REPEATS = 15


def main() -> None:
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("--seconds", type=float, default=5, help="length of each run")
    arguments.add_argument("--clients", type=int, nargs="*", default=[1, 16, 64])
    arguments.add_argument("--jobs", type=int, default=1_000_000, help="rows of the last part; 0 leaves it out")
    arguments.add_argument("--one-core", action="store_true", help="one web process on a core that is its own")
    options = arguments.parse_args()
    load = os.getloadavg()[0]
    print(f"{platform.machine()}, {os.cpu_count()} cores, Python {platform.python_version()}, load {load:.1f} before")
    with service(one_core=options.one_core) as running:
        print(COLUMNS)
        for name, request in requests(running.port, running.key).items():
            for clients in options.clients:
                print(row(running, name, request, clients, options.seconds), flush=True)
        if options.jobs:
            many(running.port, running.key, options.jobs)


class Running(NamedTuple):
    """A service under load."""

    port: int
    key: str
    web: int
    """The process id of gunicorn."""
    database: int
    """That of PostgreSQL."""


COLUMNS = (
    f"{'request':22} {'clients':>7} {'a second':>9} {'p50 ms':>8} {'p99 ms':>8} {'not 200':>8}"
    f" {'ms of the processor: web':>25} {'database':>9} {'client':>7} {'two cores hold':>15}"
)


def row(running: Running, name: str, request: bytes, clients: int, seconds: float) -> str:
    """A line of the table. The last column: what two cores would do in a second that nobody else wants."""
    measured = measure(running, request, clients, seconds)
    if name.startswith("POST"):
        empty_the_queue()
    return (
        f"{name:22} {clients:7} {measured.rate:9.0f} {measured.p50:8.1f} {measured.p99:8.1f} {measured.refused:8}"
        f" {measured.web:25.2f} {measured.database:9.2f} {measured.client:7.2f} {measured.capacity:15.0f}"
    )


class Measured(NamedTuple):
    """One run: requests a second, milliseconds of waiting, and of processors for each request."""

    rate: float
    p50: float
    p99: float
    refused: int
    web: float
    database: float
    client: float

    @property
    def capacity(self) -> float:
        return 2000 / (self.web + self.database + self.client)


def measure(running: Running, request: bytes, clients: int, seconds: float) -> Measured:
    loaded(running.port, request, clients, min(seconds, 1))  # connections, caches
    parents = (running.web, running.database)
    before, own = [processor_seconds(parent) for parent in parents], time.process_time()
    times, refused, took = loaded(running.port, request, clients, seconds)
    own = time.process_time() - own
    web, database = (processor_seconds(parent) - used for parent, used in zip(parents, before, strict=True))
    cuts = statistics.quantiles(times, n=100) if len(times) > 1 else times * 99
    each = [1000 * used / len(times) for used in (web, database, own)]
    return Measured(len(times) / took, 1000 * cuts[49], 1000 * cuts[98], refused, *each)


@contextlib.contextmanager
def service(*, one_core: bool = False, processes: int = 2) -> Iterator[Running]:
    """gunicorn as the service starts it, on a PostgreSQL and a data folder of its own.

    With `one_core` one web process has a core to itself; all else, this program too, keeps to the others.
    """
    from tests import servers

    cores = sorted(os.sched_getaffinity(0))
    if one_core:
        os.sched_setaffinity(0, set(cores[1:]))
    with tempfile.TemporaryDirectory(prefix="voicen-api-") as folder, servers.postgres_server() as postgres:
        port = servers.free_port()
        os.environ |= {
            "DATABASE_URL": postgres.url,
            "VOICEN_DATA_DIR": folder,
            "PORT": str(port),
            "VOICEN_ENGINE": "tone",
            "VOICEN_LOG_LEVEL": "WARNING",
            "VOICEN_WEB_PROCESSES": "1" if one_core else str(processes),
            "DJANGO_SETTINGS_MODULE": "voicen_server.settings",
        }
        key = _prepare()
        command = [sys.executable, "-m", "gunicorn", "-c", "python:voicen_server.gunicorn_conf"]
        if one_core:
            command = ["taskset", "-c", str(cores[0]), *command]
        with subprocess.Popen([*command, "voicen_server.wsgi:application"]) as server:
            try:
                servers._wait_for_port(port)
                assert postgres._server
                yield Running(port, key, server.pid, postgres._server.pid)
            finally:
                server.terminate()
                server.wait(30)


def _prepare() -> str:
    import django

    django.setup()
    from django.contrib.auth.models import User
    from django.core.management import call_command
    from django.db import connection

    from synthesis.services import keys

    call_command("migrate", verbosity=0, interactive=False)
    key = keys.create(User.objects.create_user("benchmark", is_staff=True, is_superuser=True), "benchmark")[1]
    _ready_job()
    connection.close()
    return key


def _ready_job() -> None:
    """One with an mp3 of a usual size, without speaking it."""
    import uuid

    from django.contrib.auth.models import User
    from django.core.files.base import ContentFile
    from django.utils import timezone

    from synthesis import storage
    from synthesis.models import Job
    from synthesis.services import totals

    folder, audio = uuid.uuid4(), os.urandom(120_000)
    name = storage.audio_name(folder, uuid.uuid4())
    storage.speech_storage().save(name, ContentFile(audio))
    Job.objects.create(
        owner=User.objects.get(),
        voice_id=325640,
        language="az",
        character_count=300,
        status="ready",
        finished=timezone.now(),
        folder=folder,
        audio=name,
        audio_bytes=len(audio),
        duration_ms=15_000,
        chunk_count=3,
        chunks_spoken=3,
    )
    totals.recount()


def requests(port: int, key: str) -> dict[str, bytes]:
    """The requests as they go over the wire."""

    def request(method: str, path: str, body: bytes = b"") -> bytes:
        head = f"{method} {path} HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\nAuthorization: Token {key}\r\n"
        kind = "Content-Type: application/json\r\n" if body else ""
        return f"{head}{kind}Content-Length: {len(body)}\r\n\r\n".encode() + body

    text = json.dumps({"text": TEXT, "lang": "az", "voice_id": 325640}).encode()
    return {
        "GET healthz (floor)": request("GET", "/healthz"),
        "GET jobs/1/": request("GET", "/api/v1/jobs/1/"),
        "GET jobs/": request("GET", "/api/v1/jobs/"),
        "GET jobs/1/synthesize/": request("GET", "/api/v1/jobs/1/synthesize/"),
        "POST jobs/text/": request("POST", "/api/v1/jobs/text/", text),
    }


class _Client:
    """One connection that asks again as soon as it is answered."""

    def __init__(self, port: int, request: bytes) -> None:
        self._port, self._request = port, request
        self._connect()

    def _connect(self) -> None:
        self.socket = socket.create_connection(("127.0.0.1", self._port))
        self.socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self._received, self._missing = b"", -1

    def ask(self) -> None:
        self.begin = time.perf_counter()
        self.socket.sendall(self._request)

    def answer(self) -> tuple[bytes, bool] | None:
        """The head of the answer once it is there whole, and whether the connection stays. Raises OSError."""
        piece = self.socket.recv(1 << 18)
        if not piece:
            raise ConnectionResetError
        if self._missing >= 0:
            self._missing -= len(piece)
        else:
            self._received += piece
            head, end, body = self._received.partition(b"\r\n\r\n")
            if not end:
                return None
            self._head = head.lower() + b"\r\n"
            length = int(self._head.partition(b"content-length: ")[2].partition(b"\r\n")[0])
            self._missing = length - len(body)
        if self._missing > 0:
            return None
        self._received, self._missing = b"", -1
        return self._head, b"connection: close" not in self._head

    def again(self) -> None:
        """The server closes idle connections, and every one after a thousand requests."""
        self.socket.close()
        self._connect()


def loaded(port: int, request: bytes, clients: int, seconds: float) -> tuple[list[float], int, float]:
    """So many clients that ask again as soon as they are answered: waiting times, answers other than 200, duration.

    One thread and one epoll: asyncio's streams took as much of the processor as the service itself.
    """
    times: list[float] = []
    refused = 0
    poll = select.epoll()
    asking = {}
    for _ in range(clients):
        client = _Client(port, request)
        asking[client.socket.fileno()] = client
        poll.register(client.socket, select.EPOLLIN)
        client.ask()
    begin = time.monotonic()
    end = begin + seconds
    while asking and time.monotonic() < end + 30:
        for number, _ in poll.poll(1):
            client = asking[number]
            try:
                answer = client.answer()
            except OSError:
                answer, stays = None, False
            else:
                if answer is None:
                    continue
                stays = answer[1]
                times.append(time.perf_counter() - client.begin)
                refused += not answer[0].startswith(b"http/1.1 200")
            if not stays or time.monotonic() > end:
                poll.unregister(number)
                del asking[number]
                if time.monotonic() > end:
                    client.socket.close()
                    continue
                client.again()
                asking[client.socket.fileno()] = client
                poll.register(client.socket, select.EPOLLIN)
            client.ask()
    poll.close()
    return times, refused, time.monotonic() - begin


def processor_seconds(parent: int, *, started: bool = True) -> float:
    """What this process has used, and unless told otherwise those that it started, those that have ended too."""
    ticks = 0
    for folder in Path("/proc").glob("[0-9]*"):
        with contextlib.suppress(OSError):
            fields = (folder / "stat").read_text().rpartition(")")[2].split()
            if int(folder.name) == parent or (started and int(fields[1]) == parent):
                ticks += int(fields[11]) + int(fields[12])
            if started and int(folder.name) == parent:
                ticks += int(fields[13]) + int(fields[14])
    return ticks / os.sysconf("SC_CLK_TCK")


def empty_the_queue() -> None:
    """Nobody works on what was posted: a queue of thousands is not what the next run is about."""
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute("TRUNCATE synthesis_step")
        cursor.execute("UPDATE synthesis_job SET status = 'failed' WHERE status = 'waiting'")
        cursor.execute("VACUUM ANALYZE synthesis_job, synthesis_usage, synthesis_jobtotal, synthesis_step")
    connection.close()


def many(port: int, key: str, jobs: int) -> None:
    """Pages of a list of so many jobs of one account, one request at a time."""
    from django.contrib.auth.models import User
    from django.contrib.sessions.backends.db import SessionStore
    from django.db import connection

    from synthesis.services import totals

    with connection.cursor() as cursor:
        cursor.execute("SELECT column_name FROM information_schema.columns WHERE table_name = 'synthesis_job'")
        copied = [f'"{name}"' for (name,) in cursor.fetchall() if name not in {"id", "folder"}]
        columns = ", ".join(copied)
        cursor.execute(
            f"INSERT INTO synthesis_job (folder, {columns}) SELECT gen_random_uuid(), {columns} FROM synthesis_job,"  # noqa: S608
            " generate_series(1, %s) WHERE id = 1",
            [jobs],
        )
        cursor.execute("ANALYZE synthesis_job")
    connection.cursor().execute("VACUUM synthesis_job")
    totals.recount()
    user = User.objects.get()
    session = SessionStore()
    session.update({"_auth_user_id": str(user.pk), "_auth_user_backend": "django.contrib.auth.backends.ModelBackend"})
    session["_auth_user_hash"] = user.get_session_auth_hash()
    session.save()
    token, cookie = {"Authorization": f"Token {key}"}, {"Cookie": f"sessionid={session.session_key}"}
    pages = {
        "first page of the list": ("/api/v1/jobs/", token),
        f"offset {jobs * 9 // 10}": (f"/api/v1/jobs/?offset={jobs * 9 // 10}", token),
        f"offset {jobs // 2}": (f"/api/v1/jobs/?offset={jobs // 2}", token),
        "first page of the admin": ("/admin/synthesis/job/", cookie),
    }
    print(f"{jobs} jobs of one account: median and slowest of {REPEATS} requests, ms")
    for name, (path, headers) in pages.items():
        times = []
        for _ in range(REPEATS):
            begin = time.monotonic()
            asked = urllib.request.Request(f"http://127.0.0.1:{port}{path}", headers=headers)
            with urllib.request.urlopen(asked) as answer:
                answer.read()
            times.append(time.monotonic() - begin)
        print(f"{name:26} {1000 * statistics.median(times):8.1f} {1000 * max(times):8.1f}", flush=True)


if __name__ == "__main__":
    main()
