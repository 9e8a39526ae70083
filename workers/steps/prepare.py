"""Prepare: the text is read and split; one of a single chunk goes to its end at once."""

import contextlib
import tempfile
from collections.abc import Iterator
from functools import cache, partial
from itertools import chain, islice
from typing import IO

from django.core.files import File

from models.catalogue import Voice
from models.engines.base import Engine
from synthesis import storage
from synthesis.domain.options import Options
from synthesis.metrics import counters
from synthesis.models import Step
from synthesis.services import queue, voices
from workers import remembered, ssml
from workers.pipeline import render, timing
from workers.pipeline.errors import NothingToSpeak
from workers.pipeline.passages import Portion
from workers.pipeline.timing import ChunkSound
from workers.pulse import Lease
from workers.runtime import Runtime
from workers.steps.publish import publish, stored, subtitles
from workers.steps.speak import note_first_audio, wanted

# Rows of one transaction: few enough that no other writer waits long for SQLite's one lock.
_CHUNKS_A_WRITE = 200


def prepare(step: Step, runtime: Runtime, lease: Lease) -> None:
    queue.begin_preparing(step)
    _, voice = wanted(step, runtime)
    text = storage.read_text(step.job.folder)
    with runtime.engine(voice) as engine, tempfile.TemporaryFile(dir=runtime.temporary_folder) as spans:
        portions = _portions(step, text, voice, engine, runtime, spans)
        first = list(islice(portions, 2))
        if not first:
            raise NothingToSpeak
        if len(first) == 1:
            _speak_alone(step, first[0], voice, runtime, lease, spans)
        else:
            _store_chunks(step, chain(first, portions), voice, runtime, lease, spans)


def _portions(
    step: Step, text: str, voice: Voice, engine: Engine, runtime: Runtime, spans: IO[bytes]
) -> Iterator[Portion]:
    """The text in chunks, and what subtitles need to know of its sentences."""
    options = Options.stored(step.job.options)
    how = partial(runtime.how, step.job.owner_id if options.lexicon else None)
    if options.ssml:
        document = ssml.document(text, voice, options.speed)
        record = timing.Recorder(document.written(), spans) if options.subtitles else None
        return ssml.portions(document, voice, engine, runtime, how, options.pauses, record)
    record = timing.Recorder(text, spans) if options.subtitles else None
    chunks = render.chunks(text, voice, engine, how(voice.language), options.pauses, record, early=options.early)
    return (Portion(chunk, voice) for chunk in chunks)


def _store_chunks(
    step: Step, portions: Iterator[Portion], voice: Voice, runtime: Runtime, lease: Lease, spans: IO[bytes]
) -> None:
    """The spoken text in one file, and a row for each chunk that says where it stands in it.

    Beside it, for subtitles, where its sentences come from.
    """
    count = position = 0
    with tempfile.TemporaryFile(dir=runtime.temporary_folder) as spoken:
        while batch := list(islice(portions, _CHUNKS_A_WRITE)):
            lease.check()
            places = []
            for portion in batch:
                chunk, delivery = portion.chunk, ssml.delivery(portion, voice, runtime)
                length = spoken.write(chunk.text.encode())
                places.append(queue.ChunkPlace(chunk.index, position, length, chunk.pause_ms, delivery))
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


def _speak_alone(step: Step, portion: Portion, voice: Voice, runtime: Runtime, lease: Lease, spans: IO[bytes]) -> None:
    """A text of one chunk goes from beginning to end in the task that read it.

    It is spoken when the encoder asks for it, which starts up meanwhile.
    """
    chunk, speaker = portion

    @cache
    def frames() -> bytes:
        queue.begin_speaking(step, chunk_count=1)
        with counters.synthesis.labels(voices.engine_of(speaker), speaker.language).time():
            spoken = remembered.frames(step.job, 1, chunk, speaker, engine)
        note_first_audio(step, speaker)
        return spoken

    with runtime.engine(speaker) as engine:
        timed = None
        if spans.tell():
            spans.seek(0)
            sounds = (ChunkSound(chunk.text, said()) for said in (frames,))
            timed = subtitles(step, sounds, spans, engine.sample_rate)
        publish(step, lambda: [frames()], engine.sample_rate, voice, runtime, lease, timed)
