"""How soon the first audio of a streamed text is heard: the whole service with the Kokoro voices.

Run it from the project's environment: ``.venv/bin/python -m benchmarks.streaming [--repeats 7]``. It starts a service
of its own on a free port of this machine. Beside each request, in turn, it measures the same text by the v1 API from
POST to `ready`, and the first chunk by the engine alone, with the same threads: on a busy host the seconds say little,
and what stands beside them says how busy it was.
"""

import argparse
import os
import platform
import statistics
import time

import requests

from benchmarks.service import GREETING, alone, text_of, timed
from tests.live.service import Service, running
from workers.pipeline import render

FORMATS = ("mp3", "opus", "aac", "flac", "wav", "pcm")
# Before there is sound mp3 and others send a header: what is heard begins later.
_HEARD_BYTES = 1500


def main() -> None:
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("--repeats", type=int, default=7)
    arguments.add_argument("--characters", type=int, default=300)
    options = arguments.parse_args()
    load = os.getloadavg()[0]
    print(
        f"{platform.processor() or platform.machine()}, {os.cpu_count()} cores, Python {platform.python_version()}, "
        f"load {load:.1f} at the start"
    )
    with running("kokoro", VOICEN_SPEECH_CACHE_MB="0") as service:
        text = text_of(options.characters)
        first_audio(service, GREETING, "mp3")
        compare(service, text, options.repeats)
        each_format(service, text)


def first_audio(service: Service, text: str, form: str) -> tuple[float, float]:
    """Seconds from POST to the first audio, and to the last."""
    body = {"model": "tts-1", "voice": "Aytac", "input": text, "response_format": form}
    start = time.monotonic()
    with requests.post(
        f"{service.url}/v1/audio/speech", json=body, headers=service.headers, stream=True, timeout=600
    ) as answer:
        assert answer.status_code == 200, answer.text
        received = 0
        first = 0.0
        for piece in answer.iter_content(512):
            received += len(piece)
            if not first and received >= _HEARD_BYTES:
                first = time.monotonic() - start
    return first, time.monotonic() - start


def compare(service: Service, text: str, repeats: int) -> None:
    engine, voice = alone(service)
    chunks = list(render.chunks(text, voice, engine, early=True))
    render.speak_chunk(chunks[0], voice, engine)
    streamed, whole, ready, bare, work = [], [], [], [], []
    for _ in range(repeats):
        first, last = first_audio(service, text, "mp3")
        streamed.append(first)
        whole.append(last)
        ready.append(timed(service, text))
        start, before = time.monotonic(), time.process_time()
        render.speak_chunk(chunks[0], voice, engine)
        bare.append(time.monotonic() - start)
        work.append(time.process_time() - before)
    print(
        f"{len(text)} characters, {len(chunks)} chunks, the first of {len(chunks[0].text)} characters, {repeats} times"
    )
    for name, seconds in {
        "first audio of the stream": streamed,
        "last audio of the stream": whole,
        "ready by the v1 API": ready,
        "the first chunk by the engine alone": bare,
        "the same in time of the processor": work,
    }.items():
        print(f"  {name}: {statistics.median(seconds):.2f} s ({min(seconds):.2f}–{max(seconds):.2f})")
    ratios = [first / engine_alone for first, engine_alone in zip(streamed, bare, strict=True)]
    print(f"  first audio takes {statistics.median(ratios):.2f} times what the engine takes for the first chunk")


def each_format(service: Service, text: str) -> None:
    found = {form: statistics.median(first_audio(service, text, form)[0] for _ in range(3)) for form in FORMATS}
    print("  first audio by format: " + ", ".join(f"{form} {seconds:.2f} s" for form, seconds in found.items()))


if __name__ == "__main__":
    main()
