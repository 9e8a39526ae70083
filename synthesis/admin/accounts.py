"""Limits, usage and the audit log in the admin. Usage and audit log are only looked at."""

from typing import Any

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.utils import timezone

from synthesis.models import AccountLimits, AuditEntry, Usage
from synthesis.services import queue, quotas, usage


@admin.register(AccountLimits)
class AccountLimitsAdmin(admin.ModelAdmin):  # type: ignore[type-arg]
    list_display = ("user", "characters_per_day", "characters_per_month", "jobs_in_queue", "retention_days")
    search_fields = ("user__username",)
    list_select_related = ("user",)
    autocomplete_fields = ("user",)
    fields = (*list_display, "in_force", "used")
    readonly_fields = ("in_force", "used")

    @admin.display(description="in force")
    def in_force(self, limits: AccountLimits) -> str:
        """The account's own limits and those of the settings together."""
        if limits.user_id is None:
            return "—"
        now = quotas.of(limits.user)
        return (
            f"{_or_none(now.characters_per_day)} characters a day, {_or_none(now.characters_per_month)} a month, "
            f"{_or_none(now.jobs_in_queue)} unfinished jobs"
        )

    @admin.display(description="used")
    def used(self, limits: AccountLimits) -> str:
        if limits.user_id is None:
            return "—"
        now = usage.used(limits.user, timezone.now(), queue.unfinished_jobs(limits.user.pk))
        return f"{now.today} characters today, {now.this_month} this month, {now.unfinished} unfinished jobs"


def _or_none(limit: int) -> str:
    return str(limit) if limit else "any number of"


class _OnlyLookedAt(admin.ModelAdmin):  # type: ignore[type-arg]
    """Rows that the service writes: nobody adds, changes or deletes one here."""

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False


@admin.register(Usage)
class UsageAdmin(_OnlyLookedAt):
    list_display = ("day", "username", "jobs", "characters", "ready", "audio_minutes")
    search_fields = ("username",)
    date_hierarchy = "day"
    actions = ("export",)

    @admin.display(description="audio (min)", ordering="audio_ms")
    def audio_minutes(self, row: Usage) -> str:
        return f"{row.audio_ms / 60000:.1f}"

    @admin.action(description="Export the selected days as CSV", permissions=["view"])
    def export(self, request: HttpRequest, selected: QuerySet[Usage]) -> HttpResponse:
        lines = usage.table(selected.order_by("day", "username", "id"))
        response = HttpResponse("".join(lines), content_type="text/csv; charset=utf-8")
        response.headers["Content-Disposition"] = 'attachment; filename="usage.csv"'
        return response


@admin.register(AuditEntry)
class AuditEntryAdmin(_OnlyLookedAt):
    list_display = ("at", "actor", "address", "action", "target_type", "target", "detail")
    list_filter = ("action", "target_type", "at")
    search_fields = ("actor", "address", "target", "target_id", "detail")
    search_help_text = "User name, address, or what was done to"
