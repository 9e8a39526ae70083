"""Statements that are compiled once do what the ORM does; and how many of them the busiest requests take."""

import threading
import uuid
from collections.abc import Callable

import pytest
from django.contrib.auth.models import User
from django.db import IntegrityError, connection, transaction
from django.db.models import F
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from synthesis.models import ApiKey, Job, JobTotal
from synthesis.prepared import Insert, Parameter, Select, Update
from tests.api.answers import accepted

pytestmark = pytest.mark.django_db
Submit = Callable[..., Job]
TEXT = {"text": "salam", "lang": "az", "voice_id": 325640}

_job = Select(lambda: Job.objects.filter(pk=Parameter("id", Job, "id")).select_related("owner"))
_more = Update(
    lambda: JobTotal.objects.filter(owner=Parameter("owner", JobTotal, "owner")),
    jobs=lambda: F("jobs") + Parameter("more", JobTotal, "jobs"),
)
_new = Insert(Job)


def new_job(user: User) -> Job:
    given = {"voice_id": 1, "language": "az", "character_count": 3, "folder": uuid.uuid4(), "options": {"speed": 1.5}}
    return Job(owner=user, title="ə", source="api", priority=2, timings="", expires=timezone.now(), **given)


def test_a_row_goes_in_and_comes_out_as_by_the_orm(user: User) -> None:
    made = _new.run(new_job(user))
    by_orm = Job.objects.get(pk=made.pk)
    found = _job.first(id=made.pk)
    assert found is not None
    for field in Job._meta.concrete_fields:
        values = [getattr(row, field.attname) for row in (made, by_orm, found)]
        assert values[0] == values[1] == values[2], field.name
    assert found.created.isoformat() == by_orm.created.isoformat()  # equal moments may be of two zones
    with CaptureQueriesContext(
        connection,
    ) as queries:
        assert found.owner == user
    assert not queries.captured_queries
    found.title = "later"
    found.save()  # it is a row like any other
    assert Job.objects.get(pk=made.pk).title == "later"


def test_no_row(user: User) -> None:
    assert _job.first(id=1 << 40) is None
    assert _job.all(id=1 << 40) == []


def test_an_update_tells_how_many_rows_it_changed(user: User) -> None:
    JobTotal.objects.create(owner=user, jobs=5)
    assert _more.run(owner=user.pk, more=3) == 1
    assert JobTotal.objects.get().jobs == 8
    assert _more.run(owner=user.pk + 1, more=3) == 0


def test_a_value_is_bound_and_never_part_of_the_statement(user: User) -> None:
    key = Select(lambda: ApiKey.objects.filter(digest=Parameter("digest", ApiKey, "digest")))
    assert key.first(digest="' OR ''='") is None


@pytest.mark.django_db(transaction=True)
def test_each_thread_has_its_own_connection(user: User) -> None:
    made = _new.run(new_job(user))
    found: list[Job | None] = []

    def look() -> None:
        found.append(_job.first(id=made.pk))
        connection.close()

    threads = [threading.Thread(target=look) for _ in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert found == [made] * 3


def test_the_busiest_requests_take_few_statements(api: Client, media: object) -> None:
    job = accepted(api.post("/api/v1/jobs/text/", TEXT, "application/json"))  # the first of the day makes rows
    with CaptureQueriesContext(connection) as asked:
        assert api.get(f"/api/v1/jobs/{job['id']}/").status_code == 200
    with CaptureQueriesContext(connection) as listed:
        assert api.get("/api/v1/jobs/").status_code == 200
    with CaptureQueriesContext(connection) as sent:
        accepted(api.post("/api/v1/jobs/text/", TEXT, "application/json"))
    statements = [query["sql"] for query in sent.captured_queries if "SAVEPOINT" not in query["sql"]]
    # The key with the state of the voices; and the job. For a new one: usage, the queue, limits, job, step, total; on
    # PostgreSQL all of these in one.
    new = 2 if connection.vendor == "postgresql" else 7
    assert (len(asked), len(listed), len(statements)) == (2, 3, new), statements


@pytest.mark.skipif(connection.vendor != "postgresql", reason="SQLite plans a statement in microseconds")
def test_postgresql_plans_a_statement_once(user: User) -> None:
    for number in range(5):
        assert _job.first(id=number) is None
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT count(*) FROM pg_prepared_statements WHERE statement LIKE '%%synthesis_job%%auth_user%%'"
        )
        assert cursor.fetchone() == (1,)


@pytest.mark.skipif(connection.vendor != "postgresql", reason="PostgreSQL's own errors")
def test_an_error_of_a_prepared_statement_is_djangos(user: User) -> None:
    made = _new.run(new_job(user))
    twice = new_job(user)
    twice.folder = made.folder
    with pytest.raises(IntegrityError), transaction.atomic():
        _new.run(twice)
    assert _job.first(id=made.pk) == made
