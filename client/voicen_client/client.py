"""The client: one server, one key."""

from __future__ import annotations

import os
import time
import uuid
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from types import TracebackType
from typing import BinaryIO

import requests

from voicen_client.apis import V1, V2, Api, Wanted
from voicen_client.errors import Failed, NotFound, Unreachable, VoicenError
from voicen_client.records import Job, Options, Voice
from voicen_client.transport import Transport

_FIRST_LOOK_SECONDS, _SLOWEST_LOOK_SECONDS = 0.2, 2.0
_BLOCK = 1 << 16
SUBTITLE_FORMATS = ("srt", "vtt", "json")


class Client:
    """A Voicen server as one account sees it; `url` without /api/, for example https://tts.example.az.

    Every method raises Unreachable, Unauthorized or Refused; those that need the v2 API raise Unsupported on a server
    that has only v1. What is lost on the way is sent again; a job that is sent again is not made twice.
    """

    def __init__(self, url: str, key: str, *, tries: int = 5) -> None:
        self._transport = Transport(url, key, tries=tries)
        self._known: Api | None = None

    def __enter__(self) -> Client:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        """End the connections."""
        self._transport.close()

    @property
    def api_version(self) -> int:
        """2, or 1 where the server has no more."""
        return self._api.version

    @property
    def _api(self) -> Api:
        if self._known is None:
            try:
                newer = V2(self._transport)
                newer.voices()
                self._known = newer
            except NotFound:
                self._transport.call("GET", "v1/jobs/?limit=1")  # with its own words where v1 is missing too
                self._known = V1(self._transport)
            except (LookupError, TypeError) as error:
                raise Unreachable(f"{self._transport.url} does not answer like a Voicen server.") from error
        return self._known

    def voices(self) -> list[Voice]:
        """The voices that jobs can ask for."""
        return self._api.voices()

    def submit(self, text: str, voice: Wanted, *, language: str | None = None, options: Options | None = None) -> Job:
        """Make a job of a text; returns before it is spoken."""
        return self._api.submit(text, voice, language, options or Options(), _once())

    def submit_file(
        self,
        path: str | os.PathLike[str],
        voice: Wanted,
        *,
        language: str | None = None,
        options: Options | None = None,
    ) -> Job:
        """The same of a file, which the server reads; raises OSError too."""
        with Path(path).open("rb") as file:
            return self._api.submit_file(file, Path(path).name, voice, language, options or Options(), _once())

    def job(self, job_id: int) -> Job:
        """How far it is. Raises NotFound."""
        return self._api.job(job_id)

    def jobs(self, status: str | None = None) -> Iterator[Job]:
        """The account's jobs, newest first, fetched page by page as they are taken."""
        return self._api.jobs(status)

    def delete(self, job_id: int) -> None:
        """Remove a job, its text and its audio for good. Raises NotFound."""
        self._api.delete(job_id)

    def cancel(self, job_id: int) -> Job:
        """End an unfinished job. Needs v2."""
        return self._api.cancel(job_id)

    def retry(self, job_id: int) -> Job:
        """Take up a failed job again. Needs v2."""
        return self._api.retry(job_id)

    def wait(self, job_id: int, on_change: Callable[[Job], None] | None = None) -> Job:
        """The job when it is ready; `on_change` is called with each look at it. Raises Failed, NotFound."""
        rest = _FIRST_LOOK_SECONDS
        while True:
            job = self.job(job_id)
            if on_change is not None:
                on_change(job)
            if job.status == "failed":
                raise Failed(job.id, job.error or "the server gives no reason")
            if job.finished:
                return job
            time.sleep(rest)
            rest = min(1.3 * rest, _SLOWEST_LOOK_SECONDS)

    def write_audio(self, job_id: int, file: BinaryIO) -> int:
        """Write the audio of a ready job to an open file; returns the number of bytes. Raises OSError too."""
        written = 0
        with self._api.audio(job_id) as answer:
            try:
                for block in answer.iter_content(_BLOCK):
                    written += file.write(block)
            except requests.RequestException as error:
                raise Unreachable(f"The audio broke off after {written} bytes.") from error
        return written

    def download(self, job_id: int, path: str | os.PathLike[str]) -> int:
        """The same into a file of this name, which appears whole or not at all."""
        with _whole(Path(path)) as file:
            return self.write_audio(job_id, file)

    def write_subtitles(self, job_id: int, file: BinaryIO, form: str = "srt") -> int:
        """Write when each sentence of a ready job is heard, as `srt`, `vtt` or `json`; returns the number of bytes.

        Needs v2, and a job that was made with `subtitles`: NotFound otherwise. Raises OSError too.
        """
        if form not in SUBTITLE_FORMATS:
            raise VoicenError(f"Subtitles come as {', '.join(SUBTITLE_FORMATS)}.")
        return file.write(self._api.subtitles(job_id, form).content)

    def download_subtitles(self, job_id: int, path: str | os.PathLike[str], form: str = "srt") -> int:
        """The same into a file of this name, which appears whole or not at all."""
        with _whole(Path(path)) as file:
            return self.write_subtitles(job_id, file, form)

    def say(
        self,
        text: str,
        voice: Wanted,
        path: str | os.PathLike[str],
        *,
        language: str | None = None,
        options: Options | None = None,
    ) -> Job:
        """Submit, wait and download: a text becomes a file."""
        job = self.wait(self.submit(text, voice, language=language, options=options).id)
        self.download(job.id, path)
        return job


@contextmanager
def _whole(target: Path) -> Iterator[BinaryIO]:
    """A file to write, which has its name only once all of it is there."""
    part = target.with_name(f".{target.name}.{uuid.uuid4().hex[:8]}")
    try:
        with part.open("xb") as file:
            yield file
        part.replace(target)
    finally:
        part.unlink(missing_ok=True)


def _once() -> str:
    return str(uuid.uuid4())
