"""GET /metrics for Prometheus, for those who may see it."""

import secrets
from collections.abc import Iterator

from django.conf import settings
from django.db import DatabaseError, InterfaceError
from django.http import Http404, HttpRequest, HttpResponse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe
from prometheus_client import CONTENT_TYPE_LATEST, CollectorRegistry, generate_latest
from prometheus_client.metrics_core import Metric

from synthesis.metrics import state, totals
from synthesis.nearness import is_near


@require_safe
@never_cache
def metrics(request: HttpRequest) -> HttpResponse:
    """404 for everybody unless a token or networks are set, and then for all others."""
    if not _may_see(request):
        raise Http404
    registry = CollectorRegistry()
    registry.register(_Everything())
    try:
        totals.flush()  # what this web process has counted itself
        page = generate_latest(registry)
    except (DatabaseError, InterfaceError):
        return HttpResponse("the database is away\n", status=503, content_type="text/plain")
    return HttpResponse(page, content_type=CONTENT_TYPE_LATEST)


class _Everything:
    def collect(self) -> Iterator[Metric]:
        yield from state.collect()
        yield from totals.collect()


def _may_see(request: HttpRequest) -> bool:
    return _has_token(request) or is_near(request, settings.METRICS_NETWORKS)


def _has_token(request: HttpRequest) -> bool:
    scheme, _, given = request.headers.get("Authorization", "").partition(" ")
    token: str = settings.METRICS_TOKEN
    return bool(token) and scheme.lower() == "bearer" and secrets.compare_digest(given.strip().encode(), token.encode())
