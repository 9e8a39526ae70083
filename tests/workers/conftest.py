"""A worker process in this process: its runtime with an engine that tests can make misbehave, and its pulse."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from models.audio import Pcm
from models.catalogue import Voice
from models.engines.base import Engine
from models.engines.tone import Tone
from synthesis.models import Step
from synthesis.services import presence, queue
from workers import steps
from workers.pulse import Pulse
from workers.runtime import Runtime


class Misbehaving(Tone):
    """The tone engine, until `speak` is replaced."""

    on_speak: Callable[[str], Pcm] | None = None

    def speak(self, text: str, voice: Voice) -> Pcm:
        return self.on_speak(text) if self.on_speak else super().speak(text, voice)


class Worker:
    """Takes steps as a worker process does."""

    def __init__(self) -> None:
        self.engine = Misbehaving()
        self.runtime = Runtime()
        self.runtime.engine = self._engine  # type: ignore[method-assign]
        self.pulse = Pulse(presence.Presence("host", 1, "tone"))

    @contextmanager
    def _engine(self, voice: Voice) -> Iterator[Engine]:
        yield self.engine

    def take(self) -> Step | None:
        """Claim and run one step."""
        step = queue.claim()
        if step is not None:
            steps.run(step, self.runtime, self.pulse)
        return step

    def take_all(self) -> None:
        while self.take() is not None:
            pass


@pytest.fixture(autouse=True)
def _own_media(media: Path) -> None:
    """No test sees the audio of another."""


@pytest.fixture
def worker() -> Worker:
    return Worker()
