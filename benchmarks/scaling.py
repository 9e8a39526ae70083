"""How the queue scales: 1 to 64 workers on PostgreSQL and Redis, whose voice is a sleep.

Run it from the project's environment: ``.venv/bin/python -m benchmarks.scaling [--workers 1 4 16 64] [--seconds 20]``.
The workers claim and finish by the queue's own code, with its pulse, and are rung through Redis; only the voice is a
sleep, and the audio a name.

Two questions, two tables. First: with a voice of four seconds a chunk, as Kokoro has on one core, which part of its
time does each worker speak? Linear is what the first row reaches: one worker waits for no other, and has the machine's
own delays. The sleep is that long because servers and workers share the machine: 64 workers ask for 16 chunks a second
then, which does not fill two cores. With a shorter sleep the workers' own Python fills them first, and the figure is
one of the machine. Second: with no sleep at all, how many chunks a second go through, and what does one cost the
processors, apart for the database and for the workers? Processor time depends little on what else the machine does, so
that this tells where a database on a host of its own would end.
"""

import argparse
import contextlib
import multiprocessing
import os
import platform
import random
import statistics
import time
from pathlib import Path
from typing import Any

CHUNK_SECONDS = 4.0
# No two chunks take the same time: workers that start together would otherwise claim together for ever.
SPREAD = 0.25
LIMIT_SECONDS = 10.0
# Without a voice a few workers fill any machine; more of them wait for its cores.
ENOUGH_FOR_THE_LIMIT = 16
# More than any run can finish.
FASTEST_CHUNKS_A_SECOND = 500


def main() -> None:
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("--workers", type=int, nargs="+", default=[1, 4, 16, 64])
    arguments.add_argument("--seconds", type=float, default=20, help="length of each run")
    options = arguments.parse_args()
    from tests import servers

    print(
        f"{platform.processor() or platform.machine()}, {os.cpu_count()} cores, Python {platform.python_version()}, "
        f"load {os.getloadavg()[0]:.1f} before the start"
    )
    with servers.postgres() as database, servers.redis() as broker:
        os.environ |= {"DATABASE_URL": database, "CELERY_BROKER_URL": broker, "VOICEN_ENGINE": "tone"}
        os.environ.setdefault("DJANGO_SETTINGS_MODULE", "voicen_server.settings")
        import django

        django.setup()
        from django.core.management import call_command

        from voicen_server.celery import app

        app.set_default()
        call_command("migrate", verbosity=0, interactive=False)
        print(f"\na voice of {CHUNK_SECONDS:g} s a chunk")
        print(HEADER)
        alone = 0.0
        for workers in options.workers:
            for jobs in sorted({1, workers}):
                share = measure(workers, jobs, CHUNK_SECONDS, options.seconds, alone)
                alone = alone or share
        print("\nno voice: the limit")
        print(HEADER)
        for workers in options.workers:
            for jobs in sorted({1, workers}) if workers <= ENOUGH_FOR_THE_LIMIT else ():
                measure(workers, jobs, 0, LIMIT_SECONDS)


HEADER = (
    "workers  jobs  chunks/s  speaking  of linear  claim ms (median, p99)  finish ms (median, p99)  "
    "processor ms a chunk (database, worker)  load after"
)


def measure(workers: int, jobs: int, chunk_seconds: float, seconds: float, alone: float = 0) -> float:
    """So many workers on so many jobs, for so long: the part of their time that they speak, `alone` that of one."""
    from django.db import connection

    from synthesis.models import Step

    enough = workers * (seconds / chunk_seconds + 3) if chunk_seconds else FASTEST_CHUNKS_A_SECOND * seconds
    fill(jobs, round(enough / jobs) + 1)
    connection.close()  # a forked child must not share it
    context = multiprocessing.get_context("fork")
    start, results = context.Event(), context.Queue()
    processes = [
        context.Process(target=work, args=(number, chunk_seconds, seconds, start, results), daemon=True)
        for number in range(workers)
    ]
    for process in processes:  # one after the other: a database does not take 64 connections at the same moment
        process.start()
        results.get(timeout=60)  # it is ready
    before = database_seconds()
    start.set()
    parts = [results.get(timeout=seconds + 120) for _ in processes]
    database = database_seconds() - before
    for process in processes:
        process.join()
    claims = [took for part in parts for took in part["claims"]]
    finishes = [took for part in parts for took in part["finishes"]]
    assert len(finishes) + workers == Step.objects.filter(kind="speak", state="done").count()
    rate = len(finishes) / statistics.mean(part["elapsed"] for part in parts)
    share = sum(part["spoken"] for part in parts) / sum(part["elapsed"] for part in parts)
    columns = f"{share:9.1%} {share / (alone or share):10.1%}" if chunk_seconds else f"{'':20}"
    own = sum(part["processor"] for part in parts)
    print(
        f"{workers:7} {jobs:5} {rate:9.2f} {columns} {milliseconds(claims):>23} "
        f"{milliseconds(finishes):>24} {1000 * database / len(finishes):24.1f}, "
        f"{1000 * own / len(finishes):14.1f} {os.getloadavg()[0]:11.1f}",
        flush=True,
    )
    return share


def milliseconds(times: list[float]) -> str:
    return f"{1000 * statistics.median(times):.1f}, {1000 * statistics.quantiles(times, n=100)[98]:.1f}"


def database_seconds() -> float:
    """Processor time that PostgreSQL has taken so far: the main process, those that have ended, those that live."""
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_backend_pid()")
        (backend,) = cursor.fetchone()
    main_pid = int(_stat(backend)[1])
    ticks = sum(map(int, _stat(main_pid)[11:15]))
    for entry in Path("/proc").iterdir():
        with contextlib.suppress(OSError):
            if entry.name.isdigit() and int((of := _stat(int(entry.name)))[1]) == main_pid:
                ticks += sum(map(int, of[11:13]))
    return ticks / os.sysconf("SC_CLK_TCK")


def _stat(pid: int) -> list[str]:
    """What follows the name in /proc/PID/stat: state, parent, …"""
    return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()


def fill(jobs: int, chunks: int) -> None:
    """Jobs whose text is read already: their chunks wait."""
    import uuid

    from django.contrib.auth.models import User

    from synthesis.domain.status import Status, StepKind, StepState
    from synthesis.models import Job, Step

    Job.objects.all().delete()
    owner, _ = User.objects.get_or_create(username="benchmark")
    for _ in range(jobs):
        job = Job.objects.create(
            owner=owner,
            voice_id=325640,
            language="az",
            character_count=160 * chunks,
            status=Status.PROCESSING,
            chunk_count=chunks,
            folder=uuid.uuid4(),
        )
        steps = [
            Step(job=job, kind=StepKind.SPEAK, index=index, round=index, state=StepState.PENDING, length=160)
            for index in range(chunks)
        ]
        Step.objects.bulk_create(steps, batch_size=1000)


def work(number: int, chunk_seconds: float, seconds: float, start: Any, results: Any) -> None:
    """One worker: waits for a ring, then takes chunks until the time is over."""
    from synthesis import dispatch
    from synthesis.services import presence, queue
    from voicen_server.celery import app
    from workers.pulse import Pulse

    chance = random.Random(number)
    who = presence.Presence("benchmark", os.getpid(), "tone")
    pulse = Pulse(who)
    pulse.start()
    spoken = 0.0
    claims: list[float] = []
    finishes: list[float] = []

    def take(seconds: float) -> float:
        """One chunk, from the claim to its end. How long the voice took."""
        now = time.monotonic()
        step = queue.claim(who.token)
        assert step is not None, "there is more work than can be done"
        claims.append(time.monotonic() - now)
        with pulse.hold(step, 60):
            begin = time.monotonic()
            time.sleep(seconds)
            end = time.monotonic()
            if step.job.status == "processing":
                queue.begin_speaking(step)
            queue.finish_speaking(step, f"jobs/{step.job.folder.hex}/{step.index}.pcm", 4800, 24_000)
        finishes.append(time.monotonic() - end)
        return end - begin

    take(0)  # connects, imports, compiles the queries
    claims.clear()
    finishes.clear()
    with app.connection_for_read() as connection:
        nudges = connection.SimpleQueue("speech")
        results.put("ready")
        start.wait()
        dispatch.publish()
        with contextlib.suppress(nudges.Empty):
            nudges.get(timeout=0.5).ack()
        nudges.close()
    # Not all at once, as they would not be after an hour.
    time.sleep(chance.uniform(0, chunk_seconds))
    begin, processor = time.monotonic(), time.process_time()
    while time.monotonic() < begin + seconds:
        spoken += take(chunk_seconds * chance.uniform(1 - SPREAD, 1 + SPREAD))
    elapsed, processor = time.monotonic() - begin, time.process_time() - processor
    results.put({"claims": claims, "finishes": finishes, "spoken": spoken, "elapsed": elapsed, "processor": processor})
    pulse.stop()


if __name__ == "__main__":
    main()
