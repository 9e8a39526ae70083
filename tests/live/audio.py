"""Looking at an mp3: decoded by ffmpeg, since that is what its users do."""

import subprocess
import tempfile
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from workers.pipeline.encoding import find_ffmpeg
from workers.pipeline.mp3 import stated_samples

RATE = 24_000


def samples(mp3: bytes) -> NDArray[np.float32]:
    """The decoded audio, mono, nominal −1…1."""
    with tempfile.NamedTemporaryFile(suffix=".mp3") as file:  # from a pipe ffmpeg does not see the padding at the end
        file.write(mp3)
        file.flush()
        command = [find_ffmpeg(), "-nostdin", "-loglevel", "error", "-i", file.name, "-f", "s16le", "-ac", "1", "-"]
        decoded = subprocess.run(command, capture_output=True, check=True)
    assert decoded.stderr == b"", decoded.stderr
    return np.frombuffer(decoded.stdout, dtype="<i2").astype(np.float32) / np.float32(32768)


def stated_seconds(mp3: bytes, folder: Path) -> float:
    """The duration that the file's header states, checked against its length in bytes."""
    path = folder / "stated.mp3"
    path.write_bytes(mp3)
    return stated_samples(path) / RATE
