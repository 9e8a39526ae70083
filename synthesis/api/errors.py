"""Every error below /api/ is `{"error": {"code", "message", …}}`, whoever raised it."""

import logging
from collections.abc import Mapping
from typing import Any

from django.core.exceptions import SuspiciousOperation
from django.db import DatabaseError, DataError, IntegrityError, InterfaceError, ProgrammingError
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse, UnreadablePostError
from django.http.multipartparser import MultiPartParserError
from django.views import defaults
from rest_framework import exceptions
from rest_framework.response import Response
from rest_framework.views import set_rollback

from synthesis.domain.errors import StorageUnavailable, VoicenError
from synthesis.storage import StorageAway

logger = logging.getLogger("voicen.api")

NO_VALID_KEY = "No valid API key provided."

# Faults of ours: trying again later does not help against them.
_WRONG_QUERIES = (DataError, IntegrityError, ProgrammingError)

_REFUSALS = {
    exceptions.MethodNotAllowed: "Method not allowed.",
    exceptions.PermissionDenied: "Permission denied.",
    exceptions.NotFound: "Not found.",
    Http404: "Not found.",
}


def envelope(code: int, message: str, extra: Mapping[str, Any] | None = None) -> dict[str, Any]:
    return {"error": {"code": code, "message": message, **(extra or {})}}


def exception_handler(error: Exception, _context: Mapping[str, Any]) -> Response | None:
    """DRF's hook. None lets the exception through, to become a logged 500."""
    if isinstance(error, DatabaseError | InterfaceError) and not isinstance(error, _WRONG_QUERIES):
        logger.error("database: %s", type(error).__name__)
        error = StorageUnavailable()
    if isinstance(error, StorageAway):
        logger.error("%s", error.strerror)
        error = StorageUnavailable()
    set_rollback()
    if isinstance(error, VoicenError):
        headers = {"Retry-After": str(error.retry_after)} if error.retry_after else None
        return Response(envelope(error.http_status, error.message, error.extra), error.http_status, headers=headers)
    if isinstance(error, exceptions.NotAuthenticated | exceptions.AuthenticationFailed):
        header = getattr(error, "auth_header", None)
        return Response(envelope(401, NO_VALID_KEY), 401, headers={"WWW-Authenticate": header} if header else None)
    if isinstance(error, MultiPartParserError | SuspiciousOperation):
        return Response(envelope(400, "The form data is malformed, or a field other than the file is too long."), 400)
    if isinstance(error, UnreadablePostError):
        return Response(envelope(400, "The request broke off."), 400)  # nobody reads it; but no fault of ours
    for kind, message in _REFUSALS.items():
        if isinstance(error, kind):
            code = getattr(error, "status_code", 404)
            return Response(envelope(code, message), code)
    if isinstance(error, exceptions.APIException):
        return Response(envelope(error.status_code, str(error.detail)), error.status_code)
    return None


def _is_api(request: HttpRequest) -> bool:
    return request.path_info.startswith("/api/")


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:
    if _is_api(request):
        return JsonResponse(envelope(400, "Bad request."), status=400)
    return defaults.bad_request(request, exception)


def permission_denied(request: HttpRequest, exception: Exception) -> HttpResponse:
    if _is_api(request):
        return JsonResponse(envelope(403, "Permission denied."), status=403)
    return defaults.permission_denied(request, exception)


def page_not_found(request: HttpRequest, exception: Exception) -> HttpResponse:
    if request.path_info.startswith("/api/v2/"):
        return JsonResponse(envelope(404, "Not found.", {"reason": "not_found"}), status=404)
    if _is_api(request):
        return JsonResponse(envelope(404, "Not found."), status=404)
    return defaults.page_not_found(request, exception)


def server_error(request: HttpRequest) -> HttpResponse:
    if _is_api(request):
        return JsonResponse(envelope(500, "Internal server error."), status=500)
    return defaults.server_error(request)
