"""The three kinds of work on a job: prepare its text, speak a chunk, join the chunks.

Each ends by writing its result under the fence of its lease. Results are files that carry the lease's token in their
name; when the lease turns out to be lost, the file is removed again.
"""

import contextlib
import errno
import json
import logging
import shutil
import tempfile
from collections.abc import Callable, Hashable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import timedelta
from functools import partial
from itertools import chain, islice
from pathlib import Path
from time import monotonic
from typing import IO, Any

from django.core.files import File
from django.core.files.base import ContentFile
from django.db import DatabaseError, InterfaceError
from django.utils import timezone

from models.catalogue import UnknownVoice, Voice
from models.engines.base import Engine, EngineError
from synthesis import logcontext, storage
from synthesis.domain import limits
from synthesis.domain.options import AudioFormat, Options, mp3_bitrates
from synthesis.domain.status import Status, StepKind, StepState
from synthesis.metrics import counters
from synthesis.models import Step
from synthesis.services import queue, voices
from workers import remembered, stopping
from workers.patience import Patience
from workers.pipeline import formats, levelling, render, timing
from workers.pipeline.chunking import Chunk
from workers.pipeline.encoding import EncoderFailed, Tags
from workers.pipeline.errors import NothingToSpeak, PipelineError
from workers.pipeline.joining import SAMPLE_WIDTH
from workers.pipeline.timing import ChunkSound
from workers.pulse import Lease, Pulse
from workers.runtime import Runtime

logger = logging.getLogger("voicen.worker")

# Rows of one transaction: few enough that no other writer waits long for SQLite's one lock.
_CHUNKS_A_WRITE = 200
_PIECE_BYTES = 256 * 1024
_NO_ROOM = frozenset({errno.ENOSPC, errno.EDQUOT})
_LITTLE_BYTES = 1024 * 1024
_patience = Patience(limits.STORAGE_PATIENCE_SECONDS)


def run(step: Step, runtime: Runtime, pulse: Pulse) -> None:
    """Do a claimed step and write its end. Whatever goes wrong becomes another attempt or the job's reason.

    Raises OutgrownError when this process should take no more work.
    """
    with logcontext.of_job(step.job_id):
        _run(step, runtime, pulse)


def run_all(claimed: Sequence[Step], runtime: Runtime, pulse: Pulse) -> None:
    """Do what `queue.claim_batch` has leased: one step, or chunks in one go, each with an end of its own.

    Raises OutgrownError as `run` does, once every step has its end or is handed back.
    """
    if len(claimed) == 1:
        run(claimed[0], runtime, pulse)
    else:
        with pulse.hold_all(claimed, limits.speak_deadline(sum(step.length for step in claimed))) as leases:
            _Together(claimed, leases, runtime).speak()


class OutgrownError(Exception):
    """The memory of this process is used up."""


def _run(step: Step, runtime: Runtime, pulse: Pulse) -> None:
    def work() -> None:
        with pulse.hold(step, _deadline(step)) as lease:
            _HANDLERS[StepKind(step.kind)](step, runtime, lease)

    _end(step, runtime, work)


def _end(step: Step, runtime: Runtime, work: Callable[[], None]) -> None:
    """Do the work on a step, and write what becomes of the step if it fails."""
    try:
        work()
        _patience.forget(step.pk)
    except queue.LostLease:
        logger.info("job %d: %s was cancelled or taken over", step.job_id, queue.place(step))
    except stopping.Stopping:
        with contextlib.suppress(queue.LostLease):
            queue.hand_back(step)
    except (DatabaseError, InterfaceError):
        raise  # nothing can be written now; the lease runs out and the step is taken up again
    except (EngineError, PipelineError) as error:
        if isinstance(error, EncoderFailed) and _is_full(runtime):
            _wait_for_room(step)
            return
        _failed(step, error.code, f"{_sentence(error)} ({queue.place(step)}).", permanent=error.permanent)
    except UnknownVoice:
        _failed(step, "unknown_voice", f"Voice {step.job.voice_id} is no longer installed.", permanent=True)
    except OSError as error:
        _file_failed(step, error)
    except MemoryError:
        _failed(step, "out_of_memory", f"The worker ran out of memory ({queue.place(step)}).")
        # The heap does not shrink again, and whatever held the memory may still hold it: another process takes over.
        raise OutgrownError from None
    except Exception as error:
        # The message of an unforeseen error may quote the text: the log's formatter and the reason leave it out.
        logger.exception("job %d: unforeseen %s", step.job_id, type(error).__name__)
        _failed(step, "internal_error", f"Unforeseen {type(error).__name__} ({queue.place(step)}).")


def _file_failed(step: Step, error: OSError) -> None:
    if isinstance(error, storage.StorageAway) and _patience.lasts(step.pk):
        _wait(step, str(error.strerror), limits.REST_ON_STORAGE_AWAY)
        return
    if error.errno in _NO_ROOM:
        _wait_for_room(step)
        return
    reason = error.strerror or type(error).__name__
    _failed(step, "storage_failed", f"A file could not be read or written: {reason} ({queue.place(step)}).")


def _wait_for_room(step: Step) -> None:
    _wait(step, "the disk is full", limits.REST_ON_FULL_DISK)


def _wait(step: Step, reason: str, rest: timedelta) -> None:
    """What is no fault of the job: it waits, and uses up no attempt."""
    logger.warning("job %d waits at %s: %s", step.job_id, queue.place(step), reason)
    with contextlib.suppress(queue.LostLease):
        queue.hand_back(step, rest=rest)


def _is_full(runtime: Runtime) -> bool:
    """Whether ffmpeg, which only says that it failed, may have failed for that."""
    return shutil.disk_usage(runtime.temporary_folder).free < _LITTLE_BYTES


def _failed(step: Step, code: str, message: str, *, permanent: bool = False) -> None:
    with contextlib.suppress(queue.LostLease):
        queue.attempt_failed(step, code, message, permanent=permanent)


def _sentence(error: Exception) -> str:
    text = str(error)
    return text[:1].upper() + text[1:]


def _wanted(step: Step, runtime: Runtime) -> tuple[Options, Voice]:
    """What the client has asked for, and the voice at the tempo that was asked for. Raises UnknownVoice."""
    options = Options.stored(step.job.options)
    return options, replace(runtime.voice(step.job.voice_id), speed=options.speed)


def _deadline(step: Step) -> float:
    if step.kind == StepKind.PREPARE:
        return limits.prepare_deadline(step.job.character_count)
    if step.kind == StepKind.SPEAK:
        return limits.speak_deadline(step.length)
    return limits.join_deadline(step.job.character_count)


# --- Prepare --------------------------------------------------------------------------------------------------------


def _prepare(step: Step, runtime: Runtime, lease: Lease) -> None:
    queue.begin_preparing(step)
    options, voice = _wanted(step, runtime)
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
                stack.enter_context(_stored(storage.spans_name(spoken_name), File(spans)))
            name = stack.enter_context(_stored(spoken_name, File(spoken)))
            queue.finish_preparing(step, count, name)


def _speak_alone(step: Step, chunk: Chunk, voice: Voice, runtime: Runtime, lease: Lease, spans: IO[bytes]) -> None:
    """A text of one chunk goes from beginning to end in the task that read it."""
    queue.begin_speaking(step, chunk_count=1)

    with runtime.engine(voice) as engine:
        with counters.synthesis.labels(voices.engine_of(voice), voice.language).time():
            frames = remembered.frames(step.job, 1, chunk, voice, engine)
        rate = engine.sample_rate
    _first_audio(step, voice)
    timed = None
    if spans.tell():
        spans.seek(0)
        timed = _subtitles(step, [ChunkSound(chunk.text, frames)], spans, rate)
    _publish(step, lambda: [frames], rate, voice, runtime, lease, timed)


# --- Speak ----------------------------------------------------------------------------------------------------------


def _speak(step: Step, runtime: Runtime, lease: Lease) -> None:
    if step.job.status == Status.PROCESSING:
        queue.begin_speaking(step)
    _, voice = _wanted(step, runtime)
    chunk = _chunk(step)
    with runtime.engine(voice) as engine:
        with counters.synthesis.labels(voices.engine_of(voice), voice.language).time():
            frames = remembered.frames(step.job, step.job.chunk_count or 0, chunk, voice, engine)
        rate = engine.sample_rate
        runtime.learn_batch(voice, engine)
    _keep(step, lease, frames, rate, voice)


def _chunk(step: Step) -> Chunk:
    return Chunk(step.index, storage.read_part(step.job.spoken, step.start, step.length), step.pause_ms)


def _keep(step: Step, lease: Lease, frames: bytes, rate: int, voice: Voice) -> None:
    """Store what was spoken, and write it down."""
    with _stored(storage.chunk_name(step.job.folder, step.index, lease.token), ContentFile(frames)) as audio:
        queue.finish_speaking(step, audio, len(frames) // SAMPLE_WIDTH, rate)
    if step.index == 0:
        _first_audio(step, voice)


class _Together:
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
            voice = _wanted(step, self._runtime)[1]
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
                _end(step, self._runtime, work)
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


def _first_audio(step: Step, voice: Voice) -> None:
    waited = (timezone.now() - step.job.created).total_seconds()
    counters.first_audio.labels(voices.engine_of(voice), voice.language).observe(max(0.0, waited))


# --- Join -----------------------------------------------------------------------------------------------------------


def _join(step: Step, runtime: Runtime, lease: Lease) -> None:
    rate = _common_rate(step)
    voice = runtime.voice(step.job.voice_id)
    with contextlib.ExitStack() as stack:
        timed = None
        if Options.stored(step.job.options).subtitles:
            # A worker of the release before has read the text, and left none: the audio is worth having without.
            with contextlib.suppress(FileNotFoundError):
                spans = stack.enter_context(storage.speech_storage().open(storage.spans_name(step.job.spoken)))
                timed = _subtitles(step, _stored_sounds(step, lease), spans, rate)
        _publish(step, lambda: _stored_frames(step, lease), rate, voice, runtime, lease, timed)


def _stored_sounds(step: Step, lease: Lease) -> Iterator[ChunkSound]:
    """The chunks with their texts, one after another. That none is missing is seen where they are joined."""
    speech = storage.speech_storage()
    with speech.open(step.job.spoken) as spoken:
        for audio, start, length in _spoken(step).values_list("audio", "start", "length").iterator():
            lease.check()
            spoken.seek(start)
            with speech.open(audio) as file:
                yield ChunkSound(spoken.read(length).decode(), file.read())


def _subtitles(step: Step, sounds: Iterable[ChunkSound], spans: Iterable[bytes], rate: int) -> Iterator[dict[str, Any]]:
    """When each sentence is heard."""
    return timing.timed(sounds, timing.places(spans), storage.read_text(step.job.folder), rate)


def _common_rate(step: Step) -> int:
    rates = set(_spoken(step).values_list("sample_rate", flat=True))
    if len(rates) != 1:
        raise PipelineError(f"the chunks have {len(rates)} sample rates", code="mixed_rates", permanent=True)
    return int(rates.pop() or 0)


def _stored_frames(step: Step, lease: Lease) -> Iterator[bytes]:
    """The chunks' audio in order, piece by piece. Raises PipelineError for a hole: no mp3 is better than that."""
    speech = storage.speech_storage()
    expected = 0
    for index, audio, samples in _spoken(step).values_list("index", "audio", "samples").iterator():
        if index != expected:
            raise PipelineError(f"chunk {expected + 1} is missing", code="chunk_missing", permanent=True)
        expected += 1
        lease.check()
        try:
            with speech.open(audio) as file:
                yield from _pieces(file, samples * SAMPLE_WIDTH, index)
        except FileNotFoundError as error:
            raise PipelineError(
                f"the audio of chunk {index + 1} is gone", code="chunk_missing", permanent=True
            ) from error
    if expected != step.job.chunk_count:
        raise PipelineError(f"chunk {expected + 1} is missing", code="chunk_missing", permanent=True)


def _pieces(file: IO[bytes], size: int, index: int) -> Iterator[bytes]:
    while piece := file.read(_PIECE_BYTES):
        size -= len(piece)
        yield piece
    if size != 0:
        raise PipelineError(f"the audio of chunk {index + 1} is cut short", code="chunk_missing", permanent=True)


def _spoken(step: Step) -> Any:
    return Step.objects.filter(job_id=step.job_id, kind=StepKind.SPEAK, state=StepState.DONE).order_by("index")


# --- The audio ------------------------------------------------------------------------------------------------------


def _publish(
    step: Step,
    frames: Callable[[], Iterable[bytes]],
    rate: int,
    voice: Voice,
    runtime: Runtime,
    lease: Lease,
    timed: Iterator[dict[str, Any]] | None,
) -> None:
    """Encode the frames into one file, store it, and make the job ready. They are read once more to be measured.

    `timed` are the sentences for subtitles, None for a job without.
    """
    options = Options.stored(step.job.options)
    target = _target(options, frames, rate, runtime)
    tags = Tags(title=f"Voicen {step.job_id}", artist=voice.name, language=voice.language)
    with tempfile.TemporaryDirectory(dir=runtime.temporary_folder, prefix="audio-") as folder:
        path = Path(folder) / f"speech.{options.format}"
        waited = 0.0
        with formats.encoder(path, rate, tags, target) as encoder:
            for piece in frames():
                begin = monotonic()
                encoder.write(piece)
                waited += monotonic() - begin
            begin = monotonic()
        counters.encode.labels(voices.engine_of(voice), voice.language).observe(waited + monotonic() - begin)
        with contextlib.ExitStack() as stack:
            timings = ""
            if timed is not None:
                listed = stack.enter_context((Path(folder) / "timings.json").open("w+b"))
                _write_list(timed, listed)
                timings = stack.enter_context(_stored(storage.timings_name(step.job.folder, lease.token), File(listed)))
            file = stack.enter_context(path.open("rb"))
            name = storage.audio_name(step.job.folder, lease.token, options.format)
            audio = stack.enter_context(_stored(name, File(file)))
            duration_ms = round(1000 * encoder.samples / rate)
            queue.finish_job(step, audio, path.stat().st_size, duration_ms, sample_rate=rate, timings=timings)


def _write_list(entries: Iterable[dict[str, Any]], file: IO[bytes]) -> None:
    """A JSON list, an entry a line: a book has too many to hold."""
    file.write(b"[")
    for number, entry in enumerate(entries):
        file.write((b",\n" if number else b"") + json.dumps(entry, ensure_ascii=False).encode())
    file.write(b"]\n")
    file.seek(0)


def _target(options: Options, frames: Callable[[], Iterable[bytes]], rate: int, runtime: Runtime) -> formats.Target:
    """The file that the client has asked for."""
    bitrate = options.bitrate
    if bitrate is None and options.format == AudioFormat.MP3:
        # What the service is set to, as far as an mp3 of this rate can have it.
        known = mp3_bitrates(options.sample_rate)
        bitrate = max((kbps for kbps in known if kbps <= runtime.bitrate_kbps), default=known[0])
    filters: Sequence[str] = ()
    if options.loudness is not None:
        filters = levelling.filters(levelling.integrated(frames(), rate), options.loudness)
    return formats.Target(options.format, options.encoding, options.sample_rate, bitrate, filters)


@contextlib.contextmanager
def _stored(name: str, content: File) -> Iterator[str]:  # type: ignore[type-arg]
    """A file in the speech storage, which stays if the block, that makes a row name it, ends well."""
    speech = storage.speech_storage()
    speech.save(name, content)
    try:
        yield name
    except queue.LostLease:
        speech.delete(name)
        raise


_HANDLERS: dict[StepKind, Callable[[Step, Runtime, Lease], None]] = {
    StepKind.PREPARE: _prepare,
    StepKind.SPEAK: _speak,
    StepKind.JOIN: _join,
}
