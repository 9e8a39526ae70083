"""How many jobs an account has: counted as they come and go, since counting a million rows takes a tenth of a second.

The count of an account changes in the transaction that makes or deletes its job, so it is as exact as `COUNT(*)`.
"""

from django.contrib.auth import get_user_model
from django.db import transaction
from django.db.models import Exists, F, OuterRef, Sum
from django.db.models.signals import post_delete
from django.dispatch import receiver

from synthesis.models import Job, JobTotal
from synthesis.prepared import Parameter, Select, Update

_owner = Parameter("owner", JobTotal, "owner")
_of = Select(lambda: JobTotal.objects.filter(owner=_owner))
_one_more = Update(lambda: JobTotal.objects.filter(owner=_owner), jobs=lambda: F("jobs") + 1)


def of(owner_id: int) -> int:
    """How many jobs the account has now, in whatever state."""
    total = _of.first(owner=owner_id)
    return total.jobs if total else 0


def of_all() -> int:
    return JobTotal.objects.aggregate(total=Sum("jobs"))["total"] or 0


def count_new(owner_id: int) -> None:
    """In the transaction that makes the job."""
    if not _one_more.run(owner=owner_id):
        JobTotal.objects.bulk_create([JobTotal(owner_id=owner_id, jobs=0)], ignore_conflicts=True)
        _one_more.run(owner=owner_id)


@receiver(post_delete, sender=Job, dispatch_uid="count_deleted_job")
def _count_deleted(instance: Job, **_: object) -> None:
    JobTotal.objects.filter(owner_id=instance.owner_id, jobs__gt=0).update(jobs=F("jobs") - 1)


def recount() -> None:
    """Count every account anew: rows may have come by other means, as from a version that did not count them."""
    users = get_user_model().objects.filter(pk=OuterRef("owner_id"))
    JobTotal.objects.filter(~Exists(users)).delete()
    for owner_id in get_user_model().objects.filter(jobs__isnull=False).values_list("pk", flat=True).distinct():
        _recount(owner_id)


@transaction.atomic
def _recount(owner_id: int) -> None:
    JobTotal.objects.bulk_create([JobTotal(owner_id=owner_id, jobs=0)], ignore_conflicts=True)
    # Whoever is just making or deleting a job of the account has its row: with the lock, all that count are committed.
    row = JobTotal.objects.select_for_update().get(owner_id=owner_id)
    counted = Job.objects.filter(owner_id=owner_id).count()
    if row.jobs != counted:
        JobTotal.objects.filter(pk=row.pk).update(jobs=counted)
