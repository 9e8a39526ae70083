"""Jobs in the admin: looked at, cancelled, retried, deleted; never with their text."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.test import Client

from synthesis.models import Job
from tests.admin.conftest import login
from tests.synthesis import progress

LIST = "/admin/synthesis/job/"
MARKER = "Gizli cümlə zebra"
Submit = Callable[..., Job]


def rows(response: Any) -> list[int]:
    assert response.status_code == 200
    return [job.pk for job in response.context["cl"].result_list]


def act(site: Client, action: str, *jobs: Job, **fields: str) -> str:
    data = {"action": action, "_selected_action": [str(job.pk) for job in jobs], **fields}
    response = site.post(LIST, data, follow=True)
    assert response.status_code == 200
    return str(response.content.decode())


def test_list(site: Client, submit: Submit, media: Path) -> None:
    ready = progress.make_ready(submit())
    failed = progress.make_failed(submit())
    waiting = submit()
    response = site.get(LIST)
    assert rows(response) == [waiting.pk, failed.pk, ready.pk]
    assert "engine_failed" in response.content.decode()
    assert "1 of 1 chunks" in response.content.decode()


@pytest.mark.parametrize(
    ("query", "count"),
    [
        ("status__exact=waiting", 2),
        ("status__exact=ready", 0),
        ("language=tr", 1),
        ("voice=325647", 1),
        ("voice=99999999999999999999999", 0),
        ("q=leyla", 2),
        ("q=nobody", 0),
        ("q=999999999999999999999", 0),
    ],
)
def test_filters_and_search(site: Client, submit: Submit, query: str, count: int) -> None:
    submit()
    submit("merhaba", voice_id=325647)
    assert len(rows(site.get(f"{LIST}?{query}"))) == count


def test_search_by_id(site: Client, submit: Submit) -> None:
    submit()
    wanted = submit()
    assert rows(site.get(f"{LIST}?q={wanted.pk}")) == [wanted.pk]


def test_no_page_shows_a_text(site: Client, submit: Submit) -> None:
    job = submit(MARKER)
    progress.prepare(job)
    change = f"{LIST}{job.pk}/change/"
    for url in (LIST, change, f"{LIST}{job.pk}/delete/", f"{LIST}{job.pk}/history/", "/admin/", "/admin/system/"):
        response = site.get(url)
        assert response.status_code == 200
        assert "Gizli" not in response.content.decode()
    assert "Gizli" not in act(site, "delete_selected", job)


def test_a_job_is_not_edited(site: Client, submit: Submit) -> None:
    job = submit()
    site.post(f"{LIST}{job.pk}/change/", {"status": "ready", "owner": "99"})
    job.refresh_from_db()
    assert job.status == "waiting"
    assert site.get(f"{LIST}add/").status_code == 403


def test_cancel(site: Client, submit: Submit, media: Path) -> None:
    waiting, ready = submit(), None
    running = submit()
    progress.claim(waiting)
    page = act(site, "cancel", waiting, running)
    assert "2 job(s) cancelled" in page
    assert set(Job.objects.values_list("status", flat=True)) == {"failed"}
    ready = progress.make_ready(submit())
    assert "1 job(s) were not in a state for that" in act(site, "cancel", ready)


def test_retry(site: Client, submit: Submit) -> None:
    failed = progress.make_failed(submit())
    waiting = submit()
    page = act(site, "retry", failed, waiting)
    assert "1 job(s) queued again" in page
    assert "1 job(s) were not in a state for that" in page
    assert set(Job.objects.values_list("status", flat=True)) == {"waiting"}


@pytest.mark.django_db(transaction=True)
def test_delete(site: Client, submit: Submit, media: Path) -> None:
    ready = progress.make_ready(submit())
    running = submit()
    progress.prepare(running)
    assert "with its text and audio" in act(site, "delete_selected", ready, running)
    act(site, "delete_selected", ready, running, post="yes")
    assert not Job.objects.exists()
    assert [path for path in media.rglob("*") if path.is_file()] == []


@pytest.mark.django_db(transaction=True)
def test_delete_one(site: Client, ready_job: Job, media: Path) -> None:
    site.post(f"{LIST}{ready_job.pk}/delete/", {"post": "yes"})
    assert not Job.objects.exists()
    assert [path for path in media.rglob("*") if path.is_file()] == []


def test_only_looking(user: User, submit: Submit) -> None:
    job = submit()
    viewer = login(user, "view_job")
    assert rows(viewer.get(LIST)) == [job.pk]
    act(viewer, "cancel", job)
    act(viewer, "delete_selected", job, post="yes")
    assert viewer.post(f"{LIST}{job.pk}/delete/", {"post": "yes"}).status_code == 403
    job.refresh_from_db()
    assert job.status == "waiting"


def test_staff_without_rights(user: User, submit: Submit) -> None:
    job = submit()
    staff = login(user)
    for url in (LIST, f"{LIST}{job.pk}/change/", f"{LIST}{job.pk}/delete/"):
        assert staff.get(url).status_code == 403


def test_anonymous(submit: Submit) -> None:
    for url in (LIST, f"{LIST}{submit().pk}/change/"):
        assert "/admin/login/" in Client().get(url)["Location"]
