"""DELETE /api/v1/jobs/ID/"""

from collections.abc import Callable
from pathlib import Path

import pytest
from django.test import Client

from synthesis.models import Job, Step
from tests.api.answers import NOT_FOUND, refused
from tests.api.test_job_detail import BAD_IDS
from tests.synthesis import progress

Submit = Callable[..., Job]


def url(job_id: object) -> str:
    return f"/api/v1/jobs/{job_id}/"


def files(media: Path) -> list[Path]:
    return [path for path in media.rglob("*") if path.is_file()]


@pytest.mark.django_db(transaction=True)
def test_it_works(api: Client, ready_job: Job, media: Path) -> None:  # row 22
    assert files(media) != []
    response = api.delete(url(ready_job.pk))
    assert response.status_code == 200
    assert response.content == b'{"data":{"code":200,"deleted":true}}'  # row 15
    assert (Job.objects.count(), Step.objects.count(), files(media)) == (0, 0, [])
    for answer in (
        api.get(url(ready_job.pk)),
        api.delete(url(ready_job.pk)),
        api.get(f"{url(ready_job.pk)}synthesize/"),
    ):
        assert answer.status_code == 404
        assert answer.json() == NOT_FOUND
    assert api.get("/api/v1/jobs/").json()["count"] == 0


@pytest.mark.django_db(transaction=True)
def test_a_failed_job(api: Client, submit: Submit, media: Path) -> None:  # row 22
    job = submit()
    progress.prepare(job)
    progress.speak(progress.claim(job))
    progress.queue.attempt_failed(progress.claim(job), "engine_failed", "No.", permanent=True)
    assert len(files(media)) == 3
    assert api.delete(url(job.pk)).status_code == 200
    assert (Job.objects.count(), Step.objects.count(), files(media)) == (0, 0, [])


def test_a_stranger(stranger: Client, ready_job: Job) -> None:  # row 21
    response = stranger.delete(url(ready_job.pk))
    assert response.status_code == 404
    assert response.json() == NOT_FOUND
    assert Job.objects.count() == 1


def refused_as(api: Client, job: Job, status: str) -> None:
    """Row 18: the list of allowed statuses, and `deleted`."""
    response = api.delete(url(job.pk))
    assert response.status_code == 406
    assert response.content.decode() == (
        '{"error":{"code":406,"message":"Not acceptable","allowedStatuses":["ready","failed"],'
        f'"currentStatus":"{status}","deleted":false}}}}'
    )
    assert Job.objects.filter(pk=job.pk).exists()


def test_unfinished_jobs(api: Client, submit: Submit) -> None:  # row 18
    job = submit()
    refused_as(api, job, "waiting")
    step = progress.claim(job)
    progress.queue.begin_preparing(step)
    refused_as(api, job, "preparing")
    progress.finish_prepare(step)
    refused_as(api, job, "processing")
    progress.speak(progress.claim(job))
    refused_as(api, job, "synthesizing")


@pytest.mark.parametrize("job_id", BAD_IDS)
def test_bad_ids(api: Client, ready_job: Job, job_id: str) -> None:  # row 4
    response = api.delete(url(job_id))
    refused(response, 404)
    assert response.json() == NOT_FOUND


@pytest.mark.django_db(transaction=True)
def test_without_the_last_slash(api: Client, ready_job: Job) -> None:  # row 27
    assert api.delete(url(ready_job.pk).rstrip("/")).status_code == 200


@pytest.mark.django_db(transaction=True)
def test_an_id_is_never_given_again(api: Client, ready_job: Job, submit: Submit) -> None:  # row 4
    assert api.delete(url(ready_job.pk)).status_code == 200
    assert submit().pk > ready_job.pk
