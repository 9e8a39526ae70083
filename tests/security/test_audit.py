"""Who did what, when, from where: in the audit log, which holds no key and no text and is only added to."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.contrib import admin
from django.contrib.auth.models import User
from django.core.management import call_command
from django.db.models import Model
from django.test import Client, RequestFactory
from pytest_django import Settings

from synthesis.models import AccountLimits, ApiKey, AuditEntry, Job
from synthesis.services import audit, keys
from tests.admin.conftest import login
from tests.synthesis import progress

KEYS = "/admin/synthesis/apikey/"
JOBS = "/admin/synthesis/job/"
LOG = "/admin/synthesis/auditentry/"
EXISTING = "0f2e4a8c-95f3-4a0c-8f5e-1b2c3d4e5f60"
MARKER = "Gizli cümlə zebra"
Submit = Callable[..., Job]


@pytest.fixture
def site(user: User) -> Client:
    client = login(user, is_superuser=True)
    AuditEntry.objects.all().delete()  # the login
    return client


def entries() -> list[tuple[str, str, str]]:
    return list(AuditEntry.objects.order_by("id").values_list("actor", "action", "target"))


def act(site: Client, url: str, action: str, *rows: Model, **fields: str) -> None:
    site.post(url, {"action": action, "_selected_action": [str(row.pk) for row in rows], **fields})


def test_the_life_of_a_key(site: Client, user: User) -> None:
    form = {"user": str(user.pk), "name": "call centre", "expires_0": "", "expires_1": "", "existing": EXISTING}
    site.post(f"{KEYS}add/", form)
    key = ApiKey.objects.get()
    site.post(f"{KEYS}{key.pk}/regenerate/")
    act(site, KEYS, "disable", key)
    act(site, KEYS, "enable", key)
    site.post(f"{KEYS}{key.pk}/change/", {**form, "name": "other"})
    site.post(f"{KEYS}{key.pk}/delete/", {"post": "yes"})
    assert entries() == [
        ("leyla", "added", "call centre"),
        ("leyla", "changed", "call centre"),
        ("leyla", "changed", "call centre"),
        ("leyla", "changed", "call centre"),
        ("leyla", "changed", "other"),
        ("leyla", "deleted", "other"),
    ]
    details = list(AuditEntry.objects.order_by("id").values_list("detail", flat=True))
    assert details == ["", "Regenerated.", "Disabled.", "Enabled.", "Changed Name.", ""]
    kept = str([entry.__dict__ for entry in AuditEntry.objects.all()])
    assert EXISTING not in kept
    assert EXISTING[:8] not in kept
    assert {entry.address for entry in AuditEntry.objects.all()} == {"127.0.0.1"}


def test_what_is_done_to_jobs(site: Client, submit: Submit) -> None:
    job, other = submit(MARKER), submit(MARKER)
    act(site, JOBS, "cancel", job, other)
    act(site, JOBS, "retry", job)
    act(site, JOBS, "delete_selected", job, other, post="yes")
    names = f"job {job.pk}", f"job {other.pk}"
    assert [(action, target) for _, action, target in entries()][2:3] == [("queued again", names[0])]
    assert {(action, target) for _, action, target in entries()} == {
        *(("cancelled", name) for name in names),
        ("queued again", names[0]),
        *(("deleted", name) for name in names),
    }
    assert "zebra" not in str([entry.__dict__ for entry in AuditEntry.objects.all()])


def test_a_refused_action_is_none(site: Client, ready_job: Job) -> None:
    act(site, JOBS, "cancel", ready_job)
    assert entries() == []


def test_accounts(site: Client, user: User) -> None:
    site.post("/admin/auth/user/add/", {"username": "nigar", "usable_password": "false"})
    limits = {"user": str(user.pk), "characters_per_day": "5"}
    site.post("/admin/synthesis/accountlimits/add/", limits)
    row = AccountLimits.objects.get()
    site.post(f"/admin/synthesis/accountlimits/{row.pk}/change/", {**limits, "retention_days": "7"})
    password = {"password1": "Bir uzun parol 1", "password2": "Bir uzun parol 1", "usable_password": "true"}
    site.post(f"/admin/auth/user/{User.objects.get(username='nigar').pk}/password/", password)
    assert entries() == [
        ("leyla", "added", "nigar"),
        ("leyla", "added", "limits of leyla"),
        ("leyla", "changed", "limits of leyla"),
        ("leyla", "changed", "nigar"),
    ]
    assert "parol" not in str([entry.__dict__ for entry in AuditEntry.objects.all()])


@pytest.mark.django_db
def test_everything_that_is_registered_is_audited() -> None:
    for model, registered in admin.site._registry.items():
        for hook in ("log_addition", "log_change", "log_deletions"):
            owner = getattr(type(registered), hook).__qualname__
            assert owner == f"_Audited.{hook}", model


def test_commands(user: User) -> None:
    call_command("create_token", "leyla", "--import", EXISTING)
    call_command("create_token", "leyla", "--name", "second")
    plain = [(entry.action, entry.target) for entry in AuditEntry.objects.order_by("id")]
    assert plain == [("imported", "command line"), ("added", "second")]
    entry = AuditEntry.objects.latest("id")
    assert entry.actor == ""
    assert entry.detail.startswith("by command, ")
    assert entry.detail.endswith(": for leyla")
    assert EXISTING not in str([row.__dict__ for row in AuditEntry.objects.all()])


def test_login_and_logout(user: User) -> None:
    user.is_staff = True
    user.save()
    client = Client(REMOTE_ADDR="192.0.2.7")
    client.post("/admin/login/", {"username": "leyla", "password": "a long pass phrase"})
    client.post("/admin/logout/")
    assert entries() == [("leyla", "login", "leyla"), ("leyla", "logout", "leyla")]
    assert {entry.address for entry in AuditEntry.objects.all()} == {"192.0.2.7"}


# --- Only added to --------------------------------------------------------------------------------------------------


@pytest.mark.django_db
def test_an_entry_is_not_changed() -> None:
    audit.record("test")
    entry = AuditEntry.objects.get()
    with pytest.raises(TypeError):
        entry.save()
    with pytest.raises(TypeError):
        entry.delete()


def test_the_administrator_cannot_either(site: Client) -> None:
    audit.record("test")
    entry = AuditEntry.objects.get()
    assert site.get(LOG).status_code == 200
    assert site.get(f"{LOG}{entry.pk}/change/").status_code == 200
    assert site.get(f"{LOG}add/").status_code == 403
    assert site.post(f"{LOG}{entry.pk}/change/", {"action": "other"}).status_code == 403
    assert site.post(f"{LOG}{entry.pk}/delete/", {"post": "yes"}).status_code == 403
    act(site, LOG, "delete_selected", entry, post="yes")
    assert AuditEntry.objects.get().action == "test"


def test_it_outlives_the_user(site: Client, user: User) -> None:
    key, _ = keys.create(user, "a")
    act(site, KEYS, "disable", key)
    user.delete()
    assert entries() == [("leyla", "changed", "a")]


def test_who_may_look(user: User) -> None:
    assert login(user).get(LOG).status_code == 403
    assert login(user, "view_auditentry").get(LOG).status_code == 200


# --- From where -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("trust", "count", "remote", "forwarded", "expected"),
    [
        (False, 1, "192.0.2.1", "198.51.100.1", "192.0.2.1"),  # anybody can send the header
        (True, 1, "127.0.0.1", "198.51.100.1", "198.51.100.1"),
        (True, 1, "127.0.0.1", "10.0.0.1, 198.51.100.1", "198.51.100.1"),  # the first one was forged
        (True, 2, "127.0.0.1", "10.0.0.1, 198.51.100.1, 192.0.2.9", "198.51.100.1"),
        (True, 2, "127.0.0.1", "198.51.100.1", "127.0.0.1"),
        (True, 1, "127.0.0.1", "", "127.0.0.1"),
        (True, 1, "", "2001:db8::1", "2001:db8::1"),
        (True, 1, "", "[2001:db8::1]", "2001:db8::1"),
        (True, 1, "", "<script>", ""),
        (False, 1, "", "", ""),
    ],
)
def test_the_address(settings: Settings, trust: bool, count: int, remote: str, forwarded: str, expected: str) -> None:
    settings.TRUST_PROXY, settings.PROXY_COUNT = trust, count
    meta: dict[str, Any] = {"REMOTE_ADDR": remote, "HTTP_X_FORWARDED_FOR": forwarded}
    assert audit.client_address(RequestFactory().get("/", **meta)) == expected


def test_names_forge_no_lines(user: User) -> None:
    key = ApiKey(user=user, name="a\n2026-01-01 admin deleted \x1b[31mall" + "x" * 300, pk=1)
    audit.record("test", key, detail="y" * 900)
    entry = AuditEntry.objects.get()
    assert entry.target.isprintable()
    assert (len(entry.target), len(entry.detail)) == (200, 500)


@pytest.mark.django_db(transaction=True)
def test_a_purge(submit: Submit, media: Path) -> None:
    progress.make_ready(submit())
    call_command("purge", "--older-than", "0")
    assert [action for _, action, _ in entries()] == ["purge"]
