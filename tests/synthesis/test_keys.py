"""API keys: random, kept as a digest, ended at once."""

import hashlib
import re
from datetime import timedelta

import pytest
from django.contrib.auth.models import User
from django.db import connection
from django.utils import timezone

from synthesis.domain.errors import InvalidInput
from synthesis.models import ApiKey
from synthesis.services import keys


def test_it_works(user: User) -> None:
    key, plain = keys.create(user, "call centre")
    assert re.fullmatch(r"vcn_[A-Za-z0-9]{43}", plain)
    found = keys.find(plain)
    assert found is not None
    assert (found.pk, found.user, found.name) == (key.pk, user, "call centre")


def test_a_request_fetches_no_password(user: User) -> None:
    found = keys.find(keys.create(user, "call centre")[1])
    assert found is not None
    assert {"password", "email", "last_name"} <= found.user.get_deferred_fields()


def test_no_column_holds_the_key(user: User) -> None:
    _, plain = keys.create(user, "a")
    with connection.cursor() as cursor:
        cursor.execute("SELECT * FROM synthesis_apikey")
        row = repr(cursor.fetchall())
    assert plain not in row
    assert plain[9:] not in row
    assert hashlib.sha256(plain.encode()).hexdigest() in row


def test_keys_differ() -> None:
    assert len({keys.random_key() for _ in range(1000)}) == 1000


def test_a_stranger(user: User) -> None:
    _, plain = keys.create(user, "a")
    for wrong in (
        plain[:-1],
        plain + "x",
        plain.lower(),
        "",
        " ",
        "\udcff",
        "ə",
        "x" * 100_000,
        ApiKey.objects.get().digest,
    ):
        assert keys.find(wrong) is None


def test_ended_keys(user: User) -> None:
    key, plain = keys.create(user, "a", expires=timezone.now() + timedelta(hours=1))
    assert keys.find(plain)
    ApiKey.objects.update(expires=timezone.now() - timedelta(seconds=1))
    assert keys.find(plain) is None
    ApiKey.objects.update(expires=None, disabled=True)
    assert keys.find(plain) is None
    ApiKey.objects.update(disabled=False)
    User.objects.update(is_active=False)
    assert keys.find(plain) is None
    User.objects.update(is_active=True)
    assert keys.find(plain) == key


def test_regenerate(user: User) -> None:
    key, old = keys.create(user, "a")
    keys.find(old)
    new = keys.regenerate(key)
    assert keys.find(old) is None
    assert keys.find(new) == key
    key.refresh_from_db()
    assert new.startswith(key.hint)


@pytest.mark.parametrize("plain", ["12345678", "x" * 64, "0f2e4a8c-95f3-4a0c-8f5e-1b2c3d4e5f60"])
def test_import(user: User, plain: str) -> None:
    key = keys.import_existing(user, "old", plain)
    assert keys.find(plain) == key
    assert len(key.hint) * 3 <= len(plain)


@pytest.mark.parametrize(
    "plain",
    ["", "1234567", "x" * 65, "with space", "tab\tinside", "açarlarım", "line\nbreak", "nul\0nul12", "\x7f" * 9],
)
def test_import_is_refused(user: User, plain: str) -> None:
    with pytest.raises(InvalidInput):
        keys.import_existing(user, "old", plain)
    assert not ApiKey.objects.exists()


def test_an_imported_key_has_one_owner(user: User) -> None:
    keys.import_existing(user, "old", "12345678")
    with pytest.raises(InvalidInput, match="in use"):
        keys.import_existing(User.objects.create(username="other"), "old", "12345678")


def test_two_imports_at_the_same_moment(user: User, monkeypatch: pytest.MonkeyPatch) -> None:
    keys.import_existing(user, "old", "12345678")
    monkeypatch.setattr(keys, "check_importable", lambda _: None)
    with pytest.raises(InvalidInput, match="in use"):
        keys.import_existing(user, "old", "12345678")
    assert ApiKey.objects.count() == 1


def test_last_used_is_not_written_at_every_request(user: User) -> None:
    _, plain = keys.create(user, "a")
    keys.find(plain)
    first = ApiKey.objects.get().last_used
    assert first is not None
    keys.find(plain)
    assert ApiKey.objects.get().last_used == first
    ApiKey.objects.update(last_used=timezone.now() - timedelta(minutes=2))
    keys.find(plain)
    assert ApiKey.objects.get().last_used > first  # type: ignore[operator]


def test_the_row_names_no_key(user: User) -> None:
    key, plain = keys.create(user, "a")
    assert plain not in f"{key} {key!r}"
