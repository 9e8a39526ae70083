"""What is read from the rows at the moment of asking: queue, workers, storage.

A scrape costs little whatever the number of jobs: what waits and runs is counted in partial indexes, and what needs a
look at every job is looked at once a minute at most.
"""

import shutil
import threading
from collections import Counter
from collections.abc import Callable, Iterator
from datetime import datetime
from time import monotonic

from django.conf import settings
from django.db import connection
from django.db.models import Count, Min, Sum
from django.utils import timezone
from prometheus_client.metrics_core import GaugeMetricFamily, Metric

from synthesis.domain.status import FINISHED, Status, StepState
from synthesis.models import Job
from synthesis.services import presence, queue

_RARELY_SECONDS = 60


class _Kept:
    """A value that is costly to get, kept for a while."""

    def __init__(self, get: Callable[[], dict[str, float]]) -> None:
        self._get = get
        self._lock = threading.Lock()
        self._value: dict[str, float] = {}
        self._until = 0.0

    def __call__(self) -> dict[str, float]:
        with self._lock:
            if monotonic() >= self._until:
                self._value = self._get()
                self._until = monotonic() + _RARELY_SECONDS
            return self._value

    def forget(self) -> None:
        self._until = 0.0


def collect() -> Iterator[Metric]:
    yield _gauge("tts_build_info", "What runs here.", ["version", "revision"], [(_build(), 1)])
    yield _gauge("tts_jobs", "Jobs by status.", ["status"], _labelled({**_unfinished(), **_finished()}))
    yield _gauge(
        "tts_queue_oldest_job_age_seconds",
        "How long the oldest job waits that no worker has taken up; 0 when none does.",
        [],
        [([], _oldest_age())],
    )
    yield _gauge(
        "tts_queue_oldest_work_age_seconds",
        "How long ago the oldest job was sent of whose work some waits that no worker has in hand; 0 when none does.",
        [],
        [([], _oldest_work_age())],
    )
    yield _gauge("tts_steps", "Steps that wait or run.", ["state"], _labelled(_steps()))
    yield _gauge("tts_workers_alive", "Worker processes that showed a sign of life.", [], [([], len(_speaking()))])
    yield _gauge("tts_models_loaded", "Worker processes with this engine loaded.", ["engine"], _labelled(_engines()))
    yield _gauge(
        "tts_voices_without_worker",
        "Voices that no living worker speaks.",
        [],
        [([], len(presence.voices_without_worker()))],
    )
    yield _gauge("tts_storage_bytes", "Room that things take.", ["kind"], _labelled({**_disk(), **_stored()}))


def _gauge(name: str, text: str, labels: list[str], samples: list[tuple[list[str], float]]) -> Metric:
    family = GaugeMetricFamily(name, text, labels=labels)
    for values, value in samples:
        family.add_metric(values, value)
    return family


def _labelled(values: dict[str, float]) -> list[tuple[list[str], float]]:
    return [([name], value) for name, value in sorted(values.items())]


def _build() -> list[str]:
    return [settings.VERSION, settings.REVISION]


def _unfinished() -> dict[str, float]:
    counted = queue.all_unfinished().values_list("status").annotate(Count("id"))
    return {status.value: 0.0 for status in Status if status not in FINISHED} | dict(counted)


@_Kept
def _finished() -> dict[str, float]:
    counted = Job.objects.filter(status__in=FINISHED).order_by().values_list("status").annotate(Count("id"))
    return {status.value: 0.0 for status in FINISHED} | dict(counted)


def _oldest_age() -> float:
    """The one to alert on: a job gets its first turn soon, unless workers are missing or far too few."""
    return _age(queue.all_unfinished().filter(status=Status.WAITING).aggregate(first=Min("created"))["first"])


def _oldest_work_age() -> float:
    """The one to add workers by: a book that is being read has waited for as long as chunks of it wait."""
    waiting = queue.claimable().filter(state=StepState.PENDING).order_by()
    # Ids are given in the order of sending: one look at the index of what waits, and one at a job.
    oldest = waiting.aggregate(first=Min("job_id"))["first"]
    return _age(Job.objects.filter(pk=oldest).values_list("created", flat=True).first())


def _age(since: datetime | None) -> float:
    return max(0.0, (timezone.now() - since).total_seconds()) if since else 0.0


def _steps() -> dict[str, float]:
    counted = queue.claimable().order_by().values_list("state").annotate(Count("id"))
    return {StepState.PENDING.value: 0.0, StepState.RUNNING.value: 0.0} | dict(counted)


def _engines() -> dict[str, float]:
    return dict(Counter(name for names in _speaking() for name in names.split(",")))


def _speaking() -> list[str]:
    """What each living worker process speaks with: one engine, or several, comma-separated."""
    return list(presence.alive().values_list("engine", flat=True))


def _disk() -> dict[str, float]:
    disk = shutil.disk_usage(settings.DATA_DIR)
    return {"disk_total": disk.total, "disk_free": disk.free}


@_Kept
def _stored() -> dict[str, float]:
    audio = Job.objects.filter(status=Status.READY).aggregate(bytes=Sum("audio_bytes"))["bytes"] or 0
    return {"audio": audio, "database": _database_bytes()}


def _database_bytes() -> float:
    if connection.vendor == "sqlite":
        sql = "SELECT page_count * page_size FROM pragma_page_count(), pragma_page_size()"
    else:
        sql = "SELECT pg_database_size(current_database())"
    with connection.cursor() as cursor:
        cursor.execute(sql)
        return float(cursor.fetchone()[0])


def forget() -> None:
    """Look again at what is kept for a while."""
    for kept in (_finished, _stored):
        kept.forget()
