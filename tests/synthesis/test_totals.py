"""The number of an account's jobs, known without counting them."""

import uuid
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

import pytest
from django.contrib.auth.models import User
from django.db import connection, transaction
from django.db.models import F
from django.test import Client
from pytest_django import Settings

from models.catalogue import catalogue
from synthesis.domain.errors import TooManyJobs
from synthesis.domain.options import Priority
from synthesis.domain.status import Status
from synthesis.models import AccountLimits, Job, JobTotal, Step, Usage
from synthesis.services import jobs, queue, totals
from tests.synthesis import progress

pytestmark = pytest.mark.django_db

Submit = Callable[..., Job]


def test_jobs_are_counted_as_they_come_and_go(submit: Submit, user: User, media: object) -> None:
    other = User.objects.create_user("other")
    made = [submit() for _ in range(3)]
    submit(owner=other)
    assert (totals.of(user.pk), totals.of(other.pk), totals.of_all()) == (3, 1, 4)
    jobs.cancel_and_delete(made[1].pk)
    assert (totals.of(user.pk), totals.of_all()) == (2, 3)


def test_a_refused_job_is_not_counted(submit: Submit, user: User, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("synthesis.services.jobs._new_step", _Failing())
    with pytest.raises(RuntimeError):
        submit()
    assert totals.of(user.pk) == 0


class _Failing:
    def run(self, _row: object) -> None:
        raise RuntimeError


def test_an_account_goes_with_its_count(submit: Submit, user: User, media: object) -> None:
    submit()
    user.delete()
    assert not JobTotal.objects.exists()


def test_a_recount_finds_what_came_by_other_ways(user: User) -> None:
    rows = [Job(owner=user, voice_id=1, language="az", character_count=1, folder=uuid.uuid4()) for _ in range(5)]
    Job.objects.bulk_create(rows)
    totals.recount()
    assert totals.of(user.pk) == 5


def kept(user: User) -> tuple[int, int, int, int]:
    row = JobTotal.objects.get(owner=user)
    return row.jobs, row.low, row.normal, row.high


def send(user: User, priority: Priority = Priority.NORMAL) -> Job:
    return jobs.submit(user, catalogue().get(325640), "salam", order=jobs.Order(priority=priority))


def test_unfinished_jobs_are_counted_in_every_move(user: User, media: object) -> None:
    normal = send(user)
    assert kept(user) == (1, 0, 1, 0)
    progress.make_ready(normal)
    assert kept(user) == (1, 0, 0, 0)
    high = send(user, Priority.HIGH)
    assert kept(user) == (2, 0, 0, 1)
    progress.make_failed(high)
    low = send(user, Priority.LOW)
    assert kept(user) == (3, 1, 0, 0)
    jobs.retry(high.pk)
    assert kept(user) == (3, 1, 0, 1)
    jobs.cancel(high.pk)
    jobs.cancel(high.pk)
    assert kept(user) == (3, 1, 0, 0)
    jobs.delete(high.pk)
    assert kept(user) == (2, 1, 0, 0)
    Job.objects.get(pk=low.pk).delete()
    assert kept(user) == (1, 0, 0, 0)


def test_a_recount_sets_right_what_another_version_left(user: User, media: object) -> None:
    for priority in (*Priority, Priority.LOW):
        send(user, priority)
    JobTotal.objects.update(jobs=1, low=-5, normal=70, high=0)
    totals.recount()
    assert kept(user) == (4, 2, 1, 1)


@pytest.mark.parametrize("priority", Priority)
@pytest.mark.parametrize("others", [0, 1])
def test_a_job_stands_where_the_rows_put_it(user: User, media: object, priority: Priority, others: int) -> None:
    """The turn that one statement of PostgreSQL reckons, and the rule in words of Python."""
    for _ in range(others):
        jobs.submit(User.objects.create_user("other"), catalogue().get(325640), "salam")
    for number in range(7):
        expected = queue.round_of_submission(queue.standing(user.pk, priority), 325640)
        job = send(user, priority)
        assert Step.objects.get(job=job).round == expected, number
        if number == 3:
            jobs.cancel_and_delete(Job.objects.filter(owner=user).earliest("pk").pk)  # it had the first turn
        if number == 4:
            Step.objects.filter(round__gte=0).update(round=F("round") + 10)
        send(user, list(Priority)[number % 3])


@pytest.mark.parametrize("own", [None, 0, 2])
@pytest.mark.parametrize("usual", [0, 3])
def test_an_accounts_own_limit_goes_before_the_usual_one(
    user: User, media: object, settings: Settings, own: int | None, usual: int
) -> None:
    settings.MAX_UNFINISHED_JOBS = usual
    AccountLimits.objects.create(user=user, jobs_in_queue=own)
    allowed = usual if own is None else own
    for _ in range(allowed or 5):
        send(user)
    if allowed:
        with pytest.raises(TooManyJobs, match=f"^{allowed} of your jobs"):
            send(user)


def test_counts_that_are_too_high_refuse_nobody(user: User, media: object, settings: Settings) -> None:
    """As after a version that did not count what it ended."""
    settings.MAX_UNFINISHED_JOBS = 3
    send(user)
    JobTotal.objects.update(normal=1000)
    send(user)
    send(user)
    with pytest.raises(TooManyJobs, match=r"^3 of your jobs"):
        send(user)


def test_counts_that_are_too_low_put_no_job_before_the_queue(user: User, media: object) -> None:
    """As after a version that did not count what it took: rounds below zero are those of joins and first turns."""
    send(user)
    JobTotal.objects.update(normal=-1000)
    send(user)
    first, second = (step.round for step in Step.objects.order_by("id"))
    assert first == -1
    assert second > 0


@pytest.mark.skipif(connection.vendor != "postgresql", reason="SQLite looks and writes under one lock")
@pytest.mark.django_db(transaction=True)
def test_a_job_that_came_in_between_has_the_first_turn(user: User, media: object) -> None:
    """One first turn of an account at a time, also when two jobs are sent at the same moment."""
    jobs.cancel_and_delete(send(user).pk)  # the first of the day makes rows

    def second() -> Job:
        try:
            return send(user)
        finally:
            connection.close()

    with ThreadPoolExecutor(1) as pool:
        with transaction.atomic():
            first = send(user)
            sent = pool.submit(second)
            while not _somebody_waits_for_a_lock():
                assert not sent.done()
        last = sent.result(timeout=30)
    assert Step.objects.get(job=first).round == -1
    assert Step.objects.get(job=last).round == 2


def _somebody_waits_for_a_lock() -> bool:
    with connection.cursor() as cursor:
        cursor.execute("SELECT EXISTS (SELECT 1 FROM pg_locks WHERE NOT granted)")
        return bool(cursor.fetchone()[0])


@pytest.mark.django_db(transaction=True)
def test_many_at_once_do_not_pass_the_limit(user: User, media: object, settings: Settings) -> None:
    """Jobs that are sent and ended at the same moment: what may wait waits, and the counts are those of the rows."""
    settings.MAX_UNFINISHED_JOBS = 10
    send(user)

    def try_one(number: int) -> int:
        try:
            job = send(user, list(Priority)[number % 3])
            if number % 5 == 0:
                jobs.cancel(job.pk)
        except TooManyJobs:
            return 0
        finally:
            connection.close()
        return 1

    with ThreadPoolExecutor(8) as pool:
        taken = sum(pool.map(try_one, range(40)))
    while try_one(1):  # what was cancelled last left room
        taken += 1
    unfinished = Job.objects.exclude(status=Status.FAILED)
    by_priority = [unfinished.filter(priority=priority).count() for priority in Priority]
    assert kept(user) == (taken + 1, *by_priority)
    assert sum(by_priority) == 10
    assert Usage.objects.get().jobs == Step.objects.count() == taken + 1


def test_pages_are_the_same_from_both_ends(user: User, api: Client) -> None:
    Job.objects.bulk_create(
        Job(owner=user, voice_id=1, language="az", character_count=1, folder=uuid.uuid4(), status=Status.READY)
        for _ in range(23)
    )
    totals.recount()
    ids = list(Job.objects.order_by("-id").values_list("id", flat=True))
    for offset in range(25):
        for limit in (1, 4, 10):
            answer = api.get(f"/api/v1/jobs/?limit={limit}&offset={offset}").json()
            assert answer["count"] == 23
            assert [job["id"] for job in answer["results"]] == ids[offset : offset + limit], (offset, limit)
