"""Claims of several chunks: which come along, and that each is held and ended by itself."""

from collections.abc import Callable, Collection
from datetime import timedelta

import pytest
from django.contrib.auth.models import User
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from synthesis.domain import limits
from synthesis.domain.status import StepKind, StepState
from synthesis.models import Job, Step
from synthesis.services import jobs, queue
from synthesis.services.queue import Batch
from tests.synthesis import progress
from tests.synthesis.test_queue_concurrency import at_once

Submit = Callable[..., Job]
pytestmark = pytest.mark.django_db

OTHER_VOICE = 325646


def batch(size: int = 8, cannot_speak: Collection[int] = ()) -> list[Step]:
    return queue.claim_batch(None, cannot_speak, lambda _: Batch(size))


def places(steps: list[Step]) -> list[tuple[int, int]]:
    return [(step.job_id, step.index) for step in steps]


@pytest.fixture
def three(submit: Submit) -> list[Job]:
    """Jobs of three accounts, of four chunks each, the second one in another voice."""
    made = []
    for number in range(3):
        owner = User.objects.create(username=f"owner{number}")
        made.append(submit(owner=owner, voice_id=OTHER_VOICE if number == 1 else 325640))
        progress.prepare(made[-1], 4)
    return made


def test_chunks_of_one_voice_across_jobs_in_the_order_of_the_queue(three: list[Job]) -> None:
    first, other, third = (job.pk for job in three)
    assert places(batch(4)) == [(first, 0), (third, 0), (first, 1), (third, 1)]
    # Three first turns and more were taken: one of the rounds is next. The other voice's chunks come alone.
    assert batch(1)[0].round >= 0
    assert places(batch(8)) == [(other, index) for index in range(3)] + [(other, 3)]
    assert {job for job, _ in places(batch(8))} == {first, third}
    assert batch() == []


def test_chunks_of_voices_that_are_alike(three: list[Job]) -> None:
    """With either voice first; a third one that nobody waits for changes nothing."""
    first, other, third = (job.pk for job in three)
    alike = {325640: Batch(4, frozenset({OTHER_VOICE, 1})), OTHER_VOICE: Batch(8, frozenset({325640}))}
    claimed = queue.claim_batch(None, (), alike.__getitem__)
    assert places(claimed) == [(first, 0), (other, 0), (third, 0), (first, 1)]
    assert len({step.token for step in claimed}) == 1
    rest = [step for _ in range(3) for step in queue.claim_batch(None, (), alike.__getitem__)]
    assert {step.job_id for step in rest} == {first, other, third}
    assert len(rest) == 8


def test_alike_voices_that_are_not_spoken_here_are_left(three: list[Job]) -> None:
    alike = Batch(8, frozenset({325640, OTHER_VOICE}))
    claimed = queue.claim_batch(None, {OTHER_VOICE}, lambda _: alike)
    assert {step.job_id for step in claimed} == {three[0].pk, three[2].pk}


def test_one_is_the_default(three: list[Job]) -> None:
    assert len(queue.claim_batch()) == 1
    assert len(batch(1)) == 1


def test_the_voice_decides_how_many(three: list[Job]) -> None:
    sizes = {325640: Batch(2), OTHER_VOICE: Batch(3)}
    claimed = [queue.claim_batch(None, (), lambda voice_id: sizes[voice_id]) for _ in range(3)]
    assert sorted(len(steps) for steps in claimed) == [2, 2, 3]
    assert all(len({step.job.voice_id for step in steps}) == 1 for steps in claimed)


def test_nothing_comes_along_with_reading_and_joining(submit: Submit) -> None:
    job = submit()
    submit(owner=User.objects.create(username="other"))
    assert [step.kind for step in batch()] == [StepKind.PREPARE]
    Step.objects.all().update(state=StepState.BLOCKED)
    progress.prepare(job, 2)
    for step in batch():
        progress.speak(step)
    waiting = submit(owner=User.objects.create(username="third"))
    progress.prepare(waiting, 3)
    assert [step.kind for step in batch()] == [StepKind.JOIN]


def test_voices_that_are_not_spoken_here_are_left(three: list[Job]) -> None:
    assert {step.job_id for step in batch(8, {325640})} == {three[1].pk}
    assert batch(8, {325640}) == []


def test_a_chunk_that_was_tried_before_is_alone(submit: Submit) -> None:
    """One that kills its worker takes one attempt from its neighbours, and then dies by itself."""
    job = submit()
    progress.prepare(job, 4)
    together = batch()
    assert [step.attempts for step in together] == [1, 1, 1, 1]
    Step.objects.filter(kind=StepKind.SPEAK).update(lease_until=timezone.now() - timedelta(seconds=5))
    alone = [batch() for _ in range(4)]
    assert [places(steps) for steps in alone] == [[(job.pk, index)] for index in range(4)]
    assert [steps[0].attempts for steps in alone] == [2, 2, 2, 2]


def test_each_is_ended_by_itself(three: list[Job]) -> None:
    first, _, third = three
    kept, lost, failed, handed_back = batch(4)
    jobs_of = [step.job_id for step in (kept, lost, failed, handed_back)]
    assert jobs_of == [first.pk, third.pk, first.pk, third.pk]
    queue.begin_speaking(kept)
    queue.finish_speaking(kept, "a.pcm", 10, 24_000)
    queue.attempt_failed(failed, "engine_failed", "No.")
    queue.hand_back(handed_back)
    assert lost.token is not None
    assert queue.renew(lost.pk, lost.token)
    Step.objects.filter(pk=lost.pk).update(lease_until=timezone.now() - timedelta(seconds=5))
    again = Step.objects.get(pk=lost.pk)
    while again.token in {None, lost.token}:
        assert queue.claim() is not None
        again.refresh_from_db()
    with pytest.raises(queue.LostLease):
        queue.finish_speaking(lost, "b.pcm", 10, 24_000)
    rows = {step.pk: step for step in Step.objects.all()}
    assert rows[kept.pk].state == StepState.DONE
    assert (rows[failed.pk].state, rows[failed.pk].attempts) == (StepState.PENDING, 1)
    assert rows[failed.pk].not_before is not None
    assert rows[lost.pk].state == StepState.RUNNING


def test_a_cancelled_job_takes_only_its_own_chunks(three: list[Job]) -> None:
    first, _, third = three
    steps = batch(4)
    jobs.cancel(first.pk)
    for step in steps:
        if step.job_id == first.pk:
            with pytest.raises(queue.LostLease):
                progress.speak(step)
        else:
            progress.speak(step)
    first.refresh_from_db()
    assert (first.status, first.chunks_spoken, queue.chunks_spoken(third)) == ("failed", 0, 2)


def test_what_is_far_behind_does_not_come_along(submit: Submit, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(limits, "BATCH_LOOKS_AT", 4)
    job = submit()
    progress.prepare(job, 10)
    assert [step.index for step in batch()] == [0, 1, 2, 3]


def test_first_turns_in_batches_do_not_starve_a_book(submit: Submit) -> None:
    book = submit()
    progress.prepare(book, 20)
    for _ in range(2):
        batch(4)
    for number in range(20):
        greeting = submit(owner=User.objects.create(username=f"caller{number}"))
        progress.prepare(greeting, 2)
    claimed = [batch(4) for _ in range(4)]
    assert sum(steps[0].job_id == book.pk for steps in claimed) >= 1


@pytest.mark.django_db(transaction=True)
def test_a_batch_is_claimed_in_as_many_statements_as_one(submit: Submit) -> None:
    progress.prepare(submit(), 10)
    with CaptureQueriesContext(connection) as claimed:
        assert len(batch()) == 8
    # As for one chunk, and two more that look for the others.
    assert len(claimed) == (7 if connection.vendor == "sqlite" else 6)


@pytest.mark.django_db(transaction=True)
def test_each_step_is_claimed_once(submit: Submit) -> None:
    for number in range(4):
        progress.prepare(submit(owner=User.objects.create(username=f"user{number}")), 25)

    def claim_all(_: int) -> list[int]:
        taken = []
        while steps := batch(7):
            taken += [step.pk for step in steps]
        return taken

    claimed = [pk for taken in at_once(claim_all, 6) for pk in taken]
    assert len(claimed) == len(set(claimed)) == 100
    assert set(Step.objects.filter(kind=StepKind.SPEAK).values_list("attempts", "state")) == {(1, "running")}
