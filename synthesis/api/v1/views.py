"""One class for each documented path."""

from typing import TYPE_CHECKING, Any, ClassVar

from django.http.response import HttpResponseBase
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from synthesis import storage
from synthesis.api.audio import audio_response
from synthesis.api.parsers import FormParser, JsonParser
from synthesis.api.v1 import answers, requests
from synthesis.api.v1.pagination import page
from synthesis.domain.errors import InvalidInput, JobNotFound, UnsupportedMediaType, WrongStatus
from synthesis.domain.options import AudioFormat
from synthesis.domain.status import Status
from synthesis.models import Job
from synthesis.prepared import Parameter, Select
from synthesis.services import jobs

if TYPE_CHECKING:
    from django.contrib.auth.models import User

# No database holds a larger id; asking one for it is an error in PostgreSQL.
_LARGEST_ID = 2**63 - 1

_job_of_owner = Select(
    lambda: Job.objects.filter(pk=Parameter("id", Job, "id"), owner=Parameter("owner", Job, "owner"))
)


class _Endpoint(APIView):
    def owner(self) -> "User":
        user: User = self.request.user  # type: ignore[assignment]
        return user

    def job(self, job_id: str) -> Job:
        """The caller's job with this id, whatever stands in the path. Raises JobNotFound."""
        row = _job_of_owner.first(id=_id(job_id), owner=self.owner().pk)
        if row is None:
            raise JobNotFound
        return row


def _id(job_id: str) -> int:
    if not (job_id.isascii() and job_id.isdigit()) or len(job_id) > 19 or int(job_id) > _LARGEST_ID:
        raise JobNotFound
    return int(job_id)


class _Submit(_Endpoint):
    submission: ClassVar[type[requests.TextSubmission | requests.FileSubmission]]

    def initial(self, request: Request, *args: Any, **kwargs: Any) -> None:
        super().initial(request, *args, **kwargs)
        parser = self.parser_classes[0]
        if (
            request.method == "POST"
            and self.get_content_negotiator().select_parser(request, self.get_parsers()) is None
        ):
            raise UnsupportedMediaType(f"Unsupported media type. Send {parser.media_type}.")
        if "Transfer-Encoding" in request.headers and not request.headers.get("Content-Length"):
            raise InvalidInput("A Content-Length is required.")  # WSGI shows none of a chunked body

    def post(self, request: Request) -> Response:
        key = requests.idempotency_key(request.headers.get("Idempotency-Key"))
        submission = requests.validated(self.submission(data=request.data))
        job = jobs.submit(self.owner(), submission.validated_data["voice_id"], submission.checked_text(), key)
        return Response(answers.data(answers.job(job)))


class SubmitText(_Submit):
    """POST jobs/text/"""

    parser_classes = (JsonParser,)
    submission = requests.TextSubmission


class SubmitFile(_Submit):
    """POST jobs/file/"""

    parser_classes = (FormParser,)
    submission = requests.FileSubmission


class JobList(_Endpoint):
    """GET jobs/"""

    def get(self, request: Request) -> Response:
        return Response(page(request, self.owner().pk))


class JobDetail(_Endpoint):
    """GET and DELETE jobs/ID/"""

    def get(self, request: Request, job_id: str) -> Response:
        return Response(answers.data(answers.job(self.job(job_id))))

    def delete(self, request: Request, job_id: str) -> Response:
        jobs.delete(_id(job_id), self.owner())
        return Response(answers.data({"code": 200, "deleted": True}))


class Synthesize(_Endpoint):
    """GET jobs/ID/synthesize/"""

    def get(self, request: Request, job_id: str) -> HttpResponseBase:
        job = self.job(job_id)
        if job.status != Status.READY:
            raise WrongStatus(allowed=Status.READY.value, current=job.status)
        try:
            file = storage.speech_storage().open(job.audio)
        except FileNotFoundError as error:
            # Deleted between our look at the row and now.
            raise JobNotFound from error
        token, _, extension = job.audio.rpartition("/")[2].partition(".")
        return audio_response(
            request._request,
            file,
            size=job.audio_bytes or 0,
            etag=f'"{token}"',
            filename=f"voicen-{job.pk}.{extension}",
            # An mp3, unless the job was made by another door than this one.
            content_type=AudioFormat(extension).media_type,
        )
