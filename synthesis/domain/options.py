"""What a client may choose about a job beside its text and voice, checked, with the values that are not stored.

A row keeps only what differs from the defaults: a job of the v1 API has none.
"""

from collections.abc import Mapping
from dataclasses import asdict, dataclass, fields
from enum import IntEnum, StrEnum
from typing import Any, Self

from synthesis.domain.errors import InvalidInput


class AudioFormat(StrEnum):
    """The container of the audio, by its usual file name extension."""

    MP3 = "mp3"
    WAV = "wav"
    OGG = "ogg"
    FLAC = "flac"

    @property
    def media_type(self) -> str:
        return _MEDIA_TYPES[self]


class WavEncoding(StrEnum):
    """How a wav holds its samples; the two of telephony take eight bits each."""

    PCM = "pcm"
    ALAW = "alaw"
    ULAW = "ulaw"


class Priority(IntEnum):
    """A job's place among the jobs of the same account, the higher first; those of others are not touched by it."""

    LOW = -1
    NORMAL = 0
    HIGH = 1


_MEDIA_TYPES = {
    AudioFormat.MP3: "audio/mpeg",
    AudioFormat.WAV: "audio/wav",
    AudioFormat.OGG: "audio/ogg",
    AudioFormat.FLAC: "audio/flac",
}

SAMPLE_RATES: Mapping[AudioFormat, tuple[int, ...]] = {
    AudioFormat.MP3: (8000, 16000, 22050, 24000, 44100, 48000),
    AudioFormat.WAV: (8000, 16000, 22050, 24000, 44100, 48000),
    # What Opus knows; it is played at 48 kHz whichever of them it was made from.
    AudioFormat.OGG: (8000, 16000, 24000, 48000),
    AudioFormat.FLAC: (8000, 16000, 22050, 24000, 44100, 48000),
}
"""Hz. Without one the audio has the rate of the engine."""

# MPEG-1 (from 32 kHz) and MPEG-2 layer III differ; at 8 kHz there is MPEG-2.5. Values that all players know.
_MP3_LOW_RATES = (8, 16, 24, 32, 40, 48, 56, 64, 80, 96, 112, 128, 144, 160)
_MP3_HIGH_RATES = (32, 40, 48, 56, 64, 80, 96, 112, 128, 160, 192, 224, 256, 320)
_MP3_LOWEST_RATES = (8, 16, 24, 32, 40, 48, 56, 64)
_OPUS_RATES = range(6, 257)

SPEEDS = (0.5, 2.0)
PAUSES = (0.0, 3.0)
LOUDNESS = (-40.0, -9.0)
LONGEST_TITLE = 200
LONGEST_RETENTION_DAYS = 3650


@dataclass(frozen=True, slots=True)
class Options:
    """How a text is spoken and written to a file.

    `speed` multiplies the voice's own tempo, `pauses` the rests between sentences and paragraphs. `loudness` is the
    integrated loudness of the whole in LUFS (ITU-R BS.1770); None leaves the voices' common level of -20 dBFS.
    `bitrate` is in kbit/s, None as the service is set; `sample_rate` in Hz, None as the engine speaks. `lexicon` says
    whether the account's own entries count, `ssml` whether the text is a document in SSML (`domain.ssml`).
    `early`, which is not for clients to choose, is for one that hears a plain text while it is spoken: its first chunks
    are short.
    """

    format: AudioFormat = AudioFormat.MP3
    encoding: WavEncoding = WavEncoding.PCM
    sample_rate: int | None = None
    bitrate: int | None = None
    speed: float = 1.0
    pauses: float = 1.0
    loudness: float | None = None
    subtitles: bool = False
    lexicon: bool = True
    ssml: bool = False
    early: bool = False

    def __post_init__(self) -> None:
        _within("speed", self.speed, SPEEDS)
        _within("pauses", self.pauses, PAUSES)
        if self.loudness is not None:
            _within("loudness", self.loudness, LOUDNESS)
        if self.encoding != WavEncoding.PCM and self.format != AudioFormat.WAV:
            raise InvalidInput(f"encoding: {self.encoding} is for format wav.")
        _one_of("sample_rate", self.sample_rate, SAMPLE_RATES[self.format])
        self._check_bitrate()

    def _check_bitrate(self) -> None:
        if self.bitrate is None:
            return
        if self.format == AudioFormat.OGG:
            if self.bitrate not in _OPUS_RATES:
                raise InvalidInput(f"bitrate: {_OPUS_RATES[0]} to {_OPUS_RATES[-1]} kbit/s for ogg.")
        elif self.format == AudioFormat.MP3:
            _one_of("bitrate", self.bitrate, mp3_bitrates(self.sample_rate))
        else:
            raise InvalidInput(f"bitrate: {self.format} has none.")

    @classmethod
    def stored(cls, row: Mapping[str, Any]) -> Self:
        """The options of a row. A key that a later version has written is left out."""
        known = {field.name for field in fields(cls)}
        values = {key: value for key, value in row.items() if key in known}
        if "format" in values:
            values["format"] = AudioFormat(values["format"])
        if "encoding" in values:
            values["encoding"] = WavEncoding(values["encoding"])
        return cls(**values)

    def chosen(self) -> dict[str, Any]:
        """What a client may choose, as it is."""
        return {key: value for key, value in asdict(self).items() if key != "early"}

    def to_store(self) -> dict[str, Any]:
        """What differs from the defaults."""
        if self == AS_USUAL:
            return {}
        usual = asdict(AS_USUAL)
        return {key: value for key, value in asdict(self).items() if value != usual[key]}


def mp3_bitrates(sample_rate: int | None) -> tuple[int, ...]:
    """The bit rates in kbit/s that an mp3 of this rate can have; None: of the engines' 22 to 24 kHz."""
    if sample_rate is not None and sample_rate >= 32_000:
        return _MP3_HIGH_RATES
    return _MP3_LOWEST_RATES if sample_rate is not None and sample_rate < 16_000 else _MP3_LOW_RATES


def _within(name: str, value: float, bounds: tuple[float, float]) -> None:
    if not bounds[0] <= value <= bounds[1]:  # a NaN is not within either
        raise InvalidInput(f"{name}: {bounds[0]:g} to {bounds[1]:g}.")


def _one_of(name: str, value: int | None, known: tuple[int, ...]) -> None:
    if value is not None and value not in known:
        raise InvalidInput(f"{name}: one of {', '.join(map(str, known))}.")


AS_USUAL = Options()
