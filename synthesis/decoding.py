"""Stored audio, read by ffmpeg: as frames from any sample on, or converted into another file."""

import contextlib
import shutil
import subprocess
import tempfile
from collections.abc import Iterator, Sequence
from pathlib import Path

from django.conf import settings

from synthesis import ffmpeg, storage
from synthesis.domain.errors import JobNotFound

SAMPLE_WIDTH = 2
_PIECE = 64 * 1024
_MOST_SECONDS_OF_WORK = 300


class Unreadable(RuntimeError):
    """ffmpeg cannot read the audio. The message says no more: the reason stands in its own words on stderr."""


def frames(name: str, sample_rate: int, start: int = 0) -> Iterator[bytes]:
    """The stored audio as s16le mono frames at this rate, from sample `start` on. Closing it ends ffmpeg.

    Whatever lies before `start` is decoded too: seeking in an mp3 is not exact to the sample. Raises Unreadable, and
    JobNotFound when the file is gone.
    """
    with _local(name) as path:
        command = [*_reading(path), "-ac", "1", "-ar", str(sample_rate)]
        if start:
            command += ["-af", f"aresample={sample_rate},atrim=start_sample={start}"]
        command += ["-c:a", "pcm_s16le", "-f", "s16le", "pipe:1"]
        process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL)
        try:
            while piece := process.stdout.read(_PIECE) if process.stdout else b"":
                yield piece
            if process.wait(_MOST_SECONDS_OF_WORK) != 0:
                raise Unreadable("The audio cannot be read.")
        finally:
            if process.poll() is None:
                process.kill()
                process.wait()
            if process.stdout:
                process.stdout.close()


def convert(name: str, arguments: Sequence[str], target: Path) -> None:
    """Write the stored audio to `target` with these options of ffmpeg. Raises Unreadable, JobNotFound."""
    with _local(name) as path:
        command = [*_reading(path), *arguments, f"file:{target}"]
        try:
            subprocess.run(
                command, check=True, timeout=_MOST_SECONDS_OF_WORK, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
            )
        except subprocess.SubprocessError as error:
            raise Unreadable("The audio cannot be read.") from error


def _reading(path: Path) -> list[str]:
    return [*ffmpeg.quiet(), "-protocol_whitelist", "file,pipe", "-i", f"file:{path}", "-map", "0:a:0"]


@contextlib.contextmanager
def _local(name: str) -> Iterator[Path]:
    """The stored file as one that ffmpeg can seek in: itself, or a copy of what lies in a bucket."""
    speech = storage.speech_storage()
    try:
        path = Path(speech.path(name))
    except NotImplementedError:
        path = None
    if path is not None:
        if not path.is_file():
            raise JobNotFound
        yield path
        return
    with tempfile.NamedTemporaryFile(dir=settings.FILE_UPLOAD_TEMP_DIR, prefix="audio-") as copy:
        try:
            with speech.open(name) as file:
                shutil.copyfileobj(file, copy)
        except FileNotFoundError as error:
            raise JobNotFound from error
        copy.flush()
        yield Path(copy.name)
