"""jobs/: made, listed, looked at, cancelled, taken up again, deleted."""

from urllib.parse import urlencode

from django.db.models import QuerySet
from django.http import HttpResponse
from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from synthesis import storage
from synthesis.api.parsers import FormParser, JsonParser
from synthesis.api.v1.requests import idempotency_key
from synthesis.api.v2 import answers, requests, schema
from synthesis.api.v2.endpoint import LARGEST_ID, Endpoint, WrongState, number
from synthesis.domain.errors import InvalidInput, JobNotFound
from synthesis.domain.status import FINISHED, Status
from synthesis.models import Job
from synthesis.services import jobs

_PAGE, _LARGEST_PAGE = 20, 100
_OF_THE_CLIENT = "Cancelled by its owner."


class Jobs(Endpoint):
    """GET and POST jobs/"""

    parser_classes = (JsonParser, FormParser)

    @extend_schema(
        operation_id="list_jobs",
        parameters=schema.LISTING,
        responses={200: schema.JobPage, **schema.errors(400)},
    )
    def get(self, request: Request) -> Response:
        """The caller's jobs, newest first."""
        limit = _limit(request.query_params.get("limit", str(_PAGE)))
        rows = list(_filtered(request, Job.objects.filter(owner=self.owner()))[: limit + 1])
        following = _next(request, rows[limit - 1].pk, limit) if len(rows) > limit else None
        return Response({"data": answers.jobs(rows[:limit], answers.root(request)), "next": following})

    @extend_schema(
        operation_id="create_job",
        parameters=[schema.IDEMPOTENCY_KEY],
        request={"application/json": requests.JobRequest, "multipart/form-data": schema.FileForm},
        responses={201: schema.Job, **schema.errors(400, 409, 415, 429, 503)},
    )
    def post(self, request: Request) -> Response:
        """Make a job of a text, or of a text file sent as a form."""
        key = idempotency_key(request.headers.get("Idempotency-Key"))
        wanted = requests.one(requests.fields(request))
        order = wanted.order(requests.source_of(request))
        job = jobs.submit(self.owner(), wanted.voice, wanted.checked_text(), key, order)
        return Response(answers.job(job, answers.root(request)), 201)


class Batch(Endpoint):
    """POST jobs/batch/"""

    @extend_schema(
        operation_id="create_jobs",
        request=schema.BatchRequest,
        responses={201: schema.JobList, **schema.errors(400, 415, 429, 503)},
    )
    def post(self, request: Request) -> Response:
        """Make up to a hundred jobs, or none when one of them cannot be made."""
        if "Idempotency-Key" in request.headers:
            raise InvalidInput("Idempotency-Key: Not for a batch.")
        source = requests.source_of(request)
        wanted = [jobs.Wanted(job.voice, job.checked_text(), job.order(source)) for job in requests.batch(request.data)]
        made = jobs.submit_all(self.owner(), wanted)
        return Response({"data": answers.jobs(made, answers.root(request))}, 201)


class OneJob(Endpoint):
    """GET and DELETE jobs/ID/"""

    @extend_schema(
        operation_id="get_job", parameters=[schema.JOB_ID], responses={200: schema.Job, **schema.errors(404)}
    )
    def get(self, request: Request, job_id: str) -> Response:
        """One job and how far it has come."""
        return Response(answers.job(self.job(job_id), answers.root(request)))

    @extend_schema(operation_id="delete_job", parameters=[schema.JOB_ID], responses={204: None, **schema.errors(404)})
    def delete(self, request: Request, job_id: str) -> Response:
        """Delete a job with its text and audio, in whatever state it is."""
        jobs.cancel_and_delete(self.job(job_id).pk)
        return Response(status=204)


class Cancel(Endpoint):
    """POST jobs/ID/cancel/"""

    reads_body = False

    @extend_schema(
        operation_id="cancel_job",
        parameters=[schema.JOB_ID],
        request=None,
        responses={200: schema.Job, **schema.errors(404, 409)},
    )
    def post(self, request: Request, job_id: str) -> Response:
        """End an unfinished job: it fails as `cancelled`."""
        job = self.job(job_id)
        if not jobs.cancel(job.pk, _OF_THE_CLIENT):
            job.refresh_from_db()
            raise WrongState("unfinished", job.status)
        return Response(answers.job(self.job(job_id), answers.root(request)))


class Retry(Endpoint):
    """POST jobs/ID/retry/"""

    reads_body = False

    @extend_schema(
        operation_id="retry_job",
        parameters=[schema.JOB_ID],
        request=None,
        responses={200: schema.Job, **schema.errors(404, 409)},
    )
    def post(self, request: Request, job_id: str) -> Response:
        """Take a failed job up again, from the chunks that are spoken already."""
        job = self.job(job_id)
        if not jobs.retry(job.pk):
            job.refresh_from_db()
            raise WrongState(Status.FAILED, job.status)
        return Response(answers.job(self.job(job_id), answers.root(request)))


class Text(Endpoint):
    """GET jobs/ID/text/"""

    @extend_schema(
        operation_id="get_text",
        parameters=[schema.JOB_ID],
        responses={(200, "text/plain"): schema.TEXT, **schema.errors(404)},
    )
    def get(self, request: Request, job_id: str) -> HttpResponse:
        """The text as it was sent."""
        try:
            text = storage.read_text(self.job(job_id).folder)
        except FileNotFoundError as error:  # deleted since we have looked at the row
            raise JobNotFound from error
        headers = {"Cache-Control": "private, no-cache", "X-Content-Type-Options": "nosniff"}
        return HttpResponse(text.encode(), content_type="text/plain; charset=utf-8", headers=headers)


def _filtered(request: Request, rows: QuerySet[Job]) -> QuerySet[Job]:
    given = {name: value for name in ("status", "q", "cursor") if (value := request.query_params.get(name, "").strip())}
    if "status" in given:
        wanted = given["status"].split(",")
        if stray := set(wanted) - set(Status):
            raise InvalidInput(f"status: {_shown(min(stray))} is none of {', '.join(Status)}.")
        rows = rows.filter(status__in=wanted)
    if "voice_id" in request.query_params:
        rows = rows.filter(voice_id=_id("voice_id", request.query_params["voice_id"].strip(), 2**31 - 1))
    if "q" in given:
        if not given["q"].isprintable():
            raise InvalidInput("q: Letters, digits and signs only.")
        rows = rows.filter(title__icontains=given["q"])
    if "cursor" in given:
        rows = rows.filter(pk__lt=_id("cursor", given["cursor"], LARGEST_ID))
    return rows.order_by("-id")


def _shown(value: str) -> str:
    return "".join(filter(str.isprintable, value[:40]))


def _id(name: str, value: str, largest: int) -> int:
    try:
        found = number(value)
    except JobNotFound:
        found = largest + 1
    if found > largest:
        raise InvalidInput(f"{name}: A whole number is required.")
    return found


def _limit(value: str) -> int:
    limit = _id("limit", value.strip(), LARGEST_ID)
    if not 1 <= limit <= _LARGEST_PAGE:
        raise InvalidInput(f"limit: 1 to {_LARGEST_PAGE}.")
    return limit


def _next(request: Request, last: int, limit: int) -> str:
    kept = {name: request.query_params[name] for name in ("status", "voice_id", "q") if name in request.query_params}
    query = urlencode({**kept, "limit": limit, "cursor": last})
    return f"{answers.root(request)}{request.path}?{query}"


def unfinished(job: Job) -> bool:
    """Whether the job may still change by itself."""
    return job.status not in FINISHED
