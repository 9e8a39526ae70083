"""The table of voice names in the admin."""

import pytest
from django.contrib.auth.models import User
from django.test import Client

from synthesis.models import AuditEntry, VoiceName
from synthesis.services import voice_names
from tests.admin.conftest import login

LIST = "/admin/synthesis/voicename/"


def test_it_works(site: Client) -> None:
    page = site.get(LIST).content.decode()
    assert "alloy" in page, "the shipped names are shown"
    response = site.post(f"{LIST}add/", {"name": " Alloy ", "voice_id": "325645"})
    assert response.status_code == 302
    assert VoiceName.objects.get().name == "alloy"
    assert voice_names.find("alloy").id == 325645
    page = site.get(LIST).content.decode()
    assert "Anna (ru, 325645)" in page
    assert AuditEntry.objects.filter(target__startswith="alloy").exists()


@pytest.mark.parametrize(("name", "voice"), [("", "325645"), ("325640", "325645"), ("x", "1"), ("x" * 61, "325645")])
def test_refusals(site: Client, name: str, voice: str) -> None:
    response = site.post(f"{LIST}add/", {"name": name, "voice_id": voice})
    assert response.status_code == 200
    assert "errorlist" in response.content.decode()
    assert not VoiceName.objects.exists()


def test_a_voice_that_is_gone(site: Client) -> None:
    VoiceName.objects.create(name="x", voice_id=1)
    assert "1: no such voice" in site.get(LIST).content.decode()


def test_who_may_only_look(user: User) -> None:
    client = login(user, "view_voicename")
    assert client.get(LIST).status_code == 200
    assert client.get(f"{LIST}add/").status_code == 403
