"""A very long text through the whole service: memory, progress, duration.

Run it from the project's environment: ``.venv/bin/python -m benchmarks.long_text [--characters 1000000]``; with
``--engine kokoro`` a real voice speaks, and a fiftieth of the text is plenty. It starts a service of its own on SQLite
and the embedded queue, needs 5 GB of disk for the whole million, 20 minutes on two busy cores, and as long again to
count what should have come out.
"""

import argparse
import contextlib
import os
import platform
import sqlite3
import time
from collections.abc import Iterator
from pathlib import Path

from models.catalogue import Voice, catalogue
from models.engines.loader import EngineOptions, load
from tests.live.service import Service, running
from workers.pipeline import render
from workers.pipeline.mp3 import encodable_samples, stated_samples

VOICE_ID = 325640
PARTS = 4
"""Memory is shown for so many equal parts of each stage: flat is the same in all of them."""
# As queue.chunks_spoken counts, in one look.
PROGRESS = """
SELECT status, chunk_count, CASE WHEN status IN ('ready', 'failed') THEN chunks_spoken ELSE (
  SELECT count(*) FROM synthesis_step WHERE job_id = synthesis_job.id AND kind = 'speak' AND state = 'done'
) END FROM synthesis_job WHERE id = ?
"""


def main() -> None:
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("--characters", type=int, default=1_000_000, help="length of the text")
    arguments.add_argument("--engine", choices=("tone", "kokoro"), default="tone", help="what speaks")
    options = arguments.parse_args()
    load_average = os.getloadavg()[0]
    print(
        f"{platform.processor() or platform.machine()}, {os.cpu_count()} cores, Python {platform.python_version()}, "
        f"load {load_average:.1f} before the start"
    )
    text = text_of(options.characters)
    with running(options.engine, DATABASE_URL="", CELERY_BROKER_URL="", VOICEN_SPEECH_CACHE_MB="0") as service:
        start = time.monotonic()
        job_id = service.submit(text)
        print(f"{len(text)} characters: accepted in {time.monotonic() - start:.1f} s")
        watch(service, job_id, start)
        check(service, job_id, text, options.engine)


def text_of(characters: int) -> str:
    """Numbered sentences, so that none is like another, cut after a whole one at about this length."""
    sentences = []
    length = number = 0
    while True:
        sentence = f"Bu, {number} nömrəli cümlədir və dəniz bu gün sakitdir."
        if length + len(sentence) + 1 > characters:
            return " ".join(sentences)
        sentences.append(sentence)
        length += len(sentence) + 1
        number += 1


def watch(service: Service, job_id: int, start: float) -> None:
    """Follow the job to its end; print how long each stage took, and the memory of every kind of process in it."""
    samples: list[tuple[float, dict[str, float]]] = []
    spoken, last = 0, ""
    with contextlib.closing(sqlite3.connect(service.data_dir / "voicen.sqlite3", timeout=30)) as rows:
        while True:
            status, chunks, done = rows.execute(PROGRESS, (job_id,)).fetchone()
            assert status != "failed"
            assert done >= spoken, "progress went back"
            spoken = done
            stage = "joining" if chunks and done == chunks else "speaking" if chunks else "preparing"
            if status == "ready" or stage != last:
                tell(last, samples)
                samples, last = [], stage
            if status == "ready":
                break
            samples.append((time.monotonic(), memory(service)))
            time.sleep(0.5)
    print(f"{spoken} chunks, ready after {time.monotonic() - start:.0f} s; progress never went back", flush=True)


def tell(stage: str, samples: list[tuple[float, dict[str, float]]]) -> None:
    """As soon as the stage is over: whoever breaks off a long run has what it has shown so far."""
    if samples:
        print(f"{stage}, {samples[-1][0] - samples[0][0]:.0f} s; MB at most in each quarter of it:")
        for kind in ("web", "worker", "encoder"):
            print(f"  {kind:8}" + "".join(f"{size:8.0f}" for size in quarters(samples, kind)), flush=True)


def quarters(part: list[tuple[float, dict[str, float]]], kind: str) -> Iterator[float]:
    for number in range(PARTS):
        first, last = len(part) * number // PARTS, len(part) * (number + 1) // PARTS
        yield max((sizes.get(kind, 0.0) for _, sizes in part[first:last]), default=0.0)


def memory(service: Service) -> dict[str, float]:
    """Megabytes of the largest process of each kind that are its own: pages that it has written."""
    sizes: dict[str, float] = {}
    for kind, word in (("web", "gunicorn"), ("worker", "celery"), ("encoder", "libmp3lame")):
        for pid in service.children(word):
            with contextlib.suppress(OSError):
                status = Path(f"/proc/{pid}/status").read_text()
                kilobytes = sum(int(line.split()[1]) for line in status.splitlines() if line.startswith("RssAnon:"))
                sizes[kind] = max(sizes.get(kind, 0.0), kilobytes / 1024)
    return sizes


def check(service: Service, job_id: int, text: str, engine: str) -> None:
    """The file states exactly the samples that the same pipeline makes of the text."""
    with contextlib.closing(sqlite3.connect(service.data_dir / "voicen.sqlite3")) as rows:
        audio, milliseconds = rows.execute(
            "SELECT audio, duration_ms FROM synthesis_job WHERE id = ?", (job_id,)
        ).fetchone()
    stated = stated_samples(service.data_dir / "media" / audio)
    expected = expected_samples(text, catalogue().get(VOICE_ID), engine, service.data_dir)
    assert stated == expected, (stated, expected)
    assert milliseconds == round(stated / 24)
    left = [path for path in (service.data_dir / "media").rglob("*") if path.is_file()]
    assert len(left) == 2, left
    print(
        f"duration {stated / 24_000:.3f} s = {stated} samples, exactly as expected; text and mp3 are all that is left"
    )


def expected_samples(text: str, voice: Voice, name: str, data_dir: Path) -> int:
    engine = load(name, EngineOptions(data_dir=data_dir, weights_dir=None, threads=1))
    samples = sum(len(render.speak_chunk(chunk, voice, engine)) // 2 for chunk in render.chunks(text, voice, engine))
    return encodable_samples(samples, engine.sample_rate)


if __name__ == "__main__":
    main()
