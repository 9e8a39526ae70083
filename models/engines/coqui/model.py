"""What the engine asks of each family of models."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

import torch

from models.engines.coqui.references import Reference
from models.engines.coqui.settings import Settings


@dataclass(frozen=True, slots=True)
class Wave:
    """Sound as a model gives it: one row of float32 samples on the CPU or a GPU, and its rate in Hz."""

    samples: torch.Tensor
    rate: int


@dataclass(frozen=True, slots=True)
class Line:
    """A text and how it is said. ``reference`` is the recording that the settings name, for models that imitate."""

    text: str
    settings: Settings
    seed: int
    reference: Reference | None = None


class Model(Protocol):
    """Speaks. Called under torch.inference_mode(), by one thread at a time unless it `is_independent`."""

    def speak(self, lines: Sequence[Line]) -> list[Wave]:
        """The sound of each line. A line gives the same samples whatever stands beside it, up to
        rounding. Raises a permanent EngineError for what the model cannot do, torch.OutOfMemoryError as it comes."""

    @property
    def batch_gains(self) -> bool:
        """Whether several texts in one call are spoken faster than one after another, here, on this device."""

    @property
    def is_independent(self) -> bool:
        """Whether several threads may speak with it at once: it keeps nothing, and draws from generators of its own."""


class Converter(Protocol):
    """Gives speech another voice. Called as a Model is."""

    def convert(self, wave: Wave, reference: Reference, seed: int) -> Wave:
        """The same words as if the person of the reference had said them."""
