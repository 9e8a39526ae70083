"""What every worker process asks every few seconds costs little, however many deliveries were made."""

import pytest
from django.contrib.auth.models import User
from django.db import connection
from django.utils import timezone

from synthesis.models import WebhookDelivery
from synthesis.services import deliveries, webhooks
from tests.synthesis.test_indexes import plans

pytestmark = pytest.mark.django_db
TABLE = "synthesis_webhookdelivery"


@pytest.fixture
def _many(user: User) -> None:
    endpoint, _ = webhooks.create(user, "https://example.az/", ["job.completed"])
    now = timezone.now()
    WebhookDelivery.objects.bulk_create(
        WebhookDelivery(
            owner=user, endpoint=endpoint, event_id=f"msg_{number}", event="job.completed", created=now, next_try=now
        )
        for number in range(5000)
    )
    WebhookDelivery.objects.filter(event_id__gt="msg_10").update(state="delivered")
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")


@pytest.mark.usefixtures("_many")
def test_looking_and_claiming() -> None:
    assert "webhooks_to_do" in plans(lambda: deliveries._due().exists())[TABLE]
    assert "webhooks_to_do" in plans(deliveries._lease_next)[TABLE]


@pytest.mark.usefixtures("_many")
def test_forgetting_a_job() -> None:
    rows = WebhookDelivery.objects.filter(job_id=7).exclude(title="")
    assert "webhooks_of_job" in plans(lambda: list(rows))[TABLE]
