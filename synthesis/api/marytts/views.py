"""One class for each path. Whatever is not audio is plain text, errors too: MaryTTS knows no other."""

import logging
import math
import tempfile
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.http import FileResponse, HttpResponse
from django.http.response import HttpResponseBase
from rest_framework.parsers import FormParser
from rest_framework.permissions import AllowAny
from rest_framework.request import Request
from rest_framework.views import APIView

from models.catalogue import Voice
from synthesis import live, speaking
from synthesis.api import errors as house
from synthesis.api.marytts.authentication import MaryAuthentication
from synthesis.domain import language, text
from synthesis.domain.errors import InvalidInput
from synthesis.domain.status import Source
from synthesis.domain.text import one_line
from synthesis.ffmpeg import NoFfmpeg
from synthesis.services import ssml, voice_names
from synthesis.services.voices import catalogue
from synthesis.transcode import StreamFormat, TranscodingFailed

if TYPE_CHECKING:
    from django.contrib.auth.models import User

logger = logging.getLogger("voicen.api")

_WAV_NAMES = {"", "WAVE", "WAVE_FILE", "WAVE_STREAM"}
_MP3_NAMES = {"MP3", "MP3_FILE"}


def _plain(content: str, status: int = 200) -> HttpResponse:
    return HttpResponse(content, status=status, content_type="text/plain; charset=utf-8")


def _exception_handler(error: Exception, context: Mapping[str, Any]) -> HttpResponseBase | None:
    answer = house.exception_handler(error, context)
    if answer is None:
        return None
    plain = _plain(f"{answer.data['error']['message']}\n", answer.status_code)
    for name in ("WWW-Authenticate", "Retry-After"):
        if name in answer.headers:
            plain.headers[name] = answer.headers[name]
    return plain


class _Endpoint(APIView):
    authentication_classes = (MaryAuthentication,)

    def get_exception_handler(self) -> "Callable[..., Any]":
        return _exception_handler


class _Listed(_Endpoint):
    def initial(self, request: Request, *args: Any, **kwargs: Any) -> None:
        if settings.PUBLIC_CATALOGUE:
            request.authenticators = ()
            self.permission_classes = [AllowAny]
        super().initial(request, *args, **kwargs)


class Voices(_Listed):
    """GET voices: name, locale, gender and kind of each."""

    def get(self, _request: Request) -> HttpResponse:
        return _plain("".join(f"{voice.name} {voice.language} {voice.gender} neural\n" for voice in catalogue()))


class Locales(_Listed):
    """GET locales"""

    def get(self, _request: Request) -> HttpResponse:
        return _plain("".join(f"{code}\n" for code in catalogue().languages()))


class Version(_Listed):
    """GET version"""

    def get(self, _request: Request) -> HttpResponse:
        return _plain(f"Voicen Server {settings.VERSION}, with the HTTP interface of MaryTTS\n")


class Process(_Endpoint):
    """GET and POST process: INPUT_TEXT becomes a wav, by VOICE or in LOCALE. SPEED is an addition of ours."""

    parser_classes = (FormParser,)

    def get(self, request: Request) -> HttpResponseBase:
        return self._speak(request, request.query_params)

    def post(self, request: Request) -> HttpResponseBase:
        return self._speak(request, {**request.query_params.dict(), **_fields(request)})

    def _speak(self, request: Request, fields: Mapping[str, str]) -> HttpResponseBase:
        form = _form(fields)
        voice = voice_names.find(fields.get("VOICE", ""), _language(fields.get("LOCALE", "")))
        speed = _speed(fields.get("SPEED", ""))
        is_ssml = fields.get("INPUT_TYPE", "").upper() == "SSML"
        said = _text(fields.get("INPUT_TEXT", ""), voice if is_ssml else None, speed)
        owner: User = request.user  # type: ignore[assignment]
        speech = speaking.begin(owner, voice, said, Source.MARYTTS, speed, ssml=is_ssml, heard_early=False)
        try:
            with tempfile.TemporaryDirectory(dir=settings.FILE_UPLOAD_TEMP_DIR, prefix="speech-") as folder:
                path = Path(folder) / f"speech.{form}"
                speech.save(path, form)
                file = path.open("rb")  # it stays readable when its name is gone
        except live.Failed as error:
            return _plain(f"{error.message}\n", 503 if error.code == "timeout" else 500)
        except (TranscodingFailed, NoFfmpeg) as error:
            logger.error("%s", error)
            return _plain("The audio could not be encoded.\n", 500)
        finally:
            speech.close()
        return FileResponse(file, content_type=form.media_type)


def _fields(request: Request) -> dict[str, str]:
    return request.data.dict() if hasattr(request.data, "dict") else {}


def _form(fields: Mapping[str, str]) -> StreamFormat:
    for name, known in (("INPUT_TYPE", ("TEXT", "SSML")), ("OUTPUT_TYPE", ("AUDIO",))):
        if fields.get(name, known[0]).upper() not in known:
            raise InvalidInput(f"{name}: {' or '.join(known)} only.")
    wanted = fields.get("AUDIO", "").upper()
    if wanted in _WAV_NAMES:
        return StreamFormat.WAV
    if wanted in _MP3_NAMES:
        return StreamFormat.MP3
    raise InvalidInput("AUDIO: WAVE_FILE or MP3_FILE.")


def _language(locale: str) -> str | None:
    if not locale.strip():
        return None
    code = language.primary(locale)
    if code is None:
        raise InvalidInput(f"LOCALE: {one_line(locale)!r} is none. Use one of: {', '.join(catalogue().languages())}.")
    return code


def _speed(value: str) -> float:
    try:
        speed = float(value) if value.strip() else 1.0
    except ValueError:
        speed = math.nan
    if math.isnan(speed):
        raise InvalidInput(f"SPEED: A number from {speaking.SLOWEST:g} to {speaking.FASTEST:g}.")
    # A screen reader at the end of its scale must not fall silent.
    return min(max(speed, speaking.SLOWEST), speaking.FASTEST)


def _text(sent: str, speaker_of_ssml: Voice | None, speed: float) -> str:
    """The checked text; with a voice, as a document in SSML for it."""
    if not sent:
        raise InvalidInput("INPUT_TEXT: A text is required.")
    try:
        checked = text.check(sent, settings.MAX_CHARACTERS)
        if speaker_of_ssml is not None:
            ssml.check(checked, speaker_of_ssml, speaking.tempo_of(speed))
        return checked
    except InvalidInput as error:
        raise InvalidInput(error.message.replace("text: ", "INPUT_TEXT: ", 1)) from error
