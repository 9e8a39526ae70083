"""Sounds that have what `sanity` looks at: levels that move like speech, levels that do not, silence."""

import numpy as np

from models.audio import Samples

RATE = 24_000


def babble(seconds: float) -> Samples:
    """Noise that swells and fades four times a second, as syllables do; loud at both ends."""
    time = np.arange(round(seconds * RATE)) / RATE
    levels = 0.03 + 0.97 * np.cos(4 * np.pi * time * round(4 * seconds) / (4 * seconds)) ** 2
    return (levels * hiss(seconds)).astype(np.float32)


def hiss(seconds: float) -> Samples:
    """Noise of one level."""
    noise: Samples = np.random.default_rng(1).uniform(-0.5, 0.5, round(seconds * RATE)).astype(np.float32)
    return noise


def silence(seconds: float) -> Samples:
    return np.zeros(round(seconds * RATE), dtype=np.float32)


def sound(*parts: Samples) -> Samples:
    return np.concatenate(parts).astype(np.float32)
