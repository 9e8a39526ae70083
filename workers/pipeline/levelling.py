"""Brings a whole job to the loudness that its client has asked for: one gain for all of it, measured beforehand.

ITU-R BS.1770 by ffmpeg's `ebur128`. One gain keeps the differences between sentences, which a loudness filter that
runs along would iron out. What the gain lifts above the ceiling goes through a limiter.
"""

import re
import subprocess
import tempfile
from collections.abc import Iterable, Sequence
from typing import IO

from workers.pipeline import children
from workers.pipeline.encoding import CLOSE_TIMEOUT, EncoderFailed, find_ffmpeg

CEILING_DBFS = -1.0
_SILENT_LUFS = -70.0
"""What the meter says of silence, and of sound shorter than its window of 0.4 s."""
_MOST_GAIN_DB = 40.0
_INTEGRATED = re.compile(rb"I:\s+(-?[\d.]+|-inf|nan) LUFS")


def integrated(frames: Iterable[bytes], sample_rate: int) -> float | None:
    """The integrated loudness in LUFS of mono s16le frames; None when there is none to measure.

    Raises EncoderFailed.
    """
    command = [find_ffmpeg(), "-nostdin", "-hide_banner", "-nostats", "-loglevel", "info"]
    command += ["-f", "s16le", "-ar", str(sample_rate), "-ac", "1", "-i", "pipe:0"]
    command += ["-af", "ebur128=framelog=quiet", "-f", "null", "-"]
    with tempfile.TemporaryFile() as said:
        _feed(command, frames, said)
        said.seek(0)
        found = _INTEGRATED.findall(said.read())
    if not found:
        raise EncoderFailed("ffmpeg told no loudness")
    loudness = float(found[-1])
    return loudness if loudness > _SILENT_LUFS else None


def filters(measured: float | None, wanted: float) -> Sequence[str]:
    """ffmpeg's filters that bring sound of the measured loudness to the wanted one."""
    if measured is None:
        return ()
    gain = min(wanted - measured, _MOST_GAIN_DB)
    ceiling = 10 ** (CEILING_DBFS / 20)
    return (f"volume={gain:.3f}dB:precision=float", f"alimiter=limit={ceiling:.4f}:level=disabled:latency=1")


def _feed(command: Sequence[str], frames: Iterable[bytes], said: IO[bytes]) -> None:
    process = children.fed(command, said)
    try:
        for piece in frames:
            children.stdin_of(process).write(piece)
        children.stdin_of(process).close()
        status = process.wait(CLOSE_TIMEOUT)
    except (OSError, subprocess.TimeoutExpired) as error:
        raise EncoderFailed(f"ffmpeg did not measure the loudness: {type(error).__name__}") from error
    finally:
        if process.poll() is None:
            process.kill()
            process.wait()
    if status != 0:
        raise EncoderFailed(f"ffmpeg ended with status {status}")
