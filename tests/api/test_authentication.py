"""Every endpoint asks for a key (rows 2 and 3)."""

from datetime import timedelta
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.test import Client
from django.utils import timezone

from synthesis.models import ApiKey
from synthesis.services import keys
from tests.api.answers import NO_VALID_KEY

ENDPOINTS = [
    ("post", "/api/v1/jobs/text/"),
    ("post", "/api/v1/jobs/file/"),
    ("get", "/api/v1/jobs/"),
    ("get", "/api/v1/jobs/1/"),
    ("delete", "/api/v1/jobs/1/"),
    ("get", "/api/v1/jobs/1/synthesize/"),
    ("head", "/api/v1/jobs/1/synthesize/"),
]
every_endpoint = pytest.mark.parametrize(("method", "url"), ENDPOINTS)


def call(method: str, url: str, authorization: str | None) -> Any:
    headers = {} if authorization is None else {"Authorization": authorization}
    return getattr(Client(headers=headers), method)(url)


def refused(response: Any) -> None:
    assert response.status_code == 401
    assert response["Content-Type"] == "application/json"
    assert response["WWW-Authenticate"] == "Token"
    if response.request["REQUEST_METHOD"] != "HEAD":
        assert response.json() == NO_VALID_KEY


@every_endpoint
@pytest.mark.parametrize("scheme", ["Token", "token", "TOKEN", "Bearer", "bearer", "bEaReR"])
def test_it_works(method: str, url: str, scheme: str, key: str) -> None:  # row 2
    assert call(method, url, f"{scheme} {key}").status_code not in {401, 403, 500}


@every_endpoint
@pytest.mark.parametrize(
    "authorization",
    [
        None,
        "",
        " ",
        "Token",
        "Token ",
        "Bearer",
        "Token unknown",
        "Token KEYx",
        "KEY",
        "Basic KEY",
        "TokenKEY",
        "Token  KEY extra",
        "Token,KEY",
        "Token\tKEY",
        'Token "KEY"',
        "Token ÿþ",
        "Token \x00",
        "Token " + "a" * 8000,
        "token=KEY",
        "Token key=KEY",
        "Digest KEY",
        "Token Token KEY",
        "Token null",
    ],
)
def test_every_other_way(method: str, url: str, authorization: str | None, key: str) -> None:  # row 2
    refused(call(method, url, authorization and authorization.replace("KEY", key)))


@every_endpoint
def test_a_key_in_the_query_is_none(method: str, url: str, key: str) -> None:
    refused(getattr(Client(), method)(f"{url}?token={key}&key={key}&api_key={key}"))


@every_endpoint
def test_a_session_is_no_key(method: str, url: str, user: User) -> None:
    client = Client()
    client.force_login(user)
    refused(getattr(client, method)(url))


@every_endpoint
def test_ended_keys(method: str, url: str, key: str, user: User) -> None:  # rows 2, 3
    def change(**changes: object) -> None:
        ApiKey.objects.filter(user=user).update(**{"disabled": False, "expires": None, **changes})

    change(disabled=True)
    refused(call(method, url, f"Token {key}"))
    change(expires=timezone.now() - timedelta(seconds=1))
    refused(call(method, url, f"Token {key}"))
    change(expires=timezone.now() + timedelta(minutes=1))
    assert call(method, url, f"Token {key}").status_code != 401
    User.objects.filter(pk=user.pk).update(is_active=False)
    refused(call(method, url, f"Token {key}"))


@every_endpoint
def test_a_regenerated_key_ends_the_old_one_at_once(method: str, url: str, key: str, user: User) -> None:  # row 3
    assert call(method, url, f"Token {key}").status_code != 401
    new = keys.regenerate(ApiKey.objects.get(user=user))
    refused(call(method, url, f"Token {key}"))
    assert call(method, url, f"Token {new}").status_code != 401


@pytest.mark.parametrize(
    "existing", ["0f2e4a8c-95f3-4a0c-8f5e-1b2c3d4e5f60", "x" * 64, "12345678", "!#$%&'*+-./:;<=>?@[]^_`{|}~\""]
)
def test_an_imported_key(user: User, existing: str) -> None:  # row 3
    keys.import_existing(user, "old", existing)
    assert call("get", "/api/v1/jobs/", f"Token {existing}").status_code == 200
    refused(call("get", "/api/v1/jobs/", f"Token {existing.swapcase()}x"))


def test_a_refusal_comes_before_everything_else(db: None) -> None:
    """Nobody without a key learns which methods, media types or ids there are."""
    for method, url in [("put", "/api/v1/jobs/"), ("options", "/api/v1/jobs/1/"), ("delete", "/api/v1/jobs/text/")]:
        refused(getattr(Client(), method)(url))
    refused(Client().post("/api/v1/jobs/text/", b"{", content_type="text/plain"))


def test_any_key_of_the_user_works(user: User, key: str) -> None:
    other = keys.create(user, "other")[1]
    for plain in (key, other):
        assert call("get", "/api/v1/jobs/", f"Token {plain}").status_code == 200
