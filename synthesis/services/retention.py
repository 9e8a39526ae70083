"""How long finished jobs are kept, and the proof that what was purged is gone."""

import logging
import uuid
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from time import sleep

from django.conf import settings
from django.db.models import Q, QuerySet
from django.utils import timezone

from synthesis import storage
from synthesis.domain.errors import JobNotFound, WrongStatus
from synthesis.domain.status import FINISHED
from synthesis.models import AccountLimits, Job, Step
from synthesis.services import jobs

logger = logging.getLogger("voicen.retention")

_BATCH = 200
# A worker whose lease was taken from it removes what it is just writing: within moments.
_LOOKS, _BETWEEN_LOOKS_SECONDS = 5, 1.0


@dataclass(frozen=True, slots=True)
class Erased:
    """One job that was purged."""

    job_id: int
    folder: uuid.UUID
    files: int


@dataclass(slots=True)
class Purge:
    """What a purge removed, and what it found left of it afterwards."""

    erased: list[Erased] = field(default_factory=list)
    left: list[str] = field(default_factory=list)
    unproven: str = ""
    """Why nobody could look: then `left` says nothing, and jobs may stand that were to go."""


def due() -> QuerySet[Job]:
    """Finished jobs that are older than their owner's days, or past their own date; the oldest first."""
    now = timezone.now()
    own = dict(AccountLimits.objects.exclude(retention_days=None).values_list("user_id", "retention_days"))
    condition = Q(expires__lt=now)
    if settings.RETENTION_DAYS:
        condition = Q(finished__lt=now - timedelta(days=settings.RETENTION_DAYS)) & ~Q(owner_id__in=own)
    for user_id, days in own.items():
        if days:
            condition |= Q(owner_id=user_id, finished__lt=now - timedelta(days=days))
    return Job.objects.filter(condition, status__in=FINISHED).order_by("id")


def purge_due(*, stop: Callable[[], bool] = lambda: False) -> int:
    """Delete what is due, a batch at a time, until it is done or there is other work. How many jobs went."""
    count = 0
    while not stop() and (batch := list(due()[:_BATCH])):
        erased = [one for job in batch if (one := _erase(job, unfinished=False))]
        count += len(erased)
        if not erased:  # somebody else deletes the same ones
            break
    if count:
        logger.info("%d jobs are past their days and were deleted", count)
    return count


def purge(doomed: QuerySet[Job], *, unfinished: bool = False) -> Purge:
    """Delete these jobs, the unfinished ones too if wanted, and look afterwards whether a row or file is left."""
    result = Purge()
    try:
        for job in list(doomed):
            if one := _erase(job, unfinished=unfinished):
                result.erased.append(one)
        result.left = _left_at_last(result.erased)
    except storage.StorageAway as error:
        result.unproven = str(error.strerror)
    return result


def _left_at_last(erased: Sequence[Erased]) -> list[str]:
    for look in range(_LOOKS):
        if look:
            sleep(_BETWEEN_LOOKS_SECONDS)
        if not (left := remains(erased)):
            break
    return left


def _erase(job: Job, *, unfinished: bool) -> Erased | None:
    """None: it is gone already, or it may not be deleted in its state."""
    files = len(_files(job.folder))
    try:
        if unfinished:
            jobs.cancel_and_delete(job.pk)
        else:
            jobs.delete(job.pk)
    except (JobNotFound, WrongStatus):
        return None
    return Erased(job.pk, job.folder, files)


def remains(erased: Sequence[Erased]) -> list[str]:
    """Every row and file that still stands for one of these jobs, in words."""
    found = []
    for start in range(0, len(erased), _BATCH):
        batch = erased[start : start + _BATCH]
        ids = [one.job_id for one in batch]
        found += [f"the row of job {pk}" for pk in Job.objects.filter(pk__in=ids).values_list("pk", flat=True)]
        found += [f"a step of job {pk}" for pk in Step.objects.filter(job__in=ids).values_list("job_id", flat=True)]
        found += [f"{name} of job {one.job_id}" for one in batch for name in _files(one.folder)]
    return found


def _files(folder: uuid.UUID) -> list[str]:
    name = storage.folder_name(folder)
    try:
        _, files = storage.speech_storage().listdir(name)
    except FileNotFoundError:
        return []
    return [f"{name}/{file}" for file in files]
