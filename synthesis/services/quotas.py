"""The limits that hold for an account: its own, else those of the settings."""

from datetime import datetime
from typing import TYPE_CHECKING

from django.conf import settings

from synthesis.domain import quotas
from synthesis.domain.quotas import Quotas, Used
from synthesis.models import AccountLimits
from synthesis.prepared import Parameter, Select
from synthesis.services import usage

if TYPE_CHECKING:
    from django.contrib.auth.models import User

_limits = Select(lambda: AccountLimits.objects.filter(user=Parameter("user", AccountLimits, "user")).order_by())


def of(owner: "User") -> Quotas:
    own = _limits.first(user=owner.pk) or AccountLimits()
    return with_defaults(own.characters_per_day, own.characters_per_month, own.jobs_in_queue)


def with_defaults(per_day: int | None, per_month: int | None, in_queue: int | None) -> Quotas:
    """An account's own limits; those of the settings where it has none."""
    return Quotas(
        characters_per_day=_first(per_day, settings.CHARACTERS_PER_DAY),
        characters_per_month=_first(per_month, settings.CHARACTERS_PER_MONTH),
        jobs_in_queue=_first(in_queue, settings.MAX_UNFINISHED_JOBS),
    )


def _first(own: int | None, default: int) -> int:
    return default if own is None else own


def admit(owner: "User", characters: int, unfinished: int, now: datetime) -> None:
    """Check the account's limits for a job that `usage.count_accepted` has counted. Raises TooManyJobs, QuotaExceeded.

    In the transaction that makes the job, and with an exception has to end.
    """
    allowed = of(owner)
    used = Used(unfinished=unfinished)
    if allowed.characters_per_day or allowed.characters_per_month:
        with_this = usage.used(owner, now, unfinished)
        used = Used(with_this.today - characters, with_this.this_month - characters, unfinished)
    quotas.check(allowed, used, characters, now)
