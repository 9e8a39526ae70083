"""Reference recordings of operators' voices: checked and made uniform when they are uploaded, kept in the storage.

A recording is called by the sha256 of its content. The storage is what all hosts share; a worker copies what it needs
to the folder of voice packs, where engines look. No numerical library: the web process does the checking.
"""

import array
import contextlib
import hashlib
import math
import os
import re
import subprocess
import sys
import tempfile
import time
import uuid
import wave
from dataclasses import dataclass
from pathlib import Path
from typing import IO

from django.conf import settings
from django.core.files.base import ContentFile

from models.catalogue import Voice
from models.engines.errors import EngineError
from synthesis import ffmpeg, storage
from synthesis.models import OperatorVoice, recording_path

SAMPLE_RATE = 24_000
SHORTEST, LONGEST = 3.0, 30.0
"""Seconds. Models that imitate a voice gain nothing from more, and learn nothing from less."""
MOST_BYTES = 20 * 1024 * 1024
_MOST_SECONDS_OF_WORK = 30

_FULL_SCALE = 32768
_CLIPPED = 32_600
_MOST_CLIPPED = 0.001
_FRAME = SAMPLE_RATE // 20
# Speech has loud frames and pauses between them; noise and tones have one level, and silence has none.
_QUIETEST_DBFS = -40.0
_BELOW_PEAK_DB = 30.0
_LEAST_SPEECH = 0.4
_LEAST_MOVEMENT_DB = 4.0
_FOLDER = "recordings"
# Between storing a recording and committing its voice lie milliseconds.
_ARRIVING_SECONDS = 3600
_NAME = re.compile(r"[0-9a-f]{64}\.wav")


class BadRecording(ValueError):
    """The recording cannot serve as a reference. The message tells its speaker what to do better."""


@dataclass(frozen=True, slots=True)
class Recording:
    """A mono wav of 16 bits at `SAMPLE_RATE`."""

    content: bytes
    seconds: float

    @property
    def sha256(self) -> str:
        return hashlib.sha256(self.content).hexdigest()


def check(upload: IO[bytes]) -> Recording:
    """The upload (wav, mp3 or ogg), made uniform. Raises BadRecording."""
    content = upload.read(MOST_BYTES + 1)
    if len(content) > MOST_BYTES:
        raise BadRecording(f"The file is larger than {MOST_BYTES // 1024**2} MB.")
    samples = _decoded(content)
    seconds = len(samples) / SAMPLE_RATE
    if not SHORTEST <= seconds <= LONGEST:
        length = f"more than {LONGEST:g}" if seconds > LONGEST else f"{seconds:.1f}"
        raise BadRecording(f"It takes {length} s: record {SHORTEST:g} to {LONGEST:g} s.")
    _check_levels(samples)
    return Recording(_wav(samples), seconds)


def _decoded(content: bytes) -> "array.array[int]":
    try:
        command = ffmpeg.quiet()
    except ffmpeg.NoFfmpeg as error:
        raise BadRecording(str(error)) from error
    # Only these three: other formats (playlists) name further files, which ffmpeg would open.
    command += ["-format_whitelist", "wav,mp3,ogg", "-protocol_whitelist", "file"]
    with tempfile.NamedTemporaryFile(dir=settings.FILE_UPLOAD_TEMP_DIR, prefix="recording-") as file:
        file.write(content)
        file.flush()
        command += ["-i", f"file:{file.name}", "-map", "0:a:0", "-t", f"{LONGEST + 1:g}"]
        command += ["-ac", "1", "-ar", str(SAMPLE_RATE), "-f", "s16le", "pipe:1"]
        try:
            done = subprocess.run(command, capture_output=True, timeout=_MOST_SECONDS_OF_WORK, check=False)
        except subprocess.TimeoutExpired as error:
            raise BadRecording("It takes too long to decode.") from error
        except OSError as error:
            raise BadRecording(f"ffmpeg did not start here: {error.strerror}.") from error
    samples = array.array("h")
    samples.frombytes(done.stdout[: len(done.stdout) // 2 * 2])
    if sys.byteorder == "big":
        samples.byteswap()
    if done.returncode != 0 or not samples:
        raise BadRecording("It is no wav, mp3 or ogg file with sound in it.")
    return samples


def _check_levels(samples: "array.array[int]") -> None:
    clipped = sum(1 for sample in samples if abs(sample) >= _CLIPPED) / len(samples)
    if clipped > _MOST_CLIPPED:
        raise BadRecording(f"It is clipped ({100 * clipped:.1f} % of it is at full scale): record it more quietly.")
    levels = _levels(samples)
    loudest = max(levels)
    loud = [level for level in levels if level > loudest - _BELOW_PEAK_DB]
    mean = 10 * math.log10(sum(10 ** (level / 10) for level in loud) / len(loud))
    if mean < _QUIETEST_DBFS:
        raise BadRecording(f"It is too quiet ({mean:.0f} dBFS): record it closer to the microphone.")
    if len(loud) < _LEAST_SPEECH * len(levels):
        raise BadRecording(f"Only {100 * len(loud) // len(levels)} % of it is speech: cut the silence away.")
    middle = sum(levels) / len(levels)
    if math.sqrt(sum((level - middle) ** 2 for level in levels) / len(levels)) < _LEAST_MOVEMENT_DB:
        raise BadRecording("There is no speech in it: its loudness never changes.")


def _levels(samples: "array.array[int]") -> list[float]:
    """dBFS of every 50 ms."""
    found = []
    for start in range(0, len(samples) - _FRAME + 1, _FRAME):
        energy = sum(sample * sample for sample in samples[start : start + _FRAME]) / _FRAME
        found.append(10 * math.log10(max(energy, 0.01) / _FULL_SCALE**2))
    return found


def _wav(samples: "array.array[int]") -> bytes:
    with tempfile.TemporaryFile(dir=settings.FILE_UPLOAD_TEMP_DIR) as file:
        with wave.open(file, "wb") as target:
            target.setnchannels(1)
            target.setsampwidth(2)
            target.setframerate(SAMPLE_RATE)
            target.writeframes(samples.tobytes())
        file.seek(0)
        return file.read()


# --- Where they lie ---------------------------------------------------------------------------------------------------


def _stored_name(sha256: str) -> str:
    return f"{_FOLDER}/{sha256}.wav"


def save(recording: Recording) -> str:
    """Keep the recording where all hosts find it; its sha256. Raises OSError."""
    name = _stored_name(recording.sha256)
    speech = storage.speech_storage()
    if not speech.exists(name):
        speech.save(name, ContentFile(recording.content))
    return recording.sha256


def open_stored(sha256: str) -> IO[bytes]:
    """The stored wav. Raises FileNotFoundError."""
    if not sha256:
        raise FileNotFoundError
    file: IO[bytes] = storage.speech_storage().open(_stored_name(sha256))
    return file


def forget(sha256: str) -> None:
    """Delete the recording, unless a voice still has it."""
    if sha256 and not OperatorVoice.objects.filter(recording=sha256).exists():
        storage.speech_storage().delete(_stored_name(sha256))


def fetch(voice: Voice, engine: str) -> None:
    """See that the operator's recording that a voice imitates is on this host. Raises EngineError when it is gone."""
    reference = voice.engines.get(engine, {}).get("reference")
    if not isinstance(reference, str):
        return
    sha256 = Path(reference).stem
    target = Path(settings.VOICES_DIR) / reference
    if not _NAME.fullmatch(Path(reference).name) or reference != recording_path(sha256) or target.is_file():
        return
    try:
        with open_stored(sha256) as file:
            content = file.read()
        if hashlib.sha256(content).hexdigest() != sha256:
            raise EngineError(f"the recording of voice {voice.id} is damaged", code="voice_reference", permanent=True)
        _write(target, content)
    except FileNotFoundError as error:
        # Perhaps only exchanged for another one since the voice was looked up: the next attempt looks it up again.
        message = f"the recording of voice {voice.id} is gone: upload it again in the admin"
        raise EngineError(message, code="voice_reference") from error


def _write(target: Path, content: bytes) -> None:
    target.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    part = target.with_name(f".{target.name}.{uuid.uuid4().hex}.part")
    try:
        with part.open("wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        part.replace(target)
    except OSError:
        part.unlink(missing_ok=True)
        raise


def tidy() -> None:
    """Delete recordings that no voice has: this host's copies, and what an upload that came to nothing has stored."""
    named = set(OperatorVoice.objects.exclude(recording="").values_list("recording", flat=True))
    folder = Path(settings.VOICES_DIR) / "references"
    with contextlib.suppress(FileNotFoundError):
        for path in list(folder.iterdir()):
            if _NAME.fullmatch(path.name) and path.stem not in named:
                # What models have worked out about it goes too: it is somebody's voice.
                for impression in (settings.DATA_DIR / "references").glob(f"*-{path.stem}.pt"):
                    impression.unlink(missing_ok=True)
                path.unlink(missing_ok=True)
    speech = storage.speech_storage()
    with contextlib.suppress(FileNotFoundError):
        for name in speech.listdir(_FOLDER)[1]:
            stored = f"{_FOLDER}/{name}"
            age = time.time() - speech.get_modified_time(stored).timestamp()
            if _NAME.fullmatch(name) and name.removesuffix(".wav") not in named and age > _ARRIVING_SECONDS:
                speech.delete(stored)
