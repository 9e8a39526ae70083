"""Recordings as operators upload them: speech-like sounds as wav files, and other formats made of them."""

import io
import math
import random
import subprocess
import wave
from array import array

from synthesis import ffmpeg

RATE = 24_000


def speech(seconds: float, level: float = 0.3, pause: float = 0.3) -> "array[int]":
    """Noise in syllables, with a pause in every second as long as said."""
    noise = random.Random(1)
    samples = array("h")
    for number in range(round(seconds * RATE)):
        time = number / RATE
        swell = 0.05 + 0.95 * math.cos(4 * math.pi * time) ** 2
        loud = 0.0 if time % 1 >= 1 - pause else swell
        samples.append(round(32767 * max(-1, min(1, level * loud * noise.uniform(-1, 1)))))
    return samples


def tone(seconds: float, level: float = 0.3) -> "array[int]":
    return array(
        "h", (round(32767 * level * math.sin(440 * math.tau * n / RATE)) for n in range(round(seconds * RATE)))
    )


def silence(seconds: float) -> "array[int]":
    return array("h", bytes(2 * round(seconds * RATE)))


def wav(samples: "array[int]", channels: int = 1) -> bytes:
    file = io.BytesIO()
    with wave.open(file, "wb") as target:
        target.setnchannels(channels)
        target.setsampwidth(2)
        target.setframerate(RATE)
        target.writeframes(samples.tobytes())
    return file.getvalue()


def converted(content: bytes, *options: str) -> bytes:
    """`content` through ffmpeg, with options that say to what."""
    command = [ffmpeg.find(), "-nostdin", "-loglevel", "error", "-i", "pipe:0", *options, "pipe:1"]
    return subprocess.run(command, input=content, capture_output=True, check=True, timeout=60).stdout
