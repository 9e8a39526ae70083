"""What the OpenAPI document says of webhooks: the bodies of webhooks/, and the events that the service sends itself."""

from typing import Any

from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, OpenApiResponse, OpenApiWebhook, extend_schema
from rest_framework import serializers

from synthesis.domain.status import Status
from synthesis.domain.webhooks import JOB_EVENTS, LONGEST_URL, DeliveryState, Event

_EVENTS = [event.value for event in JOB_EVENTS]

NUMBER = OpenApiParameter(
    "number", OpenApiTypes.INT64, OpenApiParameter.PATH, description="Of one of the caller's webhooks."
)


class _EventList(serializers.ListField):
    def __init__(self, **options: Any) -> None:
        super().__init__(child=serializers.ChoiceField(_EVENTS), min_length=1, **options)


class _Url(serializers.CharField):
    """As it is told: `http` or `https`."""

    def __init__(self, **options: Any) -> None:
        told = f"http or https, printable ASCII of at most {LONGEST_URL} characters, without user name and password."
        super().__init__(max_length=LONGEST_URL, help_text=told, **options)


class NewWebhook(serializers.Serializer):  # type: ignore[type-arg]
    url = _Url()
    events = _EventList(required=False, help_text="All when nothing is said.")
    enabled = serializers.BooleanField(required=False, default=True)


class WebhookChange(serializers.Serializer):  # type: ignore[type-arg]
    url = _Url(required=False)
    events = _EventList(required=False)
    enabled = serializers.BooleanField(
        required=False, help_text="false gives up what waits for it; true takes back what has disabled it."
    )


class Webhook(serializers.Serializer):  # type: ignore[type-arg]
    id = serializers.IntegerField()
    url = serializers.CharField()
    events = _EventList()
    enabled = serializers.BooleanField()
    disabled_reason = serializers.CharField(allow_null=True, help_text="Why the service has disabled it.")
    disabled = serializers.CharField(allow_null=True)
    last_delivered = serializers.CharField(allow_null=True)
    created = serializers.CharField()


class WebhookWithSecret(Webhook):
    secret = serializers.CharField(help_text="`whsec_…`, shown this once.")


class WebhookList(serializers.Serializer):  # type: ignore[type-arg]
    data = Webhook(many=True)  # type: ignore[assignment]


class NewSecret(serializers.Serializer):  # type: ignore[type-arg]
    secret = serializers.CharField(help_text="`whsec_…`, shown this once.")
    former_until = serializers.CharField(allow_null=True, help_text="The one before signs as well until then.")


class Delivery(serializers.Serializer):  # type: ignore[type-arg]
    id = serializers.CharField(help_text="The `webhook-id` of all its attempts.")
    type = serializers.ChoiceField([event.value for event in Event])
    job_id = serializers.IntegerField(allow_null=True)
    state = serializers.ChoiceField([state.value for state in DeliveryState])
    attempts = serializers.IntegerField()
    last_status = serializers.IntegerField(allow_null=True, help_text="Of the last answer.")
    last_reason = serializers.CharField(allow_null=True)
    created = serializers.CharField()
    finished = serializers.CharField(allow_null=True)


class DeliveryList(serializers.Serializer):  # type: ignore[type-arg]
    data = Delivery(many=True)  # type: ignore[assignment]


# --- What arrives at the far side -----------------------------------------------------------------------------------


class _Links(serializers.Serializer):  # type: ignore[type-arg]
    v1 = serializers.CharField(help_text="Begins with VOICEN_URL; without that setting it is a path.")
    v2 = serializers.CharField()


class _LinksToAudio(_Links):
    audio = serializers.CharField()


class _Code(serializers.Serializer):  # type: ignore[type-arg]
    code = serializers.CharField(help_text="cancelled, …: as the job's `error` has it.")


class _Job(serializers.Serializer):  # type: ignore[type-arg]
    id = serializers.IntegerField()
    title = serializers.CharField(allow_blank=True)


class CompletedJob(_Job):
    status = serializers.ChoiceField([str(Status.READY)])
    links = _LinksToAudio()


class FailedJob(_Job):
    status = serializers.ChoiceField([str(Status.FAILED)])
    error = _Code()
    links = _Links()


class DeletedJob(_Job):
    title = serializers.ChoiceField([""])  # type: ignore[assignment]
    status = serializers.ChoiceField(["deleted"])


class TestedWebhook(serializers.Serializer):  # type: ignore[type-arg]
    webhook_id = serializers.IntegerField()


class _Envelope(serializers.Serializer):  # type: ignore[type-arg]
    timestamp = serializers.CharField(help_text="When it happened, in UTC.")


class JobCompletedEvent(_Envelope):
    type = serializers.ChoiceField([Event.COMPLETED.value])
    data = CompletedJob()  # type: ignore[assignment]


class JobFailedEvent(_Envelope):
    type = serializers.ChoiceField([Event.FAILED.value])
    data = FailedJob()  # type: ignore[assignment]


class JobDeletedEvent(_Envelope):
    type = serializers.ChoiceField([Event.DELETED.value])
    data = DeletedJob()  # type: ignore[assignment]


class WebhookTestEvent(_Envelope):
    type = serializers.ChoiceField([Event.TEST.value])
    data = TestedWebhook()  # type: ignore[assignment]


_ANSWERS = {
    "2XX": OpenApiResponse(description="Taken. Anything else, redirects too, is tried again."),
    410: OpenApiResponse(description="The webhook is disabled at once."),
}


def _webhook(event: Event, body: type[serializers.Serializer[Any]], told: str) -> OpenApiWebhook:
    return OpenApiWebhook(
        event.value,
        extend_schema(description=told, request={"application/json": body}, responses=_ANSWERS, tags=["webhooks"]),
    )


completed = _webhook(Event.COMPLETED, JobCompletedEvent, "The audio of a job is ready.")
failed = _webhook(Event.FAILED, JobFailedEvent, "A job has failed or was cancelled.")
deleted = _webhook(Event.DELETED, JobDeletedEvent, "A job was deleted, by whomever.")
test = _webhook(Event.TEST, WebhookTestEvent, "Sent once, when its owner asks for it by webhooks/ID/test/.")
"""Named in the settings, which hand them to drf-spectacular."""

_HEADERS = {
    "webhook-id": "The same at every attempt of an event.",
    "webhook-timestamp": "Of the attempt: seconds since 1970.",
    "webhook-signature": "`v1,` and the HMAC-SHA256 of `id.timestamp.body` in base64, by Standard Webhooks; two with a "
    "space between, while a secret is being changed.",
}


def with_headers(result: dict[str, Any], **_: Any) -> dict[str, Any]:
    """drf-spectacular's hook: the headers that every event arrives with, which it has no field for."""
    for operations in result["webhooks"].values():
        for operation in operations.values():
            operation["parameters"] = [
                {"name": name, "in": "header", "required": True, "description": told, "schema": {"type": "string"}}
                for name, told in _HEADERS.items()
            ]
    return result
