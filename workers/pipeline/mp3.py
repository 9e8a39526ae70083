"""Frames in, one whole mp3 out: ffmpeg with libmp3lame, fed through a pipe, writing a seekable file.

A file and not a pipe, because ffmpeg goes back to the first frame at the end and writes there how many frames
there are and how much of them is padding: that is what players show as the duration.
"""

import contextlib
import ctypes
import os
import shutil
import signal
import struct
import subprocess
import sys
import tempfile
from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from types import TracebackType
from typing import IO, Self

import imageio_ffmpeg

from workers.pipeline.errors import PipelineError
from workers.pipeline.joining import SAMPLE_WIDTH

BITRATE_KBPS = 64
CLOSE_TIMEOUT = 60.0
"""Seconds that ffmpeg gets to write what it holds once its input has ended: a few frames and the header."""
_PROBE_TIMEOUT = 20.0
_PR_SET_PDEATHSIG = 1
_STDERR_TAIL = 500
_SHORTEST_LAST_FRAME = 48

# ID3's TLAN wants ISO 639-2.
_ISO_639_2 = {"az": "aze", "tr": "tur", "ru": "rus"}


class EncoderFailed(PipelineError):
    """No whole mp3 could be made; the message ends with the last lines that ffmpeg wrote."""

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


def encodable_samples(samples: int, sample_rate: int) -> int:
    """The length that an mp3 of this many samples gets: the same, or up to 2 ms more.

    For lengths a few samples above whole frames libmp3lame gives one more frame at the end and ffmpeg states too little
    padding: the file would claim, and play, more samples than went in. Measured over all lengths at three rates.
    """
    over = samples % (1152 if sample_rate >= 32_000 else 576)
    return samples + _SHORTEST_LAST_FRAME - over if 0 < over < _SHORTEST_LAST_FRAME else samples


class Mp3Encoder:
    """Writes mono s16le frames into one mp3 of constant bit rate, in constant memory.

        with Mp3Encoder(path, 24_000, Tags(title="…")) as encoder:
            encoder.write(frames)

    When the block ends well, `path` is a whole mp3 whose header states exactly `samples`. When anything
    fails, in the block or in ffmpeg, the process is ended, `path` removed and the error (ours: EncoderFailed)
    raised.
    """

    def __init__(
        self,
        path: Path,
        sample_rate: int,
        tags: Tags | None = None,
        *,
        bitrate_kbps: int = BITRATE_KBPS,
        ffmpeg: str | None = None,
    ) -> None:
        self.path = path
        self.samples = 0
        """Samples written so far; at the end those of a few zeros too, see `encodable_samples`."""
        self._sample_rate = sample_rate
        self._command = _command(ffmpeg or find_ffmpeg(), path, sample_rate, tags or Tags(), bitrate_kbps)
        self._process: subprocess.Popen[bytes] | None = None
        # To a file and not a pipe: nobody reads while we write, and a full pipe would stop ffmpeg.
        self._stderr: IO[bytes] = tempfile.TemporaryFile()  # noqa: SIM115 - closed in __exit__

    def __enter__(self) -> Self:
        try:
            self._process = subprocess.Popen(
                self._command,
                stdin=subprocess.PIPE,
                stdout=subprocess.DEVNULL,
                stderr=self._stderr,
                preexec_fn=_DIE_WITH_US,
            )
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
            raise RuntimeError("Mp3Encoder is used outside its with block")
        return self._process

    @property
    def _stdin(self) -> IO[bytes]:
        stdin = self._running.stdin
        if stdin is None:  # Popen was asked for a pipe
            raise RuntimeError("ffmpeg has no input")
        return stdin

    def _finish(self) -> None:
        missing = encodable_samples(self.samples, self._sample_rate) - self.samples
        if missing:
            self.write(bytes(missing * SAMPLE_WIDTH))
        try:
            self._stdin.close()
            status = self._running.wait(CLOSE_TIMEOUT)
        except OSError as error:
            raise self._failure("ffmpeg ended early") from error
        except subprocess.TimeoutExpired as error:
            raise self._failure(f"ffmpeg did not end within {CLOSE_TIMEOUT:g} s") from error
        if status != 0:
            raise self._failure(f"ffmpeg ended with status {status}")
        if not self.samples:
            raise self._failure("no samples were written")
        stated = stated_samples(self.path)
        if stated != self.samples:
            raise self._failure(f"the mp3 states {stated} samples, {self.samples} were written")

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


def _die_with_parent() -> Callable[[], None] | None:
    """For the child: end when its parent is killed. At the end of its input it ends by itself, unless it hangs."""
    if sys.platform != "linux":
        return None
    prctl = ctypes.CDLL(None).prctl
    return lambda: prctl(_PR_SET_PDEATHSIG, signal.SIGKILL, 0, 0, 0)


_DIE_WITH_US = _die_with_parent()


def _command(ffmpeg: str, path: Path, sample_rate: int, tags: Tags, bitrate_kbps: int) -> list[str]:
    return [
        *(ffmpeg, "-nostdin", "-hide_banner", "-loglevel", "error", "-y"),
        *("-f", "s16le", "-ar", str(sample_rate), "-ac", "1", "-i", "pipe:0"),
        *("-map_metadata", "-1", *tags.arguments(), "-id3v2_version", "3"),
        *("-codec:a", "libmp3lame", "-b:a", f"{bitrate_kbps}k", "-threads", "1", "-write_xing", "1"),
        *("-f", "mp3", f"file:{path}"),
    ]


_HEADER_BYTES = 4096
"""The first frame is at most 1441 bytes: with this many it is there whole."""
_XING_FRAMES, _XING_BYTES, _XING_TOC, _XING_QUALITY = 1, 2, 4, 8
_LAME_DELAYS = 21
"""Offset of encoder delay and padding, 12 bits each, in the LAME part of the header."""


def stated_samples(path: Path) -> int:
    """How many samples the mp3 at `path` says it holds, by its Xing/Info and LAME header.

    Reads the start of the file only. Raises EncoderFailed when the header is missing, or states another
    number of bytes than the file has: it was cut short, or something was added.
    """
    with path.open("rb") as file:
        start = _id3_length(file.read(10))
        file.seek(start)
        frame = file.read(_HEADER_BYTES)
        length = file.seek(0, os.SEEK_END)
    side_information, samples_a_frame = _frame_layout(frame)
    tag = frame[4 + side_information :]
    if tag[:4] not in (b"Info", b"Xing") or len(tag) < 160:
        raise EncoderFailed("the mp3 has no Xing or Info header", code="mp3_invalid")
    flags, frames, size = struct.unpack(">III", tag[4:16])
    if flags & 15 != _XING_FRAMES | _XING_BYTES | _XING_TOC | _XING_QUALITY:
        raise EncoderFailed("the mp3's Xing header is incomplete", code="mp3_invalid")
    if size != length - start:
        raise EncoderFailed(f"the mp3 states {size} bytes of audio and has {length - start}", code="mp3_invalid")
    lame = 16 + 100 + 4  # after flags and counts: seek table, quality
    delays = int.from_bytes(tag[lame + _LAME_DELAYS : lame + _LAME_DELAYS + 3])
    delay, padding = delays >> 12, delays & 0xFFF
    return int(frames) * samples_a_frame - delay - padding


def _id3_length(head: bytes) -> int:
    """Bytes of the ID3v2 tag that `head` begins; its size is written in four 7-bit bytes."""
    if head[:3] != b"ID3" or len(head) < 10:
        return 0
    first, second, third, fourth = head[6:10]
    return 10 + (first << 21 | second << 14 | third << 7 | fourth)


def _frame_layout(frame: bytes) -> tuple[int, int]:
    """Bytes of side information and samples a frame of the layer III frame that starts here."""
    if len(frame) < 4 or frame[0] != 0xFF or frame[1] & 0xE6 != 0xE2:
        raise EncoderFailed("the file does not start with an mp3 frame", code="mp3_invalid")
    is_mpeg1 = frame[1] & 0x18 == 0x18
    is_mono = frame[3] & 0xC0 == 0xC0
    if is_mpeg1:
        return (17 if is_mono else 32), 1152
    return (9 if is_mono else 17), 576
