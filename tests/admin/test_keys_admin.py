"""API keys in the admin."""

import re
from typing import Any

import pytest
from django.contrib.admin.models import LogEntry
from django.contrib.auth.models import User
from django.contrib.sessions.models import Session
from django.test import Client

from synthesis.models import ApiKey
from synthesis.services import keys
from tests.admin.conftest import login

LIST = "/admin/synthesis/apikey/"
ADD = f"{LIST}add/"
EXISTING = "0f2e4a8c-95f3-4a0c-8f5e-1b2c3d4e5f60"


def add(site: Client, user: User, **fields: str) -> Any:
    form = {"user": str(user.pk), "name": "call centre", "expires_0": "", "expires_1": "", "existing": "", **fields}
    return site.post(ADD, form, follow=True)


def shown(response: Any) -> str:
    found = re.search(r'value="(vcn_[A-Za-z0-9]{43})"', response.content.decode())
    assert found
    return found.group(1)


def kept_anywhere(plain: str, site: Client) -> bool:
    """Whether the key is in a log entry, a session, a cookie (messages) or a page."""
    places = [str(entry.__dict__) for entry in LogEntry.objects.all()]
    places += [str(session.get_decoded()) for session in Session.objects.all()]
    places += [str(site.cookies), site.get(LIST).content.decode(), site.get("/admin/").content.decode()]
    places += [site.get(f"{LIST}{ApiKey.objects.latest('id').pk}/change/").content.decode()]
    places += [site.get(f"{LIST}{ApiKey.objects.latest('id').pk}/history/").content.decode()]
    return any(plain in place for place in places)


def test_a_new_key_is_shown_once(site: Client, user: User) -> None:
    response = add(site, user)
    plain = shown(response)
    assert "no-store" in response["Cache-Control"]
    found = keys.find(plain)
    assert found is not None
    assert (found.user, found.name) == (user, "call centre")
    assert not kept_anywhere(plain, site)
    assert LogEntry.objects.count() == 1


def test_import(site: Client, user: User) -> None:
    response = add(site, user, existing=EXISTING)
    assert response.status_code == 200
    assert keys.find(EXISTING)
    assert EXISTING not in response.content.decode()
    assert not kept_anywhere(EXISTING, site)


@pytest.mark.parametrize("existing", ["short", "with space inside", "açarlarım1"])
def test_a_bad_import(site: Client, user: User, existing: str) -> None:
    assert "8 to 64 printable" in add(site, user, existing=existing).content.decode()
    assert not ApiKey.objects.exists()


def test_an_import_of_a_key_in_use(site: Client, user: User) -> None:
    keys.import_existing(user, "a", EXISTING)
    assert "in use already" in add(site, user, existing=EXISTING).content.decode()
    assert ApiKey.objects.count() == 1


def test_regenerate(site: Client, user: User) -> None:
    key, old = keys.create(user, "a")
    url = f"{LIST}{key.pk}/regenerate/"
    assert "Regenerate" in site.get(url).content.decode()
    assert keys.find(old)  # looking changes nothing
    response = site.post(url)
    new = shown(response)
    assert "no-store" in response["Cache-Control"]
    assert keys.find(old) is None
    assert keys.find(new) == key
    assert not kept_anywhere(new, site)


def test_regenerate_an_unknown_one(site: Client) -> None:
    assert site.post(f"{LIST}999/regenerate/").status_code == 404


def test_regenerate_needs_a_csrf_token(user: User) -> None:
    key, old = keys.create(user, "a")
    login(user, is_superuser=True)
    strict = Client(enforce_csrf_checks=True)
    strict.force_login(user)
    assert strict.post(f"{LIST}{key.pk}/regenerate/").status_code == 403
    assert keys.find(old)


def act(site: Client, action: str, key: ApiKey) -> Any:
    return site.post(LIST, {"action": action, "_selected_action": [str(key.pk)]}, follow=True)


def test_disable_and_enable(site: Client, user: User) -> None:
    key, plain = keys.create(user, "a")
    assert act(site, "disable", key).status_code == 200
    assert keys.find(plain) is None
    assert "disabled" in site.get(LIST).content.decode()
    act(site, "enable", key)
    assert keys.find(plain)
    assert LogEntry.objects.count() == 2


def test_the_digest_is_on_no_page(site: Client, user: User) -> None:
    key, _ = keys.create(user, "a")
    for url in (LIST, f"{LIST}{key.pk}/change/", f"{LIST}?q={key.hint}"):
        assert key.digest not in site.get(url).content.decode()


def test_only_looking(user: User) -> None:
    """Who may view keys ends none and makes none."""
    key, plain = keys.create(user, "a")
    viewer = login(user, "view_apikey")
    assert viewer.get(LIST).status_code == 200
    act(viewer, "disable", key)
    viewer.post(f"{LIST}{key.pk}/regenerate/")
    viewer.post(f"{LIST}{key.pk}/change/", {"user": user.pk, "name": "b", "disabled": "on"})
    assert viewer.get(ADD).status_code == 403
    assert keys.find(plain)
    ApiKey.objects.update(disabled=True)
    act(viewer, "enable", key)
    assert keys.find(plain) is None


def test_staff_without_rights(user: User) -> None:
    key, plain = keys.create(user, "a")
    staff = login(user)
    for url in (LIST, ADD, f"{LIST}{key.pk}/change/", f"{LIST}{key.pk}/regenerate/"):
        assert staff.get(url).status_code == 403
        assert staff.post(url).status_code == 403
    assert keys.find(plain)


def test_anonymous(user: User) -> None:
    key, _ = keys.create(user, "a")
    for url in (LIST, ADD, f"{LIST}{key.pk}/regenerate/"):
        response = Client().post(url)
        assert response.status_code == 302
        assert "/admin/login/" in response["Location"]
