"""Sound as samples, and the one place where samples become integers."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Samples = NDArray[np.float32]

# Below this magnitude a sample passes unchanged; above it the limiter bends towards full scale.
LIMITER_KNEE = 0.9
_FULL_SCALE = 32767


@dataclass(frozen=True, slots=True, eq=False)
class Pcm:
    """Mono sound: float32 samples, nominally in -1…1 (engines overshoot), at ``sample_rate`` Hz."""

    samples: Samples
    sample_rate: int

    def __post_init__(self) -> None:
        if self.samples.ndim != 1 or self.samples.dtype != np.float32:
            raise ValueError(f"samples must be one-dimensional float32, not {self.samples.ndim}-d {self.samples.dtype}")
        if self.sample_rate <= 0:
            raise ValueError(f"sample_rate must be positive, not {self.sample_rate}")

    @property
    def duration(self) -> float:
        """Seconds."""
        return len(self.samples) / self.sample_rate


def to_int16(samples: Samples) -> NDArray[np.int16]:
    """Signed 16-bit samples for nominal -1…1 floats.

    Never wraps round: peaks beyond the knee are bent by a tanh whose slope at the knee is 1, so loud voices
    keep a rounded crest where a plain clip would cut it flat. Infinities become full scale; NaN is a
    ValueError.
    """
    if np.isnan(samples).any():
        raise ValueError("the samples hold NaN")
    return np.rint(_limited(samples) * _FULL_SCALE).astype(np.int16)


def _limited(samples: Samples) -> Samples:
    room = np.float32(1 - LIMITER_KNEE)
    magnitude = np.abs(samples)
    bent = LIMITER_KNEE + room * np.tanh((magnitude - LIMITER_KNEE) / room)
    return np.where(magnitude <= LIMITER_KNEE, samples, np.copysign(bent, samples)).astype(np.float32)
