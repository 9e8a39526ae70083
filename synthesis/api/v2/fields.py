"""Fields whose form in the OpenAPI document drf-spectacular cannot guess."""

from typing import Any

from drf_spectacular.extensions import OpenApiSerializerFieldExtension


class _Plain(OpenApiSerializerFieldExtension):  # type: ignore[no-untyped-call]
    target_class = "synthesis.api.v1.requests.StrictString"
    match_subclasses = True

    def map_serializer_field(self, auto_schema: Any, direction: Any) -> dict[str, Any]:
        return {"type": "string", "minLength": 1}


class _Title(OpenApiSerializerFieldExtension):  # type: ignore[no-untyped-call]
    target_class = "synthesis.api.v2.requests.Title"

    def map_serializer_field(self, auto_schema: Any, direction: Any) -> dict[str, Any]:
        return {"type": "string", "maxLength": 200}


class _Voice(OpenApiSerializerFieldExtension):  # type: ignore[no-untyped-call]
    target_class = "synthesis.api.v2.requests.AnyVoice"

    def map_serializer_field(self, auto_schema: Any, direction: Any) -> dict[str, Any]:
        return {"oneOf": [{"type": "integer"}, {"type": "string"}], "description": "Its id or its name."}


class _Webhook(OpenApiSerializerFieldExtension):  # type: ignore[no-untyped-call]
    target_class = "synthesis.api.v2.requests.WebhookUrl"

    def map_serializer_field(self, auto_schema: Any, direction: Any) -> dict[str, Any]:
        return {"type": "string", "format": "uri", "description": "Told what becomes of the job."}
