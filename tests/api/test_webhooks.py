"""/api/v2/webhooks/"""

from collections.abc import Callable
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.test import Client
from pytest_django import Settings

from synthesis.models import Job, WebhookDelivery, WebhookEndpoint
from synthesis.services import webhooks
from tests.synthesis import progress

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("media")]
URL = "/api/v2/webhooks/"
HOOK = "https://example.az/hook"


def send(client: Client, method: str, url: str, data: object = None) -> Any:
    body = {} if data is None else {"data": data, "content_type": "application/json"}
    return getattr(client, method)(url, **body)


@pytest.fixture
def made(api: Client) -> dict[str, Any]:
    answer = send(api, "post", URL, {"url": HOOK})
    assert answer.status_code == 201
    return dict(answer.json())


def test_create(api: Client, user: User, made: dict[str, Any]) -> None:
    row = WebhookEndpoint.objects.get(owner=user)
    assert made["secret"] == webhooks.secret(row)
    assert {**made, "secret": None, "created": None} == {
        "id": row.pk,
        "url": HOOK,
        "events": ["job.completed", "job.failed", "job.deleted"],
        "enabled": True,
        "disabled_reason": None,
        "disabled": None,
        "last_delivered": None,
        "created": None,
        "secret": None,
    }


def test_the_secret_is_shown_once(api: Client, made: dict[str, Any]) -> None:
    for url in (URL, f"{URL}{made['id']}/"):
        assert "whsec" not in api.get(url).content.decode()
    again = send(api, "post", URL, {"url": HOOK})
    assert again["Cache-Control"] == "no-store"


@pytest.mark.parametrize(
    ("body", "message"),
    [
        ({}, "url: A URL of at most 500 characters is required."),
        ({"url": None}, "url: A URL of at most 500 characters is required."),
        ({"url": 7}, "url: A URL of at most 500 characters is required."),
        ({"url": "ftp://example.az/"}, "url: Not an address such as https://example.az/hook."),
        ({"url": "http://127.0.0.1/"}, "url: A private address. The operator can allow them"),
        ({"url": "http://169.254.169.254/latest/"}, "url: A private address."),
        ({"url": HOOK, "events": []}, "events: A list of one or more of: job.completed, job.failed, job.deleted."),
        ({"url": HOOK, "events": ["job.started"]}, "events: A list of one or more of:"),
        ({"url": HOOK, "events": "job.failed"}, "events: A list of strings."),
        ({"url": HOOK, "events": [["job.failed"]]}, "events: A list of strings."),
        ({"url": HOOK, "events": None}, "events: A list of strings."),
        ({"url": HOOK, "enabled": "yes"}, "enabled: true or false."),
        ({"url": HOOK, "owner": 1}, "owner: Unknown field."),
        ([], "The body has to be a JSON object."),
    ],
)
def test_bad_bodies(api: Client, body: object, message: str) -> None:
    answer = send(api, "post", URL, body)
    assert answer.status_code == 400
    assert answer.json()["error"]["message"].startswith(message)
    assert answer.json()["error"]["reason"] == "invalid_input"
    assert not WebhookEndpoint.objects.exists()


@pytest.mark.parametrize("body", [{"url": None}, {"events": []}, {"enabled": None}, {"salt": "x"}, {"disabled": None}])
def test_bad_changes(api: Client, made: dict[str, Any], body: object) -> None:
    assert send(api, "patch", f"{URL}{made['id']}/", body).status_code == 400
    assert api.get(f"{URL}{made['id']}/").json() == {key: value for key, value in made.items() if key != "secret"}


def test_another_media_type(api: Client) -> None:
    assert api.post(URL, {"url": HOOK}).status_code == 415


def test_private_addresses_where_the_operator_allows_them(api: Client, settings: Settings) -> None:
    settings.WEBHOOKS_ALLOW_PRIVATE = True
    assert send(api, "post", URL, {"url": "http://127.0.0.1:9/"}).status_code == 201
    assert send(api, "post", URL, {"url": "http://169.254.169.254/"}).status_code == 201, "told when it is called"


def test_no_more_than_ten(api: Client) -> None:
    answers = [send(api, "post", URL, {"url": HOOK}).status_code for _ in range(11)]
    assert answers == [201] * 10 + [400]


def test_list(api: Client, stranger: Client, made: dict[str, Any]) -> None:
    assert [row["id"] for row in api.get(URL).json()["data"]] == [made["id"]]
    assert stranger.get(URL).json() == {"data": []}


def test_change(api: Client, made: dict[str, Any]) -> None:
    answer = send(api, "patch", f"{URL}{made['id']}", {"url": f"{HOOK}2", "events": ["job.failed", "job.failed"]})
    assert answer.status_code == 200
    assert (answer.json()["url"], answer.json()["events"]) == (f"{HOOK}2", ["job.failed"])
    off = send(api, "patch", f"{URL}{made['id']}", {"enabled": False}).json()
    assert (off["enabled"], off["disabled_reason"], off["disabled"] is None) == (False, None, False)
    on = send(api, "patch", f"{URL}{made['id']}", {"enabled": True}).json()
    assert (on["enabled"], on["disabled"]) == (True, None)


def test_switching_off_gives_up_what_waits(api: Client, made: dict[str, Any], submit: Callable[..., Job]) -> None:
    progress.make_ready(submit())
    send(api, "patch", f"{URL}{made['id']}/", {"enabled": False})
    shown = api.get(f"{URL}{made['id']}/deliveries/").json()["data"]
    assert [(row["type"], row["state"], row["last_reason"]) for row in shown] == [
        ("job.completed", "failed", "The webhook was disabled.")
    ]


def test_delete(api: Client, made: dict[str, Any]) -> None:
    assert api.delete(f"{URL}{made['id']}/").status_code == 204
    assert api.delete(f"{URL}{made['id']}/").status_code == 404
    assert not WebhookEndpoint.objects.exists()


def test_a_new_secret(api: Client, made: dict[str, Any]) -> None:
    answer = api.post(f"{URL}{made['id']}/secret/")
    assert (answer.status_code, answer["Cache-Control"]) == (200, "no-store")
    row = WebhookEndpoint.objects.get()
    assert answer.json()["secret"] == webhooks.secret(row) != made["secret"]
    assert answer.json()["former_until"]


def test_the_accounts_secret(api: Client, user: User) -> None:
    first, second = (api.post(f"{URL}secret/").json()["secret"] for _ in range(2))
    assert first != second == webhooks.secret(webhooks.account(user.pk))


def test_a_test(api: Client, made: dict[str, Any]) -> None:
    answer = api.post(f"{URL}{made['id']}/test/")
    assert answer.status_code == 202
    assert (answer.json()["type"], answer.json()["state"]) == ("webhook.test", "pending")
    assert answer.json()["id"] == WebhookDelivery.objects.get().event_id
    send(api, "patch", f"{URL}{made['id']}/", {"enabled": False})
    assert api.post(f"{URL}{made['id']}/test/").status_code == 409


# --- Whose it is ----------------------------------------------------------------------------------------------------

ROUTES = [("get", ""), ("patch", ""), ("delete", ""), ("post", "secret/"), ("post", "test/"), ("get", "deliveries/")]


@pytest.mark.parametrize(("method", "route"), ROUTES)
def test_a_stranger(method: str, route: str, made: dict[str, Any], stranger: Client) -> None:
    found = send(stranger, method, f"{URL}{made['id']}/{route}", {} if method == "patch" else None)
    none = send(stranger, method, f"{URL}999999/{route}", {} if method == "patch" else None)
    assert (found.status_code, found.content) == (404, none.content)
    assert WebhookEndpoint.objects.get().former_salt is None


@pytest.mark.parametrize(("method", "route"), [*ROUTES, ("get", "../"), ("post", "../"), ("post", "../secret/")])
def test_nobody(method: str, route: str, made: dict[str, Any]) -> None:
    url = URL + route.removeprefix("../") if route.startswith("../") else f"{URL}{made['id']}/{route}"
    for headers in ({}, {"Authorization": "Token wrong"}):
        answer = getattr(Client(headers=headers), method)(url)
        error = answer.json()["error"]
        assert (answer.status_code, error["code"], error["reason"]) == (401, 401, "unauthorized")


@pytest.mark.parametrize("number", ["0", "9" * 18, "9" * 30, "-1", "x", "1.5"])
def test_ids_that_are_none(number: str, api: Client) -> None:
    answer = api.get(f"{URL}{number}/")
    assert (answer.status_code, answer.json()["error"]["code"]) == (404, 404)


def test_a_session_needs_its_token(user: User) -> None:
    """As our own pages call it."""
    client = Client(enforce_csrf_checks=True)
    client.get("/admin/login/")
    token = client.cookies["csrftoken"].value
    client.force_login(user)
    assert client.get(URL).status_code == 200
    refused = send(client, "post", URL, {"url": HOOK})
    assert (refused.status_code, refused.json()["error"]["code"]) == (403, 403)
    answer = client.post(URL, {"url": HOOK}, content_type="application/json", headers={"X-CSRFToken": token})
    assert answer.status_code == 201
