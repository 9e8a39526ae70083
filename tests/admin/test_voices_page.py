"""The voices in the admin."""

from pathlib import Path

from django.contrib.auth.models import User
from django.test import Client
from pytest_django import Settings

from models.catalogue import catalogue, configure

URL = "/admin/voices/"


def test_it_works(site: Client) -> None:
    page = site.get(URL).content.decode()
    for voice in catalogue():
        assert str(voice.id) in page
        assert voice.name in page
    assert "325652" in page
    assert page.count("<td>tone</td>") == 9
    assert page.count("<td>Apache-2.0</td>") == 9


def test_an_engine_that_does_not_speak_them(site: Client, settings: Settings) -> None:
    settings.ENGINE = "other"
    assert site.get(URL).content.decode().count("no settings") == 9


def test_licences_of_the_packs_are_shown(site: Client, settings: Settings, tmp_path: Path) -> None:
    settings.ENGINE = "coqui"
    settings.VOICES_DIR = tmp_path
    settings.ACCEPTED_LICENCES = frozenset({"CPML"})
    page = site.get(URL).content.decode()
    assert page.count("<td>CC-BY-NC-4.0 AND MIT; recording: Apache-2.0 <strong>no commercial use</strong></td>") == 9
    assert page.count("openvoice-v2 (not installed)") == 9
    assert "Accepted here: CPML." in page


def test_a_voice_that_names_its_engine(site: Client, settings: Settings, tmp_path: Path) -> None:
    file = tmp_path / "voices.toml"
    file.write_text('[[change]]\nid = 325645\nengine = "coqui"\n[change.engines.coqui]\nmodel = "vits-ru"\n')
    configure(file)
    try:
        page = site.get(URL).content.decode()
    finally:
        configure(None)
    assert page.count("<td>tone</td>") == 8
    assert page.count("<td>coqui</td>") == 1
    assert "vits-ru (not installed)" in page


def test_anonymous_and_users(user: User) -> None:
    assert "/admin/login/" in Client().get(URL)["Location"]
    client = Client()
    client.force_login(user)
    assert "/admin/login/" in client.get(URL)["Location"]
