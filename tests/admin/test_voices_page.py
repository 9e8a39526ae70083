"""The voices in the admin."""

from django.contrib.auth.models import User
from django.test import Client

from models.catalogue import catalogue

URL = "/admin/voices/"


def test_it_works(site: Client) -> None:
    page = site.get(URL).content.decode()
    for voice in catalogue():
        assert str(voice.id) in page
        assert voice.name in page
    assert "325652" in page
    assert page.count("<td>yes</td>") == 9


def test_an_engine_that_does_not_speak_them(site: Client, settings: object) -> None:
    settings.ENGINE = "other"  # type: ignore[attr-defined]
    assert site.get(URL).content.decode().count("no settings") == 9


def test_anonymous_and_users(user: User) -> None:
    assert "/admin/login/" in Client().get(URL)["Location"]
    client = Client()
    client.force_login(user)
    assert "/admin/login/" in client.get(URL)["Location"]
