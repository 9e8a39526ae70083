"""Finished audio: for the owner, and for whoever has a signed address."""

import shutil
import tempfile
from pathlib import Path
from typing import IO
from urllib.parse import quote

from django.conf import settings
from django.http import HttpRequest, JsonResponse
from django.http.response import HttpResponseBase
from django.utils.http import content_disposition_header
from django.views.decorators.http import require_safe
from drf_spectacular.utils import extend_schema
from rest_framework.request import Request

from synthesis import audio_links, decoding, storage
from synthesis.api.audio import audio_response
from synthesis.api.errors import envelope
from synthesis.api.v2 import schema
from synthesis.api.v2.endpoint import Endpoint, WrongState
from synthesis.api.v2.streaming import Busy, place
from synthesis.domain.errors import JobNotFound
from synthesis.domain.status import Status
from synthesis.models import Job

LONGEST_CONVERTED_SECONDS = 3600
"""What is converted while somebody waits for it; longer audio is made in its format by a job."""
_TELEPHONE_RATES = ("8000", "16000", "22050", "24000", "44100", "48000")
_CONVERSIONS = {
    "wav": ("audio/wav", ["-c:a", "pcm_s16le", "-fflags", "+bitexact", "-f", "wav"]),
    # Bare G.711, as Asterisk keeps its sounds.
    "ulaw": ("audio/basic", ["-c:a", "pcm_mulaw", "-f", "mulaw"]),
    "alaw": ("audio/PCMA", ["-c:a", "pcm_alaw", "-f", "alaw"]),
}


class Audio(Endpoint):
    """GET jobs/ID/audio/"""

    @extend_schema(
        operation_id="get_audio",
        parameters=[schema.JOB_ID],
        responses={(200, "audio/*"): schema.BYTES, **schema.errors(404, 409)},
    )
    def get(self, request: Request, job_id: str) -> HttpResponseBase:
        """The audio of a ready job, with ranges, under a name made of voice and title."""
        job = self.job(job_id)
        if job.status != Status.READY:
            raise WrongState(Status.READY, job.status)
        return _whole(request._request, job, attached=True)


@require_safe
def signed_audio(request: HttpRequest, token: str, name: str) -> HttpResponseBase:
    """The audio at an address of `audio_links`, as it is or converted for a telephone system."""
    found = audio_links.opened(token)
    if found is None:
        return _refused(404, "not_found", "This address is unknown or has expired.")
    job, seconds_left = found
    try:
        response = _converted(request, job) if _conversion(request) else _whole(request, job, attached=False)
    except JobNotFound:
        return _refused(404, "not_found", "This audio was deleted.")
    except (ValueError, decoding.Unreadable) as error:
        return _refused(400, "invalid_input", str(error))
    except Busy as error:
        refusal = _refused(503, error.code, error.message)
        refusal.headers["Retry-After"] = str(error.retry_after)
        return refusal
    if response.status_code < 400:
        response.headers["Cache-Control"] = f"public, max-age={seconds_left}"
    return response


def _whole(request: HttpRequest, job: Job, *, attached: bool) -> HttpResponseBase:
    try:
        file = storage.speech_storage().open(job.audio)
    except FileNotFoundError as error:  # deleted since we have looked at the row
        raise JobNotFound from error
    name = audio_links.file_name(job)
    response = audio_response(
        request,
        file,
        size=job.audio_bytes or 0,
        etag=f'"{audio_links.file_token(job)}"',
        filename="audio",
        content_type=audio_links.audio_format(job).media_type,
    )
    response.headers["Content-Disposition"] = content_disposition_header(attached, name) or "inline"
    return response


def _conversion(request: HttpRequest) -> bool:
    return not {"format", "sample_rate"}.isdisjoint(request.GET)


def _converted(request: HttpRequest, job: Job) -> HttpResponseBase:
    """The audio in another form, as a file of known length. ValueError for a wish that cannot be met."""
    wanted = request.GET.get("format", "wav")
    rate = request.GET.get("sample_rate", "8000")
    if wanted not in _CONVERSIONS:
        raise ValueError(f"format: one of {', '.join(_CONVERSIONS)}.")
    if rate not in _TELEPHONE_RATES:
        raise ValueError(f"sample_rate: one of {', '.join(_TELEPHONE_RATES)}.")
    if (job.duration_ms or 0) > 1000 * LONGEST_CONVERTED_SECONDS:
        raise ValueError(f"Longer than {LONGEST_CONVERTED_SECONDS} s: ask a job for this format.")
    media_type, arguments = _CONVERSIONS[wanted]
    file = tempfile.TemporaryFile(dir=settings.FILE_UPLOAD_TEMP_DIR)  # noqa: SIM115 - the answer closes it
    try:
        with place(), tempfile.TemporaryDirectory(dir=settings.FILE_UPLOAD_TEMP_DIR) as folder:
            target = Path(folder) / "converted"
            decoding.convert(job.audio, [*("-ac", "1", "-ar", rate), *arguments], target)
            with target.open("rb") as made:
                shutil.copyfileobj(made, file)
        size = file.tell()
        file.seek(0)
        name = f"{audio_links.file_name(job).rpartition('.')[0]}.{wanted}"
        return _file(request, file, size, name, media_type, job)
    except BaseException:
        file.close()
        raise


def _file(request: HttpRequest, file: IO[bytes], size: int, name: str, media_type: str, job: Job) -> HttpResponseBase:
    etag = f'"{audio_links.file_token(job)}-{quote(request.GET.urlencode(), safe="")}"'
    response = audio_response(request, file, size=size, etag=etag, filename="audio", content_type=media_type)
    response.headers["Content-Disposition"] = content_disposition_header(False, name) or "inline"
    return response


def _refused(status: int, reason: str, message: str) -> JsonResponse:
    return JsonResponse(envelope(status, message, {"reason": reason}), status=status)
