"""One's own keys, made, shown once, regenerated, switched off; what the month has used."""

import re
from datetime import timedelta
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.test import Client
from django.utils import timezone
from pytest_django import Settings

from synthesis.models import ApiKey, AuditEntry, Usage
from synthesis.pages import account
from synthesis.services import keys


def page(response: Any) -> str:
    assert response.status_code == 200
    text: str = response.content.decode()
    return text


def shown_key(response: Any) -> str:
    found = re.search(r'id="new-key" readonly value="(vcn_\w+)"', page(response))
    assert found
    return found[1]


@pytest.mark.parametrize("path", ["/account/", "/en/user/api/", "/en/user/api", "/az/user/api/"])
def test_it_works(person: Client, path: str) -> None:
    response = person.get(path)
    assert "http://testserver/api/v1/" in page(response)
    assert "no-store" in response["Cache-Control"]
    assert response["Content-Language"] == ("az" if path.startswith("/az") else "en")


@pytest.mark.django_db
def test_a_stranger_signs_in_first() -> None:
    for path in ("/account/", "/en/user/api/", "/account/keys/1/regenerate/", "/account/password/"):
        assert Client().get(path).headers["Location"].startswith("/login/?next=/")
    for path in ("/account/keys/", "/account/keys/1/disable/", "/account/keys/1/enable/"):
        assert Client().post(path).headers["Location"].startswith("/login/?next=/")


def test_a_new_key_is_shown_once_and_works(person: Client) -> None:
    response = person.post("/account/keys/", {"name": "Call centre", "lifetime": "30"})
    plain = shown_key(response)
    assert "no-store" in response["Cache-Control"]
    for sample in ("curl", "python", "php"):
        assert plain in page(response).partition(f'id="snippet-{sample}"')[2].partition("</pre>")[0]
    assert plain not in page(person.get("/account/"))
    key = keys.find(plain)
    assert key is not None
    assert key.expires is not None
    assert timedelta(days=29) < key.expires - timezone.now() <= timedelta(days=30)
    listed = page(person.get("/account/"))
    assert f"{key.hint}••••••••" in listed
    entry = AuditEntry.objects.get(action="added")
    assert (entry.actor, entry.target) == ("leyla", "Call centre")


def test_the_address_of_the_form_leads_back(person: Client) -> None:
    """It stands in the browser's line after a key was made, and in the form of the language."""
    assert person.get("/account/keys/").headers["Location"] == "/account/"


@pytest.mark.parametrize("form", [{}, {"name": " "}, {"name": "x" * 101}, {"name": "x", "lifetime": "999"}])
def test_a_form_that_is_not_right(person: Client, form: dict[str, str]) -> None:
    assert person.post("/account/keys/", form).status_code == 400
    assert ApiKey.objects.count() == 0


def test_no_more_keys_than_anybody_needs(person: Client, user: User, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(account, "_MOST_KEYS", 1)
    keys.create(user, "first")
    assert "1 keys at most" in page(person.post("/account/keys/", {"name": "x"}, follow=True))
    assert ApiKey.objects.count() == 1


def test_regenerate_warns_then_ends_the_old_one(person: Client, user: User) -> None:
    key, plain = keys.create(user, "production")
    path = f"/account/keys/{key.pk}/regenerate/"
    warning = page(person.get(path))
    assert key.hint in warning
    assert "refused with 401" in warning
    assert "never used" in warning
    assert keys.find(plain) is not None
    new = shown_key(person.post(path))
    assert keys.find(plain) is None
    assert keys.find(new) == key
    assert AuditEntry.objects.get(action="changed").detail == "Regenerated."


def test_disable_and_enable(person: Client, user: User) -> None:
    key, plain = keys.create(user, "production")
    for word, works in (("disable", False), ("disable", False), ("enable", True)):
        person.post(f"/account/keys/{key.pk}/{word}/")
        assert (keys.find(plain) is not None) is works
    assert [entry.detail for entry in AuditEntry.objects.filter(action="changed")] == ["Enabled.", "Disabled."]


def test_a_disabled_key_that_is_regenerated_says_so(person: Client, user: User) -> None:
    key, _ = keys.create(user, "production")
    person.post(f"/account/keys/{key.pk}/disable/")
    assert "This key is disabled" in page(person.post(f"/account/keys/{key.pk}/regenerate/"))


def test_somebody_elses_keys(person: Client, db: None) -> None:
    key, plain = keys.create(User.objects.create_user("stranger"), "secret project")
    assert "secret project" not in page(person.get("/account/"))
    assert person.get(f"/account/keys/{key.pk}/regenerate/").status_code == 404
    for word in ("regenerate", "disable", "enable"):
        assert person.post(f"/account/keys/{key.pk}/{word}/").status_code == 404
    assert keys.find(plain) is not None


def test_another_site_cannot_send_the_forms(user: User) -> None:
    client = Client(enforce_csrf_checks=True)
    client.force_login(user)
    response = client.post("/account/keys/", {"name": "x"})
    assert response.status_code == 403
    assert "open for too long" in response.content.decode()
    assert ApiKey.objects.count() == 0


def test_what_this_month_has_used(person: Client, user: User, settings: Settings) -> None:
    settings.CHARACTERS_PER_MONTH = 50_000
    today = timezone.now().date()
    Usage.objects.create(owner=user, username="leyla", day=today, jobs=3, characters=12_345, ready=2, audio_ms=90_000)
    Usage.objects.create(username="other", day=today, jobs=7, characters=777_777)
    shown = page(person.get("/account/"))
    assert "12,345" in shown
    assert "of 50,000" in shown
    assert "1.5" in shown
    assert "777" not in shown


def test_the_address_that_clients_use(person: Client, settings: Settings) -> None:
    settings.PUBLIC_URL = "https://tts.example.az/speech"
    assert "https://tts.example.az/speech/api/v1/jobs" in page(person.get("/account/"))


def test_names_are_no_markup(person: Client, user: User) -> None:
    keys.create(user, "<script>alert(1)</script>")
    assert "<script>alert" not in page(person.get("/account/"))
