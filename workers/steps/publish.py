"""The end of every job: its audio is encoded and stored, its sentences timed, and the job is ready."""

import contextlib
import json
import tempfile
from collections.abc import Callable, Iterable, Iterator, Sequence
from pathlib import Path
from time import monotonic
from typing import IO, Any

from django.core.files import File

from models.catalogue import Voice
from synthesis import storage
from synthesis.domain.options import AudioFormat, Options, mp3_bitrates
from synthesis.domain.ssml import reread
from synthesis.metrics import counters
from synthesis.models import Step
from synthesis.services import queue, voices
from workers import ssml
from workers.pipeline import formats, levelling, timing
from workers.pipeline.encoding import Tags
from workers.pipeline.timing import ChunkSound
from workers.pulse import Lease
from workers.runtime import Runtime


def publish(
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
                timings = stack.enter_context(stored(storage.timings_name(step.job.folder, lease.token), File(listed)))
            file = stack.enter_context(path.open("rb"))
            name = storage.audio_name(step.job.folder, lease.token, options.format)
            audio = stack.enter_context(stored(name, File(file)))
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
def stored(name: str, content: File) -> Iterator[str]:  # type: ignore[type-arg]
    """A file in the speech storage, which stays if the block, that makes a row name it, ends well."""
    speech = storage.speech_storage()
    speech.save(name, content)
    try:
        yield name
    except queue.LostLease:
        speech.delete(name)
        raise


def subtitles(step: Step, sounds: Iterable[ChunkSound], spans: Iterable[bytes], rate: int) -> Iterator[dict[str, Any]]:
    """When each sentence is heard, and each mark of SSML."""
    options, text = Options.stored(step.job.options), storage.read_text(step.job.folder)
    if not options.ssml:
        return timing.timed(sounds, timing.places(spans), text, rate)
    document = reread(text, options.speed)
    return ssml.subtitles(timing.timed(sounds, timing.places(spans), document.written(), rate), document.marks)
