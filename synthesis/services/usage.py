"""What each account has used: counted when a job is accepted and when it becomes audio, each once for a job."""

import csv
from collections.abc import Iterator
from datetime import date, datetime
from typing import TYPE_CHECKING

from django.db.models import F, QuerySet
from django.utils import timezone

from synthesis.domain import quotas
from synthesis.domain.quotas import Used
from synthesis.models import Job, Usage
from synthesis.prepared import Parameter, Update

if TYPE_CHECKING:
    from django.contrib.auth.models import User

COLUMNS = ("day", "user", "jobs", "characters", "ready", "audio_seconds")


_accepted = Update(
    lambda: Usage.objects.filter(owner=Parameter("owner", Usage, "owner"), day=Parameter("day", Usage, "day")),
    jobs=lambda: F("jobs") + 1,
    characters=lambda: F("characters") + Parameter("characters", Usage, "characters"),
)


def count_accepted(owner: "User", characters: int, now: datetime) -> None:
    """Count a job, in the transaction that makes it. A retry is no new job, and a deletion gives nothing back.

    The account's row of this day is locked until the transaction ends: whoever submits for the account at the same
    moment waits here, so that no two requests see the same free quota.
    """
    day = quotas.today(now)
    if not _accepted.run(owner=owner.pk, day=day, characters=characters):
        Usage.objects.bulk_create([Usage(owner=owner, username=owner.get_username(), day=day)], ignore_conflicts=True)
        _accepted.run(owner=owner.pk, day=day, characters=characters)


def used(owner: "User", now: datetime, unfinished: int) -> Used:
    """What counts against the account's quotas now."""
    day = quotas.today(now)
    rows = Usage.objects.filter(owner=owner, day__gte=quotas.month_of(day), day__lte=day)
    by_day = dict(rows.values_list("day", "characters"))
    return Used(today=by_day.get(day, 0), this_month=sum(by_day.values()), unfinished=unfinished)


def count_ready(job: Job, duration_ms: int) -> None:
    """A job has become audio; it counts for the day on which it was accepted. A job becomes ready once."""
    rows = Usage.objects.filter(owner_id=job.owner_id, day=quotas.today(job.created))
    rows.update(ready=F("ready") + 1, audio_ms=F("audio_ms") + duration_ms)


def of_month(month: date, username: str | None = None) -> QuerySet[Usage]:
    """The rows of the month that begins on this day, oldest first."""
    after = quotas.next_month(datetime(month.year, month.month, 1, tzinfo=timezone.get_default_timezone())).date()
    rows = Usage.objects.filter(day__gte=quotas.month_of(month), day__lt=after)
    return (rows if username is None else rows.filter(username=username)).order_by("day", "username", "id")


def table(rows: QuerySet[Usage]) -> Iterator[str]:
    """The rows as lines of CSV, their header first. User names hold letters, digits and @.+-_ only: no formulas."""
    writer = csv.writer(_Line())
    yield writer.writerow(COLUMNS)
    for row in rows.iterator():
        seconds = f"{row.audio_ms / 1000:.3f}"
        yield writer.writerow((row.day.isoformat(), row.username, row.jobs, row.characters, row.ready, seconds))


class _Line:
    """Hands each line back to the caller of `writerow`."""

    def write(self, line: str) -> str:
        return line
