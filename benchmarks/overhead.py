"""What the service adds to the engine: a five-letter job, and a job of many chunks, in turn with the bare engine.

Run it from the project's environment: ``.venv/bin/python -m benchmarks.overhead [--engine tone kokoro] [--chunks 100]
[--rounds 5]``. The service has one worker process of one thread, the bare engine the same thread here; it reads the
text and speaks its chunks, no more. The tone engine takes no time: what is left is the service; for Kokoro the
ratio is told as well. Both begin after a second of rest, and nobody asks for a job before it can be ready. Beside the
clock on the wall stands the time of the processors, which a busy machine disturbs less: that of the worker, and that of
web process and supervisor, a part of which answers this program's own questions (ten a second). Of the job's time that
of the encoder is told: what encoding while speaking could save.
"""

import argparse
import os
import statistics
import time
from collections.abc import Callable, Iterator
from typing import NamedTuple

import requests

from benchmarks.api import processor_seconds
from benchmarks.service import GREETING, SENTENCES, VOICE_ID
from models.catalogue import Voice, catalogue
from models.engines.base import Engine
from models.engines.loader import EngineOptions, load
from tests.live.service import Service, running
from workers.pipeline import render

_METRICS = "of this benchmark"
# Seconds: workers tell what they count every ten.
_TOLD_AFTER = 12
# Before each of the two: the second would find in the processor's caches what the first has left there.
_REST = 1
# Of the time that the bare engine last took: until then nobody asks whether it is ready, for questions want a core.
_UNASKED = 0.8


class Turn(NamedTuple):
    """One job through the service and the same text by the bare engine: seconds."""

    service: float
    bare: float
    worker: float
    """Of processors: the worker's."""
    web: float
    bare_processor: float


def main() -> None:
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("--engine", nargs="+", choices=["tone", "kokoro"], default=["tone", "kokoro"])
    arguments.add_argument("--chunks", type=int, default=100)
    arguments.add_argument("--rounds", type=int, default=5)
    options = arguments.parse_args()
    print(f"load {os.getloadavg()[0]:.1f} before")
    for engine in options.engine:
        for line in lines(engine, options.chunks, options.rounds):
            print(line, flush=True)


def lines(engine: str, chunks: int, rounds: int) -> Iterator[str]:
    """What was found, as sentences."""
    alone = {"VOICEN_SPEECH_CACHE_MB": "0", "VOICEN_WORKER_PROCESSES": "1", "VOICEN_ENGINE_THREADS": "1"}
    with running(engine, VOICEN_METRICS_TOKEN=_METRICS, **alone) as service:
        bare = load(engine, EngineOptions(data_dir=service.data_dir, weights_dir=None, threads=1))
        voice = catalogue().get(VOICE_ID)
        for text, poll in ((GREETING, 0.01), (text_of_chunks(chunks), 0.1)):
            count = len(list(render.chunks(text, voice, bare)))
            if text == GREETING:
                turn(service, text, poll, 0, bare, voice)  # what is loaded at first use
            before, turns, least = encoded(service), [], 0.0
            for _ in range(rounds):
                turns.append(turn(service, text, poll, least, bare, voice))
                least = _UNASKED * turns[-1].bare
            encoder = 1000 * (encoded(service) - before) / rounds
            yield f"{engine}, {count} chunks: {told(turns, count)}; encoder {encoder:.0f} ms of the job"


def encoded(service: Service) -> float:
    """Seconds of the encoder for all jobs of the service so far."""
    time.sleep(_TOLD_AFTER)
    answer = requests.get(f"{service.url}/metrics", headers={"Authorization": f"Bearer {_METRICS}"}, timeout=60)
    sums = [line for line in answer.text.splitlines() if line.startswith("tts_encode_duration_seconds_sum{")]
    return sum(float(line.rsplit(" ", 1)[1]) for line in sums)


def told(turns: list[Turn], count: int) -> str:
    def middle(of: Callable[[Turn], float], unit: float = 1000) -> str:
        values = sorted(unit * of(each) for each in turns)
        return f"{statistics.median(values):.2f} ({values[0]:.2f}-{values[-1]:.2f})"

    return (
        f"service {middle(lambda each: each.service)} ms, bare engine {middle(lambda each: each.bare)} ms, added"
        f" {middle(lambda each: each.service - each.bare)} ms; for each chunk added"
        f" {middle(lambda each: (each.service - each.bare) / count)} ms of the wall,"
        f" {middle(lambda each: (each.worker - each.bare_processor) / count)} ms of the worker's processor and"
        f" {middle(lambda each: each.web / count)} ms of web and supervisor; job over bare engine"
        f" {middle(lambda each: each.service / each.bare, 1)} by the wall,"
        f" {middle(lambda each: each.worker / each.bare_processor, 1)} by the worker's processor"
    )


def text_of_chunks(count: int) -> str:
    """So many paragraphs of a sentence each, which are chunks of their own."""
    return "\n\n".join(SENTENCES["az"][number % len(SENTENCES["az"])] for number in range(count))


def turn(service: Service, text: str, poll: float, least: float, engine: Engine, voice: Voice) -> Turn:
    """`least`: seconds after which the job is first asked for."""
    worker, web_server = service.children("celery")[0], service.children("gunicorn")[0]
    assert service.process is not None
    supervisor = service.process.pid

    def used_by_others() -> float:
        return processor_seconds(supervisor, started=False) + processor_seconds(web_server)

    time.sleep(_REST)
    used, web = processor_seconds(worker), used_by_others()
    start = time.monotonic()
    job_id = service.submit(text)
    time.sleep(least)
    while (status := service.status(job_id)) != "ready":
        if status == "failed":
            raise RuntimeError("the job failed")
        time.sleep(poll)
    took = time.monotonic() - start
    used, web = processor_seconds(worker) - used, used_by_others() - web
    time.sleep(_REST)
    start, before = time.monotonic(), time.process_time()
    for chunk in render.chunks(text, voice, engine):
        render.speak_chunk(chunk, voice, engine)
    return Turn(took, time.monotonic() - start, used, web, time.process_time() - before)


if __name__ == "__main__":
    main()
