"""The audio of a chunk as it is stored and joined: signed 16-bit little-endian mono, rest included.

Stored so, the chunks of a job are joined by writing them one after another into the encoder. The only place
that makes silence, and it counts it in samples.
"""

import warnings

import numpy as np

from models.audio import Pcm, Samples, to_int16

with warnings.catch_warnings():
    # At import pydub looks for an ffmpeg on PATH. We use its segments only; `mp3` finds the encoder.
    warnings.filterwarnings("ignore", message="Couldn't find ffmpeg", category=RuntimeWarning)
    # Its audioop left the standard library with Python 3.13, where audioop-lts takes its place.
    warnings.filterwarnings("ignore", message="'audioop' is deprecated", category=DeprecationWarning)
    from pydub import AudioSegment

SAMPLE_WIDTH = 2
"""Bytes of one sample."""
FADE_MS = 5
"""Length of the fades at both ends of a chunk: a joint then starts and ends at zero and cannot click."""


def segment(pcm: Pcm) -> AudioSegment:
    """`pcm` as a pydub segment, faded in and out."""
    frames = to_int16(_faded(pcm)).astype("<i2").tobytes()
    return _segment(frames, pcm.sample_rate)


def _faded(pcm: Pcm) -> Samples:
    """Linear fades by hand: pydub's round to milliseconds and change the length (24,013 samples become 24,024)."""
    length = min(FADE_MS * pcm.sample_rate // 1000, len(pcm.samples) // 2)
    ramp = np.linspace(0, 1, length, endpoint=False, dtype=np.float32)
    samples = pcm.samples.copy()
    samples[:length] *= ramp
    samples[len(samples) - length :] *= ramp[::-1]
    return samples


def with_pause(spoken: AudioSegment, pause_ms: int) -> AudioSegment:
    """`spoken` followed by silence, to the nearest sample."""
    silence = _silence(pause_ms, spoken.frame_rate)
    return spoken.append(_segment(silence, spoken.frame_rate), crossfade=0) if silence else spoken


def _silence(milliseconds: int, sample_rate: int) -> bytes:
    return np.zeros(round(milliseconds * sample_rate / 1000), dtype="<i2").tobytes()


def encode_chunk(pcm: Pcm, pause_ms: int, lead_ms: int = 0) -> bytes:
    """The frames of a chunk, and the rests before and after it."""
    frames: bytes = with_pause(segment(pcm), pause_ms).raw_data
    return _silence(lead_ms, pcm.sample_rate) + frames if lead_ms else frames


def _segment(frames: bytes, sample_rate: int) -> AudioSegment:
    return AudioSegment(frames, sample_width=SAMPLE_WIDTH, frame_rate=sample_rate, channels=1)
