"""HiFiGAN inside VITS on a CPU: its residual blocks by `models.engines.hifigan`, the rest by products of matrices.

Sound is [steps, channels] here, as the blocks want it: an upsampling is then one product and a sum of its rows.
"""

import os
from collections.abc import Sequence
from functools import partial

import torch
from torch.nn.functional import leaky_relu_
from TTS.vocoder.models.hifigan_generator import LRELU_SLOPE, HifiganGenerator

from models.engines.hifigan import Block, Convolution, Workshop
from models.engines.kernels import Kernels

# Rows of a product: what it makes of them is many times as large, and is to stay in the cache.
_ROWS = 1024


class Tiles:
    """The generator's function. Several threads may use it at once; each has torch's number of threads to itself."""

    def __init__(self, generator: HifiganGenerator, kernels: Kernels) -> None:
        """Takes the generator's weights: it is not to be used any more. ValueError when it cannot be computed so."""
        blocks = [_block(block) for block in generator.resblocks]
        count = generator.num_kernels
        ups = [_Up(up) for up in generator.ups]
        self._stages = [(up, blocks[count * stage : count * (stage + 1)]) for stage, up in enumerate(ups)]
        if generator.conv_post.out_channels != 1:
            raise ValueError("the generator makes more than one sound")
        self._before = generator.conv_pre
        self._speaker = getattr(generator, "cond_layer", None)
        self._last = _Last(generator.conv_post)
        self._workshop = Workshop(kernels, os.cpu_count() or 1)
        del generator.resblocks, generator.ups, generator.conv_post  # the weights are held in another form now

    def decode(self, z: torch.Tensor, g: torch.Tensor | None, frames: Sequence[int]) -> list[torch.Tensor]:
        """See decoder.Decode. Each row by itself: nothing is gained by computing them together."""
        return [
            self._row(z[row : row + 1, :, :length], None if g is None else g[row : row + 1])
            for row, length in enumerate(frames)
        ]

    def _row(self, z: torch.Tensor, g: torch.Tensor | None) -> torch.Tensor:
        x = self._before(z)
        if self._speaker is not None:
            x = x + self._speaker(g)
        x = x[0].t().contiguous()
        for up, blocks in self._stages:
            x = up(x)
            x = torch.from_numpy(self._workshop.stage(x.numpy(), blocks, torch.get_num_threads()))
        return self._last(x)


class _Up:
    """Leaky ReLU, and a transposed convolution."""

    def __init__(self, up: torch.nn.ConvTranspose1d) -> None:
        channels, self._out, taps = up.weight.shape
        (self._factor,), (self._cut,) = up.stride, up.padding
        if up.groups != 1 or up.dilation != (1,) or up.output_padding != (0,):
            raise ValueError("this upsampling is not computed by a product")
        self._reach = -(-taps // self._factor)  # into how many groups of `factor` steps a step of the input sounds
        padded = up.weight.new_zeros(channels, self._reach * self._factor, self._out)
        padded[:, :taps] = up.weight.detach().permute(0, 2, 1)
        self._matrix = padded.reshape(channels, -1).contiguous()
        self._bias = up.bias.detach().repeat(self._factor)
        self._more = taps - self._factor - 2 * self._cut  # steps beyond a group for each step of the input

    def __call__(self, x: torch.Tensor) -> torch.Tensor:
        """[steps, channels] to [steps · factor, channels], where the factor divides as usual; `x` is overwritten."""
        steps, wide = len(x), self._factor * self._out
        groups = self._bias.repeat(steps + self._reach - 1, 1)
        for first in range(0, steps, _ROWS):
            product = (leaky_relu_(x[first : first + _ROWS], LRELU_SLOPE) @ self._matrix).view(-1, self._reach, wide)
            for shift in range(self._reach):
                groups[first + shift : first + shift + len(product)] += product[:, shift]
        rows = groups.view(-1, self._out)
        return rows[self._cut : self._cut + steps * self._factor + self._more]


class _Last:
    """Leaky ReLU, the convolution to one channel, and tanh."""

    def __init__(self, last: torch.nn.Conv1d) -> None:
        if last.stride != (1,) or last.dilation != (1,) or last.padding != (last.kernel_size[0] // 2,):
            raise ValueError("this convolution is not computed by a product")
        self._matrix = last.weight.detach()[0].contiguous()  # channels, taps
        self._bias = 0.0 if last.bias is None else float(last.bias)

    def __call__(self, x: torch.Tensor) -> torch.Tensor:
        """[steps, channels] to samples; `x` is overwritten."""
        steps, taps = len(x), self._matrix.shape[1]
        sums = x.new_full((steps + taps - 1,), self._bias)
        for first in range(0, steps, 4 * _ROWS):
            product = (leaky_relu_(x[first : first + 4 * _ROWS]) @ self._matrix).t().contiguous()
            for tap, row in enumerate(product):
                sums[first + taps - 1 - tap : first + taps - 1 - tap + len(row)] += row
        return torch.tanh_(sums[taps // 2 : taps // 2 + steps])


def _block(block: torch.nn.Module) -> Block:
    make = partial(Block, slope=LRELU_SLOPE)
    if hasattr(block, "convs1"):
        pairs = zip(block.convs1, block.convs2, strict=True)
        return make([_convolution(one) for pair in pairs for one in pair], depth=2)
    return make([_convolution(one) for one in block.convs], depth=1)


def _convolution(one: torch.nn.Conv1d) -> Convolution:
    (taps,), (dilation,) = one.kernel_size, one.dilation
    if one.padding != (taps // 2 * dilation,) or one.stride != (1,) or one.groups != 1:
        raise ValueError("this convolution changes the length of the sound")
    return Convolution(one.weight.detach().numpy(), one.bias.detach().numpy(), dilation)
