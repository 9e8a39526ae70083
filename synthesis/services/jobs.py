"""What clients and operators do to jobs: submit, delete, cancel, retry."""

from __future__ import annotations

import contextlib
import json
import logging
import uuid
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from typing import TYPE_CHECKING

from django.conf import settings
from django.db import IntegrityError, connection, transaction
from django.db.models import F, Min, QuerySet
from django.db.models.signals import post_delete, pre_delete
from django.dispatch import receiver
from django.utils import timezone
from django.utils.crypto import salted_hmac

from models.catalogue import Voice
from synthesis import dispatch, logcontext, storage
from synthesis.domain import limits
from synthesis.domain.errors import (
    IdempotencyConflict,
    JobNotFound,
    StorageUnavailable,
    VoicenError,
    WrongStatus,
)
from synthesis.domain.options import AS_USUAL, Options, Priority
from synthesis.domain.status import FINISHED, Source, Status, StepKind, StepState, sources
from synthesis.domain.webhooks import Event
from synthesis.metrics import counters
from synthesis.models import Job, Step
from synthesis.prepared import Insert
from synthesis.services import accepting, queue, quotas, totals, usage, webhooks

if TYPE_CHECKING:
    from django.contrib.auth.models import User

logger = logging.getLogger("voicen.jobs")

_new_job, _new_step = Insert(Job), Insert(Step)


@dataclass(frozen=True, slots=True)
class Order:
    """What a client has asked for beside text and voice. `expires`: when the finished job is to be deleted."""

    options: Options = AS_USUAL
    title: str = ""
    source: Source = Source.API
    priority: Priority = Priority.NORMAL
    expires: datetime | None = None


_PLAIN = Order()


def submit(owner: User, voice: Voice, text: str, idempotency_key: str | None = None, order: Order = _PLAIN) -> Job:
    """Store a job for this text and ring the workers. The text has been checked.

    Once this returns the job is on disk: no fault of broker, worker or web process loses it. The same idempotency key
    with the same request gives the same job for 24 hours. Raises TooManyJobs, QuotaExceeded, IdempotencyConflict.
    """
    digest = _request_digest(voice, text, order.options) if idempotency_key else ""
    if idempotency_key and (earlier := _earlier_job(owner, idempotency_key, digest)):
        return earlier
    try:
        with _stored(text) as folder:
            return _create(owner, voice, text, order, folder, idempotency_key, digest)
    except IntegrityError:
        # The same request arrived twice at the same moment, and the other one was faster.
        earlier = _earlier_job(owner, idempotency_key, digest) if idempotency_key else None
        if earlier is None:
            raise
        return earlier


@dataclass(frozen=True, slots=True)
class Wanted:
    """One job of several; the text has been checked."""

    voice: Voice
    text: str
    order: Order = _PLAIN


def submit_all(owner: User, wanted: Sequence[Wanted]) -> list[Job]:
    """Store all of these jobs, or none. Raises TooManyJobs, QuotaExceeded, StorageUnavailable."""
    made: list[Job] = []
    try:
        with transaction.atomic():
            made += (submit(owner, job.voice, job.text, order=job.order) for job in wanted)
    except VoicenError:
        for job in made:
            storage.delete_files_later(job.folder)
        raise
    return made


@contextlib.contextmanager
def _stored(text: str) -> Iterator[uuid.UUID]:
    """The text in a new folder; it goes again when no job is made of it. Raises StorageUnavailable.

    After a database fault it stays: whether the row was committed is not known then, and housekeeping will see.
    """
    folder = uuid.uuid4()
    try:
        storage.save_text(folder, text)
    except OSError as error:
        raise StorageUnavailable from error
    try:
        yield folder
    except (VoicenError, IntegrityError):
        storage.delete_files_later(folder)
        raise


def _create(
    owner: User, voice: Voice, text: str, order: Order, folder: uuid.UUID, idempotency_key: str | None, digest: str
) -> Job:
    now = timezone.now()
    job = Job(
        owner=owner,
        voice_id=voice.id,
        language=voice.language,
        character_count=len(text),
        status=Status.WAITING,
        folder=folder,
        title=order.title,
        source=order.source,
        options=order.options.to_store(),
        priority=order.priority,
        expires=order.expires,
        timings="",
        idempotency_key=idempotency_key,
        idempotency_digest=digest,
    )
    step = Step(kind=StepKind.PREPARE, index=queue.PREPARE_INDEX, state=StepState.PENDING)
    # A savepoint where somebody else's transaction has to survive that the idempotency key is taken.
    with transaction.atomic() if connection.in_atomic_block else contextlib.nullcontext():
        if not accepting.at_once(job, step, now):
            _add_in_turn(owner, job, step, now)
    logcontext.job_id.set(job.pk)
    transaction.on_commit(lambda: logger.info("job %d is accepted: %d characters", job.pk, len(text)))
    transaction.on_commit(dispatch.ring)
    return job


@transaction.atomic
def _add_in_turn(owner: User, job: Job, step: Step, now: datetime) -> None:
    """Add the rows, count them, and check the limits by what is counted anew. Raises TooManyJobs, QuotaExceeded."""
    usage.count_accepted(owner, job.character_count, now)
    standing = queue.standing(owner.pk, job.priority)
    quotas.admit(owner, job.character_count, standing.unfinished, now)
    step.job = _new_job.run(job)
    step.round = queue.round_of_submission(standing, job.voice_id)
    _new_step.run(step)
    totals.count_new(owner.pk, Priority(job.priority))


def _request_digest(voice: Voice, text: str, options: Options) -> str:
    # Keyed, since the bare hash of a short text would tell the text.
    message = f"{voice.id}\0{voice.language}\0{text}"
    if options != AS_USUAL:
        message += f"\0{json.dumps(options.to_store(), sort_keys=True)}"
    return salted_hmac("synthesis.idempotency", message, algorithm="sha256").hexdigest()


def _earlier_job(owner: User, idempotency_key: str, digest: str) -> Job | None:
    same_key = Job.objects.filter(owner=owner, idempotency_key=idempotency_key)
    same_key.filter(created__lt=timezone.now() - limits.IDEMPOTENCY_WINDOW).update(idempotency_key=None)
    job = same_key.first()
    if job is not None and job.idempotency_digest != digest:
        raise IdempotencyConflict
    return job


@transaction.atomic
def delete(job_id: int, owner: User | None = None) -> None:
    """Delete a finished job with its text, chunks and audio. Raises JobNotFound, WrongStatus.

    The row decides: a worker that still speaks for this job finds its lease gone and removes what it wrote.
    """
    job = _locked(job_id, owner)
    if job.status not in FINISHED:
        allowed = [Status.READY.value, Status.FAILED.value]
        raise WrongStatus(allowed=allowed, current=job.status, deleted=False)
    job.delete()


@receiver(pre_delete, sender=settings.AUTH_USER_MODEL, dispatch_uid="cancel_jobs_of_deleted_user")
def _cancel_all(instance: User, **_: object) -> None:
    """Locks the jobs before their steps go, and all of them before the account's count: workers take the locks so."""
    unfinished = Job.objects.filter(owner=instance).exclude(status__in=FINISHED).order_by("pk")
    for job_id in list(unfinished.select_for_update().values_list("pk", flat=True)):
        cancel(job_id)


@receiver(post_delete, sender=Job, dispatch_uid="erase_deleted_job")
def _erase_deleted(instance: Job, origin: object = None, **_: object) -> None:
    """The files go with the row, however the row goes: by the API, the admin, or with its owner."""
    if isinstance(origin, Job) or getattr(origin, "model", None) is Job:
        webhooks.tell(instance, Event.DELETED)
        webhooks.forget(instance.pk)
    # Else its owner goes, and all webhooks with the owner: there is nobody to tell.
    transaction.on_commit(partial(storage.delete_files_later, instance.folder))
    transaction.on_commit(partial(counters.job_ended, "deleted", instance.language, instance.source), robust=True)


@transaction.atomic
def cancel(job_id: int, message: str = "Cancelled by the operator.") -> bool:
    """End an unfinished job as failed; whatever a worker is doing for it is thrown away. False: it was finished."""
    job = _locked(job_id)
    if job.status in FINISHED:
        return False
    queue.fail(job, "cancelled", message)
    return True


@transaction.atomic
def retry(job_id: int) -> bool:
    """Take a failed job up again, from the chunks that are already spoken. False: it has not failed."""
    job = _locked(job_id)
    if job.status != Status.FAILED:
        return False
    _forget_lost_chunks(job)
    undone = Step.objects.filter(job=job).exclude(state=StepState.DONE)
    undone.update(attempts=0, not_before=None)
    # The first kind that has undone steps is where the work goes on; the later ones stay blocked behind it.
    kind = next(kind for kind in StepKind if undone.filter(kind=kind).exists())
    same = Job.objects.filter(pk=job.pk)
    target = Status.WAITING if kind == StepKind.PREPARE else Status.PROCESSING
    _move(same, target, finished=None, error_code="", error_message="")
    totals.count_going_on(job)
    if kind == StepKind.JOIN:  # no chunk is left that would make this move
        _move(same, Status.SYNTHESIZING)
    else:
        # Rounds of long ago would be served before everybody else's.
        first = undone.filter(kind=kind).aggregate(lowest=Min("index"))["lowest"]
        undone.filter(kind=kind).update(round=queue.round_of_new_job(0, job.voice_id) + F("index") - first)
    undone.filter(kind=kind).update(state=StepState.PENDING)
    transaction.on_commit(dispatch.ring)
    return True


def _forget_lost_chunks(job: Job) -> None:
    """Spoken chunks whose audio is no longer in the storage have to be spoken again."""
    speech = storage.speech_storage()
    spoken = job.steps.filter(kind=StepKind.SPEAK, state=StepState.DONE)
    lost = [pk for pk, audio in spoken.values_list("pk", "audio") if not speech.exists(audio)]
    if lost:
        spoken.filter(pk__in=lost).update(state=StepState.BLOCKED)
        Job.objects.filter(pk=job.pk).update(chunks_spoken=F("chunks_spoken") - len(lost))


def cancel_and_delete(job_id: int) -> None:
    """Delete a job in whatever state it is."""
    cancel(job_id)
    delete(job_id)


def _locked(job_id: int, owner: User | None = None) -> Job:
    jobs = Job.objects.select_for_update().filter(pk=job_id)
    job = (jobs.filter(owner=owner) if owner else jobs).first()
    if job is None:
        raise JobNotFound
    return job


def _move(jobs: QuerySet[Job], target: Status, **changes: object) -> bool:
    return jobs.filter(status__in=sources(target)).update(status=target, **changes) == 1
