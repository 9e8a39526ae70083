"""One account with a thousand queued jobs delays another account's short job by less than two chunks' time.

Shown by the order of the claims: what other accounts' chunks are spoken between the arrival of the short job and its
end. One worker that speaks a chunk at a time is the worst case; of several, each waits as this one does.
"""

import uuid
from collections.abc import Callable

import pytest
from django.contrib.auth.models import User
from pytest_django import Settings

from synthesis.domain.limits import FEW_JOBS, FIRST_TURN
from synthesis.domain.status import Status, StepKind, StepState
from synthesis.models import Job, Step
from synthesis.services import queue
from tests.synthesis import progress

Submit = Callable[..., Job]
pytestmark = pytest.mark.django_db


def flood(owner: User, count: int) -> None:
    """So many jobs of one account, queued as if they had been sent one after the other."""
    first = queue.served_round() + 1
    jobs = Job.objects.bulk_create(
        Job(owner=owner, voice_id=325640, language="az", character_count=5000, folder=uuid.uuid4())
        for _ in range(count)
    )
    Step.objects.bulk_create(
        Step(job=job, kind=StepKind.PREPARE, index=-1, round=first + number, state=StepState.PENDING)
        for number, job in enumerate(jobs)
    )


def work(step: Step, chunks: int) -> int:
    """Do a claimed step. How many chunks' time it takes."""
    if step.kind == StepKind.PREPARE:
        progress.finish_prepare(step, chunks)
        return 0
    if step.kind == StepKind.SPEAK:
        progress.speak(step)
        return 1
    progress.publish(step)
    return 0


def claim() -> Step:
    step = queue.claim()
    assert step is not None
    return step


def spoken_before_it_ends(job: Job, chunks_of_others: int, own_chunks: int) -> int:
    """Chunks of others that are spoken from now until this job is ready."""
    others = 0
    for _ in range(2000):
        step = claim()
        if step.job_id == job.pk:
            work(step, own_chunks)
        else:
            others += work(step, chunks_of_others)
        if Job.objects.filter(pk=job.pk, status=Status.READY).exists():
            return others
    raise AssertionError("the job does not end")


@pytest.mark.parametrize(("turns", "chunks_of_others"), [(0, 12), (7, 2), (100, 12)])
def test_a_thousand_jobs_of_another_account(submit: Submit, turns: int, chunks_of_others: int) -> None:
    """However far the flood has got: the chunk in hand, and one more at most."""
    flood(User.objects.create(username="flood"), 1000)
    for _ in range(turns):
        work(claim(), chunks_of_others)
    while (in_hand := claim()).kind != StepKind.SPEAK:
        work(in_hand, chunks_of_others)
    short = submit("salam " * 50)  # 300 characters arrive while a chunk is being spoken
    work(in_hand, chunks_of_others)
    assert spoken_before_it_ends(short, chunks_of_others, own_chunks=FIRST_TURN) <= 1


def test_the_flood_gets_on(submit: Submit) -> None:
    """A stream of short jobs of ever new accounts leaves it one chunk in four."""
    flood(User.objects.create(username="flood"), 10)
    for _ in range(20):
        work(claim(), 5)
    flooded = 0
    for number in range(40):
        submit(owner=User.objects.create(username=f"caller{number}"))
        step = claim()
        if step.job.owner.username == "flood":
            flooded += work(step, 5) or 1
        else:
            queue.begin_preparing(step)
            queue.begin_speaking(step, chunk_count=1)
            progress.publish(step)
    assert 9 <= flooded <= 11


def test_one_first_turn_of_an_account_at_a_time(submit: Submit) -> None:
    """Jobs that an account sends together do not all pass the rounds."""
    for _ in range(3):
        submit()
    first, *later = Step.objects.order_by("id").values_list("round", flat=True)
    assert first == -1
    assert 0 < later[0] < later[1]


def test_only_accounts_with_few_jobs(submit: Submit) -> None:
    for _ in range(FEW_JOBS + 1):
        progress.prepare(submit(), 10)
    Step.objects.filter(round=-1).update(state=StepState.DONE)
    submit()
    assert not Step.objects.filter(round=-1, state=StepState.PENDING).exists()


def test_later_chunks_take_their_rounds(submit: Submit, settings: Settings) -> None:
    flood(User.objects.create(username="flood"), 50)
    for _ in range(60):
        work(claim(), 3)
    served = queue.served_round()
    job = submit()
    progress.prepare(job, 6)
    rounds = list(job.steps.filter(kind=StepKind.SPEAK).order_by("index").values_list("round", flat=True))
    assert rounds == [-1, -1, -1, served + 1, served + 2, served + 3]
