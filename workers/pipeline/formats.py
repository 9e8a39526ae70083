"""The formats beside mp3, what their files state, and which encoder writes what a client has asked for."""

import os
import struct
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from workers.pipeline.encoding import Encoder, EncoderFailed, Tags
from workers.pipeline.mp3 import BITRATE_KBPS, Mp3Encoder

OPUS_KBPS = 32
"""Speech in mono is transparent from about here."""
OPUS_RATES = (8_000, 12_000, 16_000, 24_000, 48_000)
"""Hz. What Opus can be made from; it is always played at 48 kHz."""
_OPUS_CLOCK = 48_000


@dataclass(frozen=True, slots=True)
class Target:
    """The file that is wanted: `format` mp3, wav, ogg or flac, `encoding` (of a wav) pcm, alaw or ulaw.

    `sample_rate` None: as the engine speaks. `bitrate_kbps` None: the format's own. `filters` are ffmpeg's.
    """

    format: str = "mp3"
    encoding: str = "pcm"
    sample_rate: int | None = None
    bitrate_kbps: int | None = None
    filters: Sequence[str] = ()

    def output_rate(self, sample_rate: int) -> int:
        """Hz of the file for speech of this rate."""
        rate = self.sample_rate or sample_rate
        if self.format == "ogg" and rate not in OPUS_RATES:
            return next((known for known in OPUS_RATES if known >= rate), _OPUS_CLOCK)
        return rate


def encoder(path: Path, sample_rate: int, tags: Tags, target: Target) -> Encoder:
    """The encoder that writes the target from frames of this rate."""
    options: dict[str, Any] = {"output_rate": target.output_rate(sample_rate), "filters": target.filters}
    if target.format == "wav":
        return WavEncoder(path, sample_rate, tags, encoding=target.encoding, **options)
    if target.format == "ogg":
        return OggEncoder(path, sample_rate, tags, bitrate_kbps=target.bitrate_kbps or OPUS_KBPS, **options)
    if target.format == "flac":
        return FlacEncoder(path, sample_rate, tags, **options)
    return Mp3Encoder(path, sample_rate, tags, bitrate_kbps=target.bitrate_kbps or BITRATE_KBPS, **options)


class WavEncoder(Encoder):
    """A wav without tags: telephone systems read the bare header only. Beyond 4 GB it is an RF64."""

    _codecs = {"pcm": "pcm_s16le", "alaw": "pcm_alaw", "ulaw": "pcm_mulaw"}  # noqa: RUF012 - never changed

    def __init__(
        self, path: Path, sample_rate: int, tags: Tags | None = None, *, encoding: str = "pcm", **options: Any
    ) -> None:
        super().__init__(path, sample_rate, tags, **options)
        self._codec = self._codecs[encoding]

    def _arguments(self) -> list[str]:
        return ["-codec:a", self._codec, "-fflags", "+bitexact", "-rf64", "auto", "-f", "wav"]

    def _stated(self) -> float:
        return wav_seconds(self.path)


class OggEncoder(Encoder):
    """Opus in Ogg, tuned for speech, at a constrained variable bit rate."""

    _slack_seconds = 1 / _OPUS_CLOCK

    def __init__(
        self,
        path: Path,
        sample_rate: int,
        tags: Tags | None = None,
        *,
        bitrate_kbps: int = OPUS_KBPS,
        **options: Any,
    ) -> None:
        super().__init__(path, sample_rate, tags, **options)
        self._bitrate_kbps = bitrate_kbps

    def _arguments(self) -> list[str]:
        return [
            *self._tags.arguments(),
            *("-codec:a", "libopus", "-b:a", f"{self._bitrate_kbps}k", "-vbr", "constrained", "-application", "voip"),
            *("-f", "ogg"),
        ]

    def _stated(self) -> float:
        return opus_seconds(self.path)


class FlacEncoder(Encoder):
    """FLAC of 16 bits."""

    def _arguments(self) -> list[str]:
        return [*self._tags.arguments(), "-codec:a", "flac", "-sample_fmt", "s16", "-f", "flac"]

    def _stated(self) -> float:
        return flac_seconds(self.path)


def wav_seconds(path: Path) -> float:
    """How long the mono wav or RF64 at `path` says it is. Raises EncoderFailed when it is not whole."""
    with path.open("rb") as file:
        head = file.read(12)
        if head[:4] not in (b"RIFF", b"RF64") or head[8:] != b"WAVE":
            raise _invalid("the file is no wav")
        large = 0
        bytes_a_second = 0
        while len(chunk := file.read(8)) == 8:
            name, size = struct.unpack("<4sI", chunk)
            if name == b"data":
                return _wav_data(path, file.tell(), large if size == 0xFFFFFFFF else size, bytes_a_second)
            content = file.read(size + size % 2)
            if name == b"ds64":
                large = int.from_bytes(content[8:16], "little")
            elif name == b"fmt ":
                bytes_a_second = int.from_bytes(content[8:12], "little")
    raise _invalid("the wav holds no sound")


def _wav_data(path: Path, start: int, size: int, bytes_a_second: int) -> float:
    there = path.stat().st_size - start
    if not bytes_a_second or not size <= there <= size + 1:  # an odd length is filled up
        raise _invalid(f"the wav states {size} bytes of audio and has {there}")
    return size / bytes_a_second


def opus_seconds(path: Path) -> float:
    """How long the Ogg Opus file at `path` says it is. Raises EncoderFailed when it is not whole."""
    with path.open("rb") as file:
        head = file.read(256)
        file.seek(max(0, file.seek(0, os.SEEK_END) - _LONGEST_PAGE))
        tail = file.read()
    begin = head.find(b"OpusHead")
    last = tail.rfind(b"OggS")
    if head[:4] != b"OggS" or begin < 0 or last < 0 or len(tail) < last + _PAGE_HEADER:
        raise _invalid("the file is no Ogg Opus")
    if not tail[last + 5] & _LAST_PAGE:
        raise _invalid("the Ogg file is cut short")
    skipped = int.from_bytes(head[begin + 10 : begin + 12], "little")
    return float(int.from_bytes(tail[last + 6 : last + 14], "little") - skipped) / _OPUS_CLOCK


_LONGEST_PAGE = 65_307
_PAGE_HEADER = 27
_LAST_PAGE = 4


def flac_seconds(path: Path) -> float:
    """How long the FLAC file at `path` says it is. Raises EncoderFailed when it does not say so."""
    with path.open("rb") as file:
        head = file.read(26)
    if head[:4] != b"fLaC" or len(head) < 26:
        raise _invalid("the file is no FLAC")
    # STREAMINFO comes first: 20 bits of sample rate, 3 of channels, 5 of depth, 36 of samples.
    figures = int.from_bytes(head[18:26], "big")
    rate, samples = figures >> 44, figures & (2**36 - 1)
    if not rate or not samples:
        raise _invalid("the FLAC file states no length")
    return samples / rate


def _invalid(message: str) -> EncoderFailed:
    return EncoderFailed(message, code="audio_invalid")
