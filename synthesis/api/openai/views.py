"""One class for each path."""

import base64
import json
import logging
import tempfile
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.http import FileResponse, Http404, StreamingHttpResponse
from django.http.response import HttpResponseBase
from rest_framework.permissions import AllowAny
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from synthesis import live, speaking
from synthesis.api.openai import answers, errors, requests
from synthesis.api.openai.errors import NoSpeechInTime, SpeechFailed, UnknownModel
from synthesis.api.parsers import JsonParser
from synthesis.domain.errors import InvalidInput, UnsupportedMediaType, VoicenError
from synthesis.domain.status import Source
from synthesis.domain.text import one_line
from synthesis.ffmpeg import NoFfmpeg
from synthesis.transcode import TranscodingFailed

if TYPE_CHECKING:
    from django.contrib.auth.models import User

logger = logging.getLogger("voicen.api")

_FAILURES = (live.Failed, TranscodingFailed, NoFfmpeg)


class _Endpoint(APIView):
    def get_exception_handler(self) -> Callable[..., Response | None]:
        return errors.exception_handler


class _Listed(_Endpoint):
    """A list that says nothing of anybody: clients ask for it without a key."""

    def initial(self, request: Request, *args: Any, **kwargs: Any) -> None:
        if settings.PUBLIC_CATALOGUE:
            request.authenticators = ()  # a wrong key does not matter either
            self.permission_classes = [AllowAny]
        super().initial(request, *args, **kwargs)


class Models(_Listed):
    """GET models"""

    def get(self, _request: Request) -> Response:
        return Response({"object": "list", "data": answers.models()})


class Model(_Listed):
    """GET models/NAME"""

    def get(self, _request: Request, name: str) -> Response:
        if not answers.is_model(name):
            raise UnknownModel(f"Unknown model {one_line(name)!r}. Models: {', '.join(answers.MODELS)}.")
        return Response(answers.model(name))


class AudioModels(_Listed):
    """GET audio/models"""

    def get(self, _request: Request) -> Response:
        models = answers.models()
        return Response({"object": "list", "models": models, "data": models})


class Voices(_Listed):
    """GET audio/voices"""

    def get(self, _request: Request) -> Response:
        voices = answers.voices()
        return Response({"object": "list", "voices": voices, "data": voices})


class Nothing(_Endpoint):
    """Every other path: refused in the form that these clients read, to those with a key and to those without."""

    permission_classes = (AllowAny,)
    authentication_classes = ()

    def initial(self, request: Request, *args: Any, **kwargs: Any) -> None:
        raise Http404


class Speech(_Endpoint):
    """POST audio/speech"""

    parser_classes = (JsonParser,)

    def initial(self, request: Request, *args: Any, **kwargs: Any) -> None:
        super().initial(request, *args, **kwargs)
        if (
            request.method == "POST"
            and self.get_content_negotiator().select_parser(request, self.get_parsers()) is None
        ):
            raise UnsupportedMediaType("Unsupported media type. Send application/json.")
        if "Transfer-Encoding" in request.headers and not request.headers.get("Content-Length"):
            raise InvalidInput("A Content-Length is required.")  # WSGI shows none of a chunked body

    def post(self, request: Request) -> HttpResponseBase:
        wanted = requests.speech(request.data)
        owner: User = request.user  # type: ignore[assignment]
        speech = speaking.begin(
            owner, wanted.voice, wanted.text, Source.OPENAI, wanted.speed, heard_early=not wanted.whole
        )
        try:
            answer = _whole(speech, wanted) if wanted.whole else _streamed(speech, wanted)
        except BaseException as error:
            speech.close()
            if isinstance(error, _FAILURES):
                raise _refusal(error) from error
            raise
        answer.headers["X-Voicen-Job"] = str(speech.job.pk)
        return answer


def _streamed(speech: speaking.Speech, wanted: requests.SpeechRequest) -> HttpResponseBase:
    """What is spoken, while it is. Nothing is answered before the first piece, so that a failure has a status."""
    pieces = speech.encoded(wanted.format, wanted.sample_rate)
    if wanted.as_events:
        events = speaking.Answer(speech, pieces, partial(_events, len(wanted.text)))
        answer = StreamingHttpResponse(events, content_type="text/event-stream")
    else:
        answer = StreamingHttpResponse(speaking.Answer(speech, pieces), content_type=wanted.format.media_type)
        answer.headers["Content-Disposition"] = f"attachment; filename=speech.{wanted.format}"
    answer.headers["Cache-Control"] = "no-cache"
    answer.headers["X-Accel-Buffering"] = "no"  # nginx would keep it until it has a few kilobytes
    return answer


def _events(characters: int, pieces: Iterator[bytes]) -> Iterator[bytes]:
    try:
        for piece in pieces:
            yield _event({"type": "speech.audio.delta", "audio": base64.b64encode(piece).decode("ascii")})
    except _FAILURES as error:
        yield _event({"type": "error", **errors.of(_refusal(error))})
        return
    # Characters stand for tokens: nothing here counts in those.
    usage = {"input_tokens": characters, "output_tokens": 0, "total_tokens": characters}
    yield _event({"type": "speech.audio.done", "usage": usage})


def _event(data: dict[str, Any]) -> bytes:
    return f"data: {json.dumps(data)}\n\n".encode()


def _whole(speech: speaking.Speech, wanted: requests.SpeechRequest) -> HttpResponseBase:
    """A file that states its length, once all is spoken."""
    with tempfile.TemporaryDirectory(dir=settings.FILE_UPLOAD_TEMP_DIR, prefix="speech-") as folder:
        path = Path(folder) / f"speech.{wanted.format}"
        speech.save(path, wanted.format, wanted.sample_rate)
        file = path.open("rb")  # it stays readable when its name is gone
    speech.close()
    return FileResponse(
        file, as_attachment=True, filename=path.name, content_type=wanted.format.media_type, headers=_NOT_KEPT
    )


_NOT_KEPT = {"Cache-Control": "no-cache"}


def _refusal(error: Exception) -> VoicenError:
    if not isinstance(error, live.Failed):
        logger.error("%s", error)
        return SpeechFailed("The audio could not be encoded.")
    if error.code == "timeout":
        return NoSpeechInTime(error.message, retry_after=30)
    if error.code == "nothing_to_speak":
        return errors.InvalidRequest(f"input: {error.message}", "input")
    return SpeechFailed(f"{error.message} ({error.code})")
