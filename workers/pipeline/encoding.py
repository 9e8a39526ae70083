"""Frames in, one whole audio file out: ffmpeg, fed through a pipe, writing a seekable file.

A file and not a pipe, because ffmpeg goes back to the beginning at the end and writes there how much sound there is:
that is what players show as the duration. `mp3` and `formats` say what is written, and read back what it states.
"""

import contextlib
import os
import select
import shutil
import subprocess
import sys
import tempfile
from abc import ABC, abstractmethod
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from types import TracebackType
from typing import IO, Self

import imageio_ffmpeg

from workers.pipeline import children
from workers.pipeline.errors import PipelineError
from workers.pipeline.joining import SAMPLE_WIDTH

CLOSE_TIMEOUT = 60.0
"""Seconds that ffmpeg gets to write what it holds once its input has ended: a few frames and the header."""
RESAMPLING_SLACK = 0.005
"""Seconds. What a resampler holds back or adds at the edges, and what an mp3 adds to that."""
_PROBE_TIMEOUT = 20.0
_STDERR_TAIL = 500

# ID3's TLAN wants ISO 639-2.
_ISO_639_2 = {"az": "aze", "tr": "tur", "ru": "rus"}


class EncoderFailed(PipelineError):
    """No whole file could be made; the message ends with the last lines that ffmpeg wrote."""

    def __init__(self, message: str, *, code: str = "encoder_failed", permanent: bool = False) -> None:
        super().__init__(message, code=code, permanent=permanent)


@dataclass(frozen=True, slots=True)
class Tags:
    """What the file says about itself; an empty value writes no tag. `language` is ours or ISO 639-2."""

    title: str = ""
    artist: str = ""
    language: str = ""

    def arguments(self) -> list[str]:
        """ffmpeg's options for them."""
        language = _ISO_639_2.get(self.language, self.language)
        values = {"title": self.title, "artist": self.artist, "language": language}
        # A control character would end the tag early; an argument cannot hold a NUL at all.
        printable = {key: "".join(filter(str.isprintable, value)) for key, value in values.items()}
        return [part for key, value in printable.items() if value for part in ("-metadata", f"{key}={value}")]


@lru_cache(maxsize=1)
def find_ffmpeg() -> str:
    """The ffmpeg to use: the one on PATH if it has libmp3lame, else the one that imageio-ffmpeg brings.

    Raises EncoderFailed (permanent) when neither can write mp3. The answer is kept, the error is not.
    """
    on_path = shutil.which("ffmpeg")
    if on_path and _has_lame(on_path):
        return on_path
    with contextlib.suppress(RuntimeError):  # its way to say that this platform's wheel has no binary
        bundled = str(imageio_ffmpeg.get_ffmpeg_exe())
        if _has_lame(bundled):
            return bundled
    raise EncoderFailed(
        "no ffmpeg with libmp3lame: install ffmpeg (for example: apt-get install ffmpeg)",
        code="ffmpeg_missing",
        permanent=True,
    )


def _has_lame(ffmpeg: str) -> bool:
    command = [ffmpeg, "-nostdin", "-hide_banner", "-loglevel", "error", "-h", "encoder=libmp3lame"]
    try:
        answer = subprocess.run(command, capture_output=True, timeout=_PROBE_TIMEOUT, check=False)
    except (OSError, subprocess.TimeoutExpired):
        return False
    return b"Encoder libmp3lame" in answer.stdout


class Encoder(ABC):
    """Writes mono s16le frames into one file, in constant memory.

        with Mp3Encoder(path, 24_000, Tags(title="…")) as encoder:
            encoder.write(frames)

    When the block ends well, `path` is a whole file that states exactly `samples`, or, when `output_rate` is another
    than `sample_rate`, as many as these are at that rate, to a few milliseconds. When anything fails, in the block or
    in ffmpeg, the process is ended, `path` removed and the error (ours: EncoderFailed) raised. `filters` are ffmpeg's.
    """

    _slack_seconds = 0.0
    """By how much the format may state another length than it was given."""

    def __init__(
        self,
        path: Path,
        sample_rate: int,
        tags: Tags | None = None,
        *,
        output_rate: int | None = None,
        filters: Sequence[str] = (),
        ffmpeg: str | None = None,
    ) -> None:
        self.path = path
        self.samples = 0
        """Samples written so far; at the end with the few zeros that the format needs."""
        self.sample_rate = sample_rate
        self.output_rate = output_rate or sample_rate
        self._filters = filters
        self._tags = tags or Tags()
        self._ffmpeg = ffmpeg or find_ffmpeg()
        self._process: subprocess.Popen[bytes] | None = None
        # To a file and not a pipe: nobody reads while we write, and a full pipe would stop ffmpeg.
        self._stderr: IO[bytes] = tempfile.TemporaryFile()  # noqa: SIM115 - closed in __exit__

    @abstractmethod
    def _arguments(self) -> list[str]:
        """ffmpeg's options for tags, codec and container."""

    @abstractmethod
    def _stated(self) -> float:
        """How many seconds of sound the finished file says it holds. Raises EncoderFailed when it is not whole."""

    def _missing(self) -> int:
        """How many samples of silence the format needs at the end for what it states to be true."""
        return 0

    def __enter__(self) -> Self:
        try:
            self._process = children.fed(self._command(), self._stderr)
        except OSError as error:
            self._stderr.close()
            raise EncoderFailed(f"ffmpeg did not start: {error}", code="ffmpeg_missing", permanent=True) from error
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        whole = False
        try:
            if kind is None:
                self._finish()
                whole = True
        finally:
            self._release(keep_file=whole)

    def write(self, frames: bytes) -> None:
        """Encode these frames after the ones before; blocks while ffmpeg is busy."""
        if len(frames) % SAMPLE_WIDTH:
            raise ValueError(f"{len(frames)} bytes are not whole samples")
        try:
            self._stdin.write(frames)
        except OSError as error:  # a broken pipe: ffmpeg has ended, and says why on stderr
            raise self._failure("ffmpeg ended early") from error
        self.samples += len(frames) // SAMPLE_WIDTH

    @property
    def _running(self) -> subprocess.Popen[bytes]:
        if self._process is None:
            raise RuntimeError("the encoder is used outside its with block")
        return self._process

    @property
    def _stdin(self) -> IO[bytes]:
        return children.stdin_of(self._running)

    def _finish(self) -> None:
        missing = self._missing()
        if missing:
            self.write(bytes(missing * SAMPLE_WIDTH))
        try:
            self._stdin.close()
            status = _status(self._running, CLOSE_TIMEOUT)
        except OSError as error:
            raise self._failure("ffmpeg ended early") from error
        except subprocess.TimeoutExpired as error:
            raise self._failure(f"ffmpeg did not end within {CLOSE_TIMEOUT:g} s") from error
        if status != 0:
            raise self._failure(f"ffmpeg ended with status {status}")
        if not self.samples:
            raise self._failure("no samples were written")
        self._check_length()

    def _check_length(self) -> None:
        stated, written = self._stated(), self.samples / self.sample_rate
        # Half a sample: both are whole numbers of them.
        slack = self._slack_seconds if self.output_rate == self.sample_rate else RESAMPLING_SLACK
        if abs(stated - written) > max(slack, 0.5 / self.sample_rate):
            raise self._failure(f"the file states {stated:.6f} s, {written:.6f} s were written")

    def _failure(self, what: str) -> EncoderFailed:
        end = self._stderr.seek(0, os.SEEK_END)
        self._stderr.seek(max(0, end - _STDERR_TAIL))
        said = self._stderr.read().decode(errors="replace").strip()
        return EncoderFailed(f"{what}: {said}" if said else what)

    def _release(self, *, keep_file: bool) -> None:
        process = self._running
        if process.poll() is None:
            process.kill()
        with contextlib.suppress(OSError):  # what is still buffered has nowhere to go
            self._stdin.close()
        process.wait()
        self._stderr.close()
        if not keep_file:
            self.path.unlink(missing_ok=True)

    def _command(self) -> list[str]:
        rate = ["-ar", str(self.output_rate)] if self.output_rate != self.sample_rate else []
        filters = ["-af", ",".join(self._filters)] if self._filters else []
        return [
            *(self._ffmpeg, "-nostdin", "-hide_banner", "-loglevel", "error", "-y"),
            *("-f", "s16le", "-ar", str(self.sample_rate), "-ac", "1", "-i", "pipe:0"),
            *(*filters, *rate, "-map_metadata", "-1", *self._arguments(), f"file:{self.path}"),
        ]


def _status(process: subprocess.Popen[bytes], seconds: float) -> int:
    """Its exit status at the moment when it ends. Raises TimeoutExpired.

    Popen.wait with a timeout looks at growing intervals and comes up to 50 ms late: a third of what a greeting takes.
    """
    if sys.platform == "linux":
        with contextlib.suppress(OSError):  # an old kernel, or no descriptor left: then by looking
            descriptor = os.pidfd_open(process.pid)
            try:
                ending = select.poll()
                ending.register(descriptor, select.POLLIN)
                ended = ending.poll(1000 * seconds)
            finally:
                os.close(descriptor)
            if not ended:
                raise subprocess.TimeoutExpired(process.args, seconds)
    return process.wait(seconds)
