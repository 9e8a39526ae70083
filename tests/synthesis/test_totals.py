"""The number of an account's jobs, known without counting them."""

import uuid
from collections.abc import Callable

import pytest
from django.contrib.auth.models import User
from django.test import Client

from synthesis.domain.status import Status
from synthesis.models import Job, JobTotal
from synthesis.services import jobs, totals

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
