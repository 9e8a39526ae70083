"""The convolution against the plain sum, and the compiled kernels against NumPy."""

from typing import Any

import numpy as np
import pytest

from models.audio import Samples
from models.engines import kokoro_blocks
from models.engines.kernels import Kernels, kernels_in
from models.engines.kokoro_blocks import Affine, Block, Layer, Workshop
from models.engines.winograd import TAPS, transformed

# What a convolution may differ from the plain sum by, of its level.
ERROR = {3: 2e-5, 5: 5e-5, 7: 1e-4, 11: 1e-3}
CASES = [(1, 3, 1), (7, 11, 5), (53, 7, 3), (640, 11, 1), (1001, 3, 5), (3000, 7, 1)]  # steps, taps, dilation


@pytest.fixture(scope="module", params=["compiled", "numpy"])
def kernels(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Kernels | None:
    return kernels_in(tmp_path_factory.mktemp("kernels")) if request.param == "compiled" else None


def random_block(taps: int, channels: int = 64) -> tuple[Block, list[Samples], list[Affine]]:
    """A block, its plain filters [out, in, taps] and what a style might make of its norms."""
    random = np.random.default_rng(taps)
    filters, layers, affines = [], [], []
    for dilation in (1, 1, 3, 1, 5, 1):
        weight = (random.standard_normal((channels, channels, taps)) / np.sqrt(channels * taps)).astype(np.float32)
        alpha = random.uniform(0.1, 3, channels).astype(np.float32)
        filters.append(weight)
        layers.append(Layer(transformed(weight / alpha[np.newaxis, :, np.newaxis]), alpha, taps, dilation))
        scale, shift = random.standard_normal((2, channels)).astype(np.float32)
        affines.append(Affine(1 + scale, shift))
    return Block(tuple(layers), np.zeros(channels, dtype=np.float32)), filters, affines


def plain_block(sound: Samples, block: Block, filters: list[Samples], affines: list[Affine]) -> Samples:
    """The definition, in double precision."""
    stream: Any = sound.astype(np.float64)
    for step in range(0, 6, 2):
        branch = stream
        for layer, weight, affine in list(zip(block.layers, filters, affines, strict=True))[step : step + 2]:
            norm = (branch - branch.mean(axis=0)) / np.sqrt(branch.var(axis=0) + 1e-5)
            norm = norm * affine.scale + affine.shift
            branch = plain_convolution(norm + np.sin(layer.alpha * norm) ** 2 / layer.alpha, weight, layer.dilation)
        stream = stream + branch
    return np.asarray(stream, dtype=np.float32)


def plain_convolution(sound: Samples, weight: Samples, dilation: int) -> Samples:
    taps = weight.shape[2]
    margin = taps // 2 * dilation
    padded = np.pad(sound, ((margin, margin), (0, 0)))
    outputs: Any = sum(
        padded[tap * dilation : tap * dilation + len(sound)] @ weight[:, :, tap].T.astype(np.float64)
        for tap in range(taps)
    )
    return np.asarray(outputs)


def relative(found: Samples, wanted: Samples) -> float:
    return float(np.sqrt(((found - wanted) ** 2).mean() / (wanted**2).mean()))


@pytest.mark.parametrize(("steps", "taps", "dilation"), CASES)
@pytest.mark.parametrize("threads", [1, 3])
def test_a_layer_is_the_plain_sum(steps: int, taps: int, dilation: int, threads: int, kernels: Kernels | None) -> None:
    block, filters, _ = random_block(taps)
    layer = Layer(block.layers[0].matrices, block.layers[0].alpha, taps, dilation)
    random = np.random.default_rng(steps)
    sound = random.standard_normal((steps, 64)).astype(np.float32)
    gain, offset = random.standard_normal((2, 64))
    wave = sound * gain + offset
    wanted = plain_convolution(wave + np.sin(layer.alpha * wave) ** 2 / layer.alpha, filters[0], dilation)
    for before in (0.0, 1.0):
        found = np.full_like(sound, before)
        Workshop(threads, kernels)._layer(layer, (gain, offset), sound, found, add=before > 0)
        assert relative(found, wanted + before) < ERROR[taps]


@pytest.mark.parametrize("taps", TAPS)
def test_a_block_is_what_it_is_defined_as(taps: int, kernels: Kernels | None) -> None:
    block, filters, affines = random_block(taps)
    sound = np.random.default_rng(1).standard_normal((500, 64)).astype(np.float32)
    kept = sound.copy()
    found = Workshop(1, kernels).block(sound, block, affines)
    assert relative(found, plain_block(sound, block, filters, affines)) < 3 * ERROR[taps]
    assert np.array_equal(sound, kept)


def test_a_layer_without_its_last_tap_would_be_noticed(kernels: Kernels | None) -> None:
    """The bound above is tight enough to see a single tap of eleven that is missing."""
    block, filters, affines = random_block(11)
    sound = np.random.default_rng(1).standard_normal((500, 64)).astype(np.float32)
    filters[0][:, :, -1] = 0
    found = Workshop(1, kernels).block(sound, block, affines)
    assert relative(found, plain_block(sound, block, filters, affines)) > 30 * ERROR[11]


def test_the_number_of_threads_changes_no_byte(kernels: Kernels | None, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(kokoro_blocks, "_RUN", 64 * 100)
    block, _, affines = random_block(7)
    sound = np.random.default_rng(1).standard_normal((1500, 64)).astype(np.float32)
    results = []
    for threads in (1, 2, 5):
        workshop = Workshop(threads, kernels)
        results += [workshop.block(sound, block, affines).tobytes() for _ in range(2)]
        workshop.close()
    assert len(set(results)) == 1
