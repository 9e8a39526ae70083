"""Webhooks in the admin: looked at, switched on and off, sent again; neither secrets nor whole URLs."""

from collections.abc import Callable

import pytest
from django.contrib.auth.models import User
from django.test import Client

from synthesis.models import AuditEntry, Job, WebhookDelivery, WebhookEndpoint
from synthesis.services import webhooks
from tests.admin.conftest import login
from tests.synthesis import progress

ENDPOINTS, DELIVERIES = "/admin/synthesis/webhookendpoint/", "/admin/synthesis/webhookdelivery/"
Submit = Callable[..., Job]


@pytest.fixture
def endpoint(user: User, submit: Submit) -> WebhookEndpoint:
    """One with a delivery that was given up."""
    row, _ = webhooks.create(user, "https://hooks.example.az/private-path?key=1", ["job.completed"])
    progress.make_ready(submit())
    WebhookDelivery.objects.update(state="failed", last_reason="The answer was 500.", attempts=10)
    return row


def act(site: Client, url: str, action: str, *rows: WebhookEndpoint | WebhookDelivery) -> str:
    data = {"action": action, "_selected_action": [str(row.pk) for row in rows]}
    return str(site.post(url, data, follow=True).content.decode())


def test_what_pages_show(site: Client, endpoint: WebhookEndpoint) -> None:
    delivery = WebhookDelivery.objects.get()
    pages = (ENDPOINTS, f"{ENDPOINTS}{endpoint.pk}/change/", DELIVERIES, f"{DELIVERIES}{delivery.pk}/change/")
    for url in (
        *pages,
        f"{ENDPOINTS}{endpoint.pk}/delete/",
        f"{DELIVERIES}?q={delivery.job_id}",
        f"{DELIVERIES}?q=leyla",
    ):
        answer = site.get(url)
        assert answer.status_code == 200
        page = answer.content.decode()
        assert "hooks.example.az" in page
        for hidden in ("private-path", "key=1", webhooks.secret(endpoint), endpoint.salt.hex, str(endpoint.salt)):
            assert hidden not in page
    assert "The answer was 500." in site.get(DELIVERIES).content.decode()


def test_nothing_is_edited(site: Client, endpoint: WebhookEndpoint) -> None:
    site.post(f"{ENDPOINTS}{endpoint.pk}/change/", {"url": "https://evil.example/", "enabled": ""})
    endpoint.refresh_from_db()
    assert (endpoint.enabled, endpoint.url) == (True, "https://hooks.example.az/private-path?key=1")
    for url in (ENDPOINTS, DELIVERIES):
        assert site.get(f"{url}add/").status_code == 403


def test_resend(site: Client, endpoint: WebhookEndpoint) -> None:
    delivery = WebhookDelivery.objects.get()
    assert "Sent again: 1." in act(site, DELIVERIES, "resend", delivery)
    delivery.refresh_from_db()
    assert (delivery.state, delivery.attempts) == ("pending", 0)
    assert "Not sent again" in act(site, DELIVERIES, "resend", delivery)
    assert AuditEntry.objects.filter(action="sent again").count() == 1


def test_switch(site: Client, endpoint: WebhookEndpoint) -> None:
    act(site, ENDPOINTS, "disable", endpoint)
    endpoint.refresh_from_db()
    assert (endpoint.enabled, endpoint.disabled_reason) == (False, "By the operator.")
    assert "By the operator." in site.get(ENDPOINTS).content.decode()
    act(site, ENDPOINTS, "enable", endpoint)
    endpoint.refresh_from_db()
    assert (endpoint.enabled, endpoint.disabled_reason) == (True, "")
    assert set(AuditEntry.objects.values_list("action", flat=True)) >= {"disabled", "enabled"}


def test_deleting_a_user_on_the_page(site: Client, endpoint: WebhookEndpoint, submit: Submit) -> None:
    other = User.objects.create_user("other")
    webhooks.create(other, "https://hooks.example.az/", ["job.failed"])
    submit(owner=other)
    answer = site.post(f"/admin/auth/user/{other.pk}/delete/", {"post": "yes"})
    assert answer.status_code == 302
    assert not User.objects.filter(pk=other.pk).exists()
    assert set(WebhookEndpoint.objects.all()) == {endpoint}


def test_only_looking(user: User, endpoint: WebhookEndpoint) -> None:
    viewer = login(user, "view_webhookdelivery", "view_webhookendpoint")
    act(viewer, DELIVERIES, "resend", WebhookDelivery.objects.get())
    act(viewer, ENDPOINTS, "disable", endpoint)
    assert WebhookDelivery.objects.get().state == "failed"
    assert WebhookEndpoint.objects.get().enabled


def test_staff_without_rights(user: User, endpoint: WebhookEndpoint) -> None:
    staff = login(user)
    for url in (ENDPOINTS, DELIVERIES, f"{ENDPOINTS}{endpoint.pk}/change/"):
        assert staff.get(url).status_code == 403
