"""A voice's settings for an engine. A module of its own: the web process checks them, and ``base`` brings numpy."""

from models.catalogue import Voice
from models.engines.errors import EngineError


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
