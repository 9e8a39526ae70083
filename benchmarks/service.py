"""How soon a text is ready, and what a long one costs: the whole service with the Kokoro voices.

Run it from the project's environment: ``.venv/bin/python -m benchmarks.service [--characters 20000]``. It starts a
service of its own on a free port of this machine and takes about ten minutes on two cores.
"""

import argparse
import contextlib
import json
import os
import platform
import statistics
import time
from pathlib import Path

from models.catalogue import Voice, catalogue
from models.engines.base import Engine
from models.engines.loader import EngineOptions, load
from tests.live.service import Service, running
from workers.pipeline import render

SENTENCES = json.loads((Path(__file__).parent / "intelligibility" / "sentences.json").read_text(encoding="utf-8"))
GREETING = "salam"
VOICE_ID = 325640
REPEATS = 9


def main() -> None:
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("--characters", type=int, default=20_000, help="length of the long text")
    options = arguments.parse_args()
    print(f"{platform.processor() or platform.machine()}, {os.cpu_count()} cores, Python {platform.python_version()}")
    cold()
    with running("kokoro", VOICEN_SPEECH_CACHE_MB="0") as service:
        warm(service)
        beside_a_book(service)
        long_text(service, options.characters)


def text_of(characters: int, language: str = "az") -> str:
    """Different sentences, one after another, cut after a whole one at about this length."""
    text = ""
    for number in range(characters):
        sentence = SENTENCES[language][number % len(SENTENCES[language])]
        if len(text) + len(sentence) > characters:
            break
        text += sentence + " "
    return text.strip()


def timed(service: Service, text: str) -> float:
    """Seconds from POST to `ready`, polling every 10 ms."""
    start = time.monotonic()
    job_id = service.submit(text)
    while (status := service.status(job_id)) != "ready":
        assert status != "failed"
        time.sleep(0.01)
    return time.monotonic() - start


def cold() -> None:
    """300 characters as the first job of a service, and to one whose workers were all killed a moment before."""
    with running("kokoro", VOICEN_SPEECH_CACHE_MB="0") as service:
        text = text_of(300)
        print(f"{len(text)} characters, first job after the start: ready in {timed(service, text):.1f} s")
        for pid in service.children("celery"):
            with contextlib.suppress(ProcessLookupError):
                os.kill(pid, 9)
        print(f"{len(text)} characters, all workers just killed: ready in {timed(service, text):.1f} s")


def warm(service: Service) -> None:
    """The greeting through the service, and by the engine alone with the same threads, in turn."""
    engine, voice = alone(service)
    through, bare = [], []
    for _ in range(REPEATS):
        through.append(timed(service, GREETING))
        start = time.monotonic()
        for chunk in render.chunks(GREETING, voice, engine):
            render.speak_chunk(chunk, voice, engine)
        bare.append(time.monotonic() - start)
    overhead = statistics.median(through) - statistics.median(bare)
    print(
        f"“{GREETING}”, warm: ready in {statistics.median(through):.2f} s ({min(through):.2f}–{max(through):.2f}), "
        f"the engine alone {statistics.median(bare):.2f} s, the service adds {overhead:.2f} s"
    )


def alone(service: Service) -> tuple[Engine, Voice]:
    engine = load("kokoro", EngineOptions(data_dir=service.data_dir, weights_dir=None, threads=1))
    return engine, catalogue().get(VOICE_ID)


def beside_a_book(service: Service) -> None:
    book = service.submit(text_of(100_000))
    while service.status(book) != "synthesizing":
        time.sleep(0.1)
    time.sleep(10)
    times = [timed(service, text_of(300)) for _ in range(3)]
    print(f"300 characters while a book is read: ready in {', '.join(f'{seconds:.1f}' for seconds in times)} s")
    service.manage("shell", "-c", f"from synthesis.services import jobs; jobs.cancel({book})")


def long_text(service: Service, characters: int) -> None:
    """Length against the sum of its sentences spoken alone, and the memory of every process before and after."""
    text = text_of(characters)
    before = memory(service)
    start = time.monotonic()
    job_id = service.submit(text)
    halfway: dict[str, int] = {}
    while (status := service.status(job_id)) != "ready":
        assert status != "failed"
        time.sleep(1)
        halfway = {name: max(size, halfway.get(name, 0)) for name, size in memory(service).items()}
    seconds = time.monotonic() - start
    spoken = len(service.audio(job_id)) * 8 / 64_000
    engine, voice = alone(service)
    each = {sentence: sentence_seconds(sentence, voice, engine) for sentence in SENTENCES["az"]}
    count = {sentence: text.count(sentence) for sentence in each}
    # Between two sentences of a chunk the voice rests by itself; spoken alone they get the pause of the pipeline.
    expected = sum((each[sentence] + 0.25) * number for sentence, number in count.items())
    print(
        f"{len(text)} characters: ready in {seconds:.0f} s, {spoken:.0f} s of audio; its sentences alone "
        f"{expected:.0f} s with pauses: {100 * (spoken / expected - 1):+.1f} %"
    )
    for name in halfway:
        print(f"  {name}: {before.get(name, 0)} MB before, at most {halfway[name]} MB")


def sentence_seconds(sentence: str, voice: Voice, engine: Engine) -> float:
    parts = [render.speak_chunk(chunk, voice, engine) for chunk in render.chunks(sentence, voice, engine)]
    return sum(map(len, parts)) / 2 / engine.sample_rate


def memory(service: Service) -> dict[str, int]:
    """Resident megabytes of each process."""
    sizes = {}
    for word in ("gunicorn", "celery", "ffmpeg"):
        for pid in service.children(word):
            with contextlib.suppress(FileNotFoundError, ProcessLookupError):
                status = Path(f"/proc/{pid}/status").read_text()
                kilobytes = [line.split()[1] for line in status.splitlines() if line.startswith("VmRSS:")]
                sizes[f"{word} {pid}"] = int(kilobytes[0]) // 1024 if kilobytes else 0
    return sizes


if __name__ == "__main__":
    main()
