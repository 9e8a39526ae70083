"""Errors as OpenAI's clients read them: `{"error": {"message", "type", "param", "code"}}`."""

from collections.abc import Mapping
from typing import Any

from rest_framework.response import Response

from synthesis.api import errors as house
from synthesis.domain.errors import InvalidInput, VoicenError

_TYPES = {
    400: "invalid_request_error",
    401: "authentication_error",
    403: "permission_error",
    404: "invalid_request_error",
    405: "invalid_request_error",
    415: "invalid_request_error",
    429: "rate_limit_error",
}
_CODES = {401: "invalid_api_key", 404: "not_found", 405: "method_not_allowed"}


class InvalidRequest(InvalidInput):
    """A field is not what it should be."""

    def __init__(self, message: str, param: str | None = None) -> None:
        super().__init__(message)
        self.param = param


class UnknownModel(VoicenError):
    http_status = 404
    code = "model_not_found"
    param = "model"


class SpeechFailed(VoicenError):
    """The job has failed before there was any audio."""

    http_status = 500
    code = "speech_failed"


class NoSpeechInTime(VoicenError):
    """Nothing was spoken for long: no worker, or a long queue."""

    http_status = 503
    code = "timeout"


def body(status: int, message: str, *, code: str | None = None, param: str | None = None) -> dict[str, Any]:
    kind = _TYPES.get(status, "server_error")
    return {"error": {"message": message, "type": kind, "param": param, "code": code or _CODES.get(status)}}


def of(error: VoicenError) -> dict[str, Any]:
    """The body of one of our refusals."""
    return body(error.http_status, error.message, code=error.code, param=getattr(error, "param", None))


def exception_handler(error: Exception, context: Mapping[str, Any]) -> Response | None:
    """DRF's hook for these endpoints: the statuses and messages of the house in OpenAI's form."""
    answer = house.exception_handler(error, context)
    if answer is not None:
        if isinstance(error, VoicenError):
            answer.data = of(error)
        else:
            answer.data = body(answer.status_code, answer.data["error"]["message"])
    return answer
