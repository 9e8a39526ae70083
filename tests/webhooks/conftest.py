from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from django.contrib.auth.models import User
from django.db.models.functions import Now
from pytest_django import Settings

from synthesis.domain.webhooks import JOB_EVENTS
from synthesis.models import WebhookDelivery, WebhookEndpoint
from synthesis.services import deliveries, webhooks
from tests.webhooks.receiver import Receiver
from workers import postman

Endpoint = Callable[..., tuple[WebhookEndpoint, str]]


@pytest.fixture(autouse=True)
def _own(media: Path, settings: Settings) -> None:
    """Audio of its own; and addresses of this machine may be called."""
    settings.WEBHOOKS_ALLOW_PRIVATE = True


@pytest.fixture
def receiver() -> Iterator[Receiver]:
    with Receiver() as running:
        yield running


@pytest.fixture
def endpoint(user: User, receiver: Receiver) -> Endpoint:
    """Make a webhook of the user; with its secret."""

    def make(url: str = "", owner: User | None = None, events: list[str] | None = None) -> tuple[WebhookEndpoint, str]:
        wanted = events or [event.value for event in JOB_EVENTS]
        return webhooks.create(owner or user, url or receiver.url(), wanted)

    return make


def deliver() -> int:
    """Make every call that is due, one after the other, as a worker process would. How many there were."""
    count = 0
    while (call := deliveries.claim()) is not None:
        deliveries.write(call.delivery, postman.send(call))
        count += 1
    return count


def let_time_pass() -> None:
    """Every rest is over."""
    WebhookDelivery.objects.filter(state="pending").update(next_try=Now())
