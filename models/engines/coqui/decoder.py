"""HiFiGAN inside VITS: latent frames to samples. Nine tenths of the time that a VITS needs are spent here."""

import contextlib
from collections.abc import Callable, Sequence

import torch
from torch.nn.functional import leaky_relu, leaky_relu_
from TTS.vocoder.models.hifigan_generator import LRELU_SLOPE, HifiganGenerator

from models.engines.coqui.device import Device
from models.engines.coqui.tiles import Tiles

Decode = Callable[[torch.Tensor, torch.Tensor | None, Sequence[int]], list[torch.Tensor]]


def build(generator: HifiganGenerator, device: Device) -> Decode:
    """A function from frames (B, channels, T), the speaker and the length of each row to rows of samples.

    It may take the generator's weights: that is not to be used by itself any more.
    """
    if device.kernels is not None:
        with contextlib.suppress(ValueError):  # of another shape than that is for
            return Tiles(generator, device.kernels).decode
    generator.to(device.decoding)

    def decode(z: torch.Tensor, g: torch.Tensor | None, frames: Sequence[int]) -> list[torch.Tensor]:
        ends = _Ends(frames, z.device)
        samples = _samples(generator, z.to(device.decoding), None if g is None else g.to(device.decoding), ends)
        if len(frames) == 1:
            return [samples[0, 0]]
        rate = samples.shape[-1] // z.shape[-1]
        return [row[0, : length * rate] for row, length in zip(samples, frames, strict=True)]

    return decode


def keeps_lengths(generator: HifiganGenerator) -> bool:
    """Whether a frame is the same number of samples everywhere, as masks need it."""
    return all((up.kernel_size[0] - up.stride[0]) % 2 == 0 for up in generator.ups)


class _Ends:
    """Silences what a layer adds behind the end of a row that is shorter than others; a row alone needs nothing."""

    def __init__(self, frames: Sequence[int], device: torch.device) -> None:
        self._lengths = torch.tensor(frames, device=device) if len(frames) > 1 else None
        self._mask: torch.Tensor | None = None

    def at(self, factor: int, x: torch.Tensor) -> None:
        """A frame is `factor` steps of `x` from now on."""
        if self._lengths is not None:
            steps = torch.arange(x.shape[-1], device=x.device)
            self._mask = (steps < (self._lengths * factor)[:, None]).unsqueeze(1).to(x)

    def silence(self, x: torch.Tensor) -> torch.Tensor:
        """`x` itself, changed in place."""
        return x if self._mask is None else x.mul_(self._mask)


def _samples(generator: HifiganGenerator, z: torch.Tensor, g: torch.Tensor | None, ends: _Ends) -> torch.Tensor:
    """The library's forward, shape (B, 1, samples), in place where that is possible: less memory, a little faster."""
    factor = 1
    x = generator.conv_pre(z)
    if hasattr(generator, "cond_layer"):
        x = x.add_(generator.cond_layer(g))
    ends.at(factor, x)
    ends.silence(x)
    for stage, up in enumerate(generator.ups):
        x = up(leaky_relu_(x, LRELU_SLOPE))
        factor *= up.stride[0]
        ends.at(factor, x)
        ends.silence(x)
        first, *others = generator.resblocks[stage * generator.num_kernels : (stage + 1) * generator.num_kernels]
        total = _block(first, x, ends)
        for block in others:
            total.add_(_block(block, x, ends))
        x = total.div_(generator.num_kernels)
    return torch.tanh_(generator.conv_post(leaky_relu_(x)))


def _block(block: torch.nn.Module, x: torch.Tensor, ends: _Ends) -> torch.Tensor:
    if hasattr(block, "convs1"):
        for first, second in zip(block.convs1, block.convs2, strict=True):
            inner = ends.silence(first(leaky_relu(x, LRELU_SLOPE)))
            x = ends.silence(second(leaky_relu_(inner, LRELU_SLOPE))).add_(x)
        return x
    for conv in block.convs:
        x = ends.silence(conv(leaky_relu(x, LRELU_SLOPE))).add_(x)
    return x
