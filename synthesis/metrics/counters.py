"""What is counted. Labels are bounded: languages, voices, engines, states; never a user, a job, a key or a text.

The objects count in this process; `totals.flush` adds what is new to the rows that all processes share.
"""

from prometheus_client import CollectorRegistry, Counter, Histogram

_SHORT = (0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 300)
_LONG = (0.25, 0.5, 1, 2.5, 5, 10, 25, 60, 300, 900, 3600, 14400)

registry = CollectorRegistry(auto_describe=True)

jobs = Counter("tts_jobs", "Jobs that ended.", ["status", "language", "source"], registry=registry)
characters = Counter("tts_characters", "Characters of the ready jobs' texts.", ["language", "voice"], registry=registry)
audio = Counter(
    "tts_audio_duration_seconds", "Length of the audio that was made.", ["language", "voice"], registry=registry
)
synthesis = Histogram(
    "tts_synthesis_duration_seconds",
    "Time that speaking a chunk took.",
    ["engine", "language"],
    buckets=_SHORT,
    registry=registry,
)
encode = Histogram(
    "tts_encode_duration_seconds",
    "Time that encoding a job's mp3 took.",
    ["engine", "language"],
    buckets=_SHORT,
    registry=registry,
)
first_audio = Histogram(
    "tts_time_to_first_audio_seconds",
    "From the arrival of a job to the end of its first chunk.",
    ["engine", "language"],
    buckets=_LONG,
    registry=registry,
)
cache_requests = Counter("tts_cache_requests", "Chunks that were looked up.", ["result"], registry=registry)
model_load = Histogram(
    "tts_model_load_duration_seconds",
    "Time in which a worker process warmed up a voice: what was not loaded yet, and a first word.",
    ["engine"],
    buckets=_LONG,
    registry=registry,
)
engine_loads = Counter(
    "tts_engine_loads",
    "Engines that worker processes have loaded, by what computes them and why that one.",
    ["engine", "runtime", "reason"],
    registry=registry,
)
webhook_deliveries = Counter(
    "tts_webhook_deliveries", "Attempts to deliver webhooks, by what came of them.", ["outcome"], registry=registry
)


def job_ended(status: str, language: str, source: str = "api") -> None:
    jobs.labels(status, language, source).inc()


def job_ready(language: str, voice_id: int, character_count: int, duration_ms: int, source: str = "api") -> None:
    job_ended("ready", language, source)
    voice = str(voice_id)
    characters.labels(language, voice).inc(character_count)
    audio.labels(language, voice).inc(duration_ms / 1000)
