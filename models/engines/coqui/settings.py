"""What voices.toml says to this engine, as checked values."""

from dataclasses import dataclass

from models.catalogue import Voice
from models.engines.errors import EngineError
from models.engines.voice_settings import settings_for

_SLOWEST, _FASTEST = 0.5, 2.0


@dataclass(frozen=True, slots=True)
class Settings:
    """How a voice is spoken.

    ``model`` and ``converter`` are names of voice packs. ``reference`` is a recording that XTTS or the converter
    imitates, ``speaker`` one of the model's own. ``language`` is what the model calls the text's language. ``speed``
    multiplies the tempo, the voice's and what the job asks for together; a model that cannot change its tempo refuses
    every other value than 1.
    """

    model: str
    language: str
    speaker: str | None = None
    converter: str | None = None
    reference: str | None = None
    speed: float = 1.0
    seed: int = 0


def of(voice: Voice) -> Settings:
    """The voice's settings; a permanent EngineError that names the key when one makes no sense."""
    table = settings_for(voice, "coqui")
    model, speed, seed = table.get("model"), table.get("speed", 1.0), table.get("seed", 0)
    if not isinstance(model, str) or not model:
        raise refused(voice, f"model is {model!r}, not the name of a voice pack")
    if not isinstance(speed, int | float) or isinstance(speed, bool) or not _SLOWEST <= speed <= _FASTEST:
        raise refused(voice, f"speed is {speed!r}, not a number from {_SLOWEST:g} to {_FASTEST:g}")
    if not isinstance(seed, int) or isinstance(seed, bool):
        raise refused(voice, f"seed is {seed!r}, not a whole number")
    texts: dict[str, str | None] = {}
    for key in ("speaker", "language", "converter", "reference"):
        value = table.get(key)
        if value is not None and (not isinstance(value, str) or not value):
            raise refused(voice, f"{key} is {value!r}, not a text")
        texts[key] = value
    if texts["converter"] and not texts["reference"]:
        raise refused(voice, "converter needs a reference")
    return Settings(
        model=model,
        language=texts["language"] or voice.language,
        speaker=texts["speaker"],
        converter=texts["converter"],
        reference=texts["reference"],
        speed=float(speed) * voice.speed,
        seed=seed,
    )


def refused(voice: Voice, reason: str) -> EngineError:
    """The permanent error for a voice whose settings cannot be followed."""
    return EngineError(f"voice {voice.id}: engines.coqui.{reason}", code="voice_not_supported", permanent=True)
