"""Every sentence once, in order, whatever happens; checked by length, which the tone engine makes exact."""

import os
import random
import signal
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from models.catalogue import catalogue
from models.engines.loader import EngineOptions, load
from tests.live.audio import RATE, samples, stated_seconds
from tests.live.service import Service, running
from workers.pipeline import render
from workers.pipeline.mp3 import encodable_samples

pytestmark = pytest.mark.live


def expected_samples(text: str, voice_id: int = 325640) -> int:
    """How long the service's audio has to be: the same pipeline, in one go."""
    voice = catalogue().get(voice_id)
    engine = load("tone", EngineOptions(data_dir=Path(), weights_dir=None, threads=1))
    chunks = render.chunks(text, voice, engine)
    return encodable_samples(sum(len(render.speak_chunk(chunk, voice, engine)) // 2 for chunk in chunks), RATE)


def sentences(count: int) -> str:
    return " ".join(f"Bu, {number} nömrəli cümlədir." for number in range(count))


def test_twenty_thousand_characters(service: Service, tmp_path: Path) -> None:
    text = sentences(700)[:20_000]
    audio = service.speak(text)
    expected = expected_samples(text)
    assert samples(audio).size == expected
    assert stated_seconds(audio, tmp_path) == expected / RATE


def test_hundred_jobs_of_ten_clients_then_no_trace(service: Service) -> None:
    marker = "izsizsözlər"
    texts = [f"{marker} " + "salam " * (number + 1) for number in range(100)]

    def client(part: int) -> list[tuple[int, str]]:
        return [(service.submit(text), text) for text in texts[part::10]]

    with ThreadPoolExecutor(10) as pool:
        jobs = [job for batch in pool.map(client, range(10)) for job in batch]
    for job_id, text in jobs:
        assert service.wait(job_id) == "ready"
        assert samples(service.audio(job_id)).size == expected_samples(text), "the audio of another job"
    assert len(traces(service.data_dir, marker)) == 100
    with ThreadPoolExecutor(10) as pool:
        answers = list(pool.map(lambda job: service.call("DELETE", f"jobs/{job[0]}/").status_code, jobs))
    assert answers == [200] * 100
    assert traces(service.data_dir, marker) == []


def traces(folder: Path, marker: str) -> list[Path]:
    """Files that hold the marker anywhere in their bytes: database, its log, texts, chunks, queue."""
    files = [path for path in folder.rglob("*") if path.is_file() and "weights" not in path.parts]
    return [path for path in files if marker.encode() in path.read_bytes()]


def test_killed_workers() -> None:
    """The worker's main process and single children are killed at random points; the job finishes by itself."""
    seed = int.from_bytes(os.urandom(4))
    chance = random.Random(seed)
    text = sentences(1500)
    with running(VOICEN_LEASE_SECONDS="3") as service:
        job_id = service.submit(text)
        for _ in range(4):
            time.sleep(chance.uniform(0.2, 1.0))
            workers = service.children("celery")
            if workers:
                os.kill(chance.choice(workers), signal.SIGKILL)
        assert service.wait(job_id, 240) == "ready", f"seed {seed}"
        assert samples(service.audio(job_id)).size == expected_samples(text), f"seed {seed}"
        assert service.call("DELETE", f"jobs/{job_id}/").status_code == 200


def test_idle_workers_are_killed() -> None:
    """A process that is killed while it waits for work takes nothing with it that the others need."""
    with running(VOICEN_LEASE_SECONDS="3") as service:
        for _ in range(3):
            os.kill(service.children("celery")[-1], signal.SIGKILL)
            assert len(service.speak("salam", seconds=30)) > 1000


def test_restart_in_the_middle() -> None:
    """A book is on its way, the service is stopped and started: it goes on where it was."""
    text = sentences(1500)
    with running(VOICEN_LEASE_SECONDS="3") as service:
        job_id = service.submit(text)
        while service.status(job_id) != "synthesizing":
            time.sleep(0.05)
        service.stop()
        service.start()
        assert service.wait(job_id, 240) == "ready"
        assert samples(service.audio(job_id)).size == expected_samples(text)
