"""webhooks/: the addresses that are told of an account's jobs. docs/webhooks.md tells how."""

from datetime import datetime
from typing import Any

from django.urls import re_path
from drf_spectacular.utils import extend_schema
from rest_framework.exceptions import NotFound
from rest_framework.request import Request
from rest_framework.response import Response

from synthesis.api.v2 import schema
from synthesis.api.v2 import webhook_schema as told
from synthesis.api.v2.endpoint import Endpoint
from synthesis.domain.errors import InvalidInput, VoicenError
from synthesis.domain.webhooks import JOB_EVENTS
from synthesis.models import WebhookDelivery, WebhookEndpoint
from synthesis.services import webhooks

_FIELDS = {"url", "events", "enabled"}
_SHOWN_DELIVERIES = 100
_SECRET_HEADERS = {"Cache-Control": "no-store"}


class Off(VoicenError):
    """The webhook is disabled."""

    http_status = 409
    code = "wrong_status"

    def __init__(self) -> None:
        super().__init__("The webhook is disabled.")


class _View(Endpoint):
    def endpoint(self, number: str) -> WebhookEndpoint:
        """The caller's webhook; somebody else's is as unknown as one that never was."""
        row = webhooks.of(self.owner()).filter(pk=int(number)).first()
        if row is None:
            raise NotFound
        return row

    def fields(self, request: Request) -> dict[str, Any]:
        """The fields of the body, of the right kinds. Raises InvalidInput."""
        data: dict[str, Any] = request.data
        if stray := sorted(set(data) - _FIELDS):
            raise InvalidInput(f"{stray[0][:40]}: Unknown field. Use: {', '.join(sorted(_FIELDS))}.")
        if "url" in data:
            webhooks.check_url(data["url"])
        if not isinstance(data.get("enabled", True), bool):
            raise InvalidInput("enabled: true or false.")
        events = data.get("events", [])
        if not (isinstance(events, list) and all(isinstance(event, str) for event in events)):
            raise InvalidInput("events: A list of strings.")
        return data


class Webhooks(_View):
    """GET and POST webhooks/"""

    @extend_schema(
        operation_id="list_webhooks",
        responses={200: told.WebhookList, **schema.errors()},
    )
    def get(self, request: Request) -> Response:
        """The account's webhooks."""
        return Response({"data": [_endpoint(row) for row in webhooks.of(self.owner())]})

    @extend_schema(
        operation_id="create_webhook",
        request=told.NewWebhook,
        responses={201: told.WebhookWithSecret, **schema.errors(400, 415)},
    )
    def post(self, request: Request) -> Response:
        """Tell an address what becomes of the jobs of this account: at most ten addresses."""
        fields = self.fields(request)
        row, secret = webhooks.create(
            self.owner(), fields.get("url"), fields.get("events", [event.value for event in JOB_EVENTS])
        )
        if fields.get("enabled") is False:
            webhooks.change(row, enabled=False)
        return Response({**_endpoint(row), "secret": secret}, 201, headers=_SECRET_HEADERS)


class Webhook(_View):
    """GET, PATCH and DELETE webhooks/ID/"""

    @extend_schema(
        operation_id="get_webhook",
        parameters=[told.NUMBER],
        responses={200: told.Webhook, **schema.errors(404)},
    )
    def get(self, request: Request, number: str) -> Response:
        """One of the webhooks."""
        return Response(_endpoint(self.endpoint(number)))

    @extend_schema(
        operation_id="change_webhook",
        parameters=[told.NUMBER],
        request=told.WebhookChange,
        responses={200: told.Webhook, **schema.errors(400, 404, 415)},
    )
    def patch(self, request: Request, number: str) -> Response:
        """Change what is sent, and leave the rest."""
        row = self.endpoint(number)
        webhooks.change(row, **self.fields(request))
        return Response(_endpoint(row))

    @extend_schema(
        operation_id="delete_webhook",
        parameters=[told.NUMBER],
        responses={204: None, **schema.errors(404)},
    )
    def delete(self, request: Request, number: str) -> Response:
        """Tell this address nothing more."""
        self.endpoint(number).delete()
        return Response(status=204)


class NewSecret(_View):
    """POST webhooks/ID/secret/: a new secret; the one before signs for another day."""

    reads_body = False

    @extend_schema(
        operation_id="change_webhook_secret",
        parameters=[told.NUMBER],
        request=None,
        responses={200: told.NewSecret, **schema.errors(404)},
    )
    def post(self, request: Request, number: str) -> Response:
        """Make a new secret; for a day both sign."""
        return _new_secret(self.endpoint(number))


class AccountSecret(_View):
    """POST webhooks/secret/: the same for what the jobs' own `webhook` addresses get."""

    reads_body = False

    @extend_schema(
        operation_id="change_account_secret",
        request=None,
        responses={200: told.NewSecret, **schema.errors()},
    )
    def post(self, request: Request) -> Response:
        """Make a new secret of the account, which signs for the addresses that jobs name themselves."""
        return _new_secret(webhooks.account(self.owner().pk))


class Test(_View):
    """POST webhooks/ID/test/: send an event that is about no job, once."""

    reads_body = False

    @extend_schema(
        operation_id="test_webhook",
        parameters=[told.NUMBER],
        request=None,
        responses={202: told.Delivery, **schema.errors(404, 409)},
    )
    def post(self, request: Request, number: str) -> Response:
        """Send an event that is about no job, once."""
        row = self.endpoint(number)
        if not row.enabled:
            raise Off
        return Response(_delivery(webhooks.test(row)), 202)


class Deliveries(_View):
    """GET webhooks/ID/deliveries/: the last hundred, newest first."""

    @extend_schema(
        operation_id="list_deliveries",
        parameters=[told.NUMBER],
        responses={200: told.DeliveryList, **schema.errors(404)},
    )
    def get(self, request: Request, number: str) -> Response:
        """The last hundred events for this address, newest first."""
        rows = self.endpoint(number).deliveries.order_by("-id")[:_SHOWN_DELIVERIES]
        return Response({"data": [_delivery(row) for row in rows]})


def _new_secret(signer: Any) -> Response:
    secret = webhooks.rotate(signer)
    return Response({"secret": secret, "former_until": _time(signer.former_until)}, headers=_SECRET_HEADERS)


def _endpoint(row: WebhookEndpoint) -> dict[str, Any]:
    return {
        "id": row.pk,
        "url": row.url,
        "events": row.events,
        "enabled": row.enabled,
        "disabled_reason": row.disabled_reason or None,
        "disabled": _time(row.disabled_at),
        "last_delivered": _time(row.last_delivered),
        "created": _time(row.created),
    }


def _delivery(row: WebhookDelivery) -> dict[str, Any]:
    return {
        "id": row.event_id,
        "type": row.event,
        "job_id": row.job_id,
        "state": row.state,
        "attempts": row.attempts,
        "last_status": row.last_status,
        "last_reason": row.last_reason or None,
        "created": _time(row.created),
        "finished": _time(row.finished),
    }


def _time(moment: datetime | None) -> str | None:
    return moment.isoformat(timespec="microseconds").replace("+00:00", "Z") if moment else None


_ID = r"(?P<number>[0-9]{1,18})"
# Each with and without its last slash, as everywhere in the API.
urlpatterns = [
    re_path(r"^webhooks/?$", Webhooks.as_view(), name="v2-webhooks"),
    re_path(r"^webhooks/secret/?$", AccountSecret.as_view(), name="v2-webhook-account-secret"),
    re_path(rf"^webhooks/{_ID}/?$", Webhook.as_view(), name="v2-webhook"),
    re_path(rf"^webhooks/{_ID}/secret/?$", NewSecret.as_view(), name="v2-webhook-secret"),
    re_path(rf"^webhooks/{_ID}/test/?$", Test.as_view(), name="v2-webhook-test"),
    re_path(rf"^webhooks/{_ID}/deliveries/?$", Deliveries.as_view(), name="v2-webhook-deliveries"),
]
