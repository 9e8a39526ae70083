"""The queries that run all the time use an index, on the database that is under test."""

import re
import time
import uuid
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.db import connection
from django.test.utils import CaptureQueriesContext

from synthesis.domain.status import StepKind, StepState
from synthesis.models import Job, Step
from synthesis.services import queue

pytestmark = pytest.mark.django_db


@pytest.fixture
def busy(user: User) -> None:
    """A queue as after a while: many finished jobs, one book in progress."""
    Job.objects.bulk_create(
        Job(owner=user, voice_id=1, language="az", character_count=1, folder=uuid.uuid4(), status="ready")
        for _ in range(3000)
    )
    book = Job.objects.create(
        owner=user, voice_id=1, language="az", character_count=1, folder=uuid.uuid4(), status="synthesizing"
    )
    Step.objects.bulk_create(
        Step(job=book, kind=StepKind.SPEAK, index=number, round=number, state=state)
        for number in range(10_000)
        for state in [StepState.DONE if number < 5000 else StepState.PENDING]
    )
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")


def plans(work: Any) -> dict[str, str]:
    """The plans of the SELECTs that the work runs, by their table."""
    with CaptureQueriesContext(connection) as queries:
        work()
    found: dict[str, str] = {}
    explain = "EXPLAIN QUERY PLAN " if connection.vendor == "sqlite" else "EXPLAIN "
    for query in queries.captured_queries:
        sql = query["sql"]
        if sql.startswith("SELECT"):
            table = re.search(r'FROM "(\w+)"', sql)
            with connection.cursor() as cursor:
                cursor.execute(explain + sql.replace("%", "%%"))
                found[table.group(1) if table else ""] = "\n".join(str(row) for row in cursor.fetchall())
    return found


def test_claim(busy: None) -> None:
    plan = plans(queue.claim)["synthesis_step"]
    assert "claimable_steps" in plan
    assert "TEMP B-TREE" not in plan  # in the order of the index: no sort


def test_served_round(busy: None) -> None:
    assert "claimable_steps" in plans(queue.served_round)["synthesis_step"]


def test_unfinished_jobs(busy: None, user: User) -> None:
    assert "unfinished_jobs" in plans(lambda: queue.unfinished_jobs(user.pk))["synthesis_job"]


def test_list(busy: None, user: User) -> None:
    plan = plans(lambda: list(Job.objects.filter(owner=user).order_by("-id")[:10]))["synthesis_job"]
    assert "jobs_of_owner" in plan or "Index Scan" in plan
    assert "TEMP B-TREE" not in plan


def test_it_stays_fast(busy: None, user: User) -> None:
    """With the values bound, as the service asks (a plan shows them written out)."""
    started = time.perf_counter()
    for _ in range(20):
        assert queue.claim() is not None
        queue.served_round()
        queue.unfinished_jobs(user.pk)
    assert (time.perf_counter() - started) / 20 < 0.03
