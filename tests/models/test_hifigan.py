"""HiFi-GAN's residual blocks by tiles and windows against the plain sums, in double precision."""

from typing import Any

import numpy as np
import pytest

from models.audio import Samples
from models.engines import hifigan
from models.engines.hifigan import Block, Convolution, Workshop
from models.engines.kernels import Kernels, kernels_in
from models.engines.winograd import TAPS
from tests.models.test_winograd import plain_convolution, relative

SLOPE = 0.1
# What a block of six convolutions may differ from the plain sums by, of its level.
ERROR = {3: 1e-5, 5: 3e-5, 7: 5e-5, 11: 5e-4}


@pytest.fixture(scope="module")
def kernels(tmp_path_factory: pytest.TempPathFactory) -> Kernels:
    return kernels_in(tmp_path_factory.mktemp("kernels"))


def convolutions(taps: int, dilations: tuple[int, ...], channels: int) -> list[Convolution]:
    random = np.random.default_rng(taps)
    shape = (channels, channels, taps)
    return [
        Convolution(
            (random.standard_normal(shape) / np.sqrt(channels * taps)).astype(np.float32),
            random.standard_normal(channels).astype(np.float32),
            dilation,
        )
        for dilation in dilations
    ]


def sound_of(steps: int, channels: int = 32) -> Samples:
    return np.random.default_rng(steps).standard_normal((steps, channels)).astype(np.float32)


def plain(sound: Samples, layers: list[Convolution], depth: int) -> Samples:
    """The definition."""
    stream: Any = sound.astype(np.float64)
    for step in range(0, len(layers), depth):
        branch = stream
        for layer in layers[step : step + depth]:
            branch = plain_convolution(np.where(branch > 0, branch, SLOPE * branch), layer.weight, layer.dilation)
            branch = branch + layer.bias
        stream = stream + branch
    return np.asarray(stream, dtype=np.float32)


@pytest.mark.parametrize("taps", TAPS)
@pytest.mark.parametrize(("depth", "dilations"), [(2, (1, 1, 3, 1, 5, 1)), (1, (2, 6)), (1, (1, 3, 5))])
@pytest.mark.parametrize(("steps", "channels"), [(1, 32), (4, 32), (53, 64), (997, 32), (640, 96)])
def test_a_block_is_what_it_is_defined_as(
    kernels: Kernels, taps: int, depth: int, dilations: tuple[int, ...], steps: int, channels: int
) -> None:
    layers = convolutions(taps, dilations, channels)
    sound = sound_of(steps, channels)
    kept = sound.copy()
    found = Workshop(kernels, 1).stage(sound, [Block(layers, depth, SLOPE)], 1)
    assert relative(found, plain(sound, layers, depth)) < ERROR[taps]
    assert np.array_equal(sound, kept)


def test_a_missing_tap_would_be_noticed(kernels: Kernels) -> None:
    layers = convolutions(11, (1, 1), 32)
    sound = sound_of(500)
    found = Workshop(kernels, 1).stage(sound, [Block(layers, 2, SLOPE)], 1)
    layers[1].weight[:, :, -1] = 0
    assert relative(found, plain(sound, layers, 2)) > 100 * ERROR[11]


@pytest.mark.parametrize("threads", [1, 2, 3])
@pytest.mark.parametrize("steps", [1, 100, 256, 257, 1000, 2111])
def test_windows_and_threads_leave_no_seam(
    kernels: Kernels, monkeypatch: pytest.MonkeyPatch, threads: int, steps: int
) -> None:
    """Each edge of a window lies within what the block of eleven taps hears."""
    monkeypatch.setattr(hifigan, "_WINDOW", 256)
    monkeypatch.setattr(hifigan, "_SHORTEST", 50)
    three, eleven = convolutions(3, (1, 1, 3, 1, 5, 1), 32), convolutions(11, (1, 1, 3, 1, 5, 1), 32)
    sound = sound_of(steps)
    blocks = [Block(three, 2, SLOPE), Block(eleven, 2, SLOPE)]
    found = Workshop(kernels, threads).stage(sound, blocks, threads)
    wanted = (plain(sound, three, 2) + plain(sound, eleven, 2)) / np.float32(2)
    assert np.abs(found - wanted).max() < 10 * ERROR[11] * np.abs(wanted).max()
    assert relative(found, wanted) < ERROR[11]


@pytest.mark.parametrize(
    ("weight", "fits"),
    [((32, 32, 3), True), ((32, 32, 9), False), ((48, 48, 3), False), ((32, 64, 3), False), ((96, 96, 11), True)],
)
def test_what_fits(weight: tuple[int, ...], fits: bool) -> None:
    one = Convolution(np.ones(weight, dtype=np.float32), np.zeros(weight[0], dtype=np.float32), 1)
    assert one.fits == fits
    if not fits:
        with pytest.raises(ValueError, match="tiles"):
            Block([one], 1, SLOPE)
