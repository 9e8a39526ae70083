"""How many jobs an account has: counted as they come and go, since counting a million rows takes a tenth of a second.

The count of an account changes in the transaction that makes or deletes its job, so it is as exact as `COUNT(*)`.
"""

from django.contrib.auth import get_user_model
from django.db import transaction
from django.db.models import Count, F, Sum
from django.db.models.signals import post_delete
from django.dispatch import receiver

from synthesis.models import Job, JobTotal


def of(owner_id: int) -> int:
    """How many jobs the account has now, in whatever state."""
    return JobTotal.objects.filter(owner_id=owner_id).values_list("jobs", flat=True).first() or 0


def of_all() -> int:
    return JobTotal.objects.aggregate(total=Sum("jobs"))["total"] or 0


def count_new(owner_id: int) -> None:
    """In the transaction that makes the job."""
    own = JobTotal.objects.filter(owner_id=owner_id)
    if not own.update(jobs=F("jobs") + 1):
        JobTotal.objects.bulk_create([JobTotal(owner_id=owner_id, jobs=0)], ignore_conflicts=True)
        own.update(jobs=F("jobs") + 1)


@receiver(post_delete, sender=Job, dispatch_uid="count_deleted_job")
def _count_deleted(instance: Job, **_: object) -> None:
    JobTotal.objects.filter(owner_id=instance.owner_id, jobs__gt=0).update(jobs=F("jobs") - 1)


@transaction.atomic
def recount() -> None:
    """Count everything anew: after rows were changed by other means than this service."""
    JobTotal.objects.all().delete()
    counts = get_user_model().objects.annotate(jobs_there=Count("jobs")).exclude(jobs_there=0)
    JobTotal.objects.bulk_create(
        JobTotal(owner_id=pk, jobs=jobs) for pk, jobs in counts.values_list("pk", "jobs_there")
    )
