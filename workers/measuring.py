"""How fast a voice is spoken on this machine."""

import resource
import time
from collections.abc import Callable
from dataclasses import dataclass

from models.catalogue import Voice
from models.engines.base import Engine
from workers.pipeline import render
from workers.pipeline.joining import SAMPLE_WIDTH
from workers.references import sentences


@dataclass(frozen=True, slots=True)
class Figures:
    """Seconds to load, to the first sentence, and of speech; how many of speech in one second of work; peak memory.

    ``runtime`` is what computes an engine that has several such, else empty.
    """

    load: float
    first: float
    speech: float
    speed: float
    peak_mb: float
    runtime: str


def measure(voice: Voice, load: Callable[[], Engine], rounds: int) -> Figures:
    """Load an engine and speak a few sentences of the voice's language `rounds` times. Raises EngineError."""
    began = time.perf_counter()
    engine = load()
    loaded = time.perf_counter()
    try:
        first, *rest = sentences(voice.language)
        _speak(first, voice, engine)
        spoken = time.perf_counter()
        seconds = sum(_speak(sentence, voice, engine) for _ in range(rounds) for sentence in rest)
        took = time.perf_counter() - spoken
        runtime = str(getattr(engine, "runtime", ""))
    finally:
        engine.close()
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024  # Linux counts in KiB
    return Figures(loaded - began, spoken - loaded, seconds, seconds / took, peak, runtime)


def _speak(text: str, voice: Voice, engine: Engine) -> float:
    size = sum(len(render.speak_chunk(chunk, voice, engine)) for chunk in render.chunks(text, voice, engine))
    return size / SAMPLE_WIDTH / engine.sample_rate
