"""The stages beside the engine: normaliser, phonemes and the mp3 encoder. ``.venv/bin/python -m benchmarks.text``.

Each for itself in one process, best of the rounds, by the processor's time; the encoder beside the same ffmpeg that is
given the whole file at once, in turn.
"""

import json
import subprocess
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

import numpy as np

from models.phonemes import phonemes
from workers.pipeline.encoding import find_ffmpeg
from workers.pipeline.mp3 import Mp3Encoder
from workers.pipeline.normalise import normalise

SENTENCES = json.loads((Path(__file__).parent / "intelligibility" / "sentences.json").read_text(encoding="utf-8"))
ROUNDS = 5
RATE = 24_000
SECONDS = 60


def main() -> None:
    for language in ("az", "tr", "ru"):
        text = " ".join(SENTENCES[language]) * 5
        took = best(lambda text=text, language=language: normalise(text, language))  # type: ignore[misc]
        spoken = " ".join(sentence.spoken for sentence in normalise(text, language).sentences)
        sounds = best(lambda spoken=spoken, language=language: phonemes(spoken, language))  # type: ignore[misc]
        print(f"{language}: normaliser {len(text) / took:.0f} characters a second, phonemes {len(spoken) / sounds:.0f}")
    frames = (np.random.default_rng(1).normal(0, 2000, SECONDS * RATE)).astype("<i2").tobytes()
    with tempfile.TemporaryDirectory() as name:
        ours, alone = [], []
        for _ in range(ROUNDS):
            ours.append(clocked(lambda: encode(Path(name) / "ours.mp3", frames)))
            alone.append(clocked(lambda: bare(Path(name) / "bare.mp3", frames)))
        ratios = sorted(other / one for one, other in zip(ours, alone, strict=True))
        print(
            f"encoder: {SECONDS / min(ours):.0f} seconds of noise a second of the wall,"
            f" {ratios[len(ratios) // 2]:.2f} times ({ratios[0]:.2f}-{ratios[-1]:.2f}) as fast as ffmpeg alone"
        )


def best(work: Callable[[], object]) -> float:
    return min(_processor(work) for _ in range(ROUNDS))


def _processor(work: Callable[[], object]) -> float:
    begin = time.process_time()
    work()
    return time.process_time() - begin


def clocked(work: Callable[[], object]) -> float:
    begin = time.perf_counter()
    work()
    return time.perf_counter() - begin


def encode(path: Path, frames: bytes) -> None:
    with Mp3Encoder(path, RATE) as encoder:
        for start in range(0, len(frames), RATE * 2 * 5):  # in portions of a chunk
            encoder.write(frames[start : start + RATE * 2 * 5])


def bare(path: Path, frames: bytes) -> None:
    command = [find_ffmpeg(), "-loglevel", "error", "-y", "-f", "s16le", "-ar", str(RATE), "-ac", "1", "-i", "-"]
    command += ["-codec:a", "libmp3lame", "-b:a", "64k", "-threads", "1", str(path)]
    subprocess.run(command, input=frames, check=True)


if __name__ == "__main__":
    main()
