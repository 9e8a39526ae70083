"""HiFiGAN inside VITS: latent frames to samples. Nine tenths of the time that a VITS needs are spent here."""

from collections.abc import Callable, Sequence

import torch
from torch.nn.functional import leaky_relu
from TTS.vocoder.models.hifigan_generator import LRELU_SLOPE, HifiganGenerator

from models.engines.coqui.device import Device

Decode = Callable[[torch.Tensor, torch.Tensor | None, Sequence[int]], list[torch.Tensor]]


def build(generator: HifiganGenerator, device: Device) -> Decode:
    """A function from frames (B, channels, T), the speaker and the length of each row to rows of samples."""
    generator.to(device.decoding)

    def decode(z: torch.Tensor, g: torch.Tensor | None, frames: Sequence[int]) -> list[torch.Tensor]:
        z, g = z.to(device.decoding), None if g is None else g.to(device.decoding)
        if len(frames) == 1:
            return [generator(z, g=g)[0, 0]]
        return _masked(generator, z, g, frames)

    return decode


def keeps_lengths(generator: HifiganGenerator) -> bool:
    """Whether a frame is the same number of samples everywhere, as masks need it."""
    return all((up.kernel_size[0] - up.stride[0]) % 2 == 0 for up in generator.ups)


def _masked(
    generator: HifiganGenerator, z: torch.Tensor, g: torch.Tensor | None, frames: Sequence[int]
) -> list[torch.Tensor]:
    """Rows of different lengths at once. What a layer adds behind the end of a row is taken away before the next."""
    lengths = torch.tensor(frames, device=z.device)

    def ends(x: torch.Tensor, factor: int) -> torch.Tensor:
        return (torch.arange(x.shape[-1], device=x.device) < (lengths * factor)[:, None]).unsqueeze(1).to(x)

    factor = 1
    x = generator.conv_pre(z)
    if hasattr(generator, "cond_layer"):
        x = x + generator.cond_layer(g)
    x = x * ends(x, factor)
    for stage, up in enumerate(generator.ups):
        x = up(leaky_relu(x, LRELU_SLOPE))
        factor *= up.stride[0]
        mask = ends(x, factor)
        x = x * mask
        blocks = generator.resblocks[stage * generator.num_kernels : (stage + 1) * generator.num_kernels]
        x = sum(_block(block, x, mask) for block in blocks) / generator.num_kernels
    x = torch.tanh(generator.conv_post(leaky_relu(x)))
    return [row[0, : length * factor] for row, length in zip(x, frames, strict=True)]


def _block(block: torch.nn.Module, x: torch.Tensor, mask: torch.Tensor) -> torch.Tensor:
    if hasattr(block, "convs1"):
        for first, second in zip(block.convs1, block.convs2, strict=True):
            inner = first(leaky_relu(x, LRELU_SLOPE)) * mask
            x = x + second(leaky_relu(inner, LRELU_SLOPE)) * mask
        return x
    for conv in block.convs:
        x = x + conv(leaky_relu(x, LRELU_SLOPE)) * mask
    return x
