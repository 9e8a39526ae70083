"""GET /api/v1/jobs/ID/"""

from collections.abc import Callable
from datetime import UTC, datetime

import pytest
from django.test import Client

from synthesis.models import Job
from tests.api.answers import NOT_FOUND, accepted, refused
from tests.synthesis import progress

Submit = Callable[..., Job]


def url(job_id: object) -> str:
    return f"/api/v1/jobs/{job_id}/"


def test_it_works(api: Client, submit: Submit) -> None:
    job = submit("Sabahınız xeyir")
    answer = accepted(api.get(url(job.pk)))  # row 15
    assert answer["id"] == job.pk
    assert (answer["voice_id"], answer["language"], answer["character_count"]) == (325640, "az", 15)
    assert answer["status"] == "waiting"


def test_a_stranger_gets_the_answer_for_an_unknown_id(api: Client, stranger: Client, submit: Submit) -> None:  # row 21
    job = submit()
    foreign, unknown = stranger.get(url(job.pk)), api.get(url(job.pk + 1))
    assert foreign.status_code == unknown.status_code == 404
    assert foreign.content == unknown.content
    for answer in (foreign, unknown):
        del answer.headers["X-Request-ID"]  # of every request its own
    assert foreign.headers == unknown.headers
    assert foreign.json() == NOT_FOUND


BAD_IDS = ["0", "abc", "-1", "1.0", "1e3", "9" * 19, "9" * 20, "9" * 200, str(2**63), "0x1", "%31%00", "٣", "null"]


@pytest.mark.parametrize("job_id", [*BAD_IDS, "+1", "%201", "1%0A", "..", "1;", "{id}"])
def test_bad_ids(api: Client, submit: Submit, job_id: str) -> None:  # row 4
    submit()
    response = api.get(url(job_id))
    refused(response, 404)
    assert response.json() == NOT_FOUND


def test_all_statuses(api: Client, submit: Submit) -> None:  # row 16
    def status() -> str:
        return str(accepted(api.get(url(job.pk)))["status"])

    job = submit()
    seen = [status()]
    step = progress.claim(job)
    progress.queue.begin_preparing(step)
    seen.append(status())
    progress.finish_prepare(step, 2)
    seen.append(status())
    progress.speak(progress.claim(job))
    seen.append(status())
    progress.speak(progress.claim(job))
    progress.publish(progress.claim(job))
    seen.append(status())
    assert seen == ["waiting", "preparing", "processing", "synthesizing", "ready"]


def test_failed(api: Client, submit: Submit) -> None:  # row 16
    job = progress.make_failed(submit())
    assert accepted(api.get(url(job.pk)))["status"] == "failed"


@pytest.mark.parametrize(
    ("moment", "text"),
    [
        (datetime(2020, 3, 31, 11, 13, 51, 942419, UTC), "2020-03-31T11:13:51.942419Z"),
        (datetime(2020, 3, 31, 11, 13, 51, 0, UTC), "2020-03-31T11:13:51.000000Z"),
        (datetime(2020, 3, 31, 23, 59, 59, 100, UTC), "2020-03-31T23:59:59.000100Z"),
    ],
)
def test_created_has_six_digits(api: Client, submit: Submit, moment: datetime, text: str) -> None:  # row 26
    job = submit()
    Job.objects.filter(pk=job.pk).update(created=moment)
    assert accepted(api.get(url(job.pk)))["created"] == text


def test_without_the_last_slash(api: Client, submit: Submit) -> None:  # row 27
    accepted(api.get(url(submit().pk).rstrip("/")))


@pytest.mark.parametrize("method", ["post", "put", "patch", "options"])
def test_other_methods(api: Client, submit: Submit, method: str) -> None:  # row 20
    refused(getattr(api, method)(url(submit().pk)), 405)


def test_head(api: Client, submit: Submit) -> None:
    assert api.head(url(submit().pk)).status_code == 200


def test_polling_is_cheap(api: Client, submit: Submit, django_assert_num_queries: Callable[..., object]) -> None:
    job = submit()
    api.get(url(job.pk))  # the first request of a minute also notes that the key was used
    with django_assert_num_queries(2):  # type: ignore[attr-defined]
        api.get(url(job.pk))
