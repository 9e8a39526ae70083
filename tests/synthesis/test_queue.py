"""The queue of steps: order, leases, fences, attempts, and what an operator does to it."""

import uuid
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.db.models import F
from django.utils import timezone

from synthesis import storage
from synthesis.domain.limits import LONG_JOIN, MAX_ATTEMPTS
from synthesis.domain.status import StepKind, StepState
from synthesis.models import Job, Step
from synthesis.services import jobs, queue
from tests.synthesis import progress

Submit = Callable[..., Job]


def expire(step: Step) -> None:
    Step.objects.filter(pk=step.pk).update(lease_until=timezone.now() - timedelta(seconds=5))


def rested() -> None:
    Step.objects.exclude(not_before=None).update(not_before=timezone.now() - timedelta(seconds=5))


def places(count: int) -> list[tuple[int, int]]:
    """The next claims as (job, index), each left running."""
    steps = [queue.claim() for _ in range(count)]
    return [(step.job_id, step.index) for step in steps if step]


def test_it_works(submit: Submit) -> None:
    job = submit()
    step = queue.claim()
    assert step is not None
    assert (step.job_id, step.kind, step.index, step.attempts) == (job.pk, StepKind.PREPARE, -1, 1)
    assert isinstance(step.token, uuid.UUID)
    row = Step.objects.get()
    assert (row.state, row.token) == (StepState.RUNNING, step.token)
    assert row.lease_until is not None
    assert timedelta(seconds=20) < row.lease_until - timezone.now() < timedelta(seconds=40)
    assert queue.claim() is None


def test_an_empty_queue(db: None) -> None:
    assert queue.claim() is None
    assert not queue.more_work()


def test_more_work(submit: Submit) -> None:
    submit()
    assert queue.more_work()
    queue.claim()
    assert not queue.more_work()


def test_from_beginning_to_end(submit: Submit, media: Path) -> None:
    job = submit()
    progress.prepare(job, 2)
    progress.speak(progress.claim(job))
    progress.speak(progress.claim(job))
    join = progress.claim(job)
    assert (join.kind, join.index) == (StepKind.JOIN, 2)
    progress.publish(join)
    job.refresh_from_db()
    assert (job.status, job.chunk_count, job.chunks_spoken) == ("ready", 2, 2)
    assert (job.audio_bytes, job.duration_ms) == (len(progress.AUDIO), 1000)
    assert job.started is not None
    assert job.finished is not None
    assert job.started <= job.finished
    assert queue.claim() is None


# --- Order ----------------------------------------------------------------------------------------------------------


def test_round_robin_between_jobs(submit: Submit) -> None:
    users = [User.objects.create(username=f"u{number}") for number in range(3)]
    ids = []
    for user in users:
        job = submit(owner=user)
        progress.prepare(job, 6)
        ids.append(job.pk)
    order = places(18)
    # The first turn is of three chunks; after three of them there is one of the rounds.
    assert [index for _, index in order[:11] if index < 3] == [0, 0, 0, 1, 1, 1, 2, 2, 2]
    rounds = [(job, index) for job, index in order if index >= 3]
    assert [index for _, index in rounds] == [3, 3, 3, 4, 4, 4, 5, 5, 5]
    assert all({job for job, _ in rounds[turn : turn + 3]} == set(ids) for turn in (0, 3, 6))


def test_a_greeting_does_not_wait_behind_a_book(submit: Submit) -> None:
    book = submit()
    progress.prepare(book, 50)
    assert places(4) == [(book.pk, 0), (book.pk, 1), (book.pk, 2), (book.pk, 3)]
    greeting = submit(owner=User.objects.create(username="other"))
    assert places(1) == [(greeting.pk, -1)]


def test_a_greeting_of_the_same_user_waits_for_one_chunk_at_most(submit: Submit) -> None:
    book = submit()
    progress.prepare(book, 50)
    places(4)
    greeting = submit()
    assert (greeting.pk, -1) in places(2)


def test_a_stream_of_greetings_does_not_starve_a_book(submit: Submit) -> None:
    """There is a new greeting at every claim, and the book gets on all the same."""
    book = submit()
    progress.prepare(book, 10)
    turns = []
    for number in range(12):
        submit(owner=User.objects.create(username=f"caller{number}"))
        step = queue.claim()
        assert step is not None
        turns.append(step.job_id)
        if step.kind == StepKind.SPEAK:
            progress.speak(step)
        else:
            queue.begin_preparing(step)
            queue.begin_speaking(step, chunk_count=1)
            progress.publish(step)
    assert turns.count(book.pk) >= 3


def test_a_flood_does_not_starve_another_account(submit: Submit) -> None:
    flood = [submit().pk for _ in range(30)]
    places(2)
    other = submit(owner=User.objects.create(username="other"))
    order = places(3)
    assert (other.pk, -1) in order
    assert len(set(flood)) == 30


def test_two_accounts_share_alike(submit: Submit) -> None:
    """However many jobs one of them sends: as many turns each, as long as both have work."""
    other = User.objects.create(username="other")
    flood = [submit() for _ in range(10)]
    calm = [submit(owner=other) for _ in range(3)]
    theirs = {job.pk for job in calm}
    left, turns = 9, {True: 0, False: 0}
    while left:
        step = queue.claim()
        assert step is not None
        if step.kind == StepKind.PREPARE:
            progress.finish_prepare(step, 3)
        elif step.kind == StepKind.SPEAK:
            progress.speak(step)
            turns[step.job_id in theirs] += 1
            left -= step.job_id in theirs
        else:
            progress.publish(step)
    assert len(flood) == 10
    assert 6 <= turns[False] <= 12


def test_joins_go_first(submit: Submit) -> None:
    first, second = submit(), submit(owner=User.objects.create(username="other"))
    progress.prepare(first, 5)
    progress.prepare(second, 1)
    step = queue.claim()
    while step is not None and step.job_id != second.pk:
        step = queue.claim()
    assert step is not None
    progress.speak(step)
    submit(owner=User.objects.create(username="third"))
    join = queue.claim()
    assert join is not None
    assert (join.kind, join.job_id) == (StepKind.JOIN, second.pk)


def test_a_retried_book_is_not_served_before_everybody_else(submit: Submit) -> None:
    """Its rounds were given long ago: it has to take its turns where the queue is now."""
    book = submit()
    progress.prepare(book, 20)
    progress.speak(progress.claim(book))
    jobs.cancel(book.pk)
    waiting = submit(owner=User.objects.create(username="other"))
    progress.prepare(waiting, 20)
    Step.objects.filter(job=waiting, kind=StepKind.SPEAK).update(round=F("round") + 1000)
    assert jobs.retry(book.pk)
    turns = [job for job, _ in places(8)]
    assert 3 <= turns.count(waiting.pk) <= 5


# --- Leases and fences ----------------------------------------------------------------------------------------------


def test_an_expired_lease_is_claimed_again(submit: Submit) -> None:
    job = submit()
    first = progress.claim(job)
    assert queue.claim() is None
    expire(first)
    second = progress.claim(job)
    assert second.pk == first.pk
    assert second.token != first.token
    assert second.attempts == 2


def test_renewing(submit: Submit) -> None:
    step = progress.claim(submit())
    assert step.token is not None
    expire(step)
    assert queue.renew(step.pk, step.token)
    assert queue.claim() is None
    assert not queue.renew(step.pk, uuid.uuid4())
    expire(step)
    queue.claim()
    assert not queue.renew(step.pk, step.token)


FENCED: dict[str, Callable[[Step], object]] = {
    "begin_preparing": queue.begin_preparing,
    "add_chunks": lambda step: queue.add_chunks(step, [queue.ChunkPlace(0, 0, 1, 0)]),
    "finish_preparing": lambda step: queue.finish_preparing(step, 1, "x"),
    "begin_speaking": lambda step: queue.begin_speaking(step, 1),
    "finish_speaking": lambda step: queue.finish_speaking(step, "x.pcm", 1, 24000),
    "finish_job": lambda step: queue.finish_job(step, "x.mp3", 1, 1),
    "attempt_failed": lambda step: queue.attempt_failed(step, "code", "message"),
    "attempt_failed for good": lambda step: queue.attempt_failed(step, "code", "message", permanent=True),
    "hand_back": queue.hand_back,
}


def snapshot() -> tuple[list[object], list[object]]:
    return list(Job.objects.order_by("pk").values()), list(Step.objects.order_by("pk").values())


@pytest.mark.parametrize("write", FENCED.values(), ids=FENCED.keys())
@pytest.mark.parametrize("loss", ["taken over", "cancelled", "deleted", "done", "handed back"])
def test_a_late_write_is_refused(submit: Submit, write: Callable[[Step], object], loss: str) -> None:
    job = submit()
    step = progress.claim(job)
    queue.begin_preparing(step)
    queue.begin_speaking(step, 1)
    if loss == "taken over":
        expire(step)
        assert queue.claim() is not None
    elif loss == "cancelled":
        jobs.cancel(job.pk)
    elif loss == "deleted":
        jobs.cancel_and_delete(job.pk)
    elif loss == "done":
        queue.finish_job(step, "a.mp3", 1, 1)
    else:
        queue.hand_back(step)
    before = snapshot()
    with pytest.raises(queue.LostLease):
        write(step)
    assert snapshot() == before


def test_a_job_that_goes_while_it_is_given_up(submit: Submit, monkeypatch: pytest.MonkeyPatch) -> None:
    """A claim that meets a used-up step whose job is just cancelled goes on to the next step."""
    worn, fresh = submit(), submit(owner=User.objects.create(username="other"))
    Step.objects.filter(job=worn).update(attempts=MAX_ATTEMPTS, round=-1)
    lease = queue._lease_next

    def cancelled_in_between(*args: Any) -> list[Step]:
        steps = lease(*args)
        if steps and steps[0].job_id == worn.pk:
            jobs.cancel(worn.pk)
        return steps

    monkeypatch.setattr(queue, "_lease_next", cancelled_in_between)
    step = queue.claim()
    assert step is not None
    assert step.job_id == fresh.pk


# --- Attempts -------------------------------------------------------------------------------------------------------


def test_a_failed_attempt_rests(submit: Submit) -> None:
    job = submit()
    step = progress.claim(job)
    queue.attempt_failed(step, "engine_failed", "No.")
    row = Step.objects.get()
    assert (row.state, row.token, row.attempts) == (StepState.PENDING, None, 1)
    assert row.not_before is not None
    assert row.not_before > timezone.now()
    assert queue.claim() is None
    assert not queue.more_work()
    rested()
    assert progress.claim(job).attempts == 2


def test_after_three_attempts_the_job_fails_and_no_other(submit: Submit) -> None:
    job = submit()
    progress.prepare(job, 2)
    for _ in range(MAX_ATTEMPTS):
        step = progress.claim(job)
        queue.attempt_failed(step, "engine_failed", "The engine failed (chunk 1 of 2).")
        rested()
        Step.objects.filter(job=job, index=1).update(state=StepState.BLOCKED)
    other = submit()
    job.refresh_from_db()
    assert (job.status, job.error_code) == ("failed", "engine_failed")
    assert "chunk 1 of 2" in job.error_message
    assert job.finished is not None
    assert progress.claim(other).job_id == other.pk
    other.refresh_from_db()
    assert other.status == "waiting"


def test_three_dead_workers(submit: Submit) -> None:
    job = submit()
    progress.prepare(job, 3)
    for _ in range(MAX_ATTEMPTS):
        step = queue.claim()
        assert step is not None
        assert step.index == 0
        expire(step)
        Step.objects.filter(job=job, index__in=[1, 2]).update(state=StepState.BLOCKED)
    other = submit()
    assert places(2) == [(other.pk, -1)]
    job.refresh_from_db()
    assert (job.status, job.error_code) == ("failed", "worker_lost")
    assert "chunk 1 of 3" in job.error_message
    assert not Step.objects.filter(job=job, state__in=["pending", "running"]).exists()


def test_a_permanent_fault_is_not_tried_again(submit: Submit) -> None:
    job = progress.make_failed(submit())
    assert (job.status, job.error_code, job.error_message) == ("failed", "engine_failed", "The engine failed.")
    assert queue.claim() is None


def test_a_long_reason_is_cut(submit: Submit) -> None:
    job = submit()
    queue.attempt_failed(progress.claim(job), "code", "x" * 5000, permanent=True)
    job.refresh_from_db()
    assert len(job.error_message) == 500


def test_hand_back(submit: Submit) -> None:
    job = submit()
    queue.hand_back(progress.claim(job))
    row = Step.objects.get()
    assert (row.state, row.attempts, row.token, row.lease_until) == (StepState.PENDING, 0, None, None)
    assert progress.claim(job).attempts == 1


def test_preparing_again_drops_the_chunks_of_the_earlier_attempt(submit: Submit) -> None:
    job = submit()
    step = progress.claim(job)
    queue.begin_preparing(step)
    queue.add_chunks(step, [queue.ChunkPlace(number, 0, 1, 0) for number in range(5)])
    expire(step)
    again = progress.claim(job)
    queue.begin_preparing(again)
    assert list(Step.objects.values_list("pk", flat=True)) == [again.pk]
    progress.finish_prepare(again, 3)
    assert list(Step.objects.filter(kind=StepKind.SPEAK).values_list("index", flat=True)) == [0, 1, 2]


def test_chunks_wait_until_all_are_there(submit: Submit) -> None:
    step = progress.claim(submit())
    queue.begin_preparing(step)
    queue.add_chunks(step, [queue.ChunkPlace(0, 0, 1, 0)])
    assert queue.claim() is None


def test_the_join_waits_for_every_chunk(submit: Submit) -> None:
    job = submit()
    progress.prepare(job, 2)
    first, second = progress.claim(job), progress.claim(job)
    progress.speak(second)
    assert queue.claim() is None
    progress.speak(first)
    assert progress.claim(job).kind == StepKind.JOIN


def test_a_join_that_a_dead_worker_has_left_blocked(submit: Submit, monkeypatch: pytest.MonkeyPatch) -> None:
    """It died between the end of its chunk, the last one, and the look that follows."""
    job = submit()
    progress.prepare(job, 2)
    progress.speak(progress.claim(job))
    last = progress.claim(job)

    def killed(_: int) -> bool:
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr(queue, "_unblock_join", killed)
        with pytest.raises(KeyboardInterrupt):
            progress.speak(last)
    assert queue.claim() is None
    assert queue.unblock_joins() == 1
    assert queue.unblock_joins() == 0
    progress.publish(progress.claim(job))
    job.refresh_from_db()
    assert (job.status, job.chunks_spoken) == ("ready", 2)


@pytest.mark.parametrize("state", ["waiting", "preparing", "a chunk waits", "a chunk is spoken", "cancelled", "ready"])
def test_no_join_starts_before_its_time(submit: Submit, state: str) -> None:
    job = submit()
    if state == "ready":
        progress.make_ready(job)
    elif state == "preparing":
        step = progress.claim(job)
        queue.begin_preparing(step)
        queue.add_chunks(step, [queue.ChunkPlace(0, 0, 1, 0)])
    elif state != "waiting":
        progress.prepare(job, 2)
        progress.speak(progress.claim(job))
        if state == "a chunk is spoken":
            queue.claim()
        elif state == "cancelled":
            Step.objects.filter(job=job, kind=StepKind.SPEAK).update(state=StepState.DONE)
            jobs.cancel(job.pk)
    before = snapshot()
    assert queue.unblock_joins() == 0
    assert snapshot() == before


def test_progress_is_counted(submit: Submit) -> None:
    """While a job is worked on, the steps tell; from its end on the row does, which outlives them."""
    job = submit()
    told = [queue.chunks_spoken(job)]
    progress.prepare(job, 3)
    for _ in range(3):
        told.append(queue.chunks_spoken(job))
        progress.speak(progress.claim(job))
    told.append(queue.chunks_spoken(job))
    progress.publish(progress.claim(job))
    job.refresh_from_db()
    assert [*told, queue.chunks_spoken(job)] == [0, 0, 1, 2, 3, 3]


@pytest.mark.django_db(transaction=True)
def test_finishing_removes_steps_and_parts(submit: Submit, media: Path) -> None:
    job = submit()
    progress.prepare(job, 3)
    for _ in range(3):
        progress.speak(progress.claim(job))
    audio = progress.publish(progress.claim(job))
    assert not Step.objects.exists()
    names = {str(path.relative_to(media)) for path in media.rglob("*") if path.is_file()}
    assert names == {audio, storage.text_name(job.folder)}


# --- Cancel and retry -----------------------------------------------------------------------------------------------


def test_cancel_while_running(submit: Submit) -> None:
    job = submit()
    progress.prepare(job, 2)
    step = progress.claim(job)
    assert step.token is not None
    assert jobs.cancel(job.pk)
    assert not queue.renew(step.pk, step.token)
    with pytest.raises(queue.LostLease):
        progress.speak(step)
    job.refresh_from_db()
    assert (job.status, job.error_code) == ("failed", "cancelled")
    assert queue.claim() is None
    assert not jobs.cancel(job.pk)


def test_cancel_of_a_ready_job(ready_job: Job) -> None:
    assert not jobs.cancel(ready_job.pk)
    ready_job.refresh_from_db()
    assert ready_job.status == "ready"


def fail_at_chunk(job: Job, count: int, spoken: int) -> list[str]:
    progress.prepare(job, count)
    names = [progress.speak(progress.claim(job)) for _ in range(spoken)]
    queue.attempt_failed(progress.claim(job), "engine_failed", "No.", permanent=True)
    return names


def test_retry_keeps_the_spoken_chunks(submit: Submit) -> None:
    job = submit()
    fail_at_chunk(job, 4, 2)
    assert jobs.retry(job.pk)
    job.refresh_from_db()
    assert (job.status, queue.chunks_spoken(job), job.error_code, job.finished) == ("processing", 2, "", None)
    steps = [progress.claim(job), progress.claim(job)]
    assert [step.index for step in steps] == [2, 3]
    assert [step.attempts for step in steps] == [1, 1]
    for step in steps:
        progress.speak(step)
    progress.publish(progress.claim(job))
    job.refresh_from_db()
    assert (job.status, job.chunks_spoken) == ("ready", 4)


def test_retry_speaks_again_what_is_gone(submit: Submit, media: Path) -> None:
    job = submit()
    names = fail_at_chunk(job, 3, 2)
    (media / names[0]).unlink()
    assert jobs.retry(job.pk)
    job.refresh_from_db()
    assert job.chunks_spoken == 1
    assert sorted(index for _, index in places(3)) == [0, 2]


def test_retry_of_a_failed_join(submit: Submit) -> None:
    """All chunks are spoken: nothing but the join is left, and it has to be able to finish the job."""
    job = submit()
    progress.prepare(job, 2)
    for _ in range(2):
        progress.speak(progress.claim(job))
    for _ in range(MAX_ATTEMPTS):
        queue.attempt_failed(progress.claim(job), "storage_failed", "Disk full.")
        rested()
    assert jobs.retry(job.pk)
    join = progress.claim(job)
    assert (join.kind, join.attempts) == (StepKind.JOIN, 1)
    progress.publish(join)
    job.refresh_from_db()
    assert job.status == "ready"


def test_retry_of_a_failed_join_whose_chunk_is_gone(submit: Submit, media: Path) -> None:
    """The join behind the chunk that is spoken again has all its attempts before it."""
    job = submit()
    progress.prepare(job, 2)
    names = [progress.speak(progress.claim(job)) for _ in range(2)]
    for _ in range(MAX_ATTEMPTS):
        queue.attempt_failed(progress.claim(job), "storage_failed", "Disk full.")
        rested()
    (media / names[1]).unlink()
    assert jobs.retry(job.pk)
    progress.speak(progress.claim(job))
    join = progress.claim(job)
    assert (join.kind, join.attempts) == (StepKind.JOIN, 1)
    progress.publish(join)


def test_retry_of_a_failed_preparation(submit: Submit) -> None:
    job = progress.make_failed(submit())
    assert jobs.retry(job.pk)
    job.refresh_from_db()
    assert job.status == "waiting"
    progress.prepare(job, 2)


def test_retry_of_what_has_not_failed(submit: Submit, ready_job: Job, media: Path) -> None:
    assert not jobs.retry(ready_job.pk)
    job = submit()
    assert not jobs.retry(job.pk)
    progress.prepare(job, 2)
    name = progress.speak(progress.claim(job))
    (media / name).unlink()
    before = snapshot()
    assert not jobs.retry(job.pk)
    assert snapshot() == before  # a running job's chunks are its workers' business


def test_retry_after_cancel_while_running(submit: Submit) -> None:
    job = submit()
    progress.prepare(job, 2)
    late = progress.claim(job)
    jobs.cancel(job.pk)
    jobs.retry(job.pk)
    with pytest.raises(queue.LostLease):
        progress.speak(late)
    assert [index for _, index in places(3)] == [0, 1]


def test_one_long_join_at_a_time(submit: Submit) -> None:
    """Two books that end together leave a process for the greetings."""
    books = [submit(), submit(owner=User.objects.create(username="other"))]
    for book in books:
        progress.prepare(book, 3)
        Step.objects.filter(job=book, kind=StepKind.SPEAK).update(state=StepState.DONE)
        join = Step.objects.filter(job=book, kind=StepKind.JOIN)
        join.update(state=StepState.PENDING, index=LONG_JOIN + 1)
    first = queue.claim()
    assert first is not None
    assert first.kind == StepKind.JOIN
    assert queue.claim() is None
    greeting = submit(owner=User.objects.create(username="third"))
    assert places(1) == [(greeting.pk, -1)]
    Step.objects.filter(pk=first.pk).update(lease_until=timezone.now() - timedelta(seconds=1))
    assert {step.job_id for step in (queue.claim(),) if step} <= {book.pk for book in books}


def test_a_job_that_ends_while_its_chunks_are_counted_does_not_go_back(submit: Submit) -> None:
    job = submit()
    progress.prepare(job, 3)
    seen = Job.objects.get(pk=job.pk)
    queue.count_spoken([seen])
    assert seen.chunks_spoken == 0
    Step.objects.filter(job=job).delete()
    queue.count_spoken([seen])
    assert seen.chunks_spoken == 3
