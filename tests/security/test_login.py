"""Passwords cannot be guessed at the admin's door, and nobody is locked out by somebody else's guessing."""

import logging
from datetime import timedelta
from typing import Any

import pytest
from axes.models import AccessAttempt
from django.contrib.auth.models import User
from django.test import Client
from pytest_django import Settings

from synthesis.models import AuditEntry
from tests.api.answers import accepted

LOGIN = "/admin/login/"
RIGHT, WRONG = "a long pass phrase", "gizli cəhd"


@pytest.fixture(autouse=True)
def staff(user: User) -> User:
    user.is_staff = True
    user.save()
    return user


def attempt(password: str, username: str = "leyla", address: str = "192.0.2.1", **meta: str) -> Any:
    form = {"username": username, "password": password}
    return Client(REMOTE_ADDR=address).post(f"{LOGIN}?next=/admin/", form, headers=meta)


def guess(times: int, **options: str) -> list[int]:
    return [attempt(WRONG, **options).status_code for _ in range(times)]


def test_it_works() -> None:
    assert attempt(RIGHT).status_code == 302


def test_the_fifth_wrong_one_locks(settings: Settings) -> None:
    assert guess(settings.AXES_FAILURE_LIMIT) == [200] * 4 + [429]
    response = attempt(RIGHT)
    assert response.status_code == 429
    assert response["Retry-After"] == "900"
    assert "Wait 15 minutes" in response.content.decode()


def test_a_right_one_forgives() -> None:
    guess(4)
    assert attempt(RIGHT).status_code == 302
    assert guess(4) == [200] * 4
    assert attempt(RIGHT).status_code == 302


def test_after_a_quarter_of_an_hour(settings: Settings) -> None:
    guess(5)
    for row in AccessAttempt.objects.all():
        row.attempt_time -= settings.AXES_COOLOFF_TIME + timedelta(seconds=1)
        row.save()
    assert attempt(RIGHT).status_code == 302


def test_trying_on_does_not_prolong_it(settings: Settings) -> None:
    guess(5)
    before = AccessAttempt.objects.get().attempt_time
    guess(3)
    assert AccessAttempt.objects.get().attempt_time == before


def test_nobody_else_is_locked_out() -> None:
    """Neither the same name from elsewhere (anybody could shut the administrator out) nor others at the address."""
    guess(6)
    guess(6, username="nobody")
    assert attempt(RIGHT, address="192.0.2.2").status_code == 302
    User.objects.create_user("nigar", password=RIGHT, is_staff=True)
    assert attempt(RIGHT, username="nigar").status_code == 302


def test_other_browsers_are_the_same_guesser() -> None:
    for number in range(5):
        attempt(WRONG, **{"User-Agent": f"browser {number}"})
    assert attempt(RIGHT).status_code == 429


def test_behind_a_proxy(settings: Settings) -> None:
    """The proxy's address is everybody's; a forged header in front of the proxy's own is no way out."""
    settings.TRUST_PROXY = True
    for number in range(5):
        attempt(WRONG, address="127.0.0.1", **{"X-Forwarded-For": f"10.0.0.{number}, 198.51.100.1"})
    assert attempt(RIGHT, address="127.0.0.1", **{"X-Forwarded-For": "198.51.100.1"}).status_code == 429
    assert attempt(RIGHT, address="127.0.0.1", **{"X-Forwarded-For": "198.51.100.2"}).status_code == 302


def test_a_forged_header_without_a_proxy() -> None:
    for number in range(5):
        attempt(WRONG, **{"X-Forwarded-For": f"10.0.0.{number}"})
    assert attempt(RIGHT, **{"X-Forwarded-For": "10.0.0.9"}).status_code == 429


def test_behind_a_unix_socket() -> None:
    assert guess(5, address="")[-1] == 429


def test_what_was_typed_is_kept_nowhere(caplog: pytest.LogCaptureFixture) -> None:
    """People type their password where the name belongs."""
    caplog.set_level(logging.INFO)
    guess(6)
    typed = f"{WRONG} as a name"
    guess(6, username=typed)
    rows = [str(row.__dict__) for row in AccessAttempt.objects.exclude(username=typed)]
    rows += [str(row.__dict__) for row in AuditEntry.objects.all()]
    assert not [row for row in rows if WRONG in row]
    own = [line.getMessage() for line in caplog.records if line.levelno >= logging.WARNING or "axes" not in line.name]
    assert not [line for line in own if WRONG in line and not line.startswith("AXES:")]


def test_the_audit_log_learns_of_it_once() -> None:
    guess(9)
    entry = AuditEntry.objects.get()
    assert (entry.action, entry.target, entry.address) == ("login locked", "leyla", "192.0.2.1")


def test_an_inactive_user_is_one_more_wrong_password(staff: User) -> None:
    staff.is_active = False
    staff.save()
    assert attempt(RIGHT).content.count(b"errornote") == attempt(WRONG).content.count(b"errornote") == 1


def test_keys_work_meanwhile(api: Client) -> None:
    guess(6)
    body = {"text": "salam", "lang": "az", "voice_id": 325640}
    accepted(api.post("/api/v1/jobs/text/", body, content_type="application/json"))
