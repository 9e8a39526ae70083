"""How long a short text of one account waits for others: beside a book, and beside a thousand queued jobs.

Run it from the project's environment: ``.venv/bin/python -m benchmarks.fairness [--engine kokoro]``. It starts a
service of its own with two worker processes on a free port of this machine. By default chunks are spoken by an engine
that sleeps for --chunk-seconds, so that the figures show the order of the work and not how busy the machine is; with
Kokoro they show what users wait for, and the machine has to be idle. A turn alone comes before and after each of the
others.
"""

import argparse
import concurrent.futures
import contextlib
import os
import platform
import statistics
import tempfile
import time
from collections.abc import Iterator, Sequence
from pathlib import Path

import requests

from benchmarks.service import VOICE_ID, text_of
from models.catalogue import catalogue
from models.engines.loader import EngineOptions, load
from tests.faults import words
from tests.live.service import Service, running
from workers.pipeline import render

WORKERS = 2
SHORT = text_of(300)
BOOK_CHARACTERS = 400_000


def main() -> None:
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("--engine", choices=["tone", "kokoro"], default="tone", help="tone: the one that sleeps")
    arguments.add_argument("--chunk-seconds", type=float, default=1.0, help="how long that one takes for a chunk")
    arguments.add_argument("--jobs", type=int, default=100, help="short jobs beside the book")
    arguments.add_argument("--queued", type=int, default=1000, help="jobs of the account that floods the queue")
    arguments.add_argument("--few", type=int, default=20, help="short jobs in each of the other turns")
    options = arguments.parse_args()
    print(
        f"{platform.processor() or platform.machine()}, {os.cpu_count()} cores, Python {platform.python_version()}, "
        f"load {os.getloadavg()[0]:.1f} before the start; {options.engine}, {WORKERS} worker processes"
    )
    with service(options.engine, options.chunk_seconds) as running_service:
        chunks, seconds = chunk_of(running_service, options.engine, options.chunk_seconds)
        print(f"the short text: {len(SHORT)} characters, {chunks} chunks of {seconds:.1f} s")
        bench = Bench(running_service, seconds)
        bench.alone(options.few)
        with bench.reading_a_book():
            bench.beside("a book is read", options.jobs)
        bench.alone(options.few)
        with bench.queue_full_of_another(options.queued):
            bench.beside(f"another account has {options.queued} jobs queued", options.few)
        bench.alone(options.few)
        bench.report()


@contextlib.contextmanager
def service(engine: str, chunk_seconds: float) -> Iterator[Service]:
    with tempfile.TemporaryDirectory(prefix="voicen-fairness-") as folder:
        # The same text again and again: each is to be spoken.
        environment = {"VOICEN_WORKER_PROCESSES": str(WORKERS), "VOICEN_SPEECH_CACHE_MB": "0"}
        if engine == "tone":
            (Path(folder) / words.PACE).write_text(str(chunk_seconds))
            environment |= {"DJANGO_SETTINGS_MODULE": "tests.faults.settings", "FAULTS_DIR": folder}
        with running(engine, **environment) as started:
            yield started


def chunk_of(of: Service, name: str, chunk_seconds: float) -> tuple[int, float]:
    """How many chunks the short text has, and how long one takes."""
    engine = load(name, EngineOptions(data_dir=of.data_dir, weights_dir=None, threads=1))
    voice = catalogue().get(VOICE_ID)
    chunks = list(render.chunks(SHORT, voice, engine))
    if name == "tone":
        return len(chunks), chunk_seconds
    times = []
    for chunk in chunks * 3:
        start = time.monotonic()
        render.speak_chunk(chunk, voice, engine)
        times.append(time.monotonic() - start)
    return len(chunks), statistics.median(times)


class Account:
    """A user of the service with a key of its own."""

    def __init__(self, of: Service, name: str) -> None:
        self._url = f"{of.url}/api/v1/jobs/"
        self._headers = {"Authorization": f"Token {of.manage('create_token', name).split()[-1]}"}

    def submit(self, text: str) -> int:
        body = {"text": text, "lang": "az", "voice_id": VOICE_ID}
        answer = requests.post(f"{self._url}text/", json=body, headers=self._headers, timeout=120)
        answer.raise_for_status()
        return int(answer.json()["data"]["id"])

    def status(self, job_id: int) -> str:
        answer = requests.get(f"{self._url}{job_id}/", headers=self._headers, timeout=120)
        return str(answer.json()["data"]["status"])

    def timed(self, text: str) -> float:
        """Seconds from POST to `ready`."""
        start = time.monotonic()
        job_id = self.submit(text)
        while (status := self.status(job_id)) != "ready":
            assert status != "failed"
            time.sleep(0.05)
        return time.monotonic() - start


class Bench:
    def __init__(self, of: Service, chunk_seconds: float) -> None:
        self._service, self._chunk_seconds = of, chunk_seconds
        self._short, self._other = Account(of, "short"), Account(of, "other")
        self._alone: list[float] = []
        self._beside: dict[str, list[float]] = {}

    def alone(self, count: int) -> None:
        self._alone += self._times(count)

    def beside(self, what: str, count: int) -> None:
        self._beside[what] = self._times(count)

    def _times(self, count: int) -> list[float]:
        times = []
        for number in range(count):
            # Not in step with the chunks of the others.
            time.sleep(self._chunk_seconds * (number * 0.618 % 1))
            times.append(self._short.timed(SHORT))
        return times

    @contextlib.contextmanager
    def reading_a_book(self) -> Iterator[None]:
        book = self._other.submit(text_of(BOOK_CHARACTERS))
        while self._other.status(book) != "synthesizing":
            time.sleep(0.1)
        time.sleep(3 * self._chunk_seconds)
        yield
        assert self._other.status(book) == "synthesizing", "the book was too short"
        self._cancel_all()

    @contextlib.contextmanager
    def queue_full_of_another(self, count: int) -> Iterator[None]:
        with concurrent.futures.ThreadPoolExecutor(8) as pool:
            jobs = list(pool.map(self._other.submit, [SHORT] * count))
        yield
        assert self._other.status(jobs[-1]) == "waiting", "the queue was too short"
        self._cancel_all()

    def _cancel_all(self) -> None:
        code = "from synthesis.services import jobs, queue; [jobs.cancel(job.pk) for job in queue.all_unfinished()]"
        self._service.manage("shell", "-c", code)
        time.sleep(2 * self._chunk_seconds)

    def report(self) -> None:
        print(f"alone: {_figures(self._alone)}")
        base = statistics.median(self._alone)
        for what, times in self._beside.items():
            delays = [(taken - base) / self._chunk_seconds for taken in times]
            print(
                f"while {what}: {_figures(times)}; later than alone by {statistics.median(delays):.2f} chunks' time in "
                f"the median, {_high(delays):.2f} at p99; load {os.getloadavg()[0]:.1f}"
            )


def _figures(times: Sequence[float]) -> str:
    return (
        f"{len(times)} short jobs ready in {statistics.median(times):.2f} s in the median, "
        f"{_high(times):.2f} s at p99, {max(times):.2f} s at most"
    )


def _high(values: Sequence[float]) -> float:
    """The 99th percentile; of fewer than a hundred values that is nearly their highest."""
    return statistics.quantiles(values, n=100, method="inclusive")[98]


if __name__ == "__main__":
    main()
