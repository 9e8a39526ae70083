"""The residual blocks of HiFi-GAN on the CPU by the Toom–Cook algorithm: nine tenths of a VITS's multiplications.

A block does ``x += conv2(leaky(conv1(leaky(x))))``, or ``x += conv(leaky(x))``, some times. Sound is [steps, channels]
here. Time is cut into windows that overlap by as much as a block hears to its sides: a window goes through all blocks
of a stage in a core's cache, and threads share the windows without waiting for each other between layers.
"""

from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from itertools import pairwise

import numpy as np

from models.audio import Samples
from models.engines.kernels import COLUMNS, GROUP, Kernels, LayerStruct
from models.engines.winograd import TAPS, transformed, transforms

# Steps of a window: many beside its margins of some sixty, few enough that 32 channels of it stay in the cache.
_WINDOW = 4096
# A window for each thread is worth its margins from here on.
_SHORTEST = 512
# Floats at the points of the tiles that are computed at once: in a core's own cache. With many channels the weights
# are what is large, and each is to be used for some tiles.
_PIECE = 24_576
_FEWEST_TILES = 24


@dataclass(frozen=True, slots=True)
class Convolution:
    """``weight`` [out, in, taps] and ``bias`` [out], single precision; the length of the sound stays."""

    weight: Samples
    bias: Samples
    dilation: int

    @property
    def fits(self) -> bool:
        """Whether a block can be made of it: as many channels out as in, in whole groups, and taps with a transform."""
        out, into, taps = self.weight.shape
        return out == into and out % GROUP == 0 and taps in TAPS


class Block:
    """Convolutions of which each ``depth`` (1 or 2) are one residual step, a leaky ReLU before each."""

    def __init__(self, convolutions: Sequence[Convolution], depth: int, slope: float) -> None:
        """``slope`` is that of leaky ReLU below zero. ValueError when a convolution does not fit."""
        if not all(one.fits for one in convolutions) or len(convolutions) % depth:
            raise ValueError("these convolutions are not computed by tiles")
        self.depth = depth
        self.slope = slope
        self.margin = sum(one.weight.shape[2] // 2 * one.dilation for one in convolutions)
        channels = convolutions[0].weight.shape[0]
        self._arrays: list[Samples] = []  # what the structures point into
        self.layers = (LayerStruct * len(convolutions))(*map(self._structure, convolutions))
        sizes = [(layer.n, layer.tile) for layer in self.layers]
        self.tiles = max(_FEWEST_TILES, _PIECE // (channels * max(sizes)[0]))
        """How many tiles are computed at once."""
        self.scratch = max(self.tiles * (tile + 2 * n) + n - tile for n, tile in sizes) * channels
        """Floats of work space that they need."""

    def _structure(self, one: Convolution) -> LayerStruct:
        taps = one.weight.shape[2]
        transform = transforms(taps)
        bias = np.array(one.bias, dtype=np.float32)
        panels = _panels(transformed(one.weight))
        arrays = [transform.forward, transform.back, panels, bias]
        self._arrays += arrays
        pointers = (array.ctypes.data for array in arrays)
        return LayerStruct(taps, one.dilation, transform.tile, len(transform.forward), *pointers)


def _panels(matrices: Samples) -> Samples:
    """Matrices [n, in, out] in the kernel's order [n, out / COLUMNS, in, COLUMNS]."""
    size, into, out = matrices.shape
    return np.ascontiguousarray(matrices.reshape(size, into, out // COLUMNS, COLUMNS).transpose(0, 2, 1, 3))


class Workshop:
    """Computes stages, on up to ``threads`` threads. May be used by several threads at once."""

    def __init__(self, kernels: Kernels, threads: int) -> None:
        self._kernels = kernels
        self._others = ThreadPoolExecutor(threads - 1, thread_name_prefix="hifigan") if threads > 1 else None

    def stage(self, sound: Samples, blocks: Sequence[Block], threads: int) -> Samples:
        """The mean of the blocks' outputs for ``sound`` [steps, channels], contiguous, which is left as it is."""
        target = np.empty_like(sound)
        count = threads if self._others else 1
        windows = list(pairwise(_edges(len(sound), count)))
        mine, *others = [share for first in range(count) if (share := windows[first::count])]
        waiting = [self._others.submit(self._some, sound, blocks, share, target) for share in others if self._others]
        self._some(sound, blocks, mine, target)
        for one in waiting:
            one.result()
        return target

    def _some(
        self, sound: Samples, blocks: Sequence[Block], windows: Sequence[tuple[int, int]], target: Samples
    ) -> None:
        steps, channels = sound.shape
        longest = max(end - begin for begin, end in windows) + 2 * max(block.margin for block in blocks)
        stream, other = np.empty((2, min(longest, steps), channels), dtype=np.float32)
        scratch = np.empty(max(block.scratch for block in blocks), dtype=np.float32)
        for begin, end in windows:
            total = target[begin:end]
            for number, block in enumerate(blocks):
                # At an inner edge the margin is spoilt by the silence that seems to be beyond it, and is dropped.
                first, last = max(0, begin - block.margin), min(steps, end + block.margin)
                self._kernels.leaky_block(block, sound[first:last], stream, other, scratch)
                part = stream[begin - first : end - first]
                if number:
                    total += part
                else:
                    total[...] = part
            total *= np.float32(1 / len(blocks))


def _edges(steps: int, threads: int) -> list[int]:
    """Where windows begin and end: all alike, and as many for each thread."""
    pieces = -(-steps // _WINDOW)
    if steps >= threads * _SHORTEST:
        pieces = -(-pieces // threads) * threads
    return [steps * number // pieces for number in range(pieces + 1)]
