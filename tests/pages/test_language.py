"""The pages follow the reader; the API and the admin never do."""

import pytest
from django.contrib.auth.models import User
from django.test import Client

from tests.admin.conftest import login

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    ("accepted", "language"),
    [("az", "az"), ("tr-TR,tr;q=0.9", "tr"), ("ru,en;q=0.5", "ru"), ("de", "en"), ("", "en"), ("x" * 600, "en")],
)
def test_as_the_browser_says(accepted: str, language: str) -> None:
    response = Client(headers={"Accept-Language": accepted}).get("/login/")
    assert f'<html lang="{language}">' in response.content.decode()
    assert response["Content-Language"] == language
    assert "Accept-Language" in response["Vary"]


def test_the_choice_is_kept() -> None:
    client = Client(headers={"Accept-Language": "az"})
    assert client.post("/language/", {"language": "ru", "next": "/login/"}).headers["Location"] == "/login/"
    assert '<html lang="ru">' in client.get("/login/").content.decode()
    assert client.cookies["django_language"]["httponly"]


def test_no_way_to_another_site() -> None:
    response = Client().post("/language/", {"language": "ru", "next": "https://elsewhere.example/"})
    assert response.headers["Location"] == "/"


def test_an_unknown_language() -> None:
    client = Client()
    client.post("/language/", {"language": "xx", "next": "/login/"})
    assert '<html lang="en">' in client.get("/login/").content.decode()


def test_the_frozen_api_stays_as_it_is(api: Client) -> None:
    path, order, kind = "/api/v1/jobs/text/", {"lang": "az"}, "application/json"
    english = api.post(path, order, content_type=kind)
    azerbaijani = api.post(path, order, content_type=kind, headers={"Accept-Language": "az"})
    assert azerbaijani.json() == english.json()
    assert "Content-Language" not in azerbaijani.headers


def test_so_does_the_admin(user: User) -> None:
    page = login(user, is_superuser=True).get("/admin/", headers={"Accept-Language": "ru"}).content.decode()
    assert 'lang="en"' in page


def test_one_request_leaves_no_language_for_the_next() -> None:
    client = Client()
    client.get("/login/", headers={"Accept-Language": "ru"})
    assert '<html lang="en">' in client.get("/login/").content.decode()
