"""The admin's index, with two pages that show no rows: the voices and the state of the system."""

import json
import shutil
from typing import Any

from django.conf import settings
from django.contrib import admin
from django.contrib.admin.models import LogEntry
from django.db import connection
from django.db.models import Model
from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.urls import URLPattern, URLResolver, path, reverse
from django.utils import timezone

from models.catalogue import Voice
from models.packs import licences, of_voice
from synthesis.domain.status import UNFINISHED, StepState
from synthesis.models import Job, Step
from synthesis.services import audit, presence, voices

_LANGUAGES = {"az": "Azerbaijani", "tr": "Turkish", "ru": "Russian"}


class _Audited(admin.ModelAdmin):  # type: ignore[type-arg]
    """Everything that Django notes in its own history goes to the audit log too, with the address it came from."""

    def log_addition(self, request: HttpRequest, obj: Model, message: Any) -> Any:
        audit.record_request(request, "added", obj)
        return super().log_addition(request, obj, message)

    def log_change(self, request: HttpRequest, obj: Model, message: Any) -> Any:
        audit.record_request(request, "changed", obj, detail=get_change_message(message))
        return super().log_change(request, obj, message)

    def log_deletions(self, request: HttpRequest, queryset: Any) -> Any:
        for obj in queryset:
            audit.record_request(request, "deleted", obj)
        return super().log_deletions(request, queryset)


def get_change_message(message: Any) -> str:
    """Django's note of a change in words: which fields, never their values."""
    return str(
        LogEntry(change_message=json.dumps(message) if isinstance(message, list) else message).get_change_message()
    )


def _voice_row(voice: Voice) -> dict[str, Any]:
    """What the page of voices shows of one: the engine that speaks it, with which packs, under which licences."""
    engine = voices.engine_of(voice)
    licence = of_voice.licence(voice, engine, settings.VOICES_DIR)
    recording = of_voice.recording_licence(voice, engine)
    return {
        "voice": voice,
        "language": _LANGUAGES[voice.language],
        "engine": engine,
        "speaks": engine in voice.engines,
        "packs": of_voice.packs(voice, engine, settings.VOICES_DIR),
        "licence": licence,
        "recording_licence": recording,
        "forbids_commerce": of_voice.forbids_commerce(licence) or of_voice.forbids_commerce(recording),
    }


class VoicenAdminSite(admin.AdminSite):
    site_header = "Voicen Server"
    site_title = "Voicen Server"
    index_title = "Administration"
    site_url = None

    def register(self, model_or_iterable: Any, admin_class: Any = None, **options: Any) -> None:
        """Whatever is registered, by us or by Django, is audited."""
        base = admin_class or admin.ModelAdmin
        super().register(model_or_iterable, type(base.__name__, (_Audited, base), {}), **options)

    def get_urls(self) -> list[URLPattern | URLResolver]:
        return [
            path("voices/", self.admin_view(self.voices), name="voices"),
            path("system/", self.admin_view(self.system), name="system"),
            *super().get_urls(),
        ]

    def get_app_list(self, request: HttpRequest, app_label: str | None = None) -> list[dict[str, Any]]:
        apps: list[dict[str, Any]] = super().get_app_list(request, app_label)
        if app_label is None:
            apps.insert(0, self._service_section())
        return apps

    def _service_section(self) -> dict[str, Any]:
        pages = [("Voices", "voices"), ("System", "system")]
        return {
            "name": "Service",
            "app_label": "service",
            "app_url": reverse("admin:system"),
            "has_module_perms": True,
            "models": [
                {
                    "name": title,
                    "object_name": title,
                    "admin_url": reverse(f"admin:{name}"),
                    "view_only": True,
                }
                for title, name in pages
            ],
        }

    def voices(self, request: HttpRequest) -> HttpResponse:
        context = {
            **self.each_context(request),
            "title": "Voices",
            "rows": [_voice_row(voice) for voice in voices.catalogue()],
            "engine": settings.ENGINE,
            "accepted": sorted(settings.ACCEPTED_LICENCES | licences.recorded(settings.VOICES_DIR).keys()),
        }
        return TemplateResponse(request, "admin/voices.html", context)

    def system(self, request: HttpRequest) -> HttpResponse:
        oldest = Job.objects.filter(status__in=UNFINISHED).order_by("id").first()
        disk = shutil.disk_usage(settings.DATA_DIR)
        context = {
            **self.each_context(request),
            "title": "System",
            "workers": presence.alive().order_by("host", "pid"),
            "silent": _silent_engines(),
            "unfinished_jobs": Job.objects.filter(status__in=UNFINISHED).count(),
            "pending_steps": Step.objects.filter(state=StepState.PENDING).count(),
            "running_steps": Step.objects.filter(state=StepState.RUNNING).count(),
            "oldest": oldest,
            "oldest_age": timezone.now() - oldest.created if oldest else None,
            "disk": disk,
            "disk_free_percent": round(100 * disk.free / disk.total),
            "data_dir": settings.DATA_DIR,
            "database": connection.display_name,
            "broker": settings.CELERY_BROKER_URL.partition(":")[0],
            "engine": settings.ENGINE,
        }
        return TemplateResponse(request, "admin/system.html", context)


def _silent_engines() -> list[dict[str, Any]]:
    """Engines that no living worker has, with their voices and the unfinished jobs that wait for one."""
    silent: dict[str, list[Voice]] = {}
    for voice in presence.voices_without_worker():
        silent.setdefault(voices.engine_of(voice), []).append(voice)
    unfinished = Job.objects.filter(status__in=UNFINISHED)
    return [
        {
            "engine": engine,
            "names": ", ".join(voice.name for voice in theirs),
            "jobs": unfinished.filter(voice_id__in=[voice.id for voice in theirs]).count(),
        }
        for engine, theirs in silent.items()
    ]
