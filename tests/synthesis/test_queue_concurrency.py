"""Many workers and many clients at once, on real connections."""

import threading
import time
from collections import Counter
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import TypeVar

import pytest
from django.contrib.auth.models import User
from django.db import connection, transaction

from models.catalogue import catalogue
from synthesis.domain.errors import JobNotFound, WrongStatus
from synthesis.domain.status import StepKind
from synthesis.models import Job, Step
from synthesis.services import jobs, queue
from tests.synthesis import progress

T = TypeVar("T")

pytestmark = pytest.mark.django_db(transaction=True)
Submit = Callable[..., Job]


def at_once(work: Callable[[int], T], times: int) -> list[T]:
    def one(number: int) -> T:
        try:
            return work(number)
        finally:
            connection.close()

    with ThreadPoolExecutor(times) as pool:
        return list(pool.map(one, range(times)))


def test_each_step_is_claimed_once(submit: Submit) -> None:
    job = submit()
    progress.prepare(job, 200)

    def claim_all(_: int) -> list[int]:
        taken = []
        while (step := queue.claim()) is not None:
            taken.append(step.pk)
        return taken

    claimed = [pk for taken in at_once(claim_all, 8) for pk in taken]
    assert len(claimed) == 200
    assert set(claimed) == set(Step.objects.filter(kind=StepKind.SPEAK).values_list("pk", flat=True))
    assert set(Step.objects.filter(kind=StepKind.SPEAK).values_list("attempts", flat=True)) == {1}


def test_work_and_submits_at_once(user: User) -> None:
    """Four workers and fifty clients: no `database is locked`, no deadlock, every job ready."""
    voice = catalogue().get(325640)
    end = time.monotonic() + 60

    def work(number: int) -> None:
        if number >= 4:
            jobs.submit(user, voice, f"text {number}")
            return
        while Job.objects.filter(status="ready").count() < 50:
            assert time.monotonic() < end
            step = queue.claim()
            if step is None:
                time.sleep(0.02)
            elif step.kind == StepKind.PREPARE:
                progress.finish_prepare(step, 2)
            elif step.kind == StepKind.SPEAK:
                progress.speak(step)
            else:
                progress.publish(step)

    at_once(work, 54)
    assert Counter(Job.objects.values_list("status", flat=True)) == {"ready": 50}
    assert set(Job.objects.values_list("chunks_spoken", flat=True)) == {2}
    assert not Step.objects.exists()


def test_the_last_chunks_at_once_make_one_join(submit: Submit) -> None:
    job = submit()
    progress.prepare(job, 8)
    steps = [progress.claim(job) for _ in range(8)]
    at_once(lambda number: progress.speak(steps[number]), 8)
    assert progress.claim(job).kind == StepKind.JOIN
    assert queue.claim() is None
    job.refresh_from_db()
    assert queue.chunks_spoken(job) == 8


def test_two_last_chunks_that_commit_before_either_looks(submit: Submit, monkeypatch: pytest.MonkeyPatch) -> None:
    job = submit()
    progress.prepare(job, 2)
    steps = [progress.claim(job) for _ in range(2)]
    both, unblock = threading.Barrier(2), queue._unblock_join
    unblocked: list[bool] = []

    def after_both(job_id: int) -> bool:
        both.wait(20)
        unblocked.append(unblock(job_id))
        return unblocked[-1]

    monkeypatch.setattr(queue, "_unblock_join", after_both)
    at_once(lambda number: progress.speak(steps[number]), 2)
    assert sorted(unblocked) == [False, True]
    assert progress.claim(job).kind == StepKind.JOIN
    assert queue.claim() is None


def test_the_end_of_a_chunk_waits_for_no_lock_of_its_job(submit: Submit) -> None:
    if connection.vendor == "sqlite":
        pytest.skip("SQLite has one writer at a time, whatever row it writes")
    job = submit()
    progress.prepare(job, 3)
    progress.speak(progress.claim(job))  # the job speaks by now: the first chunk tells it so
    step = progress.claim(job)

    def finish(_: int) -> None:
        with connection.cursor() as cursor:
            cursor.execute("SET lock_timeout = '5s'")
        queue.finish_speaking(step, "x.pcm", 10, 24_000)

    with transaction.atomic():
        Job.objects.select_for_update().get(pk=job.pk)
        at_once(finish, 1)
    assert queue.chunks_spoken(job) == 2


def test_deletes_at_once(submit: Submit, user: User) -> None:  # row 22
    job = progress.make_ready(submit())

    def delete(_: int) -> str:
        try:
            jobs.delete(job.pk, user)
        except JobNotFound:
            return "not found"
        return "deleted"

    assert Counter(at_once(delete, 8)) == {"deleted": 1, "not found": 7}


def test_a_delete_against_the_finishing_worker(submit: Submit, user: User) -> None:
    """Row 22: it ends in 406 or in a full delete, never in between."""
    for _ in range(10):
        job = submit()
        step = progress.claim(job)
        queue.begin_preparing(step)
        queue.begin_speaking(step, 1)

        def race(number: int, job: Job = job, step: Step = step) -> str:
            if number == 0:
                progress.publish(step)
                return "published"
            try:
                jobs.delete(job.pk, user)
            except WrongStatus:
                return "406"
            return "deleted"

        outcome = at_once(race, 2)[1]
        assert Job.objects.filter(pk=job.pk).exists() == (outcome == "406")
        assert not Step.objects.filter(job_id=job.pk).exists()


def test_a_cancel_against_workers(submit: Submit) -> None:
    for _ in range(10):
        job = submit()
        progress.prepare(job, 4)
        steps = [progress.claim(job) for _ in range(4)]

        def race(number: int, job: Job = job, steps: list[Step] = steps) -> None:
            try:
                if number == 4:
                    jobs.cancel(job.pk)
                else:
                    progress.speak(steps[number])
            except queue.LostLease:
                pass

        at_once(race, 5)
        job.refresh_from_db()
        assert job.status == "failed"
        assert queue.claim() is None
        assert job.chunks_spoken == job.steps.filter(kind="speak", state="done").count()
