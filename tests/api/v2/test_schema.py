"""The OpenAPI document: whole, valid, and true to what the views answer."""

import json
import re
from collections.abc import Callable, Iterator
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
import schemathesis
from django.contrib.auth.models import User
from django.contrib.staticfiles import finders
from django.core.management import call_command
from django.core.signals import request_finished, request_started
from django.db import close_old_connections
from django.test import Client
from hypothesis import HealthCheck, settings
from jsonschema import Draft202012Validator
from schemathesis.checks import CHECKS

from synthesis import samples
from synthesis.api.v2 import urls, webhooks
from synthesis.domain.webhooks import JOB_EVENTS, Event
from synthesis.models import Job, WebhookDelivery
from synthesis.services import deliveries, jobs
from synthesis.services import webhooks as service
from tests.synthesis import progress
from voicen_server.wsgi import application

pytestmark = pytest.mark.django_db


@pytest.fixture
def document(client: Client) -> Any:
    response = client.get("/api/schema/")
    assert response.status_code == 200
    return response.json()


def test_it_is_valid_and_nothing_is_guessed() -> None:
    call_command("spectacular", "--validate", "--fail-on-warn", stdout=StringIO(), stderr=StringIO())


def test_every_path_is_in_it(document: Any) -> None:
    assert document["openapi"].startswith("3.1")
    assert len(document["paths"]) == len(urls.urlpatterns) + len(webhooks.urlpatterns)
    assert all(path.startswith("/api/v2/") for path in document["paths"])
    for operations in document["paths"].values():
        for operation in operations.values():
            assert operation["description"]
    assert set(document["components"]["securitySchemes"]) == {"key", "session"}


def test_every_event_that_is_sent_is_as_it_says(
    document: Any, user: User, submit: Callable[..., Job], media: Path
) -> None:
    """Validated by the components of the document, each body as a worker sends it."""
    endpoint, _ = service.create(user, "https://example.az/hook", [event.value for event in JOB_EVENTS])
    service.test(endpoint)
    progress.make_ready(submit())
    failed = submit()
    jobs.cancel(failed.pk, "Cancelled by its owner.")
    jobs.cancel_and_delete(failed.pk)
    bodies = {row.event: json.loads(deliveries.body(row)) for row in WebhookDelivery.objects.all()}
    assert set(bodies) == set(document["webhooks"]) == {event.value for event in Event}
    for event, body in bodies.items():
        operation = document["webhooks"][event]["post"]
        assert [header["name"] for header in operation["parameters"]] == [
            "webhook-id",
            "webhook-timestamp",
            "webhook-signature",
        ]
        reference = operation["requestBody"]["content"]["application/json"]["schema"]
        Draft202012Validator({**reference, "components": document["components"]}).validate(body)
        named = document["components"]["schemas"][reference["$ref"].rpartition("/")[2]]
        assert set(named["properties"]) == set(body), "nothing is sent that it does not tell"
        data = document["components"]["schemas"][_name(named["properties"]["data"])]
        assert set(data["properties"]) == set(body["data"])


def _name(schema: Any) -> str:
    return str(schema.get("$ref") or schema["allOf"][0]["$ref"]).rpartition("/")[2]


def test_the_page_needs_nothing_from_elsewhere(client: Client) -> None:
    page = client.get("/api/docs/")
    assert page.status_code == 200
    named = re.findall(r'(?:src|href)="([^"]+)"', page.content.decode())
    assert len(named) >= 4
    for address in named:
        assert address.startswith("/"), address
        if address.startswith("/static/"):
            assert finders.find(address.removeprefix("/static/")), address
    script = next(address for address in named if "script" in address)
    assert b"SwaggerUIBundle" in client.get(script.replace("&amp;", "&")).content
    policy = page["Content-Security-Policy"]
    assert "script-src 'self';" in policy + ";"


schema = schemathesis.openapi.from_wsgi("/api/schema/", application).exclude(path_regex="/events/|/stream/")
"""All but what goes on for long: those are read to their end in test_streams."""
_CHECKS = [
    check
    for check in CHECKS.get_all()
    if check.__name__
    in {
        "not_a_server_error",
        "status_code_conformance",
        "content_type_conformance",
        "response_schema_conformance",
        "negative_data_rejection",
        "use_after_free",
    }
]


@pytest.fixture
def _within_a_transaction(db: None, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setattr(samples, "_PATIENCE_SECONDS", 0)
    # The application would close the connection that the test's transaction is in.
    for signal in (request_started, request_finished):
        signal.disconnect(close_old_connections)
    yield
    for signal in (request_started, request_finished):
        signal.connect(close_old_connections)


@pytest.mark.usefixtures("_within_a_transaction")
@schema.parametrize()
@settings(max_examples=25, deadline=None, suppress_health_check=list(HealthCheck))
def test_the_views_answer_as_it_says(case: Any, key: str) -> None:
    case.call_and_validate(headers={"Authorization": f"Token {key}"}, checks=_CHECKS)
