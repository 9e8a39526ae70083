"""For clients that wait for their audio: a text becomes a job like any other, and is heard while it is spoken.

Whoever begins a Speech closes it. A client that leaves before the end takes its job along: nobody else would hear it.
"""

import contextlib
from collections.abc import Callable, Iterator
from datetime import timedelta
from itertools import chain
from pathlib import Path
from typing import TYPE_CHECKING

from django.conf import settings
from django.utils import timezone

from models.catalogue import Voice
from synthesis import live, places, transcode
from synthesis.domain.errors import JobNotFound
from synthesis.domain.options import SPEEDS, Options
from synthesis.domain.status import Source
from synthesis.models import Job
from synthesis.services import jobs
from synthesis.transcode import StreamFormat

if TYPE_CHECKING:
    from django.contrib.auth.models import User

SLOWEST, FASTEST = 0.25, 4.0
"""What clients may ask for. Voices go from half to double; the rest is done to the finished sound."""


class Speech:
    """One text that is being spoken for a client that waits."""

    def __init__(self, job: Job, tempo: float) -> None:
        self.job = job
        self._tempo = tempo
        self._open = True

    def frames(self) -> tuple[Iterator[bytes], int]:
        """The s16le mono frames as they are spoken, and their rate in Hz. Returns when the first are there.

        Raises live.Failed, later too, when no more will come.
        """
        pieces = live.frames(self.job.pk, patience_seconds=settings.SPEECH_PATIENCE_SECONDS)
        first = next(pieces, b"")
        return chain([first], pieces), live.sample_rate(self.job)

    def encoded(self, target: StreamFormat, sample_rate: int | None = None) -> Iterator[bytes]:
        """The audio as it is spoken, in a form that can be played. Raises as `frames` does, and as transcode.stream."""
        frames, rate = self.frames()
        return transcode.stream(frames, rate, target, output_rate=sample_rate, tempo=self._tempo)

    def save(self, path: Path, target: StreamFormat, sample_rate: int | None = None) -> None:
        """Wait for the whole and write it to a file that states its length."""
        frames, rate = self.frames()
        transcode.to_file(frames, rate, target, path, output_rate=sample_rate, tempo=self._tempo)

    def close(self) -> None:
        """Give the place back; a job that is not finished by now is cancelled and deleted. The second time: nothing."""
        if not self._open:
            return
        self._open = False
        try:
            with contextlib.suppress(JobNotFound):
                if jobs.cancel(self.job.pk):
                    jobs.delete(self.job.pk)
        finally:
            places.give_back()


def tempo_of(speed: float) -> float:
    """The part of a speed that the voice itself does."""
    return min(max(speed, SPEEDS[0]), SPEEDS[1])


def begin(
    owner: "User",
    voice: Voice,
    text: str,
    source: Source,
    speed: float = 1.0,
    *,
    ssml: bool = False,
    heard_early: bool = True,
) -> Speech:
    """Submit the text, which has been checked, for a client that waits. Close what this returns.

    `heard_early`: the client hears the beginning while the rest is spoken, and not a whole file at the end.

    Raises places.Busy, and whatever jobs.submit raises.
    """
    tempo = tempo_of(speed)
    places.take()
    try:
        job = jobs.submit(owner, voice, text, order=_order(source, Options(speed=tempo, ssml=ssml, early=heard_early)))
    except BaseException:
        places.give_back()
        raise
    return Speech(job, speed / tempo)


def _order(source: Source, options: Options) -> jobs.Order:
    hours = settings.SPEECH_KEEP_HOURS
    expires = timezone.now() + timedelta(hours=hours) if hours else None
    return jobs.Order(options=options, source=source, expires=expires)


Form = Callable[[Iterator[bytes]], Iterator[bytes]]


class Answer:
    """The pieces of an answer. Closing it ends what encodes and the speech, also when nobody has read any of it."""

    def __init__(self, speech: Speech, pieces: Iterator[bytes], form: Form = iter) -> None:
        """Returns when the first piece is there, so that a failure before it can have a status of its own.

        `form` says how the pieces are wrapped. Raises what they raise; the speech is not closed then.
        """
        self._speech = speech
        self._pieces = pieces
        self._sent = form(chain([next(pieces, b"")], pieces))

    def __iter__(self) -> Iterator[bytes]:
        return self

    def __next__(self) -> bytes:
        return next(self._sent)

    def close(self) -> None:
        try:
            close = getattr(self._pieces, "close", None)
            if close is not None:
                close()
        finally:
            self._speech.close()
