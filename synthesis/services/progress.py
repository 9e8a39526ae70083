"""How far a job has come, for those who wait for it."""

from collections.abc import Collection
from dataclasses import dataclass

from django.utils import timezone

from synthesis.domain.status import UNFINISHED, Status
from synthesis.models import Job
from synthesis.services import queue

# Rows that are looked at to find a job's place: beyond them it is far away anyway.
_FARTHEST = 5_000
_LAST_STRETCH = 0.99
"""All is spoken, and the file is being written."""


@dataclass(frozen=True, slots=True)
class Progress:
    """`share` is done, 0 to 1; `before`: jobs whose turn comes first; `seconds_left`: at the pace so far."""

    share: float
    before: int | None
    seconds_left: int | None


def of(jobs: Collection[Job]) -> dict[int, Progress]:
    """By the jobs' ids; one query at most."""
    waiting = {job.pk for job in jobs if job.status == Status.WAITING}
    places = _places(waiting) if waiting else {}
    return {job.pk: Progress(_share(job), places.get(job.pk), _seconds_left(job)) for job in jobs}


def _places(wanted: Collection[int]) -> dict[int, int]:
    rows = queue.claimable().order_by("round", "index", "id").values_list("job_id", flat=True)[:_FARTHEST]
    order = dict.fromkeys(rows)
    return {job_id: place for place, job_id in enumerate(order) if job_id in wanted}


def _share(job: Job) -> float:
    if job.status == Status.READY:
        return 1.0
    return round(min(_LAST_STRETCH, job.chunks_spoken / job.chunk_count), 4) if job.chunk_count else 0.0


def _seconds_left(job: Job) -> int | None:
    if job.status not in UNFINISHED or job.started is None or not job.chunk_count or not job.chunks_spoken:
        return None
    taken = max(0.0, (timezone.now() - job.started).total_seconds())
    return round(taken / job.chunks_spoken * (job.chunk_count - job.chunks_spoken))
