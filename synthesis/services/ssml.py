"""SSML with the voices that there are: what the rules of `domain.ssml` cannot know."""

from collections.abc import Callable

from models.catalogue import UnknownVoice, Voice
from synthesis.domain import ssml
from synthesis.domain.errors import InvalidInput
from synthesis.domain.text import NOTHING_TO_SYNTHESIZE, one_line, speakable
from synthesis.services.voices import catalogue, engine_of


def document(text: str, language: str, speaker: Voice | None, speed: float = 1.0) -> ssml.Document:
    """The document for a job of this voice, which all its voices share the engine of; None: of any.

    Raises InvalidInput, also when nothing in it can be spoken.
    """
    found = ssml.parse(text, language, _voices_beside(speaker), speed)
    if not any(speakable(run.text) for run in found.runs):
        raise InvalidInput(NOTHING_TO_SYNTHESIZE)
    return found


def check(text: str, voice: Voice, speed: float = 1.0) -> None:
    """Raises InvalidInput for a text that cannot become a job of this voice."""
    document(text, voice.language, voice, speed)


def _voices_beside(speaker: Voice | None) -> Callable[[str], Voice]:
    voices = catalogue()  # looked at once: a document may name thousands

    def voice_of(wanted: str) -> Voice:
        try:
            found = voices.get(int(wanted)) if wanted.isascii() and wanted.isdigit() else None
        except UnknownVoice:
            found = None
        name = wanted.casefold()
        found = found or next((voice for voice in voices if voice.name.casefold() == name), None)
        if found is None:
            known = ", ".join(voice.name for voice in voices)
            raise ssml.Refused(
                "<voice>: there is no voice {name}. Use one of: {known}", name=repr(one_line(wanted)), known=known
            )
        if speaker is not None and engine_of(found) != engine_of(speaker):
            raise ssml.Refused(
                "<voice>: {name} is spoken by {engine}, {other} by {others}; the voices of one job need one engine",
                name=found.name,
                engine=engine_of(found),
                other=speaker.name,
                others=engine_of(speaker),
            )
        return found

    return voice_of
