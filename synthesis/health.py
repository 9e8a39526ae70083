"""Probes for supervisors and load balancers. They tell states, no versions and no names."""

from django.db import DatabaseError, InterfaceError
from django.http import HttpRequest, JsonResponse
from django.views.decorators.http import require_safe

from synthesis.services import presence


@require_safe
def alive(_request: HttpRequest) -> JsonResponse:
    """The web process answers."""
    return JsonResponse({"status": "ok"})


@require_safe
def ready(_request: HttpRequest) -> JsonResponse:
    """A job sent now would be spoken: the database answers, and a worker is alive that has spoken before.

    Voices whose engine no worker has are counted: their jobs wait. That alone is no reason to take the service away
    from those who want the others.
    """
    try:
        workers = presence.alive().count()
        waiting = len(presence.voices_without_worker()) if workers else 0
    except (DatabaseError, InterfaceError):
        return JsonResponse({"status": "unavailable", "database": False}, status=503)
    state: dict[str, object] = {"status": "ok" if workers else "no worker", "database": True, "workers": workers}
    if waiting:
        state |= {"status": "some voices wait", "voices_without_worker": waiting}
    return JsonResponse(state, status=200 if workers else 503)
