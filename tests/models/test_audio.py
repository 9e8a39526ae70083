import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from models.audio import LIMITER_KNEE, Pcm, to_int16

any_samples = arrays(np.float32, st.integers(0, 50), elements=st.floats(-8, 8, width=32))


def floats(*values: float) -> np.ndarray[tuple[int], np.dtype[np.float32]]:
    return np.array(values, dtype=np.float32)


def test_duration_is_in_seconds() -> None:
    assert Pcm(np.zeros(36_000, dtype=np.float32), 24_000).duration == 1.5


@pytest.mark.parametrize(
    "samples", [np.zeros((2, 2), dtype=np.float32), np.zeros(3, dtype=np.float64), np.zeros(3, dtype=np.int16)]
)
def test_only_one_channel_of_float32_is_sound(samples: np.ndarray) -> None:
    with pytest.raises(ValueError, match="one-dimensional float32"):
        Pcm(samples, 24_000)


def test_a_sample_rate_is_positive() -> None:
    with pytest.raises(ValueError, match="positive"):
        Pcm(floats(0), 0)


@given(any_samples)
def test_the_sign_is_never_lost(samples: np.ndarray[tuple[int], np.dtype[np.float32]]) -> None:
    """An integer that wraps round changes its sign."""
    integers = to_int16(samples)
    assert integers.dtype == np.int16
    assert np.all((np.sign(integers) == np.sign(samples)) | (integers == 0))


@given(any_samples)
def test_louder_in_is_never_softer_out(samples: np.ndarray[tuple[int], np.dtype[np.float32]]) -> None:
    ordered = to_int16(np.sort(samples)).astype(int)
    assert np.all(np.diff(ordered) >= 0)


@given(any_samples)
def test_the_limiter_is_symmetric(samples: np.ndarray[tuple[int], np.dtype[np.float32]]) -> None:
    assert np.array_equal(to_int16(-samples), -to_int16(samples))


@given(arrays(np.float32, 20, elements=st.floats(-0.875, 0.875, width=32)))
def test_below_the_knee_nothing_changes(samples: np.ndarray[tuple[int], np.dtype[np.float32]]) -> None:
    assert np.array_equal(to_int16(samples), np.rint(samples * np.float32(32767)))


def test_the_knee_is_smooth() -> None:
    """No jump and no kink: from step to step the slope changes by little."""
    ramp = np.linspace(LIMITER_KNEE - 0.1, LIMITER_KNEE + 0.2, 301, dtype=np.float32)
    slope = np.diff(to_int16(ramp).astype(int)) / (32767 * 0.001)
    assert np.abs(np.diff(slope)).max() < 0.08  # rounding to integers alone makes 0.06


def test_the_loudest_peaks_measured_are_not_cut_flat() -> None:
    """Raw voices peak at up to 1.25; their crests stay crests."""
    assert len(set(to_int16(floats(0.95, 1.0, 1.1, 1.2, 1.25)).tolist())) == 5


def test_extremes_reach_full_scale_and_no_further() -> None:
    integers = to_int16(floats(1e9, -1e9, np.inf, -np.inf))
    assert integers.tolist() == [32767, -32767, 32767, -32767]


def test_nan_is_refused() -> None:
    with pytest.raises(ValueError, match="NaN"):
        to_int16(floats(0, np.nan))


def test_no_samples_give_no_samples() -> None:
    assert to_int16(floats()).size == 0


def test_the_input_is_left_alone() -> None:
    samples = floats(1.2, -1.2)
    to_int16(samples)
    assert samples.tolist() == floats(1.2, -1.2).tolist()
