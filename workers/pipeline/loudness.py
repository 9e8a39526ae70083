"""Where in a sound there is speech: power by frames, and which frames are loud."""

import numpy as np
from numpy.typing import NDArray

from models.audio import Pcm

# A frame is loud that rises above this part of the loudest one. Relative and not to full scale: raw levels differ by
# 11 dB between voices, and a fixed threshold would eat the soft consonants of quiet ones. Power and not single samples,
# and not lower: one voice hisses for 0.7 s after its last word, 36 to 40 dB below its loudest frame. In the other
# voices -30 and -45 dB are no further apart than what is kept around the speech.
QUIET_BELOW_PEAK_DB = -32.0
FRAME = 0.010
"""Seconds over which power is taken."""


def frame_samples(pcm: Pcm) -> int:
    return round(FRAME * pcm.sample_rate)


def power(pcm: Pcm, length: int) -> NDArray[np.float32]:
    """Energy of every `length` samples; the last frame may be shorter. `pcm` holds at least one sample."""
    return np.add.reduceat(np.square(pcm.samples), np.arange(0, pcm.samples.size, length))


def loud_frames(pcm: Pcm) -> NDArray[np.intp]:
    """Numbers of the loud frames of `FRAME` seconds, in order; never none."""
    energies = power(pcm, frame_samples(pcm))
    return np.flatnonzero(energies >= energies.max() * 10 ** (QUIET_BELOW_PEAK_DB / 10))
