"""Webhooks of accounts: their addresses and secrets, and what happens to a job as deliveries to them.

`deliveries.py` says which delivery is next and what an answer means; `workers/postman.py` makes the calls.
"""

from __future__ import annotations

import base64
import logging
import threading
import uuid
from collections.abc import Sequence
from datetime import datetime
from typing import TYPE_CHECKING

from django.conf import settings
from django.contrib.auth import get_user_model
from django.db import transaction
from django.db.models import Exists, F, Model, OuterRef, QuerySet
from django.db.models.functions import Now
from django.utils import timezone
from django.utils.crypto import salted_hmac

from synthesis import dispatch
from synthesis.domain import webhooks as rules
from synthesis.domain.errors import InvalidInput
from synthesis.domain.status import Status
from synthesis.domain.webhooks import Event
from synthesis.models import Job, JobWebhook, WebhookAccount, WebhookDelivery, WebhookEndpoint, WebhookSigner

if TYPE_CHECKING:
    from django.contrib.auth.models import User

logger = logging.getLogger("voicen.webhooks")

# Set when this process may have something to deliver. Others look every few seconds.
news = threading.Event()

_BATCH = 1000
_DISABLED = "The webhook was disabled."


def check_url(url: object) -> str:
    """A URL that this installation delivers to, as far as that is known without the network. Raises InvalidInput."""
    return rules.check_url(url, allow_private=settings.WEBHOOKS_ALLOW_PRIVATE)


# --- Addresses ------------------------------------------------------------------------------------------------------


def create(owner: User, url: object, events: Sequence[str]) -> tuple[WebhookEndpoint, str]:
    """An address that is told of the owner's jobs, and its secret, which is shown this once. Raises InvalidInput."""
    checked, wanted = check_url(url), _checked_events(events)
    if WebhookEndpoint.objects.filter(owner=owner).count() >= rules.MOST_ENDPOINTS:
        raise InvalidInput(f"url: An account has at most {rules.MOST_ENDPOINTS} webhooks.")
    endpoint = WebhookEndpoint.objects.create(owner=owner, url=checked, events=wanted)
    return endpoint, secret(endpoint)


def _checked_events(events: Sequence[str]) -> list[str]:
    known = [event.value for event in rules.JOB_EVENTS]
    if not events or not set(events) <= set(known):
        raise InvalidInput(f"events: A list of one or more of: {', '.join(known)}.")
    return [event for event in known if event in events]


@transaction.atomic
def change(
    endpoint: WebhookEndpoint, *, url: object = None, events: Sequence[str] | None = None, enabled: bool | None = None
) -> None:
    """Change what is given. What waits for an address that is switched off is given up. Raises InvalidInput."""
    if url is not None:
        endpoint.url = check_url(url)
    if events is not None:
        endpoint.events = _checked_events(events)
    endpoint.save(update_fields=["url", "events"])
    if enabled:
        endpoint.enabled, endpoint.disabled_reason, endpoint.disabled_at = True, "", None
        endpoint.save(update_fields=["enabled", "disabled_reason", "disabled_at"])
    elif enabled is not None:
        disable(endpoint, "")


def disable(endpoint: WebhookEndpoint, reason: str) -> bool:
    """Switch it off and give up what waits for it. False: it was off. An empty reason: its owner wanted it."""
    on = WebhookEndpoint.objects.filter(pk=endpoint.pk, enabled=True)
    switched = on.update(enabled=False, disabled_reason=reason[:200], disabled_at=timezone.now()) == 1
    waiting = WebhookDelivery.objects.filter(endpoint_id=endpoint.pk, state=rules.DeliveryState.PENDING)
    waiting.update(state=rules.DeliveryState.FAILED, last_reason=_DISABLED, finished=timezone.now())
    endpoint.refresh_from_db()
    return switched


def of(owner: User) -> QuerySet[WebhookEndpoint]:
    return WebhookEndpoint.objects.filter(owner=owner)


# --- Secrets --------------------------------------------------------------------------------------------------------


def secret(signer: WebhookSigner) -> str:
    """The secret as its owner needs it: whsec_ and 32 bytes in base64."""
    return _secret(signer.salt)


def secrets(signer: WebhookSigner, now: datetime) -> list[str]:
    """Those that sign now: the newest first, and the one before while its time lasts."""
    found = [signer.salt]
    if signer.former_salt and signer.former_until and signer.former_until > now:
        found.append(signer.former_salt)
    return [_secret(salt) for salt in found]


def _secret(salt: uuid.UUID) -> str:
    key = salted_hmac("synthesis.webhooks", salt.hex, algorithm="sha256").digest()
    return "whsec_" + base64.b64encode(key).decode()


def rotate(signer: WebhookSigner) -> str:
    """A new secret, shown this once; the one before signs as well for a day, for receivers that know only that."""
    until = timezone.now() + rules.SECRETS_OVERLAP
    same = type(signer)._default_manager.filter(pk=signer.pk)
    same.update(former_salt=F("salt"), former_until=until, salt=uuid.uuid4())
    signer.refresh_from_db()
    return secret(signer)


def account(owner_id: int) -> WebhookAccount:
    """What signs for addresses that jobs name themselves."""
    return WebhookAccount.objects.get_or_create(owner_id=owner_id)[0]


# --- Events ---------------------------------------------------------------------------------------------------------


@transaction.atomic
def for_job(job: Job, url: str) -> None:
    """Tell this checked URL what becomes of the job, signed with the account's secret. It may have ended already."""
    locked = Job.objects.select_for_update().filter(pk=job.pk).first()
    if locked is None:
        return
    account(locked.owner_id)
    # A request that is repeated with its idempotency key tells nothing twice.
    _, is_new = JobWebhook.objects.get_or_create(job_id=job.pk, defaults={"owner_id": locked.owner_id, "url": url})
    if is_new and locked.status == Status.READY:
        _enqueue([_delivery(locked, Event.COMPLETED, url=url)])
    elif is_new and locked.status == Status.FAILED:
        _enqueue([_delivery(locked, Event.FAILED, url=url, error_code=locked.error_code)])


def tell(job: Job, event: Event, error_code: str = "") -> None:
    """Something has become of a job, whose lock the caller holds: a delivery for each address that wants to know.

    In the caller's transaction: what is told has happened, and what has happened is told.
    """
    wanted = [
        _delivery(job, event, endpoint=endpoint, error_code=error_code)
        for endpoint in WebhookEndpoint.objects.filter(owner_id=job.owner_id, enabled=True).only("events")
        if event in endpoint.events
    ]
    own = JobWebhook.objects.filter(job_id=job.pk).first()
    if own is not None:
        wanted.append(_delivery(job, event, url=own.url, error_code=error_code))
    _enqueue(wanted)


def forget(job_id: int) -> None:
    """The job is deleted: what is left of it in deliveries goes."""
    JobWebhook.objects.filter(job_id=job_id).delete()
    WebhookDelivery.objects.filter(job_id=job_id).exclude(title="").update(title="")


def test(endpoint: WebhookEndpoint) -> WebhookDelivery:
    """Send an event that is about no job."""
    delivery = WebhookDelivery(
        owner_id=endpoint.owner_id,
        endpoint=endpoint,
        event_id=_new_id(),
        event=Event.TEST,
        created=timezone.now(),
        next_try=Now(),
    )
    _enqueue([delivery])
    return delivery


def resend(delivery: WebhookDelivery) -> bool:
    """Send it once more, with its retries. False: it is on its way, or its webhook is off."""
    ended = WebhookDelivery.objects.filter(pk=delivery.pk, state__in=rules.ENDED).exclude(endpoint__enabled=False)
    again = ended.update(state=rules.DeliveryState.PENDING, attempts=0, next_try=Now(), finished=None, last_reason="")
    if again:
        transaction.on_commit(_wake)
    return again == 1


def _delivery(
    job: Job, event: Event, *, endpoint: WebhookEndpoint | None = None, url: str = "", error_code: str = ""
) -> WebhookDelivery:
    return WebhookDelivery(
        owner_id=job.owner_id,
        endpoint=endpoint,
        url=url,
        event_id=_new_id(),
        event=event,
        job_id=job.pk,
        title="" if event == Event.DELETED else job.title,
        error_code=error_code,
        created=timezone.now(),
        next_try=Now(),
    )


def _new_id() -> str:
    return f"msg_{uuid.uuid4().hex}"


def _enqueue(deliveries: list[WebhookDelivery]) -> None:
    if deliveries:
        WebhookDelivery.objects.bulk_create(deliveries)
        transaction.on_commit(_wake)


def _wake() -> None:
    news.set()
    dispatch.ring()  # for the workers of other processes; those that are busy look by themselves


# --- Housekeeping ---------------------------------------------------------------------------------------------------


def tidy() -> None:
    """Remove deliveries of long ago, and what belongs to accounts and jobs that the release before has deleted."""
    old = WebhookDelivery.objects.filter(created__lt=timezone.now() - rules.KEPT, state__in=rules.ENDED)
    while batch := list(old.order_by().values_list("pk", flat=True)[:_BATCH]):
        WebhookDelivery.objects.filter(pk__in=batch).delete()
    JobWebhook.objects.exclude(Exists(Job.objects.filter(pk=OuterRef("job_id")))).delete()
    users = get_user_model().objects.filter(pk=OuterRef("owner_id"))
    models: tuple[type[Model], ...] = (WebhookDelivery, WebhookEndpoint, WebhookAccount)
    for model in models:
        model._default_manager.exclude(Exists(users)).delete()
