"""Voices, jobs and options, the same for both versions of the API. What v1 does not tell is None."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, fields
from typing import Any


@dataclass(frozen=True)
class Voice:
    """A voice that jobs can ask for by its id or its name."""

    id: int
    name: str
    language: str
    gender: str


@dataclass(frozen=True)
class Job:
    """A text on its way to audio.

    `status` is waiting, preparing, processing, synthesizing, ready or failed; `progress` goes from 0 to 1; `duration`
    and `seconds_left` are seconds; `format` is the extension of the audio's file, known when there is audio.
    """

    id: int
    voice_id: int
    language: str
    status: str
    created: str
    character_count: int
    title: str = ""
    chunk_count: int | None = None
    chunks_spoken: int | None = None
    progress: float | None = None
    queue_position: int | None = None
    seconds_left: float | None = None
    duration: float | None = None
    format: str | None = None
    error: str | None = None

    @property
    def finished(self) -> bool:
        """Whether it changes no more."""
        return self.status in {"ready", "failed"}

    @classmethod
    def from_answer(cls, answer: Mapping[str, Any]) -> Job:
        """The job object of v1 or v2; what this version of the client does not know is passed over."""
        known = {field.name for field in fields(cls)} - {"format", "error"}
        taken = {name: value for name, value in answer.items() if name in known}
        audio, error = answer.get("audio"), answer.get("error")
        return cls(**taken, format=audio["format"] if audio else None, error=error["message"] if error else None)


@dataclass(frozen=True)
class Options:
    """How a text is spoken and kept: the options of v2 by their names. None: as the server does by itself.

    Anything but `format="mp3"` needs the v2 API.
    """

    format: str | None = None
    encoding: str | None = None
    sample_rate: int | None = None
    bitrate: int | None = None
    speed: float | None = None
    pauses: float | None = None
    loudness: float | None = None
    title: str | None = None
    priority: str | None = None
    retention_days: int | None = None
    lexicon: bool | None = None
    subtitles: bool | None = None
    ssml: bool | None = None
    webhook: str | None = None

    def given(self) -> dict[str, Any]:
        """The fields that were chosen, as v2 takes them."""
        chosen = {field.name: getattr(self, field.name) for field in fields(self)}
        return {name: value for name, value in chosen.items() if value is not None}
