"""Jobs in the admin: looked at, cancelled, retried, deleted; never edited, and never with their text."""

import contextlib
from collections.abc import Callable
from datetime import timedelta
from typing import Any

from django.contrib import admin, messages
from django.core.paginator import Paginator
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.functional import cached_property

from models.catalogue import UnknownVoice
from synthesis.domain.errors import JobNotFound
from synthesis.models import Job
from synthesis.services import audit, jobs, queue, totals
from synthesis.services.voices import catalogue


class VoiceFilter(admin.SimpleListFilter):
    title = "voice"
    parameter_name = "voice"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        return [(str(voice.id), f"{voice.name} ({voice.language})") for voice in catalogue()]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Job]) -> QuerySet[Job]:
        value = self.value()
        return queryset.filter(voice_id=int(value)) if value and value.isdecimal() else queryset


class _Paginator(Paginator):  # type: ignore[type-arg]
    """Knows the number of all jobs without counting them; what a filter leaves has to be counted."""

    @cached_property
    def count(self) -> int:
        rows = self.object_list
        filtered = not isinstance(rows, QuerySet) or bool(rows.query.where)
        return super().count if filtered else totals.of_all()


@admin.register(Job)
class JobAdmin(admin.ModelAdmin):  # type: ignore[type-arg]
    paginator = _Paginator
    # Else the number of all jobs is counted beside that of the filtered ones.
    show_full_result_count = False
    list_display = (
        "id",
        "owner",
        "status",
        "progress",
        "voice",
        "character_count",
        "audio_length",
        "error_code",
        "created",
    )
    list_filter = ("status", "language", VoiceFilter, "created")
    search_fields = ("id", "owner__username")
    search_help_text = "Job id or user name"
    list_select_related = ("owner",)
    ordering = ("-id",)
    actions = ("cancel", "retry")
    fields = (
        *("owner", "voice", "language", "character_count", "status", "progress"),
        *("created", "started", "finished", "audio_length", "audio_bytes", "error_code", "error_message"),
    )
    readonly_fields = fields

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def get_search_results(
        self, request: HttpRequest, queryset: QuerySet[Job], search_term: str
    ) -> tuple[QuerySet[Job], bool]:
        term = search_term.strip()
        if term.isascii() and term.isdigit():
            return queryset.filter(pk=min(int(term[:19]), 2**63 - 1)), False
        return (queryset.filter(owner__username__icontains=term) if term else queryset), False

    @admin.display(description="progress")
    def progress(self, job: Job) -> str:
        return "—" if job.chunk_count is None else f"{queue.chunks_spoken(job)} of {job.chunk_count} chunks"

    @admin.display(description="voice", ordering="voice_id")
    def voice(self, job: Job) -> str:
        try:
            voice = catalogue().get(job.voice_id)
        except UnknownVoice:
            return f"{job.voice_id} (no longer there)"
        return f"{voice.name} ({voice.language})"

    @admin.display(description="duration", ordering="duration_ms")
    def audio_length(self, job: Job) -> str:
        return "—" if job.duration_ms is None else str(timedelta(seconds=round(job.duration_ms / 1000)))

    @admin.action(description="Cancel the selected jobs", permissions=["change"])
    def cancel(self, request: HttpRequest, selected: QuerySet[Job]) -> None:
        self._each(request, selected, jobs.cancel, "cancelled")

    @admin.action(description="Retry the selected failed jobs", permissions=["change"])
    def retry(self, request: HttpRequest, selected: QuerySet[Job]) -> None:
        self._each(request, selected, jobs.retry, "queued again")

    def delete_model(self, request: HttpRequest, obj: Job) -> None:
        jobs.cancel_and_delete(obj.pk)

    def delete_queryset(self, request: HttpRequest, queryset: QuerySet[Job]) -> None:
        for job_id in queryset.values_list("pk", flat=True):
            with contextlib.suppress(JobNotFound):  # deleted while the page was open
                jobs.cancel_and_delete(job_id)

    def get_deleted_objects(
        self, objs: Any, request: HttpRequest
    ) -> tuple[list[str], dict[str, int], set[str], list[Any]]:
        # The default walks through every chunk of a book to list it.
        names = [f"Job {job.pk} with its text and audio" for job in objs]
        return names, {"jobs": len(names)}, set(), []

    def _each(self, request: HttpRequest, selected: QuerySet[Job], act: Callable[[int], bool], done: str) -> None:
        """Do it to every job for which it is allowed, and say how many that were."""
        count = refused = 0
        for job_id in selected.values_list("pk", flat=True):
            try:
                worked = act(job_id)
                if worked:
                    audit.record_request(request, done, Job(pk=job_id))
            except JobNotFound:  # deleted while the page was open
                worked = False
            count += worked
            refused += not worked
        if count:
            self.message_user(request, f"{count} job(s) {done}.")
        if refused:
            self.message_user(request, f"{refused} job(s) were not in a state for that.", messages.WARNING)
