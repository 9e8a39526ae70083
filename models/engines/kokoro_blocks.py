"""The residual blocks of Kokoro's vocoder, where nine tenths of its multiplications are.

A block does three times ``x += conv2(snake(norm2(conv1(snake(norm1(x))))))``. Sound is [steps, channels] here. Time is
cut into runs of tiles that stay in a core's cache from the norm to the convolution's output; onnxruntime goes through
memory some fifteen times for that. Two things fall away: a bias before a norm, which takes every channel's mean out,
and snake's division (``w + sin² w`` is its α-fold), which the weights take.
"""

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
from numpy.lib.stride_tricks import as_strided

from models.audio import Samples
from models.engines.kernels import Kernels
from models.engines.winograd import Transforms, transforms

_EPSILON = 1e-5
# Floats of a run at most: enough rows to make the products efficient, few enough for a core's cache. It must not
# depend on the number of threads, or the bytes of the sound would.
_RUN = 327_680


@dataclass(frozen=True, slots=True)
class Layer:
    """One norm, snake and convolution. ``matrices`` [n, in, out] hold the weights over ``alpha`` [channels]."""

    matrices: Samples
    alpha: Samples
    taps: int
    dilation: int


@dataclass(frozen=True, slots=True)
class Block:
    """Six layers, two for each residual step, and the sum of the biases of what is added to the sound."""

    layers: tuple[Layer, ...]
    bias: Samples


@dataclass(frozen=True, slots=True)
class Affine:
    """What the style makes of a norm: scale and shift [channels]."""

    scale: Samples
    shift: Samples


class Moments:
    """Mean and variance of each channel, from sums over runs that are added in their order."""

    def __init__(self, runs: int, channels: int, steps: int) -> None:
        self._sums = np.empty((runs, 2, channels), dtype=np.float64)
        self._steps = steps

    def put(self, run: int, rows: Samples, scratch: Samples) -> None:
        """Count these rows [steps, channels] in; ``scratch`` is as large and is overwritten."""
        np.add.reduce(rows, axis=0, out=self._sums[run, 0])
        np.multiply(rows, rows, out=scratch)
        np.add.reduce(scratch, axis=0, out=self._sums[run, 1])

    def put_sums(self, run: int, sums: Samples) -> None:
        """Count a run in by its sums [2, channels] of rows and squares."""
        self._sums[run] = sums

    def normal(self, affine: Affine) -> tuple[Samples, Samples]:
        """``x * gain + offset`` is the norm with the style's scale and shift."""
        mean, square = self._sums.sum(axis=0) / self._steps
        gain = affine.scale / np.sqrt(np.maximum(square - mean * mean, 0) + _EPSILON)
        return gain, affine.shift - mean * gain


@dataclass(frozen=True, slots=True)
class _Run:
    """Outputs ``first`` to ``first + count`` of the steps ``phase``, ``phase + dilation``, …"""

    number: int
    phase: int
    first: int
    count: int


class _Scratch:
    """What one thread needs to compute a run."""

    def __init__(self) -> None:
        self._buffers: dict[str, Samples] = {}

    def floats(self, name: str, *shape: int) -> Samples:
        """An uninitialised array that the next call of the same name reuses."""
        size = int(np.prod(shape))
        buffer = self._buffers.get(name)
        if buffer is None or buffer.size < size:
            buffer = self._buffers[name] = np.empty(size, dtype=np.float32)
        return buffer[:size].reshape(shape)


class Workshop:
    """Threads that compute the runs of a layer. One block at a time: not to be shared among threads.

    Without ``kernels`` everything is done in NumPy, which is slower.
    """

    def __init__(self, threads: int, kernels: Kernels | None) -> None:
        self._kernels = kernels
        self._scratches = [_Scratch() for _ in range(threads)]
        self._pool = ThreadPoolExecutor(threads - 1, thread_name_prefix="kokoro") if threads > 1 else None

    def close(self) -> None:
        """End the threads."""
        if self._pool is not None:
            self._pool.shutdown()

    def block(self, sound: Samples, block: Block, affines: list[Affine]) -> Samples:
        """The block's output for ``sound`` [steps, channels], which is left as it is; without the block's bias."""
        stream = sound.copy()
        middle = np.empty_like(stream)
        moments = self._measure(stream)
        for step in range(0, len(block.layers), 2):
            first, second = block.layers[step : step + 2]
            moments = self._layer(first, moments.normal(affines[step]), stream, middle, add=False)
            moments = self._layer(second, moments.normal(affines[step + 1]), middle, stream, add=True)
        return stream

    def _measure(self, sound: Samples) -> Moments:
        steps, channels = sound.shape
        rows = max(1, _RUN // channels)
        starts = range(0, steps, rows)
        moments = Moments(len(starts), channels, steps)

        def measure(number: int, scratch: _Scratch) -> None:
            part = sound[starts[number] : starts[number] + rows]
            moments.put(number, part, scratch.floats("square", *part.shape))

        self._share(measure, len(starts))
        return moments

    def _layer(
        self, layer: Layer, normal: tuple[Samples, Samples], source: Samples, target: Samples, *, add: bool
    ) -> Moments:
        """Write (or ``add``) the layer's output to ``target``; the moments are those of what stands there then."""
        steps, channels = source.shape
        runs = list(_runs(steps, channels, layer))
        moments = Moments(len(runs), channels, steps)
        gain, offset = ((part * layer.alpha).astype(np.float32) for part in normal)

        def compute(number: int, scratch: _Scratch) -> None:
            run = runs[number]
            if self._kernels is not None:
                sums = _with_kernels(self._kernels, layer, (gain, offset), source, target, run, scratch, add=add)
                moments.put_sums(number, sums)
                return
            rows = _convolve(layer, _snake(layer, gain, offset, source, run, scratch), scratch)[: run.count]
            place = target[run.phase :: layer.dilation][run.first : run.first + run.count]
            if add:
                rows += place
            place[...] = rows
            moments.put(number, rows, scratch.floats("square", *rows.shape))

        self._share(compute, len(runs))
        return moments

    def _share(self, compute: Callable[[int, _Scratch], None], count: int) -> None:
        """Every thread computes an equal stretch; the first one is this thread."""
        edges = [count * thread // len(self._scratches) for thread in range(len(self._scratches) + 1)]

        def stretch(bounds: tuple[int, int], scratch: _Scratch) -> None:
            for number in range(*bounds):
                compute(number, scratch)

        shares = list(zip(pairwise(edges), self._scratches, strict=True))
        others = [self._pool.submit(stretch, *share) for share in shares[1:]] if self._pool else []
        stretch(*shares[0])
        for other in others:
            other.result()


def _runs(steps: int, channels: int, layer: Layer) -> Iterator[_Run]:
    tile = transforms(layer.taps).tile
    number = 0
    for phase in range(min(layer.dilation, steps)):
        rows = -(-(steps - phase) // layer.dilation)
        tiles = -(-rows // tile)
        pieces = -(-tiles * tile * channels // _RUN)
        longest = -(-tiles // (pieces + pieces % 2)) * tile  # an even number of runs: two threads get the same
        for first in range(0, rows, longest):
            yield _Run(number, phase, first, min(longest, rows - first))
            number += 1


def _with_kernels(
    kernels: Kernels,
    layer: Layer,
    normal: tuple[Samples, Samples],
    source: Samples,
    target: Samples,
    run: _Run,
    scratch: _Scratch,
    *,
    add: bool,
) -> Samples:
    """Compute the run; the sums [2, channels] of what stands in ``target`` then and of its squares."""
    transform = transforms(layer.taps)
    channels = source.shape[1]
    wanted = _wanted(run, layer)
    padded = scratch.floats("snake", wanted, channels)
    kernels.snake(source[run.phase :: layer.dilation], run.first - layer.taps // 2, *normal, padded)
    points, products = _points_and_products(transform, padded, scratch)
    kernels.forward(padded, transform.tile, transform.forward, points)
    np.matmul(points, layer.matrices, out=products)
    sums = scratch.floats("sums", 2, channels)
    rows = target[run.phase :: layer.dilation][run.first : run.first + run.count]
    kernels.back(products, transform.back, rows, sums, add=add)
    return sums


def _wanted(run: _Run, layer: Layer) -> int:
    """Rows that the run's whole tiles take in, margins included."""
    tile = transforms(layer.taps).tile
    return -(-run.count // tile) * tile + layer.taps - 1


def _points_and_products(transform: Transforms, padded: Samples, scratch: _Scratch) -> tuple[Samples, Samples]:
    size = len(transform.forward)
    shape = (size, (len(padded) - size) // transform.tile + 1, padded.shape[1])
    return scratch.floats("points", *shape), scratch.floats("products", *shape)


def _snake(layer: Layer, gain: Samples, offset: Samples, source: Samples, run: _Run, scratch: _Scratch) -> Samples:
    """What the convolution of the run takes in: whole tiles and their margins, zero beyond the sound's ends."""
    wanted = _wanted(run, layer)
    rows = source[run.phase :: layer.dilation]
    begin = run.first - layer.taps // 2
    inside = slice(max(begin, 0), min(begin + wanted, len(rows)))
    padded = scratch.floats("snake", wanted, source.shape[1])
    padded[: inside.start - begin] = 0
    padded[inside.stop - begin :] = 0
    wave = padded[inside.start - begin : inside.stop - begin]
    square = scratch.floats("square", *wave.shape)
    np.multiply(rows[inside], gain, out=wave)
    wave += offset
    np.sin(wave, out=square)
    square *= square
    wave += square
    return padded


def _convolve(layer: Layer, padded: Samples, scratch: _Scratch) -> Samples:
    """The outputs [steps, channels] of the tiles whose inputs are ``padded``."""
    transform = transforms(layer.taps)
    points, products = _points_and_products(transform, padded, scratch)
    size, tiles, channels = points.shape
    step, item = padded.strides
    overlapping = as_strided(padded, (tiles, size, channels), (transform.tile * step, step, item))
    outputs = scratch.floats("outputs", tiles, transform.tile, channels)
    np.matmul(transform.forward, overlapping, out=points.transpose(1, 0, 2))
    np.matmul(points, layer.matrices, out=products)
    np.matmul(transform.back, products.transpose(1, 0, 2), out=outputs)
    return outputs.reshape(-1, channels)
