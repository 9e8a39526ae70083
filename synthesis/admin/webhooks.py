"""Webhooks and their deliveries in the admin: looked at, switched, sent again. Neither secrets nor whole URLs."""

from typing import Any

from django.contrib import admin, messages
from django.db.models import QuerySet
from django.http import HttpRequest

from synthesis.models import WebhookDelivery, WebhookEndpoint, host_of
from synthesis.services import audit, webhooks


class _MadeElsewhere(admin.ModelAdmin):  # type: ignore[type-arg]
    """Rows that accounts and the service make."""

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False


@admin.register(WebhookEndpoint)
class WebhookEndpointAdmin(_MadeElsewhere):
    list_display = ("id", "owner", "host", "wanted", "enabled", "disabled_reason", "last_delivered")
    list_filter = ("enabled",)
    list_select_related = ("owner",)
    search_fields = ("owner__username",)
    search_help_text = "User name"
    fields = (*("owner", "host", "wanted", "created", "last_delivered"), *("enabled", "disabled_reason", "disabled_at"))
    readonly_fields = fields
    actions = ("disable", "enable")

    @admin.display(description="host")
    def host(self, row: WebhookEndpoint) -> str:
        return host_of(row.url)

    @admin.display(description="events")
    def wanted(self, row: WebhookEndpoint) -> str:
        return ", ".join(row.events)

    @admin.action(description="Switch the selected webhooks off", permissions=["change"])
    def disable(self, request: HttpRequest, selected: QuerySet[WebhookEndpoint]) -> None:
        for row in selected.filter(enabled=True):
            webhooks.disable(row, "By the operator.")
            audit.record_request(request, "disabled", row)

    @admin.action(description="Switch the selected webhooks on", permissions=["change"])
    def enable(self, request: HttpRequest, selected: QuerySet[WebhookEndpoint]) -> None:
        for row in selected.filter(enabled=False):
            webhooks.change(row, enabled=True)
            audit.record_request(request, "enabled", row)


@admin.register(WebhookDelivery)
class WebhookDeliveryAdmin(_MadeElsewhere):
    list_display = (
        *("id", "owner", "event", "job_id", "host", "created"),
        *("state", "attempts", "last_status", "last_reason"),
    )
    list_filter = ("state", "event", "created")
    list_select_related = ("owner", "endpoint")
    search_fields = ("owner__username",)
    search_help_text = "Job id or user name"
    fields = (
        *("owner", "event_id", "event", "job_id", "host", "created", "state", "attempts", "next_try"),
        *("last_status", "last_reason", "finished"),
    )
    readonly_fields = fields
    actions = ("resend",)

    @admin.display(description="host")
    def host(self, row: WebhookDelivery) -> str:
        return host_of(row.endpoint.url if row.endpoint else row.url)

    @admin.action(description="Send the selected deliveries again", permissions=["change"])
    def resend(self, request: HttpRequest, selected: QuerySet[WebhookDelivery]) -> None:
        count = refused = 0
        for row in selected:
            if webhooks.resend(row):
                audit.record_request(request, "sent again", row)
                count += 1
            else:
                refused += 1
        if count:
            self.message_user(request, f"Sent again: {count}.")
        if refused:
            reason = "on their way still, or their webhook is off"
            self.message_user(request, f"Not sent again ({reason}): {refused}.", messages.WARNING)

    def get_search_results(self, request: HttpRequest, queryset: Any, search_term: str) -> tuple[Any, bool]:
        term = search_term.strip()
        if term.isascii() and term.isdigit():
            return queryset.filter(job_id=min(int(term[:19]), 2**63 - 1)), False
        return super().get_search_results(request, queryset, search_term)
