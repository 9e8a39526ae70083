import subprocess
import sys

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from models.audio import Pcm
from workers.pipeline.joining import FADE_MS, encode_chunk, segment, with_pause

RATE = 24_000


def loud(samples: int, rate: int = RATE) -> Pcm:
    return Pcm(np.full(samples, 0.8, np.float32), rate)


def frames(encoded: bytes) -> np.ndarray[tuple[int], np.dtype[np.int16]]:
    return np.frombuffer(encoded, dtype="<i2")


@given(st.integers(1, 5_000), st.integers(0, 2_000), st.sampled_from([16_000, 22_050, 24_000, 48_000]))
def test_the_rest_is_counted_in_samples(samples: int, pause_ms: int, rate: int) -> None:
    encoded = frames(encode_chunk(loud(samples, rate), pause_ms))
    rest = round(pause_ms * rate / 1000)
    assert len(encoded) == samples + rest
    assert not encoded[samples:].any()


def test_chunks_start_and_end_at_zero() -> None:
    encoded = frames(encode_chunk(loud(RATE), 0))
    fade = FADE_MS * RATE // 1000
    full = encoded[RATE // 2]
    assert abs(int(encoded[0])) <= full // 20
    assert abs(int(encoded[-1])) <= full // 20
    assert (encoded[fade:-fade] == full).all()
    assert np.abs(np.diff(encoded.astype(int))).max() <= full // 20


def test_joining_is_concatenation() -> None:
    first, second = loud(1_000), loud(700)
    joined = with_pause(segment(first), 100) + segment(second)
    assert joined.raw_data == encode_chunk(first, 100) + encode_chunk(second, 0)


def test_peaks_beyond_full_scale_do_not_wrap() -> None:
    encoded = frames(encode_chunk(Pcm(np.full(RATE, 1.4, np.float32), RATE), 0))
    assert encoded.min() >= 0
    assert encoded.max() > 32_000


@pytest.mark.parametrize("samples", [1, 2, 50])
def test_shorter_than_its_fades(samples: int) -> None:
    assert len(frames(encode_chunk(loud(samples), 0))) == samples


def test_importing_pydub_warns_nobody() -> None:
    code = "import warnings; warnings.simplefilter('error'); import workers.pipeline.joining"
    subprocess.run([sys.executable, "-c", code], check=True, env={"PATH": "", "PYTHONPATH": ":".join(sys.path)})
