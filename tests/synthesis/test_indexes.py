"""The queries that run all the time use an index, on the database that is under test."""

import re
import uuid
from collections.abc import Callable
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.db import connection

from synthesis.domain.status import StepKind, StepState
from synthesis.models import Job, Step
from synthesis.services import queue

pytestmark = pytest.mark.django_db


@pytest.fixture
def busy(user: User) -> None:
    """A queue as after a while: many finished jobs, one book in progress."""
    Job.objects.bulk_create(
        Job(owner=user, voice_id=1, language="az", character_count=1, folder=uuid.uuid4(), status="ready")
        for _ in range(1000)
    )
    book = Job.objects.create(
        owner=user, voice_id=1, language="az", character_count=1, folder=uuid.uuid4(), status="synthesizing"
    )
    Step.objects.bulk_create(
        Step(job=book, kind=StepKind.SPEAK, index=number, round=number, state=state)
        for number in range(3000)
        for state in [StepState.DONE if number < 1500 else StepState.PENDING]
    )
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")


def plans(work: Callable[[], object]) -> dict[str, str]:
    """The plans of the SELECTs that the work runs, by their table, with the values bound as the service binds them.

    SQLite does not use a partial index for a condition whose value it does not see.
    """
    selects: list[tuple[str, Any]] = []

    def note(execute: Any, sql: str, params: Any, many: bool, context: Any) -> Any:
        if sql.startswith("SELECT"):
            selects.append((sql, params))
        return execute(sql, params, many, context)

    with connection.execute_wrapper(note):
        work()
    found: dict[str, str] = {}
    explain = "EXPLAIN QUERY PLAN " if connection.vendor == "sqlite" else "EXPLAIN "
    for sql, params in selects:
        table = re.search(r'FROM "(\w+)"', sql)
        with connection.cursor() as cursor:
            cursor.execute(explain + sql, params)
            found[table.group(1) if table else ""] = "\n".join(str(row) for row in cursor.fetchall())
    return found


def test_claim(busy: None) -> None:
    plan = plans(queue.claim)["synthesis_step"]
    assert "claimable_steps" in plan
    assert "TEMP B-TREE" not in plan  # in the order of the index: no sort


def test_claim_of_some_voices(busy: None) -> None:
    """In the order of the index too, with the job of each row looked up by its id."""
    plan = plans(lambda: queue.claim(None, {2, 3}))["synthesis_step"]
    assert "claimable_steps" in plan
    assert "TEMP B-TREE" not in plan


def test_served_round(busy: None) -> None:
    assert "claimable_steps" in plans(queue.served_round)["synthesis_step"]


def test_unfinished_jobs(busy: None, user: User) -> None:
    assert "unfinished_jobs" in plans(lambda: queue.unfinished_jobs(user.pk))["synthesis_job"]


def test_list(busy: None, user: User) -> None:
    plan = plans(lambda: list(Job.objects.filter(owner=user).order_by("-id")[:10]))["synthesis_job"]
    assert "jobs_of_owner" in plan or "Index Scan" in plan
    assert "TEMP B-TREE" not in plan
