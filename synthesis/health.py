"""Probes for supervisors and load balancers. They tell states, no versions and no names.

`/healthz` asks nobody: a web process that answers it is alive, and restarting it would mend nothing else. `/readyz`
says whether a job sent now would be spoken. `/readyz?exclude=queue&exclude=workers` says whether one would be accepted:
that is what a load balancer wants to know of a web process, and it depends on no process that starts after it.
"""

import logging
import threading
from time import monotonic
from typing import Any

from celery import current_app
from django.db import DatabaseError, InterfaceError, connection
from django.db.migrations.executor import MigrationExecutor
from django.http import HttpRequest, JsonResponse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe
from kombu.exceptions import ChannelError, KombuError

from synthesis.services import presence, voices

logger = logging.getLogger("voicen.health")

# A look at the broker costs a connection, and one at the migrations reads their files: not at every probe.
_BROKER_SECONDS = 5
_MIGRATIONS_SECONDS = 60

# Jobs are accepted without them.
_EXCLUDABLE = frozenset({"queue", "workers"})


@require_safe
@never_cache
def alive(_request: HttpRequest) -> JsonResponse:
    """The web process answers."""
    return JsonResponse({"status": "ok"})


@require_safe
@never_cache
def ready(request: HttpRequest) -> JsonResponse:
    """A job sent now would be spoken: tables are as this code wants them, the queue answers, a worker speaks.

    Voices that only a missing worker speaks are counted, and are no reason to take the web processes away. What
    `exclude` names does not count; the queue is not asked then, which takes seconds when it is frozen.
    """
    excluded = set(request.GET.getlist("exclude"))
    if excluded - _EXCLUDABLE:
        return JsonResponse({"status": "exclude takes queue, workers"}, status=400)
    try:
        migrated = migrations_applied()
        workers = presence.alive().count() if migrated else 0
        silent = len(presence.voices_without_worker()) if migrated else 0
    except (DatabaseError, InterfaceError):
        return JsonResponse({"status": "unavailable", "database": False}, status=503)
    speaks = bool(workers) and silent < len(voices.catalogue())
    queue = {} if "queue" in excluded else {"queue": broker_answers()}
    status = _status(migrated, all(queue.values()), speaks or "workers" in excluded)
    told = {"database": True, "migrations": migrated, **queue, "workers": workers, "voices_without_worker": silent}
    return JsonResponse({"status": status, **told}, status=200 if status == "ok" else 503)


def _status(migrated: bool, queue: bool, speaks: bool) -> str:
    if not migrated:
        return "not migrated"
    if not queue:
        return "no queue"
    return "ok" if speaks else "no worker"


class _Remembered:
    """A yes or no that is asked for anew after some seconds."""

    def __init__(self, seconds: float) -> None:
        self._seconds = seconds
        self._until = 0.0
        self._answer = False
        self.lock = threading.Lock()

    def get(self) -> bool | None:
        return self._answer if monotonic() < self._until else None

    def put(self, answer: bool) -> bool:
        self._answer, self._until = answer, monotonic() + self._seconds
        return answer

    def forget(self) -> None:
        self._until = 0.0


broker_memory = _Remembered(_BROKER_SECONDS)
migrations_memory = _Remembered(_MIGRATIONS_SECONDS)


def broker_answers() -> bool:
    """Whether a connection to the broker can be had, within its time-outs (seconds)."""
    with broker_memory.lock:
        known = broker_memory.get()
        return broker_memory.put(_broker_answers()) if known is None else known


def _broker_answers() -> bool:
    link = current_app.connection_for_write()
    faults = (KombuError, OSError, *link.connection_errors, *link.channel_errors)
    try:
        with link:
            link.ensure_connection(max_retries=1, interval_start=0, interval_step=0)
            channel: Any = link.default_channel
            channel.queue_declare(current_app.conf.task_default_queue, passive=True)
    except ChannelError:  # an empty queue does not exist in Redis
        return True
    except faults as error:  # type: ignore[misc]  # a tuple of exception types, whatever the stubs say
        logger.warning("the broker does not answer: %s", type(error).__name__)
        return False
    return True


def migrations_applied() -> bool:
    """Whether the database has every table and column that this code knows. Raises DatabaseError."""
    known = migrations_memory.get()
    if known:
        return True
    executor = MigrationExecutor(connection)
    return migrations_memory.put(not executor.migration_plan(executor.loader.graph.leaf_nodes()))
