"""The contract that every engine keeps."""

from dataclasses import dataclass
from typing import Protocol

from models.audio import Pcm
from models.catalogue import Voice


class EngineError(Exception):
    """An engine could not do what it was asked.

    ``code`` is stable and machine-readable. ``permanent`` says that the same call will fail again anywhere,
    so a retry is pointless. The text never quotes what was to be spoken: it may be logged.
    """

    def __init__(self, message: str, *, code: str = "engine_failed", permanent: bool = False) -> None:
        super().__init__(message)
        self.code = code
        self.permanent = permanent


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

    def speak(self, text: str, voice: Voice) -> Pcm:
        """The raw sound of the text: edges not trimmed, level not corrected, at least one sample.

        Raises EngineError; what cannot be spoken whole is refused, never cut.
        """

    def close(self) -> None:
        """Free what the engine holds. The engine is not used afterwards; closing twice does no harm."""


def settings_for(voice: Voice, engine: str) -> dict[str, object]:
    """The voice's settings for this engine; a permanent EngineError when it has none."""
    try:
        return dict(voice.engines[engine])
    except KeyError:
        raise EngineError(
            f"voice {voice.id} ({voice.name}) has no settings for engine {engine}",
            code="voice_not_supported",
            permanent=True,
        ) from None
