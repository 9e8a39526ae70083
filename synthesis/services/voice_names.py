"""Voices by what clients of other services call them: an id, a voice's own name, or a name of the table.

The shipped names are those of OpenAI's voices, which many clients offer and nothing else. Rows of the table, which the
admin edits, win over them.
"""

from collections.abc import Mapping

from models.catalogue import UnknownVoice, Voice
from synthesis.domain.errors import InvalidInput
from synthesis.domain.text import one_line
from synthesis.models import VoiceName
from synthesis.services.voices import catalogue

DEFAULT = "default"
"""The name that stands for a request without a voice and without a language."""

# Each of the nine voices has one, and one that sounds like a woman is answered by one.
SHIPPED: Mapping[str, int] = {
    DEFAULT: 325640,
    "alloy": 325640,
    "ash": 325646,
    "ballad": 325642,
    "cedar": 325648,
    "coral": 325644,
    "echo": 325643,
    "fable": 325648,
    "marin": 325640,
    "nova": 325641,
    "onyx": 325642,
    "sage": 325645,
    "shimmer": 325647,
    "verse": 325643,
}


class UnknownVoiceName(InvalidInput):
    """No voice answers to this name, or none in this language; the message lists those that do."""

    code = "voice_not_found"
    param = "voice"
    """The field that it is about, for APIs that name one."""


def find(name: str = "", language: str | None = None) -> Voice:
    """The voice that is meant. Without a name: the default one, or the first one of the language (two letters).

    Raises UnknownVoiceName, also when the voice speaks another language than the one that is asked for.
    """
    if name.strip():
        voice = _called(name.strip())
    elif language is None:
        voice = _called(DEFAULT)
    else:
        voice = next((voice for voice in catalogue() if voice.language == language), None)
    if voice is None or (language is not None and voice.language != language):
        raise UnknownVoiceName(_refusal(name, voice, language))
    return voice


def of_voices() -> dict[int, list[str]]:
    """The names of the table and the shipped ones that each voice answers to, by its id."""
    found: dict[int, list[str]] = {}
    for name, voice_id in sorted({**SHIPPED, **dict(VoiceName.objects.values_list("name", "voice_id"))}.items()):
        if name != DEFAULT:
            found.setdefault(voice_id, []).append(name)
    return found


def _called(name: str) -> Voice | None:
    voices = catalogue()
    key = name.casefold()
    row = VoiceName.objects.filter(name=key).first()
    number = row.voice_id if row else SHIPPED.get(key)
    if number is None and key.isascii() and key.isdigit() and len(key) <= 18:
        number = int(key)
    if number is None:
        return next((voice for voice in voices if voice.name.casefold() == key), None)
    try:
        return voices.get(number)
    except UnknownVoice:
        # A default that the operator's catalogue does not have must not leave the service without one.
        return next(iter(voices)) if key == DEFAULT else None


def _refusal(name: str, voice: Voice | None, language: str | None) -> str:
    able = [other for other in catalogue() if language is None or other.language == language]
    if not able:
        return f"No voice speaks {language}. Languages: {', '.join(catalogue().languages())}."
    wanted = f"Unknown voice {one_line(name)!r}." if voice is None else f"Voice {voice.id} speaks {voice.language}."
    whose = f"Voices for {language}" if language else "Voices"
    return f"{wanted} {whose}: {', '.join(f'{other.id} ({other.name})' for other in able)}."
