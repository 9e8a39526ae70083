"""The lists of models and voices, in one form that all the clients read: each looks at a part of it."""

from typing import Any

from models.catalogue import Voice
from synthesis.services import voice_names
from synthesis.services.voices import catalogue

MODELS = ("voicen", "tts-1", "tts-1-hd", "gpt-4o-mini-tts")
"""Names of one and the same: what speaks is said by the voice."""
_OWNER = "voicen"


def is_model(name: str) -> bool:
    """One of ours, or a dated form of it such as gpt-4o-mini-tts-2025-12-15."""
    return any(name == model or name.startswith(f"{model}-20") for model in MODELS)


def model(name: str) -> dict[str, Any]:
    voices = catalogue()
    return {
        "id": name,
        "object": "model",
        "created": 0,
        "owned_by": _OWNER,
        "task": "text-to-speech",
        "language": list(voices.languages()),
        "voices": [{"name": str(one.id), "language": one.language, "gender": one.gender} for one in voices],
    }


def models() -> list[dict[str, Any]]:
    return [model(name) for name in MODELS]


def voices() -> list[dict[str, Any]]:
    """Every voice by its id, with the further names that it answers to."""
    names = voice_names.of_voices()
    return [_voice(one, names.get(one.id, [])) for one in catalogue()]


def _voice(voice: Voice, names: list[str]) -> dict[str, Any]:
    return {
        "id": str(voice.id),
        "name": f"{voice.name} ({voice.language}, {voice.gender})",
        "object": "audio.voice",
        "language": voice.language,
        "gender": voice.gender,
        "aliases": [voice.name, *names],
    }
