"""Speak: one chunk, or chunks in one go, each with an end of its own."""

import contextlib
from collections.abc import Callable, Hashable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import partial
from time import monotonic

from django.core.files.base import ContentFile
from django.db import DatabaseError, InterfaceError
from django.utils import timezone

from models.catalogue import Voice
from models.engines.base import Engine
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
    """Chunks in one go, as far as their voices are alike to the engine. What befalls one of them is its own affair."""

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
        """The chunks whose voices are alike in one go."""
        groups: dict[Hashable, list[tuple[Step, Chunk, Voice]]] = {}

        def sort(step: Step, chunk: Chunk) -> None:
            voice = wanted(step, self._runtime)[1]
            groups.setdefault(self._runtime.spoken_with(voice), []).append((step, chunk, voice))

        for step, chunk in zip(list(self._undone), chunks, strict=True):
            self._try(step, partial(sort, step, chunk))
        for group in groups.values():
            self._speak_alike(group)

    def _speak_alike(self, group: list[tuple[Step, Chunk, Voice]]) -> None:
        """What was spoken before leaves the batch; the rest is kept for the next time."""
        unspoken: list[_Unspoken] = []

        def look(step: Step, chunk: Chunk, voice: Voice) -> None:
            engine = held.enter_context(self._runtime.engine(voice))
            name = remembered.key(step.job, step.job.chunk_count or 0, chunk, voice, engine)
            known = remembered.find(step.job, name, engine)
            if known is None:
                unspoken.append(_Unspoken(step, chunk, voice, engine, name))
                return
            self._undone.remove(step)
            self._end(step, partial(_keep, step, self._leases[step.pk], known, engine.sample_rate, voice))

        with contextlib.ExitStack() as held:  # one engine, held for each voice
            for step, chunk, voice in group:
                self._try(step, partial(look, step, chunk, voice))
            if not unspoken:
                return
            engine = unspoken[0].engine
            spoken = render.speak_chunks(
                [one.chunk for one in unspoken], [one.voice for one in unspoken], engine, self._before_each
            )
            for place, frames in _timed(spoken, [one.voice for one in unspoken]):
                self._undone.remove(unspoken[place].step)
                self._end(unspoken[place].step, partial(self._keep, unspoken[place], frames))
            for voice in dict.fromkeys(one.voice for one in unspoken):
                self._runtime.learn_batch(voice, engine)

    def _keep(self, one: "_Unspoken", frames: bytes | Exception) -> None:
        if isinstance(frames, Exception):
            raise frames
        remembered.keep(one.step.job, one.name, frames, one.engine)
        _keep(one.step, self._leases[one.step.pk], frames, one.engine.sample_rate, one.voice)

    def _try(self, step: Step, work: Callable[[], None]) -> None:
        """Do what comes before the speaking; what goes wrong with it is the end of this step."""

        def tried() -> None:
            try:
                work()
            except Exception:
                self._undone.remove(step)
                raise

        self._end(step, tried)

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


@dataclass(frozen=True, slots=True)
class _Unspoken:
    """A chunk of a batch that the cache does not have; `name` is what it is kept under."""

    step: Step
    chunk: Chunk
    voice: Voice
    engine: Engine
    name: str


def _timed(
    spoken: Iterator[tuple[int, bytes | Exception]], its_voices: Sequence[Voice]
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
    for voice in its_voices:
        counters.synthesis.labels(voices.engine_of(voice), voice.language).observe(seconds / len(its_voices))


def note_first_audio(step: Step, voice: Voice) -> None:
    waited = (timezone.now() - step.job.created).total_seconds()
    counters.first_audio.labels(voices.engine_of(voice), voice.language).observe(max(0.0, waited))
