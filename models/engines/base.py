"""The contract that every engine keeps."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol, runtime_checkable

from models.audio import Pcm
from models.catalogue import Voice
from models.engines.errors import EngineError as EngineError
from models.engines.voice_settings import settings_for as settings_for


@dataclass(frozen=True, slots=True)
class ChunkLimits:
    """How long a piece of text should be (``target``) and may be (``maximum``), in the engine's own units."""

    target: int
    maximum: int


class Ruler(Protocol):
    """Tells how long a text is for an engine. Needs no weights, so a text can be split where none are."""

    @property
    def limits(self) -> ChunkLimits:
        """In the units of ``measure``."""

    def measure(self, text: str, voice: Voice) -> int:
        """How many units of ``limits`` the text takes: exact, cheap, 0 when nothing in it can be spoken."""


class Engine(Ruler, Protocol):
    """Speaks one piece of normalised text at a time. May be called from several threads at once."""

    @property
    def name(self) -> str:
        """What voices.toml and the loader call the engine."""

    @property
    def sample_rate(self) -> int:
        """Hz, the same for every voice."""

    def version(self, voice: Voice) -> str:
        """What the sound depends on beside text, settings and our own code: weights, and what runs them."""

    def speak(self, text: str, voice: Voice) -> Pcm:
        """The raw sound of the text: edges not trimmed, level not corrected, at least one sample.

        Raises EngineError; what cannot be spoken whole is refused, never cut.
        """

    def close(self) -> None:
        """Free what the engine holds. The engine is not used afterwards; closing twice does no harm."""


@runtime_checkable
class ChoosesRuntime(Protocol):
    """What an engine offers beside that has several ways to compute its network."""

    @property
    def runtime(self) -> str:
        """The one that it took; "none" once it is closed."""

    @property
    def reason(self) -> str:
        """Why, in a word for labels: "set" by a setting, "fastest" here, or what is missing for a faster one."""


@runtime_checkable
class SpeaksTogether(Protocol):
    """What an engine may offer beside: several texts in one go, of one voice or of several that are alike to it."""

    @property
    def on_gpu(self) -> bool:
        """Whether it computes on a GPU, where one text alone leaves most of it idle."""

    def speak_batch(self, texts: Sequence[str], voices: Sequence[Voice]) -> list[Pcm]:
        """What `speak` gives for each text in its voice, in their order. The voices have one `batch_key`.

        Raises EngineError when one of them cannot be spoken.
        """

    def batch_key(self, voice: Voice) -> str:
        """Voices of the same key can be spoken in one go. Loads nothing; EngineError when the settings are wrong."""

    def batch_gains(self, voice: Voice) -> bool:
        """Whether that is faster for this voice than one text after another. May load what the voice needs."""
