"""Which worker processes are alive: each writes a sign of life every few seconds, once it has spoken."""

import os
import socket
import uuid
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path

from django.db.models import QuerySet
from django.utils import timezone

from models.catalogue import Voice
from synthesis.models import WorkerProcess
from synthesis.services import queue, voices

SIGN_OF_LIFE_SECONDS = 10
_ALIVE = timedelta(seconds=3 * SIGN_OF_LIFE_SECONDS)
_FORGET = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Presence:
    """One worker process: `engine` names those that it speaks with, comma-separated.

    The token tells two lives of the same process id apart.
    """

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


def engines_alive() -> frozenset[str]:
    """The engines that some living worker speaks with."""
    return frozenset(name for names in alive().values_list("engine", flat=True) for name in names.split(","))


def voices_without_worker() -> list[Voice]:
    """The voices whose jobs wait, since no living worker speaks with their engine."""
    engines = engines_alive()
    return [voice for voice in voices.catalogue() if voices.engine_of(voice) not in engines]


def bury_dead(host: str) -> None:
    """End the leases of processes of this host that are no longer there, so that their steps go on at once."""
    for row in WorkerProcess.objects.filter(host=host):
        if not _runs(row.pid):
            row.delete()
            queue.release(row.token)


def this_host() -> str:
    """Which process ids these are: the host's name, and what tells two hosts or containers of one name apart."""
    try:
        boot = Path("/proc/sys/kernel/random/boot_id").read_text(encoding="ascii")[:8]
        return f"{socket.gethostname()}/{boot}/{Path('/proc/self/ns/pid').stat().st_ino}"
    except OSError:
        return socket.gethostname()


def _runs(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except PermissionError:  # it runs, for another account
        return True
    return True


def forget_dead() -> None:
    WorkerProcess.objects.filter(last_seen__lt=timezone.now() - _FORGET).delete()
