"""The queue of deliveries: which is next, who makes it, and what the answer means.

As for steps the rows are the truth: a claim takes what is due and what runs with an expired lease, and what comes back
is written only while the lease's token is still there. A process that is killed after the call and before the answer
is written makes the call again: deliveries arrive at least once, with the same `webhook-id`.
"""

import logging
import uuid
from collections import Counter
from dataclasses import dataclass
from datetime import timedelta
from functools import partial
from typing import Any

from django.conf import settings
from django.contrib.auth import get_user_model
from django.db import connection, transaction
from django.db.models import Q, QuerySet
from django.db.models.functions import Now
from django.utils import timezone

from synthesis.domain import webhooks as rules
from synthesis.domain.webhooks import TO_DO, Answer, DeliveryState, Event
from synthesis.metrics import counters
from synthesis.models import WebhookDelivery, WebhookEndpoint
from synthesis.services import audit, webhooks

logger = logging.getLogger("voicen.webhooks")

# A literal, as in queue.py: SQLite does not see that bound values imply the condition of a partial index.
_IS_TO_DO = "synthesis_webhookdelivery.state IN ({})".format(", ".join(f"'{state}'" for state in sorted(TO_DO)))
# So that the slow addresses of one account leave room for those of others.
_AT_ONCE_OF_ACCOUNT = 2
_GONE = 410
_OK = range(200, 300)


@dataclass(frozen=True, slots=True)
class Call:
    """A claimed delivery: what to send where. `secrets` sign it, each for itself."""

    delivery: WebhookDelivery
    url: str
    body: str
    secrets: tuple[str, ...]


def claim() -> Call | None:
    """Lease the next delivery; None when nothing is due that may go now.

    One at a time to an endpoint and two of an account, all processes taken together but for those that claim in the
    same moment: an address that takes 15 seconds to say nothing holds up its owner and nobody else.
    """
    while (delivery := _lease_next()) is not None:
        call = _call(delivery)
        if call is not None:
            return call
    return None


def _lease_next() -> WebhookDelivery | None:
    if not _due().exists():  # a look without the write lock
        return None
    with transaction.atomic():
        rows = _to_do().filter(_is_due()).exclude(_is_busy()).order_by("next_try", "id")
        if connection.features.has_select_for_update_skip_locked:
            rows = rows.select_for_update(skip_locked=True, of=("self",))
        delivery = rows.first()
        if delivery is None:
            return None
        delivery.token, delivery.state, delivery.attempts = uuid.uuid4(), DeliveryState.RUNNING, delivery.attempts + 1
        WebhookDelivery.objects.filter(pk=delivery.pk).update(
            token=delivery.token,
            state=delivery.state,
            attempts=delivery.attempts,
            lease_until=Now() + rules.LEASE,
        )
    return delivery


def _to_do() -> QuerySet[WebhookDelivery]:
    return WebhookDelivery.objects.extra(where=[_IS_TO_DO])  # noqa: S610 - our own words


def _due() -> QuerySet[WebhookDelivery]:
    return _to_do().filter(_is_due())


def _is_due() -> Q:
    # A clock that was set back leaves rests and leases that end later than any can: they count as over.
    rested = Q(next_try__lte=Now()) | Q(next_try__gt=Now() + rules.LONGEST_REST + timedelta(hours=1))
    return Q(state=DeliveryState.PENDING) & rested | Q(state=DeliveryState.RUNNING) & ~_is_leased()


def _is_leased() -> Q:
    return Q(lease_until__gte=Now(), lease_until__lte=Now() + 2 * rules.LEASE)


def _is_busy() -> Q:
    """What waits for an endpoint or an account that is being served."""
    running = list(
        _to_do().filter(_is_leased(), state=DeliveryState.RUNNING).values_list("owner_id", "endpoint_id").order_by()
    )
    endpoints = [endpoint for _, endpoint in running if endpoint is not None]
    owners = [owner for owner, count in Counter(owner for owner, _ in running).items() if count >= _AT_ONCE_OF_ACCOUNT]
    return Q(endpoint_id__in=endpoints, endpoint_id__isnull=False) | Q(owner_id__in=owners)


def _call(delivery: WebhookDelivery) -> Call | None:
    """None: there is nobody to tell any more."""
    if not get_user_model().objects.filter(pk=delivery.owner_id).exists():
        WebhookDelivery.objects.filter(pk=delivery.pk).delete()
        return None
    endpoint = _endpoint(delivery).first()
    if endpoint is None and delivery.endpoint_id is not None:
        WebhookDelivery.objects.filter(pk=delivery.pk).delete()
        return None
    if endpoint is not None and not endpoint.enabled:
        _end(delivery, DeliveryState.FAILED, last_reason="The webhook was disabled.")
        return None
    if delivery.attempts > rules.tries(delivery.event):  # the process was killed during the last one
        write(delivery, Answer(reason="The worker ended during the last attempt."))
        return None
    signer = endpoint or webhooks.account(delivery.owner_id)
    url = endpoint.url if endpoint else delivery.url
    return Call(delivery, url, body(delivery), tuple(webhooks.secrets(signer, timezone.now())))


def _endpoint(delivery: WebhookDelivery) -> QuerySet[WebhookEndpoint]:
    """None, for the address that a job names itself."""
    every = WebhookEndpoint.objects.all()
    return every.none() if delivery.endpoint_id is None else every.filter(pk=delivery.endpoint_id)


def body(delivery: WebhookDelivery) -> str:
    """What the far side is told: ids, title, status, links. No text."""
    return rules.payload(delivery.event, delivery.created, _data(delivery))


_STATUS = {Event.COMPLETED: "ready", Event.FAILED: "failed", Event.DELETED: "deleted"}


def _data(delivery: WebhookDelivery) -> dict[str, Any]:
    if delivery.event == Event.TEST:
        return {"webhook_id": delivery.endpoint_id}
    event, base = Event(delivery.event), f"{settings.PUBLIC_URL}/api"
    data: dict[str, Any] = {"id": delivery.job_id, "title": delivery.title, "status": _STATUS[event]}
    if event == Event.FAILED:
        data["error"] = {"code": delivery.error_code}
    if event != Event.DELETED:
        data["links"] = {"v1": f"{base}/v1/jobs/{delivery.job_id}/", "v2": f"{base}/v2/jobs/{delivery.job_id}/"}
    if event == Event.COMPLETED:
        data["links"]["audio"] = f"{base}/v2/jobs/{delivery.job_id}/audio/"
    return data


# --- The answer -----------------------------------------------------------------------------------------------------


@transaction.atomic
def write(delivery: WebhookDelivery, answer: Answer, dice: float = 0.0) -> None:
    """What an attempt has come to. Nothing is written once the lease is somebody else's."""
    held = WebhookDelivery.objects.filter(pk=delivery.pk, token=delivery.token, state=DeliveryState.RUNNING)
    if not held.select_for_update().exists():
        logger.info("webhook delivery %d was taken over or deleted", delivery.pk)
        return
    if answer.status is not None and answer.status in _OK:
        _end(delivery, DeliveryState.DELIVERED, last_status=answer.status, last_reason="")
        _endpoint(delivery).update(last_delivered=timezone.now())
        return
    reason = answer.reason or f"The answer was {answer.status}."
    if answer.status == _GONE:
        _end(delivery, DeliveryState.FAILED, last_status=_GONE, last_reason=reason)
        _disable(delivery, "It answered 410 Gone.")
    elif delivery.attempts >= rules.tries(delivery.event):
        _end(delivery, DeliveryState.FAILED, last_status=answer.status, last_reason=reason)
        if delivery.event != Event.TEST and not _has_worked_since(delivery):
            _disable(delivery, f"{delivery.attempts} attempts failed. {reason}")
    else:
        held.update(
            state=DeliveryState.PENDING,
            token=None,
            lease_until=None,
            next_try=Now() + rules.rest(delivery.attempts, answer.retry_after, dice),
            last_status=answer.status,
            last_reason=reason,
        )
        _log(delivery, "retried", f"attempt {delivery.attempts} failed: {reason}")


def _end(delivery: WebhookDelivery, state: DeliveryState, **changes: object) -> None:
    WebhookDelivery.objects.filter(pk=delivery.pk).update(
        state=state, token=None, lease_until=None, finished=timezone.now(), **changes
    )
    _log(delivery, state, f"{state} after {delivery.attempts} attempt(s)")


def _log(delivery: WebhookDelivery, outcome: str, what: str) -> None:
    # Never the address: its path may be a secret.
    logger.info("webhook delivery %d of job %s: %s", delivery.pk, delivery.job_id, what)
    transaction.on_commit(partial(_count, outcome), robust=True)


def _count(outcome: str) -> None:
    counters.webhook_deliveries.labels(outcome).inc()


def _has_worked_since(delivery: WebhookDelivery) -> bool:
    """Whether the endpoint took others since: then it is this one that it does not take."""
    return _endpoint(delivery).filter(last_delivered__gt=delivery.created).exists()


def _disable(delivery: WebhookDelivery, reason: str) -> None:
    endpoint = _endpoint(delivery).first()
    if endpoint is not None and webhooks.disable(endpoint, reason):
        logger.warning("webhook %d is disabled: %s", endpoint.pk, reason)
        audit.record("disabled", endpoint, detail=reason)
