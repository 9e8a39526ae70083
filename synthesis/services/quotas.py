"""The limits that hold for an account: its own, else those of the settings."""

from datetime import datetime
from typing import TYPE_CHECKING

from django.conf import settings

from synthesis.domain import quotas
from synthesis.domain.quotas import Quotas
from synthesis.models import AccountLimits, Usage
from synthesis.services import usage

if TYPE_CHECKING:
    from django.contrib.auth.models import User


def of(owner: "User") -> Quotas:
    own = AccountLimits.objects.filter(user=owner).first() or AccountLimits()
    return Quotas(
        characters_per_day=_first(own.characters_per_day, settings.CHARACTERS_PER_DAY),
        characters_per_month=_first(own.characters_per_month, settings.CHARACTERS_PER_MONTH),
        jobs_in_queue=_first(own.jobs_in_queue, settings.MAX_UNFINISHED_JOBS),
    )


def _first(own: int | None, default: int) -> int:
    return default if own is None else own


def admit(owner: "User", characters: int, unfinished: int, row: Usage, now: datetime) -> None:
    """Check the account's limits and count a job. Raises TooManyJobs, QuotaExceeded.

    In the transaction that makes the job, after `usage.lock_today` gave the row.
    """
    quotas.check(of(owner), usage.used(owner, now, unfinished), characters, now)
    usage.count_accepted(row, characters)
