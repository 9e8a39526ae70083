"""Prepare: the text is read and split; one of a single chunk goes to its end at once."""

import contextlib
import tempfile
from collections.abc import Iterator
from itertools import chain, islice
from typing import IO

from django.core.files import File

from models.catalogue import Voice
from synthesis import storage
from synthesis.metrics import counters
from synthesis.models import Step
from synthesis.services import queue, voices
from workers import remembered
from workers.pipeline import render, timing
from workers.pipeline.chunking import Chunk
from workers.pipeline.errors import NothingToSpeak
from workers.pipeline.timing import ChunkSound
from workers.pulse import Lease
from workers.runtime import Runtime
from workers.steps.publish import publish, stored, subtitles
from workers.steps.speak import note_first_audio, wanted

# Rows of one transaction: few enough that no other writer waits long for SQLite's one lock.
_CHUNKS_A_WRITE = 200


def prepare(step: Step, runtime: Runtime, lease: Lease) -> None:
    queue.begin_preparing(step)
    options, voice = wanted(step, runtime)
    text = storage.read_text(step.job.folder)
    with runtime.engine(voice) as engine, tempfile.TemporaryFile(dir=runtime.temporary_folder) as spans:
        how = runtime.how(step.job.owner_id if options.lexicon else None, voice.language)
        record = timing.Recorder(text, spans) if options.subtitles else None
        chunks = render.chunks(text, voice, engine, how, options.pauses, record)
        first = list(islice(chunks, 2))
        if not first:
            raise NothingToSpeak
        if len(first) == 1:
            _speak_alone(step, first[0], voice, runtime, lease, spans)
        else:
            _store_chunks(step, chain(first, chunks), runtime, lease, spans)


def _store_chunks(step: Step, chunks: Iterator[Chunk], runtime: Runtime, lease: Lease, spans: IO[bytes]) -> None:
    """The spoken text in one file, and a row for each chunk that says where it stands in it.

    Beside it, for subtitles, where its sentences come from.
    """
    count = position = 0
    with tempfile.TemporaryFile(dir=runtime.temporary_folder) as spoken:
        while batch := list(islice(chunks, _CHUNKS_A_WRITE)):
            lease.check()
            places = []
            for chunk in batch:
                length = spoken.write(chunk.text.encode())
                places.append(queue.ChunkPlace(chunk.index, position, length, chunk.pause_ms))
                position += length
            queue.add_chunks(step, places)
            count += len(batch)
        spoken.seek(0)
        spoken_name = storage.spoken_name(step.job.folder, lease.token)
        with contextlib.ExitStack() as stack:
            if spans.tell():
                spans.seek(0)
                stack.enter_context(stored(storage.spans_name(spoken_name), File(spans)))
            name = stack.enter_context(stored(spoken_name, File(spoken)))
            queue.finish_preparing(step, count, name)


def _speak_alone(step: Step, chunk: Chunk, voice: Voice, runtime: Runtime, lease: Lease, spans: IO[bytes]) -> None:
    """A text of one chunk goes from beginning to end in the task that read it."""
    queue.begin_speaking(step, chunk_count=1)

    with runtime.engine(voice) as engine:
        with counters.synthesis.labels(voices.engine_of(voice), voice.language).time():
            frames = remembered.frames(step.job, 1, chunk, voice, engine)
        rate = engine.sample_rate
    note_first_audio(step, voice)
    timed = None
    if spans.tell():
        spans.seek(0)
        timed = subtitles(step, [ChunkSound(chunk.text, frames)], spans, rate)
    publish(step, lambda: [frames], rate, voice, runtime, lease, timed)
