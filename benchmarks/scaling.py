"""How the queue scales: 1 to 64 workers that take a fifth of a second for each chunk, on PostgreSQL and Redis.

Run it from the project's environment: ``.venv/bin/python -m benchmarks.scaling [--workers 1 4 16 64] [--seconds 10]``.
The workers claim and finish by the queue's own code and are rung through Redis; only the voice is a sleep, and the
audio a name. Servers and workers share the machine: what is measured is the lower bound of what a database on a host
of its own can do.
"""

import argparse
import contextlib
import multiprocessing
import os
import platform
import statistics
import time
from typing import Any

CHUNK_SECONDS = 0.2


def main() -> None:
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("--workers", type=int, nargs="+", default=[1, 4, 16, 64])
    arguments.add_argument("--seconds", type=float, default=10, help="length of each run, were it linear")
    options = arguments.parse_args()
    from tests import servers

    print(
        f"{platform.processor() or platform.machine()}, {os.cpu_count()} cores, Python {platform.python_version()}, "
        f"load {os.getloadavg()[0]:.1f} before the start"
    )
    print("workers  jobs  chunks/s  of linear  claim ms (median, p99)  finish ms (median, p99)  load after")
    with servers.postgres() as database, servers.redis() as broker:
        os.environ |= {"DATABASE_URL": database, "CELERY_BROKER_URL": broker, "VOICEN_ENGINE": "tone"}
        os.environ.setdefault("DJANGO_SETTINGS_MODULE", "voicen_server.settings")
        import django

        django.setup()
        from django.core.management import call_command

        from voicen_server.celery import app

        app.set_default()
        call_command("migrate", verbosity=0, interactive=False)
        for workers in options.workers:
            for jobs in sorted({1, workers}):
                measure(workers, jobs, options.seconds)


def measure(workers: int, jobs: int, seconds: float) -> None:
    """So many workers on so many jobs with as many chunks as they could speak in that time."""
    from django.db import connection

    chunks = round(workers / CHUNK_SECONDS * seconds / jobs)
    fill(jobs, chunks)
    connection.close()  # a forked child must not share it
    context = multiprocessing.get_context("fork")
    start, results = context.Event(), context.Queue()
    processes = [context.Process(target=work, args=(start, results)) for _ in range(workers)]
    for process in processes:
        process.start()
    for _ in processes:
        results.get()  # it is ready
    start.set()
    parts = [results.get() for _ in processes]
    for process in processes:
        process.join()
    claims = [took for part in parts for took in part["claims"]]
    finishes = [took for part in parts for took in part["finishes"]]
    assert len(finishes) == jobs * chunks
    took = max(part["end"] for part in parts) - min(part["begin"] for part in parts)
    rate = len(finishes) / took
    print(
        f"{workers:7} {jobs:5} {rate:9.1f} {100 * rate * CHUNK_SECONDS / workers:8.0f} % {milliseconds(claims):>22} "
        f"{milliseconds(finishes):>24} {os.getloadavg()[0]:11.1f}",
        flush=True,
    )


def milliseconds(times: list[float]) -> str:
    return f"{1000 * statistics.median(times):.1f}, {1000 * statistics.quantiles(times, n=100)[98]:.1f}"


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


def work(start: Any, results: Any) -> None:
    """One worker: waits for a ring, takes steps until none is left, rings for its neighbour."""
    from synthesis import dispatch
    from synthesis.models import Step
    from synthesis.services import queue
    from voicen_server.celery import app

    claims: list[float] = []
    finishes: list[float] = []
    queue.served_round()  # connects
    results.put("ready")
    start.wait()
    begin = time.monotonic()
    dispatch.publish()
    with app.connection_for_read() as connection:
        nudges = connection.SimpleQueue("speech")
        while Step.objects.filter(kind="speak").exclude(state="done").exists():
            with contextlib.suppress(nudges.Empty):
                nudges.get(timeout=0.5).ack()
            rung = False
            while True:
                before = time.monotonic()
                step = queue.claim()
                if step is None or step.kind != "speak":
                    break
                claims.append(time.monotonic() - before)
                if not rung and queue.more_work():
                    dispatch.ring()
                    rung = True
                time.sleep(CHUNK_SECONDS)
                before = time.monotonic()
                if step.job.status == "processing":
                    queue.begin_speaking(step)
                queue.finish_speaking(step, f"jobs/{step.job.folder.hex}/{step.index}.pcm", 4800, 24_000)
                finishes.append(time.monotonic() - before)
                end = time.monotonic()
        nudges.close()
    results.put({"claims": claims, "finishes": finishes, "begin": begin, "end": end if finishes else begin})


if __name__ == "__main__":
    main()
