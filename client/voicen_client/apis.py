"""The two versions of the API behind one set of methods."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, BinaryIO, Protocol, Union

import requests

from voicen_client.errors import Unsupported
from voicen_client.records import Job, Options, Voice
from voicen_client.transport import Transport

_PAGE = 100
Wanted = Union[int, str]
"""A voice as callers name it: 325640, "325640" or "Aytac"."""


class Api(Protocol):
    """One version. Methods raise what `Transport.call` raises, and Unsupported."""

    version: int

    def voices(self) -> list[Voice]: ...
    def submit(self, text: str, voice: Wanted, language: str | None, options: Options, once: str) -> Job: ...
    def submit_file(
        self, file: BinaryIO, name: str, voice: Wanted, language: str | None, options: Options, once: str
    ) -> Job: ...
    def job(self, job_id: int) -> Job: ...
    def jobs(self, status: str | None) -> Iterator[Job]: ...
    def delete(self, job_id: int) -> None: ...
    def cancel(self, job_id: int) -> Job: ...
    def retry(self, job_id: int) -> Job: ...
    def audio(self, job_id: int) -> requests.Response: ...
    def subtitles(self, job_id: int, form: str) -> requests.Response: ...


class V2:
    """Everything."""

    version = 2

    def __init__(self, transport: Transport) -> None:
        self._transport = transport

    def voices(self) -> list[Voice]:
        answer = self._transport.json("GET", "v2/voices/")["data"]
        return [Voice(**{name: voice[name] for name in ("id", "name", "language", "gender")}) for voice in answer]

    def submit(self, text: str, voice: Wanted, language: str | None, options: Options, once: str) -> Job:
        body = {"text": text, **_fields(voice, language, options)}
        return self._made(once, json=body)

    def submit_file(
        self, file: BinaryIO, name: str, voice: Wanted, language: str | None, options: Options, once: str
    ) -> Job:
        return self._made(once, data=_form(_fields(voice, language, options)), files={"file": (name, file.read())})

    def _made(self, once: str, **body: Any) -> Job:
        return Job.from_answer(self._transport.json("POST", "v2/jobs/", headers={"Idempotency-Key": once}, **body))

    def job(self, job_id: int) -> Job:
        return Job.from_answer(self._transport.json("GET", f"v2/jobs/{job_id}/"))

    def jobs(self, status: str | None) -> Iterator[Job]:
        path = f"v2/jobs/?limit={_PAGE}" + (f"&status={status}" if status else "")
        while path:
            page = self._transport.json("GET", path)
            yield from map(Job.from_answer, page["data"])
            # Only the path: behind a proxy the address that the server knows may not be ours.
            path = (page["next"] or "").partition("/api/")[2]

    def delete(self, job_id: int) -> None:
        self._transport.call("DELETE", f"v2/jobs/{job_id}/")

    def cancel(self, job_id: int) -> Job:
        return Job.from_answer(self._transport.json("POST", f"v2/jobs/{job_id}/cancel/"))

    def retry(self, job_id: int) -> Job:
        return Job.from_answer(self._transport.json("POST", f"v2/jobs/{job_id}/retry/"))

    def audio(self, job_id: int) -> requests.Response:
        return self._transport.call("GET", f"v2/jobs/{job_id}/audio/", stream=True)

    def subtitles(self, job_id: int, form: str) -> requests.Response:
        return self._transport.call("GET", f"v2/jobs/{job_id}/subtitles.{form}")


class V1:
    """What the frozen API offers: plain mp3, no options, and voices that are known from its document."""

    version = 1
    _VOICES = (
        Voice(325640, "Aytac", "az", "female"),
        Voice(325641, "Aynur", "az", "female"),
        Voice(325642, "Ramin", "az", "male"),
        Voice(325643, "Elchin", "az", "male"),
        Voice(325648, "Kamil", "az", "male"),
        Voice(325647, "Zeynep", "tr", "female"),
        Voice(325646, "Mesut", "tr", "male"),
        Voice(325644, "Sibel", "tr", "female"),
        Voice(325645, "Anna", "ru", "female"),
    )

    def __init__(self, transport: Transport) -> None:
        self._transport = transport

    def voices(self) -> list[Voice]:
        return list(self._VOICES)

    def submit(self, text: str, voice: Wanted, language: str | None, options: Options, once: str) -> Job:
        body = {"text": text, **self._fields(voice, language, options)}
        return self._made("v1/jobs/text/", once, json=body)

    def submit_file(
        self, file: BinaryIO, name: str, voice: Wanted, language: str | None, options: Options, once: str
    ) -> Job:
        fields = self._fields(voice, language, options)
        return self._made("v1/jobs/file/", once, data=fields, files={"file": (name, file.read())})

    def _fields(self, voice: Wanted, language: str | None, options: Options) -> dict[str, str]:
        given = options.given()
        if given.pop("format", "mp3") != "mp3" or given:
            raise Unsupported("This server has only the v1 API: plain mp3 without options.")
        found = next((one for one in self._VOICES if _is(one, voice)), None)
        if found is not None:
            return {"voice_id": str(found.id), "lang": language or found.language}
        if language is None or not str(voice).isdigit():
            raise Unsupported("This server does not list its voices: give the voice's number and its language.")
        return {"voice_id": str(voice), "lang": language}

    def _made(self, path: str, once: str, **body: Any) -> Job:
        answer = self._transport.json("POST", path, headers={"Idempotency-Key": once}, **body)
        return Job.from_answer(answer["data"])

    def job(self, job_id: int) -> Job:
        return Job.from_answer(self._transport.json("GET", f"v1/jobs/{job_id}/")["data"])

    def jobs(self, status: str | None) -> Iterator[Job]:
        path = f"v1/jobs/?limit={_PAGE}&offset=0"
        while path:
            page = self._transport.json("GET", path)
            yield from (job for job in map(Job.from_answer, page["results"]) if status in (None, job.status))
            path = (page["next"] or "").partition("/api/")[2]

    def delete(self, job_id: int) -> None:
        self._transport.call("DELETE", f"v1/jobs/{job_id}/")

    def cancel(self, job_id: int) -> Job:
        raise Unsupported("This server has only the v1 API: it cannot cancel a job.")

    def retry(self, job_id: int) -> Job:
        raise Unsupported("This server has only the v1 API: it cannot take up a job again.")

    def audio(self, job_id: int) -> requests.Response:
        return self._transport.call("GET", f"v1/jobs/{job_id}/synthesize/", stream=True)

    def subtitles(self, job_id: int, form: str) -> requests.Response:
        raise Unsupported("This server has only the v1 API: it has no subtitles.")


def _fields(voice: Wanted, language: str | None, options: Options) -> dict[str, Any]:
    fields = {"voice_id": voice, **options.given()}
    return fields if language is None else {**fields, "lang": language}


def _form(fields: dict[str, Any]) -> dict[str, str]:
    return {name: str(value).lower() if isinstance(value, bool) else str(value) for name, value in fields.items()}


def _is(voice: Voice, wanted: Wanted) -> bool:
    return str(wanted).strip().casefold() in {str(voice.id), voice.name.casefold()}
