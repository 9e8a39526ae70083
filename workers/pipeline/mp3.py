"""An mp3 of constant bit rate, by libmp3lame, and what its header states.

ffmpeg writes into the first frame how many frames there are and how much of them is padding.
"""

import os
import struct
from pathlib import Path
from typing import Any

from workers.pipeline.encoding import Encoder, EncoderFailed, Tags

BITRATE_KBPS = 64
_SHORTEST_LAST_FRAME = 48


def encodable_samples(samples: int, sample_rate: int) -> int:
    """The length that an mp3 of this many samples gets: the same, or up to 2 ms more.

    For lengths a few samples above whole frames libmp3lame gives one more frame at the end and ffmpeg states too little
    padding: the file would claim, and play, more samples than went in. Measured over all lengths at three rates.
    """
    over = samples % (1152 if sample_rate >= 32_000 else 576)
    return samples + _SHORTEST_LAST_FRAME - over if 0 < over < _SHORTEST_LAST_FRAME else samples


class Mp3Encoder(Encoder):
    """See `Encoder`. The header states exactly `samples`, which holds the zeros of `encodable_samples` at the end."""

    def __init__(
        self,
        path: Path,
        sample_rate: int,
        tags: Tags | None = None,
        *,
        bitrate_kbps: int = BITRATE_KBPS,
        **options: Any,
    ) -> None:
        super().__init__(path, sample_rate, tags, **options)
        self._bitrate_kbps = bitrate_kbps

    def _arguments(self) -> list[str]:
        return [
            *(*self._tags.arguments(), "-id3v2_version", "3"),
            *("-codec:a", "libmp3lame", "-b:a", f"{self._bitrate_kbps}k", "-threads", "1", "-write_xing", "1"),
            *("-f", "mp3"),
        ]

    def _missing(self) -> int:
        if self.output_rate != self.sample_rate:
            return 0
        return encodable_samples(self.samples, self.sample_rate) - self.samples

    def _stated(self) -> float:
        return stated_samples(self.path) / self.output_rate


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
