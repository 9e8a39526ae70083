"""Requests a second and waiting times of the API: gunicorn with PostgreSQL, loaded from this machine.

Run it from the project's environment: ``.venv/bin/python -m benchmarks.api [--seconds 5] [--clients 1 16 64]
[--jobs 1000000]``. The load generator shares the cores with server and database: another machine would see more. The
last part fills the database with so many jobs and asks for pages of the list and of the admin.
"""

import argparse
import asyncio
import contextlib
import json
import os
import platform
import statistics
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Iterator

TEXT = "Hörmətli müştəri, sifarişiniz 24 noyabr saat 15:30-da çatdırılacaq. " * 4
REPEATS = 15


def main() -> None:
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("--seconds", type=float, default=5, help="length of each run")
    arguments.add_argument("--clients", type=int, nargs="+", default=[1, 16, 64])
    arguments.add_argument("--jobs", type=int, default=1_000_000, help="rows of the last part; 0 leaves it out")
    options = arguments.parse_args()
    load = os.getloadavg()[0]
    print(f"{platform.machine()}, {os.cpu_count()} cores, Python {platform.python_version()}, load {load:.1f} before")
    with service() as (port, key):
        print(f"{'request':22} {'clients':>7} {'a second':>9} {'p50 ms':>8} {'p99 ms':>8} {'other than 200':>15}")
        for name, request in requests(port, key).items():
            for clients in options.clients:
                times, refused, took = asyncio.run(loaded(port, request, clients, options.seconds))
                cuts = statistics.quantiles(times, n=100) if len(times) > 1 else times * 99
                print(
                    f"{name:22} {clients:7} {len(times) / took:9.0f} {1000 * cuts[49]:8.1f} {1000 * cuts[98]:8.1f}"
                    f" {refused:15}",
                    flush=True,
                )
        if options.jobs:
            many(port, key, options.jobs)


@contextlib.contextmanager
def service() -> Iterator[tuple[int, str]]:
    """gunicorn as the service starts it, on a PostgreSQL and a data folder of its own; its port and a key."""
    from tests import servers

    with tempfile.TemporaryDirectory(prefix="voicen-api-") as folder, servers.postgres() as database:
        port = servers.free_port()
        os.environ |= {
            "DATABASE_URL": database,
            "VOICEN_DATA_DIR": folder,
            "PORT": str(port),
            "VOICEN_ENGINE": "tone",
            "VOICEN_LOG_LEVEL": "WARNING",
            "DJANGO_SETTINGS_MODULE": "voicen_server.settings",
        }
        key = _prepare()
        command = [sys.executable, "-m", "gunicorn", "-c", "python:voicen_server.gunicorn_conf"]
        with subprocess.Popen([*command, "voicen_server.wsgi:application"]) as server:
            try:
                servers._wait_for_port(port)
                yield port, key
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
        "GET jobs/1/": request("GET", "/api/v1/jobs/1/"),
        "GET jobs/": request("GET", "/api/v1/jobs/"),
        "GET jobs/1/synthesize/": request("GET", "/api/v1/jobs/1/synthesize/"),
        "POST jobs/text/": request("POST", "/api/v1/jobs/text/", text),
    }


async def loaded(port: int, request: bytes, clients: int, seconds: float) -> tuple[list[float], int, float]:
    """So many clients that ask again as soon as they are answered: waiting times, answers other than 200, duration."""
    times: list[float] = []
    refused = 0
    end = time.monotonic() + seconds

    async def client() -> None:
        nonlocal refused
        reader = writer = None
        while time.monotonic() < end:
            begin = time.monotonic()
            try:
                if writer is None:
                    reader, writer = await asyncio.open_connection("127.0.0.1", port)
                assert reader is not None
                writer.write(request)
                head = await reader.readuntil(b"\r\n\r\n")
                length = int(head.lower().partition(b"content-length: ")[2].split(b"\r\n")[0])
                await reader.readexactly(length)
            except (OSError, asyncio.IncompleteReadError):  # the server closes idle and old connections
                writer = None
                continue
            times.append(time.monotonic() - begin)
            refused += not head.startswith(b"HTTP/1.1 200")
            if b"connection: close" in head.lower():
                writer.close()
                writer = None
        if writer is not None:
            writer.close()

    begin = time.monotonic()
    await asyncio.gather(*(client() for _ in range(clients)))
    return times, refused, time.monotonic() - begin


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
