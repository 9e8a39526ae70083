"""What an account may use, what it has used, and what it is told when that is too much."""

import csv
import io
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest
from django.contrib.auth.models import User
from django.core.management import CommandError, call_command
from django.db import connection
from django.test import Client
from django.utils import timezone
from pytest_django import Settings

from models.catalogue import catalogue
from synthesis.domain import quotas as rules
from synthesis.domain.errors import TooManyJobs, VoicenError
from synthesis.domain.quotas import QuotaExceeded, Quotas, Used
from synthesis.models import AccountLimits, Job, Usage
from synthesis.services import jobs
from tests.api.answers import accepted, refused
from tests.synthesis import progress

Submit = Callable[..., Job]
NOW = datetime(2026, 12, 31, 23, 59, 30, tzinfo=UTC)
URL = "/api/v1/jobs/text/"


# --- The rules ------------------------------------------------------------------------------------------------------


def refusal(quotas: Quotas, used: Used, characters: int, now: datetime = NOW) -> VoicenError:
    with pytest.raises(VoicenError) as caught:
        rules.check(quotas, used, characters, now)
    return caught.value


def test_nothing_is_limited_by_default() -> None:
    rules.check(Quotas(), Used(10**12, 10**12, 10**6), 10**6, NOW)


def test_the_last_character_fits() -> None:
    rules.check(Quotas(100, 200), Used(90, 190), 10, NOW)
    assert refusal(Quotas(100, 0), Used(90, 190), 11).retry_after == 31
    assert refusal(Quotas(0, 200), Used(90, 190), 11).retry_after == 31


@pytest.mark.parametrize(
    ("now", "day", "month"),
    [
        (NOW, "2027-01-01T00:00:00Z", "2027-01-01T00:00:00Z"),
        (datetime(2028, 2, 28, 12, tzinfo=UTC), "2028-02-29T00:00:00Z", "2028-03-01T00:00:00Z"),
        (datetime(2026, 1, 31, tzinfo=UTC), "2026-02-01T00:00:00Z", "2026-02-01T00:00:00Z"),
    ],
)
def test_the_renewal_is_told(now: datetime, day: str, month: str) -> None:
    daily = refusal(Quotas(characters_per_day=100), Used(today=100), 1, now)
    assert f"0 of the 100 for this day are left. The quota is renewed at {day}" in daily.message
    assert daily.retry_after == (datetime.fromisoformat(day) - now).total_seconds() + 1
    monthly = refusal(Quotas(1, 100), Used(100, 100), 1, now)  # both used up: the later renewal counts
    assert month in monthly.message


def test_a_text_that_never_fits_is_not_to_be_sent_again() -> None:
    error = refusal(Quotas(characters_per_day=100), Used(), 101)
    assert isinstance(error, QuotaExceeded)
    assert error.retry_after is None


def test_jobs_in_queue() -> None:
    rules.check(Quotas(jobs_in_queue=2), Used(unfinished=1), 1, NOW)
    error = refusal(Quotas(jobs_in_queue=2), Used(unfinished=2), 1)
    assert isinstance(error, TooManyJobs)
    assert error.retry_after == 60


# --- As a client sees it --------------------------------------------------------------------------------------------


def send(api: Client, text: str, **headers: str) -> object:
    body = {"text": text, "lang": "az", "voice_id": "325640"}
    return api.post(URL, body, content_type="application/json", headers=headers)


def test_a_day_by_the_settings(api: Client, settings: Settings, media: Path) -> None:
    settings.CHARACTERS_PER_DAY = 10
    accepted(send(api, "salam"))
    response = send(api, "salamm")
    message = refused(response, 429, naming="5 of the 10 for this day are left")
    assert "salam" not in message
    assert 0 < int(response["Retry-After"]) <= 86_401  # type: ignore[index]
    accepted(send(api, "salam"))
    assert Job.objects.count() == 2
    assert len(list(media.rglob("text.txt"))) == 2  # the refused text is not kept
    Usage.objects.update(day=timezone.now().date() - timedelta(days=40))
    accepted(send(api, "salam"))


def test_a_month_of_one_account(api: Client, user: User, stranger: Client) -> None:
    AccountLimits.objects.create(user=user, characters_per_month=8)
    accepted(send(api, "salam"))
    refused(send(api, "salam"), 429, naming="this month")
    accepted(send(stranger, "salam" * 10))
    response = send(api, "salam dünya")
    refused(response, 429, naming="your quota for a month is 8")
    assert "Retry-After" not in response.headers  # type: ignore[attr-defined]


def test_an_account_without_the_limit_of_the_others(api: Client, user: User, settings: Settings) -> None:
    settings.CHARACTERS_PER_DAY = settings.MAX_UNFINISHED_JOBS = 1
    AccountLimits.objects.create(user=user, characters_per_day=0, jobs_in_queue=0)
    for _ in range(3):
        accepted(send(api, "salam"))


def test_jobs_in_queue_of_one_account(api: Client, user: User) -> None:
    AccountLimits.objects.create(user=user, jobs_in_queue=1)
    job = accepted(send(api, "salam"))
    response = send(api, "salam")
    refused(response, 429, naming="1 of your jobs are unfinished")
    assert response["Retry-After"] == "60"  # type: ignore[index]
    jobs.cancel(job["id"])
    accepted(send(api, "salam"))


# --- Counted once ---------------------------------------------------------------------------------------------------


def counted() -> tuple[int, int, int, int]:
    row = Usage.objects.get()
    return row.jobs, row.characters, row.ready, row.audio_ms


def test_a_retry_counts_nothing(submit: Submit) -> None:
    job = progress.make_failed(submit())
    jobs.retry(job.pk)
    step = progress.claim(job)
    progress.queue.begin_preparing(step)
    progress.queue.begin_speaking(step, chunk_count=1)
    progress.publish(step)
    assert counted() == (1, 5, 1, 1000)


def test_a_deletion_gives_nothing_back(submit: Submit, user: User) -> None:
    job = progress.make_ready(submit())
    jobs.delete(job.pk)
    assert counted() == (1, 5, 1, 1000)
    user.delete()
    row = Usage.objects.get()
    assert (row.owner_id, row.username, row.characters) == (None, "leyla", 5)


def test_a_repeat_counts_nothing(api: Client) -> None:
    for _ in range(3):
        accepted(send(api, "salam", **{"Idempotency-Key": "a"}))
    assert counted()[:2] == (1, 5)


def test_a_refused_request_counts_nothing(api: Client, settings: Settings) -> None:
    settings.CHARACTERS_PER_DAY = 5
    accepted(send(api, "salam"))
    refused(send(api, "salam"), 429)
    assert counted()[:2] == (1, 5)


@pytest.mark.django_db(transaction=True)
def test_many_at_once_do_not_pass_the_quota(user: User, settings: Settings) -> None:
    """Requests of one account at the same moment: no two of them see the same free characters."""
    settings.CHARACTERS_PER_DAY = 25

    def try_one(_: int) -> bool:
        try:
            jobs.submit(user, catalogue().get(325640), "salam")
        except QuotaExceeded:
            return False
        finally:
            connection.close()
        return True

    with ThreadPoolExecutor(8) as pool:
        taken = sum(pool.map(try_one, range(16)))
    assert taken == Job.objects.count() == 5
    assert counted()[:2] == (5, 25)


# --- The export -----------------------------------------------------------------------------------------------------


@pytest.fixture
def november(user: User) -> None:
    for day, characters in ((1, 10), (30, 20)):
        Usage.objects.create(owner=user, username="leyla", day=date(2026, 11, day), jobs=1, characters=characters)
    Usage.objects.create(owner=user, username="leyla", day=date(2026, 12, 1), jobs=1, characters=40)
    gone = {"owner": None, "username": "gone@example.az"}
    Usage.objects.create(**gone, day=date(2026, 11, 2), jobs=3, characters=7, ready=2, audio_ms=61_500)


def exported(capsys: pytest.CaptureFixture[str], *arguments: str) -> list[dict[str, str]]:
    call_command("usage", *arguments)
    return list(csv.DictReader(io.StringIO(capsys.readouterr().out)))


@pytest.mark.usefixtures("november")
def test_export(capsys: pytest.CaptureFixture[str]) -> None:
    rows = exported(capsys, "--month", "2026-11")
    assert [(row["day"], row["user"], row["characters"]) for row in rows] == [
        ("2026-11-01", "leyla", "10"),
        ("2026-11-02", "gone@example.az", "7"),
        ("2026-11-30", "leyla", "20"),
    ]
    assert (rows[1]["jobs"], rows[1]["ready"], rows[1]["audio_seconds"]) == ("3", "2", "61.500")
    assert [row["day"] for row in exported(capsys, "--month", "2026-12", "--user", "leyla")] == ["2026-12-01"]


def test_export_of_the_present_month(submit: Submit, capsys: pytest.CaptureFixture[str]) -> None:
    submit()
    assert [row["characters"] for row in exported(capsys)] == ["5"]


@pytest.mark.parametrize("arguments", [("--month", "2026"), ("--month", "2026-13"), ("--user", "nobody")])
@pytest.mark.django_db
def test_what_cannot_be_exported(arguments: tuple[str, ...]) -> None:
    with pytest.raises(CommandError):
        call_command("usage", *arguments)
