"""The door: name and password, or a link that is good for one time."""

from datetime import timedelta

import pytest
from django.contrib.auth.models import User
from django.core import signing
from django.test import Client
from django.utils import timezone
from pytest_django import Settings

from synthesis.models import AuditEntry
from synthesis.pages import signin

RIGHT = "a long pass phrase"


def attempt(password: str = RIGHT, **more: str) -> str:
    """Where it leads; empty: nowhere."""
    response = Client().post("/login/", {"username": "leyla", "password": password, **more})
    return response.get("Location", "")


def test_it_works(user: User) -> None:
    client = Client()
    assert client.get("/").headers["Location"] == "/login/?next=/"
    client.post("/login/", {"username": "leyla", "password": RIGHT})
    assert client.get("/").status_code == 200
    assert client.get("/login/").headers["Location"] == "/"


def test_it_goes_on_where_one_wanted_to_go(user: User) -> None:
    assert attempt(next="/account/") == "/account/"
    assert attempt(next="https://elsewhere.example/") == "/"


def test_a_wrong_password(user: User) -> None:
    response = Client().post("/login/", {"username": "leyla", "password": "wrong"})
    assert response.status_code == 200
    assert "do not go together" in response.content.decode()


def test_the_fifth_wrong_one_locks(user: User, settings: Settings) -> None:
    for _ in range(settings.AXES_FAILURE_LIMIT):
        attempt("wrong")
    response = Client().post("/login/", {"username": "leyla", "password": RIGHT}, headers={"Accept-Language": "tr"})
    assert response.status_code == 429
    assert response["Retry-After"] == "900"
    assert 'lang="tr"' in response.content.decode()


def test_sign_out(person: Client) -> None:
    assert person.get("/logout/").status_code == 405
    assert person.post("/logout/").headers["Location"] == "/login/"
    assert person.get("/account/").status_code == 302


def test_a_link_signs_in_once(user: User) -> None:
    path = f"/login/once/{signin.link_token(user)}/"
    first, second = Client(), Client()
    assert first.get(path).headers["Location"] == "/"
    assert first.get("/").status_code == 200
    assert second.get(path).headers["Location"] == "/login/"
    assert "used already" in second.get("/login/").content.decode()
    assert AuditEntry.objects.filter(action="login", actor="leyla").count() == 1


def test_a_link_in_the_browser_of_somebody_who_is_signed_in(person: Client, db: None) -> None:
    other = User.objects.create_user("nigar")
    person.get(f"/login/once/{signin.link_token(other)}/")
    assert "leyla" in person.get("/").content.decode()


@pytest.mark.parametrize("change", ["password", "inactive", "late"])
def test_a_link_that_ended(user: User, change: str, monkeypatch: pytest.MonkeyPatch) -> None:
    token = signin.link_token(user)
    if change == "password":
        user.set_password("another long one")
    if change == "inactive":
        user.is_active = False
    user.save()
    if change == "late":
        later = (timezone.now() + timedelta(hours=1, seconds=1)).timestamp()
        monkeypatch.setattr("django.core.signing.time.time", lambda: later)
    client = Client()
    assert client.get(f"/login/once/{token}/").headers["Location"] == "/login/"
    assert client.get("/").status_code == 302


@pytest.mark.parametrize("token", ["x", "x:y:z", signing.dumps(["1", "x"]), "%00"])
@pytest.mark.django_db
def test_a_link_that_is_none(token: str) -> None:
    assert Client().get(f"/login/once/{token}/").headers["Location"] == "/login/"


def test_change_the_password(user: User, person: Client) -> None:
    other = Client()
    other.force_login(user)
    new = {"old_password": RIGHT, "new_password1": "an even longer one 7", "new_password2": "an even longer one 7"}
    assert person.post("/account/password/", {**new, "old_password": "wrong"}).status_code == 200
    assert person.post("/account/password/", new).headers["Location"] == "/account/"
    assert "is changed" in person.get("/account/").content.decode()
    assert other.get("/account/").status_code == 302, "other sessions end"
    assert AuditEntry.objects.filter(action="changed", target="leyla", detail="Own password.").exists()
