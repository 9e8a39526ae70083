"""Which worker processes are alive: each writes a sign of life every few seconds, once it has spoken."""

import uuid
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from django.db.models import QuerySet
from django.utils import timezone

from synthesis.models import WorkerProcess

SIGN_OF_LIFE_SECONDS = 10
_ALIVE = timedelta(seconds=3 * SIGN_OF_LIFE_SECONDS)
_FORGET = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Presence:
    """One worker process. The token tells two lives of the same process id apart."""

    host: str
    pid: int
    engine: str
    started: datetime = field(default_factory=timezone.now)
    token: uuid.UUID = field(default_factory=uuid.uuid4)


def sign_of_life(presence: Presence) -> None:
    now = timezone.now()
    if WorkerProcess.objects.filter(token=presence.token).update(last_seen=now) == 0:
        WorkerProcess.objects.create(
            token=presence.token,
            host=presence.host,
            pid=presence.pid,
            engine=presence.engine,
            started=presence.started,
            last_seen=now,
        )


def leave(presence: Presence) -> None:
    WorkerProcess.objects.filter(token=presence.token).delete()


def alive() -> QuerySet[WorkerProcess]:
    return WorkerProcess.objects.filter(last_seen__gt=timezone.now() - _ALIVE)


def forget_dead() -> None:
    WorkerProcess.objects.filter(last_seen__lt=timezone.now() - _FORGET).delete()
