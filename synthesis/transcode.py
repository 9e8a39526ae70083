"""Frames become what a client can play, while they are made: an ffmpeg between two pipes."""

import contextlib
import os
import struct
import subprocess
import tempfile
import threading
from collections.abc import Iterable, Iterator
from enum import StrEnum
from pathlib import Path
from typing import IO

from django.db import connections

from synthesis import ffmpeg

SAMPLE_WIDTH = 2
PCM_RATE = 24_000
"""Hz of `pcm` unless another rate is asked for: what clients of the OpenAI speech endpoint take for granted."""
_PIECE = 16 * 1024
_STDERR_TAIL = 300
_END_SECONDS = 20.0
_TEMPO = (0.25, 4.0)


class StreamFormat(StrEnum):
    """A form of audio that can be sent before its end is known."""

    MP3 = "mp3"
    OPUS = "opus"
    AAC = "aac"
    FLAC = "flac"
    WAV = "wav"
    PCM = "pcm"

    @property
    def media_type(self) -> str:
        return _MEDIA_TYPES[self]

    @property
    def sample_rates(self) -> tuple[int, ...]:
        """Hz that can be asked for."""
        return _OPUS_RATES if self == StreamFormat.OPUS else _RATES


_MEDIA_TYPES = {
    StreamFormat.MP3: "audio/mpeg",
    StreamFormat.OPUS: "audio/ogg",
    StreamFormat.AAC: "audio/aac",
    StreamFormat.FLAC: "audio/flac",
    StreamFormat.WAV: "audio/wav",
    StreamFormat.PCM: "audio/pcm",
}
_RATES = (8000, 16000, 22050, 24000, 44100, 48000)
_OPUS_RATES = (8000, 16000, 24000, 48000)

# -write_xing 0, -id3v2_version 0: a stream has no length to state, and clients put several answers one after another.
# Ogg pages of 100 ms, since a page leaves when it is full; the default is a second.
_ENCODERS = {
    StreamFormat.MP3: ["-codec:a", "libmp3lame", "-b:a", "64k", "-f", "mp3", "-write_xing", "0", "-id3v2_version", "0"],
    StreamFormat.OPUS: ["-codec:a", "libopus", "-b:a", "48k", "-page_duration", "100000", "-f", "ogg"],
    StreamFormat.AAC: ["-codec:a", "aac", "-b:a", "64k", "-f", "adts"],
    StreamFormat.FLAC: ["-codec:a", "flac", "-f", "flac"],
    StreamFormat.WAV: ["-codec:a", "pcm_s16le", "-f", "s16le"],
    StreamFormat.PCM: ["-codec:a", "pcm_s16le", "-f", "s16le"],
}
# A file knows its length: players show it and seek by it.
_FILE_ENCODERS = {
    **_ENCODERS,
    StreamFormat.MP3: ["-codec:a", "libmp3lame", "-b:a", "64k", "-f", "mp3"],
    StreamFormat.WAV: ["-codec:a", "pcm_s16le", "-f", "wav", "-bitexact"],
}


class TranscodingFailed(RuntimeError):
    """ffmpeg ended with an error; the message ends with what it said."""


def stream(
    frames: Iterable[bytes],
    sample_rate: int,
    target: StreamFormat,
    *,
    output_rate: int | None = None,
    tempo: float = 1.0,
) -> Iterator[bytes]:
    """The s16le mono frames (whole samples at `sample_rate` Hz) in another form, piece by piece as they come.

    `output_rate` in Hz: None keeps the rate, `pcm` has `PCM_RATE`. `tempo` makes speech that many times faster at the
    same pitch (0.25 to 4). A wav states the greatest length there is, since its own is not known yet.

    Closing the iterator ends ffmpeg and closes `frames`. What `frames` raises is raised here, after the audio before
    it. Raises ValueError for a rate or tempo that cannot be, NoFfmpeg, and TranscodingFailed while it goes on.
    """
    rate = _checked_rate(sample_rate, target, output_rate)
    if not _TEMPO[0] <= tempo <= _TEMPO[1]:
        raise ValueError(f"tempo {tempo:g} is not from {_TEMPO[0]:g} to {_TEMPO[1]:g}")
    header = wav_header(rate) if target == StreamFormat.WAV else b""
    if target in {StreamFormat.WAV, StreamFormat.PCM} and rate == sample_rate and tempo == 1.0:
        return _as_they_are(frames, header)
    command = [*_input(sample_rate), *_filter(tempo), *_output(target, sample_rate, rate, _ENCODERS), "pipe:1"]
    return _through(command, frames, header)


def to_file(
    frames: Iterable[bytes],
    sample_rate: int,
    target: StreamFormat,
    path: Path,
    *,
    output_rate: int | None = None,
    tempo: float = 1.0,
) -> None:
    """The same as a whole file at `path`, which states its length. Raises as `stream` does."""
    rate = _checked_rate(sample_rate, target, output_rate)
    command = [*_input(sample_rate), *_filter(tempo), *_output(target, sample_rate, rate, _FILE_ENCODERS)]
    for _ in _through([*command, "-y", f"file:{path}"], frames, b""):
        pass


def wav_header(sample_rate: int) -> bytes:
    """The header of a mono wav of 16 bits that goes on for as long as it is sent."""
    size = 0xFFFFFFFF
    form = struct.pack("<HHIIHH", 1, 1, sample_rate, sample_rate * SAMPLE_WIDTH, SAMPLE_WIDTH, 8 * SAMPLE_WIDTH)
    return struct.pack("<4sI4s4sI", b"RIFF", size, b"WAVE", b"fmt ", 16) + form + struct.pack("<4sI", b"data", size)


def _checked_rate(sample_rate: int, target: StreamFormat, output_rate: int | None) -> int:
    if output_rate is not None and output_rate not in target.sample_rates:
        raise ValueError(f"{target} cannot have {output_rate} Hz")
    return output_rate or (PCM_RATE if target == StreamFormat.PCM else sample_rate)


def _input(sample_rate: int) -> list[str]:
    return [*ffmpeg.quiet(), "-f", "s16le", "-ar", str(sample_rate), "-ac", "1", "-i", "pipe:0"]


def _filter(tempo: float) -> list[str]:
    # One filter goes down to half; a quarter takes two.
    steps = [tempo] if tempo >= 0.5 else [0.5, tempo / 0.5]
    return ["-filter:a", ",".join(f"atempo={step:g}" for step in steps)] if tempo != 1.0 else []


def _output(target: StreamFormat, sample_rate: int, rate: int, encoders: dict[StreamFormat, list[str]]) -> list[str]:
    # Without the option ffmpeg takes the nearest rate that the encoder knows: Opus has no 22 050 Hz.
    asked = ["-ar", str(rate)] if rate != sample_rate else []
    return ["-map_metadata", "-1", *asked, "-threads", "1", *encoders[target], "-flush_packets", "1"]


def _as_they_are(frames: Iterable[bytes], header: bytes) -> Iterator[bytes]:
    pieces = iter(frames)
    try:
        for piece in pieces:
            if header:
                yield header  # not before there is sound: what fails at once can still be told otherwise
                header = b""
            yield piece
    finally:
        _close(pieces)


def _through(command: list[str], frames: Iterable[bytes], header: bytes) -> Iterator[bytes]:
    # To a file and not a pipe: nobody reads it while we read the audio, and a full pipe would stop ffmpeg.
    with tempfile.TemporaryFile() as said, _Running(command, said) as child, _Feeder(frames, child.stdin) as feeder:
        while piece := os.read(child.stdout.fileno(), _PIECE):
            if header:
                yield header
                header = b""
            yield piece
        feeder.finish()
        child.finish()


class _Running:
    """ffmpeg as long as the block lasts. It ends by itself when its input ends, so also when this process is killed."""

    def __init__(self, command: list[str], said: IO[bytes]) -> None:
        self._said = said
        self._process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=said)

    def __enter__(self) -> "_Running":
        return self

    @property
    def stdin(self) -> IO[bytes]:
        return _there(self._process.stdin)

    @property
    def stdout(self) -> IO[bytes]:
        return _there(self._process.stdout)

    def finish(self) -> None:
        """Raises TranscodingFailed when it did not end well."""
        try:
            status = self._process.wait(_END_SECONDS)
        except subprocess.TimeoutExpired as error:
            raise TranscodingFailed(f"ffmpeg did not end within {_END_SECONDS:g} s") from error
        if status:
            end = self._said.seek(0, os.SEEK_END)
            self._said.seek(max(0, end - _STDERR_TAIL))
            raise TranscodingFailed(f"ffmpeg: {self._said.read().decode(errors='replace').strip()} (status {status})")

    def __exit__(self, *_: object) -> None:
        if self._process.poll() is None:
            self._process.kill()
        self._process.wait()
        self.stdout.close()


class _Feeder:
    """Writes the frames in a thread of its own: while it waits for the next ones, what is encoded can leave."""

    def __init__(self, frames: Iterable[bytes], target: IO[bytes]) -> None:
        self._frames = iter(frames)
        self._target = target
        self._left = threading.Event()
        self._error: Exception | None = None
        self._thread = threading.Thread(target=self._feed, name="transcode", daemon=True)

    def __enter__(self) -> "_Feeder":
        self._thread.start()
        return self

    def _feed(self) -> None:
        try:
            for piece in self._frames:
                if self._left.is_set():
                    break
                self._target.write(piece)
                self._target.flush()
        except BrokenPipeError:
            pass  # ffmpeg has ended: by our will, or it says why itself
        except Exception as error:  # noqa: BLE001 - raised again by finish(), where the audio is read
            self._error = error
        finally:
            with contextlib.suppress(OSError):
                self._target.close()
            _close(self._frames)
            connections.close_all()  # those that this thread has opened, if the frames come from rows

    def finish(self) -> None:
        """Raise what the frames have raised."""
        self._thread.join(_END_SECONDS)
        if self._error is not None:
            raise self._error

    def __exit__(self, *_: object) -> None:
        # Not waited for: it may stand in the frames for a while. Its next write finds the pipe broken.
        self._left.set()


def _close(frames: object) -> None:
    close = getattr(frames, "close", None)
    if close is not None:
        close()


def _there(pipe: IO[bytes] | None) -> IO[bytes]:
    if pipe is None:  # Popen was asked for it
        raise RuntimeError("ffmpeg has no such pipe")
    return pipe
