"""The state of the system in the admin."""

from collections.abc import Callable

from django.contrib.auth.models import User
from django.test import Client

from synthesis.models import Job
from synthesis.services import presence
from tests.synthesis import progress

URL = "/admin/system/"


def test_nothing_runs(site: Client) -> None:
    page = site.get(URL).content.decode()
    assert "No worker is alive" in page


def test_it_works(site: Client, submit: Callable[..., Job]) -> None:
    presence.sign_of_life(presence.Presence("host-a", 1234567, "tone"))
    job = submit()
    progress.prepare(job)
    progress.claim(job)
    response = site.get(URL)
    page = response.content.decode()
    assert "host-a" in page
    assert "1234567" in page
    assert f"job {job.pk}" in page
    context = response.context
    assert (context["unfinished_jobs"], context["pending_steps"], context["running_steps"]) == (1, 2, 1)


def test_an_engine_without_a_worker(site: Client, submit: Callable[..., Job]) -> None:
    presence.sign_of_life(presence.Presence("gpu", 1, "coqui"))
    submit()
    page = site.get(URL).content.decode()
    assert "No worker speaks with tone: 1 unfinished job of Aytac, Aynur," in page
    assert "waits until one starts" in page


def test_no_secret(site: Client, settings: object) -> None:
    settings.CELERY_BROKER_URL = "redis://:secret@host/0"  # type: ignore[attr-defined]
    page = site.get(URL).content.decode()
    assert "secret" not in page
    assert "redis" in page


def test_the_index_leads_there(site: Client) -> None:
    page = site.get("/admin/").content.decode()
    assert f'href="{URL}"' in page
    assert 'href="/admin/voices/"' in page


def test_anonymous_and_users(user: User) -> None:
    assert "/admin/login/" in Client().get(URL)["Location"]
    client = Client()
    client.force_login(user)
    assert "/admin/login/" in client.get(URL)["Location"]
