"""How much one account may ask for: characters of a day and of a month, jobs in the queue. 0 is no limit.

Days and months are those of UTC, for every account and every host alike.
"""

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta

from synthesis.domain.errors import TooManyJobs, VoicenError

# When a place in the queue comes free nobody knows; a minute is neither a flood of requests nor a long wait.
_QUEUE_RETRY_SECONDS = 60


class QuotaExceeded(VoicenError):
    """The characters of the day or month are used up."""

    http_status = 429
    code = "quota_exceeded"


@dataclass(frozen=True, slots=True)
class Quotas:
    """What an account may use; 0 is no limit."""

    characters_per_day: int = 0
    characters_per_month: int = 0
    jobs_in_queue: int = 0


@dataclass(frozen=True, slots=True)
class Used:
    """What an account has used: accepted characters, and jobs that are not finished."""

    today: int = 0
    this_month: int = 0
    unfinished: int = 0


def check(quotas: Quotas, used: Used, characters: int, now: datetime) -> None:
    """Whether a text of so many characters may be taken. Raises TooManyJobs, QuotaExceeded.

    `Retry-After` tells when the same request would be taken; a text that is longer than the whole quota never would,
    and gets none.
    """
    if quotas.jobs_in_queue and used.unfinished >= quotas.jobs_in_queue:
        raise TooManyJobs(
            f"{used.unfinished} of your jobs are unfinished. Wait for some of them.", retry_after=_QUEUE_RETRY_SECONDS
        )
    # The month first: its end is never before the day's.
    _check_characters("month", quotas.characters_per_month, used.this_month, characters, next_month(now), now)
    _check_characters("day", quotas.characters_per_day, used.today, characters, next_day(now), now)


def _check_characters(period: str, quota: int, used: int, characters: int, renewal: datetime, now: datetime) -> None:
    if not quota or used + characters <= quota:
        return
    if characters > quota:
        raise QuotaExceeded(f"This text has {characters} characters, and your quota for a {period} is {quota}.")
    raise QuotaExceeded(
        f"This text has {characters} characters, and {quota - min(used, quota)} of the {quota} for this {period} "
        f"are left. The quota is renewed at {renewal:%Y-%m-%dT%H:%M:%SZ}.",
        retry_after=max(1, int((renewal - now).total_seconds()) + 1),
    )


def next_day(now: datetime) -> datetime:
    return datetime.combine(today(now) + timedelta(days=1), time.min, UTC)


def next_month(now: datetime) -> datetime:
    first = month_of(today(now))
    return datetime.combine(month_of(first + timedelta(days=31)), time.min, UTC)


def today(now: datetime) -> date:
    return now.astimezone(UTC).date()


def month_of(day: date) -> date:
    """The first day of the month."""
    return day.replace(day=1)
