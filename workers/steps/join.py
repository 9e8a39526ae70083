"""Join: the spoken chunks become one file. A hole in it fails the job."""

import contextlib
from collections.abc import Iterator
from typing import IO, Any

from synthesis import storage
from synthesis.domain.options import Options
from synthesis.domain.status import StepKind, StepState
from synthesis.models import Step
from workers.pipeline.errors import PipelineError
from workers.pipeline.joining import SAMPLE_WIDTH
from workers.pipeline.timing import ChunkSound
from workers.pulse import Lease
from workers.runtime import Runtime
from workers.steps.publish import publish, subtitles

_PIECE_BYTES = 256 * 1024


def join(step: Step, runtime: Runtime, lease: Lease) -> None:
    rate = _common_rate(step)
    voice = runtime.voice(step.job.voice_id)
    with contextlib.ExitStack() as stack:
        timed = None
        if Options.stored(step.job.options).subtitles:
            # A worker of the release before has read the text, and left none: the audio is worth having without.
            with contextlib.suppress(FileNotFoundError):
                spans = stack.enter_context(storage.speech_storage().open(storage.spans_name(step.job.spoken)))
                timed = subtitles(step, _stored_sounds(step, lease), spans, rate)
        publish(step, lambda: _stored_frames(step, lease), rate, voice, runtime, lease, timed)


def _stored_sounds(step: Step, lease: Lease) -> Iterator[ChunkSound]:
    """The chunks with their texts, one after another. That none is missing is seen where they are joined."""
    speech = storage.speech_storage()
    with speech.open(step.job.spoken) as spoken:
        for audio, start, length in _spoken(step).values_list("audio", "start", "length").iterator():
            lease.check()
            spoken.seek(start)
            with speech.open(audio) as file:
                yield ChunkSound(spoken.read(length).decode(), file.read())


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
