"""What every view of v2 has in common: who may come in, how an error looks, whose job it is."""

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any, ClassVar

from rest_framework.authentication import BaseAuthentication, SessionAuthentication
from rest_framework.exceptions import PermissionDenied
from rest_framework.parsers import BaseParser
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from synthesis.api.authentication import KeyAuthentication
from synthesis.api.errors import exception_handler
from synthesis.api.parsers import JsonParser
from synthesis.domain.errors import InvalidInput, JobNotFound, UnsupportedMediaType, VoicenError
from synthesis.models import Job

if TYPE_CHECKING:
    from django.contrib.auth.models import User

# No database holds a larger id; asking one for it is an error in PostgreSQL.
LARGEST_ID = 2**63 - 1
_REASONS = {
    400: "bad_request",
    401: "unauthorized",
    403: "forbidden",
    404: "not_found",
    405: "method_not_allowed",
    415: "unsupported_media_type",
    500: "internal_error",
    503: "unavailable",
}


class WrongState(VoicenError):
    """The job is not in a state that allows this."""

    http_status = 409
    code = "wrong_status"

    def __init__(self, allowed: str, current: str) -> None:
        super().__init__(f"The job is {current}; this needs one that is {allowed}.", extra={"status": current})


def with_reason(error: Exception, context: Mapping[str, Any]) -> Response | None:
    """The house envelope with a `reason` that programs can tell apart."""
    answer = exception_handler(error, context)
    if answer is not None:
        code = answer.data["error"]["code"]
        reason = error.code if isinstance(error, VoicenError) else _REASONS.get(code, "error")
        answer.data["error"].setdefault("reason", reason)
        if isinstance(error, PermissionDenied) and str(error.detail).startswith("CSRF"):
            answer.data["error"]["message"] = "Permission denied: the session's CSRF token is missing or wrong."
    return answer


class Endpoint(APIView):
    """Keys as in v1, and the session of a person who is signed in to our own pages, guarded against forged requests."""

    parser_classes: Any = (JsonParser,)
    reads_body: ClassVar = True

    def get_authenticators(self) -> list[BaseAuthentication]:
        if getattr(self, "swagger_fake_view", False):  # drf-spectacular asks for the ways there are
            return [KeyAuthentication(), Session()]
        return [KeyAuthentication()] if "Authorization" in self.request.headers else [Session()]

    def get_exception_handler(self) -> Callable[..., Response | None]:
        return with_reason

    def initial(self, request: Request, *args: Any, **kwargs: Any) -> None:
        super().initial(request, *args, **kwargs)
        method = request.method or ""
        if not self.reads_body or method not in {"POST", "PUT", "PATCH"} or not hasattr(self, method.lower()):
            return
        if "Transfer-Encoding" in request.headers and not request.headers.get("Content-Length"):
            raise InvalidInput("A Content-Length is required.")  # WSGI shows none of a chunked body
        has_body = request.headers.get("Content-Length") not in (None, "", "0")
        if has_body and self._parser(request) is None:
            known = " or ".join(str(parser.media_type) for parser in self.parser_classes)
            raise UnsupportedMediaType(f"Unsupported media type. Send {known}.")

    def _parser(self, request: Request) -> BaseParser | None:
        return self.get_content_negotiator().select_parser(request, self.get_parsers())

    def owner(self) -> "User":
        user: User = self.request.user  # type: ignore[assignment]
        return user

    def job(self, job_id: str) -> Job:
        """The caller's job with this id, whatever stands in the path. Raises JobNotFound."""
        row = Job.objects.filter(pk=number(job_id), owner=self.owner()).first()
        if row is None:
            raise JobNotFound
        return row


class Session(SessionAuthentication):
    """Signed in to our pages. Nobody is: 401, as with a wrong key."""

    def authenticate_header(self, request: Request) -> str:
        return "Token"


def number(text: str) -> int:
    """An id of a path. Raises JobNotFound, as for one that nobody has."""
    if not (text.isascii() and text.isdigit()) or len(text) > 19 or int(text) > LARGEST_ID:
        raise JobNotFound
    return int(text)
