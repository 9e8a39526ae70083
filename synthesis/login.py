"""What somebody sees who has guessed too often, and how the audit log learns of it."""

import logging
from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.contrib.auth import get_user_model
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from synthesis.services import audit

if TYPE_CHECKING:
    from django.contrib.auth.models import User

logger = logging.getLogger("voicen.login")


def address(request: HttpRequest) -> str | None:
    """Whose failures are counted together. None where there is no address: behind a Unix socket without a header."""
    return audit.client_address(request) or None


def locked_out(
    request: HttpRequest, original: HttpResponse | None = None, credentials: dict[str, Any] | None = None
) -> HttpResponse:
    """429 with the time to wait. The name that was typed is logged only if somebody has it: it may be a password."""
    seconds = round(settings.AXES_COOLOFF_TIME.total_seconds())
    # Locked already: then nobody counts, and a guesser who goes on fills neither log.
    if getattr(request, "axes_failures_since_start", 0) == settings.AXES_FAILURE_LIMIT:
        known = _known((credentials or {}).get("username") or request.POST.get("username", ""))
        where = audit.client_address(request)
        audit.record("login locked", known, address=where)
        logger.warning("too many wrong passwords for %s from %s", _describe(known), where or "an unknown address")
    context = {"minutes": seconds // 60}
    match = request.resolver_match
    template = "pages/locked_out.html" if match and match.app_name == "pages" else "admin/locked_out.html"
    response = render(request, template, context, status=429)
    response.headers["Retry-After"] = str(seconds)
    response.headers["Cache-Control"] = "no-store"
    return response


def _known(name: str) -> "User | None":
    return get_user_model().objects.filter(username=name[:150].replace("\0", "")).first()


def _describe(user: "User | None") -> str:
    return f"user {user.pk}" if user else "a name that nobody has"
