"""What was spoken before need not be spoken again: the speech cache as a worker uses it."""

import hashlib
import json
from functools import cache
from pathlib import Path

import models
from models.catalogue import Voice
from models.engines.base import Engine
from synthesis.domain import limits
from synthesis.models import Job
from synthesis.services import speech_cache
from workers import pipeline
from workers.pipeline import render
from workers.pipeline.chunking import Chunk


def frames(job: Job, chunk_count: int, chunk: Chunk, voice: Voice, engine: Engine) -> bytes:
    """The chunk's frames as `render.speak_chunk` makes them: from the cache, or made and kept for the next time.

    The same text with other rests, tempo, voice, level, settings, weights or version of the service is another chunk.
    """
    wanted = key(job, chunk_count, chunk, voice, engine)
    known = find(job, wanted, engine)
    if known is not None:
        return known
    spoken = render.speak_chunk(chunk, voice, engine)
    keep(job, wanted, spoken, engine)
    return spoken


def key(job: Job, chunk_count: int, chunk: Chunk, voice: Voice, engine: Engine) -> str:
    """The name of the chunk's frames in the cache; empty when they are not to be there. Raises EngineError."""
    if not speech_cache.is_on() or chunk_count > limits.CACHED_CHUNKS:
        return ""
    return speech_cache.key(job.owner_id, _determined_by(chunk, voice, engine))


def find(job: Job, wanted: str, engine: Engine) -> bytes | None:
    """The frames of this name; None when they are not there."""
    known = speech_cache.find(job, wanted) if wanted else None
    return known[0] if known is not None and known[1] == engine.sample_rate else None


def keep(job: Job, wanted: str, spoken: bytes, engine: Engine) -> None:
    """Keep what was spoken under this name, where there is one."""
    if wanted:
        speech_cache.keep(job, wanted, spoken, engine.sample_rate)


def _determined_by(chunk: Chunk, voice: Voice, engine: Engine) -> tuple[str, ...]:
    settings = json.dumps(dict(voice.engines.get(engine.name, {})), sort_keys=True, default=str)
    how = f"{voice.id} {voice.language} {voice.gain_db} {voice.speed} {chunk.pause_ms} {chunk.lead_ms}"
    return code(), engine.name, engine.version(voice), settings, how, chunk.text


@cache
def code() -> str:
    """A digest of everything of ours between a chunk's text and its sound: programs, and the data they read."""
    digest = hashlib.sha256()
    packages = Path(models.__file__).parent.rglob("*"), Path(pipeline.__file__).parent.glob("*.py")
    for path in sorted(path for files in packages for path in files if path.is_file() and path.suffix != ".pyc"):
        digest.update(f"{path.name}\0{path.stat().st_size}\0".encode())
        digest.update(path.read_bytes())
    return digest.hexdigest()
