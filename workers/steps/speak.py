"""Speak: one chunk, or chunks of one voice in one go, each with an end of its own."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from functools import partial
from time import monotonic

from django.core.files.base import ContentFile
from django.db import DatabaseError, InterfaceError
from django.utils import timezone

from models.catalogue import Voice
from synthesis import logcontext, storage
from synthesis.domain.options import Options
from synthesis.domain.status import Status
from synthesis.metrics import counters
from synthesis.models import Step
from synthesis.services import queue, voices
from workers import remembered, ssml, stopping
from workers.pipeline import render
from workers.pipeline.chunking import Chunk
from workers.pipeline.joining import SAMPLE_WIDTH
from workers.pulse import Lease
from workers.runtime import Runtime
from workers.steps.ending import OutgrownError, end
from workers.steps.publish import stored


def wanted(step: Step, runtime: Runtime) -> tuple[Options, Voice]:
    """What the client has asked for, and the voice as the step is spoken. Raises UnknownVoice."""
    options = Options.stored(step.job.options)
    voice = replace(runtime.voice(step.job.voice_id), speed=options.speed)
    return options, ssml.delivered(step.delivery, voice, runtime)


def speak(step: Step, runtime: Runtime, lease: Lease) -> None:
    if step.job.status == Status.PROCESSING:
        queue.begin_speaking(step)
    _, voice = wanted(step, runtime)
    chunk = _chunk(step)
    with runtime.engine(voice) as engine:
        with counters.synthesis.labels(voices.engine_of(voice), voice.language).time():
            frames = remembered.frames(step.job, step.job.chunk_count or 0, chunk, voice, engine)
        rate = engine.sample_rate
        runtime.learn_batch(voice, engine)
    _keep(step, lease, frames, rate, voice)


def _chunk(step: Step) -> Chunk:
    text = storage.read_part(step.job.spoken, step.start, step.length)
    return Chunk(step.index, text, step.pause_ms, ssml.lead_ms(step.delivery))


def _keep(step: Step, lease: Lease, frames: bytes, rate: int, voice: Voice) -> None:
    """Store what was spoken, and write it down."""
    with stored(storage.chunk_name(step.job.folder, step.index, lease.token), ContentFile(frames)) as audio:
        queue.finish_speaking(step, audio, len(frames) // SAMPLE_WIDTH, rate)
    if step.index == 0:
        note_first_audio(step, voice)


class Together:
    """Chunks of one voice in one go. Whatever befalls one of them is its own affair."""

    def __init__(self, claimed: Sequence[Step], leases: Sequence[Lease], runtime: Runtime) -> None:
        self._runtime = runtime
        self._leases = {step.pk: lease for step, lease in zip(claimed, leases, strict=True)}
        self._undone = list(claimed)
        self._outgrown = False

    def speak(self) -> None:
        """Raises OutgrownError, and what the database raises: the leases of the rest run out then."""
        chunks = self._read()
        try:
            if chunks:
                self._speak(chunks)
        except (DatabaseError, InterfaceError):
            raise
        except Exception as error:  # noqa: BLE001 - each of the rest ends of it, by the rules for one alone
            self._end_rest(error)
        if self._outgrown:
            raise OutgrownError

    def _read(self) -> list[Chunk]:
        """The chunks of the steps that are left undone, in their order."""
        chunks: list[Chunk] = []
        begun: set[int] = set()

        def read(step: Step) -> None:
            self._leases[step.pk].check()
            if step.job.status == Status.PROCESSING and step.job_id not in begun:
                queue.begin_speaking(step)
                begun.add(step.job_id)
            chunks.append(_chunk(step))
            self._undone.append(step)

        claimed, self._undone = self._undone, []
        for step in claimed:
            self._end(step, partial(read, step))
        return chunks

    def _speak(self, chunks: list[Chunk]) -> None:
        """The chunks of each voice and tempo in one go."""
        theirs = [wanted(step, self._runtime)[1] for step in self._undone]
        steps = list(self._undone)
        for voice in dict.fromkeys(theirs):
            some = [place for place, its in enumerate(theirs) if its == voice]
            self._speak_alike([chunks[place] for place in some], [steps[place] for place in some], voice)

    def _speak_alike(self, chunks: list[Chunk], steps: list[Step], voice: Voice) -> None:
        with self._runtime.engine(voice) as engine:
            spoken = render.speak_chunks(chunks, voice, engine, self._before_each)
            for place, frames in _timed(spoken, voice, len(chunks)):
                self._undone.remove(steps[place])
                self._end(steps[place], partial(self._keep, steps[place], frames, engine.sample_rate, voice))
            self._runtime.learn_batch(voice, engine)

    def _keep(self, step: Step, frames: bytes | Exception, rate: int, voice: Voice) -> None:
        if isinstance(frames, Exception):
            raise frames
        _keep(step, self._leases[step.pk], frames, rate, voice)

    def _before_each(self) -> None:
        if stopping.requested() or self._outgrown:
            raise stopping.Stopping

    def _end_rest(self, error: Exception) -> None:
        def fail() -> None:
            raise error

        for step in self._undone:
            self._end(step, fail)

    def _end(self, step: Step, work: Callable[[], None]) -> None:
        try:
            with logcontext.of_job(step.job_id):
                end(step, self._runtime, work)
        except OutgrownError:
            self._outgrown = True


def _timed(
    spoken: Iterator[tuple[int, bytes | Exception]], voice: Voice, count: int
) -> Iterator[tuple[int, bytes | Exception]]:
    """The same, and to each chunk its share of the time that all of them took."""
    seconds = 0.0
    while True:
        begin = monotonic()
        one = next(spoken, None)
        seconds += monotonic() - begin
        if one is None:
            break
        yield one
    for _ in range(count):
        counters.synthesis.labels(voices.engine_of(voice), voice.language).observe(seconds / count)


def note_first_audio(step: Step, voice: Voice) -> None:
    waited = (timezone.now() - step.job.created).total_seconds()
    counters.first_audio.labels(voices.engine_of(voice), voice.language).observe(max(0.0, waited))
