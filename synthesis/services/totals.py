"""How many jobs an account has: counted as they come and go, since counting a million rows takes a tenth of a second.

The count of an account changes in the transaction that makes or deletes its job, so it is as exact as `COUNT(*)`. So
do those of its unfinished jobs, with every move of a job to or from a state in which it has ended. A version that does
not know these may run beside this one for a while; the next `recount` sets right what it leaves.

Whoever changes a count holds the row until the end of the transaction: it is taken after the rows of jobs and of usage.
"""

from django.contrib.auth import get_user_model
from django.db import transaction
from django.db.models import Count, Exists, F, OuterRef, Q, Sum
from django.db.models.signals import post_delete
from django.dispatch import receiver

from synthesis.domain.options import Priority
from synthesis.domain.status import FINISHED, UNFINISHED
from synthesis.models import Job, JobTotal
from synthesis.prepared import Parameter, Select, Update

_owner = Parameter("owner", JobTotal, "owner")
_of = Select(lambda: JobTotal.objects.filter(owner=_owner))
_one_more = {
    priority: Update(
        lambda: JobTotal.objects.filter(owner=_owner),
        jobs=lambda: F("jobs") + 1,
        **{priority.name.lower(): lambda priority=priority: F(priority.name.lower()) + 1},
    )
    for priority in Priority
}


def of(owner_id: int) -> int:
    """How many jobs the account has now, in whatever state."""
    total = _of.first(owner=owner_id)
    return total.jobs if total else 0


def of_all() -> int:
    return JobTotal.objects.aggregate(total=Sum("jobs"))["total"] or 0


def column(priority: int) -> str:
    """The column that counts the unfinished jobs of this priority."""
    return Priority(max(Priority.LOW, min(priority, Priority.HIGH))).name.lower()


def count_new(owner_id: int, priority: Priority) -> None:
    """In the transaction that makes the job, which waits."""
    if not _one_more[priority].run(owner=owner_id):
        JobTotal.objects.bulk_create(
            [JobTotal(owner_id=owner_id, jobs=0, low=0, normal=0, high=0)], ignore_conflicts=True
        )
        _one_more[priority].run(owner=owner_id)


def count_ended(job: Job) -> None:
    """In the transaction that makes the job ready or failed."""
    _count_unfinished(job, -1)


def count_going_on(job: Job) -> None:
    """In the transaction that takes a failed job up again."""
    _count_unfinished(job, 1)


def _count_unfinished(job: Job, more: int) -> None:
    counted = column(job.priority)
    JobTotal.objects.filter(owner_id=job.owner_id).update(**{counted: F(counted) + more})


@receiver(post_delete, sender=Job, dispatch_uid="count_deleted_job")
def _count_deleted(instance: Job, **_: object) -> None:
    JobTotal.objects.filter(owner_id=instance.owner_id, jobs__gt=0).update(jobs=F("jobs") - 1)
    if instance.status not in FINISHED:
        count_ended(instance)


def recount() -> None:
    """Count every account anew: rows may have come by other means, as from a version that did not count them."""
    users = get_user_model().objects.filter(pk=OuterRef("owner_id"))
    JobTotal.objects.filter(~Exists(users)).delete()
    for owner_id in get_user_model().objects.filter(jobs__isnull=False).values_list("pk", flat=True).distinct():
        _recount(owner_id)


@transaction.atomic
def _recount(owner_id: int) -> None:
    JobTotal.objects.bulk_create([JobTotal(owner_id=owner_id, jobs=0, low=0, normal=0, high=0)], ignore_conflicts=True)
    # Whoever is just making, ending or deleting a job of the account has its row: with the lock, all are committed.
    row = JobTotal.objects.select_for_update().get(owner_id=owner_id)
    jobs = Job.objects.filter(owner_id=owner_id)
    unfinished = jobs.filter(status__in=UNFINISHED)
    counted = {"jobs": jobs.count()} | unfinished.aggregate(
        low=Count("pk", filter=Q(priority__lt=Priority.NORMAL)),
        normal=Count("pk", filter=Q(priority=Priority.NORMAL)),
        high=Count("pk", filter=Q(priority__gt=Priority.NORMAL)),
    )
    if any(getattr(row, name) != number for name, number in counted.items()):
        JobTotal.objects.filter(pk=row.pk).update(**counted)
