"""The admin's index, with two pages that show no rows: the voices and the state of the system."""

import shutil
from typing import Any

from django.conf import settings
from django.contrib import admin
from django.db import connection
from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.urls import URLPattern, URLResolver, path, reverse
from django.utils import timezone

from models.catalogue import catalogue
from synthesis.domain.status import UNFINISHED, StepState
from synthesis.models import Job, Step
from synthesis.services import presence

_LANGUAGES = {"az": "Azerbaijani", "tr": "Turkish", "ru": "Russian"}


class VoicenAdminSite(admin.AdminSite):
    site_header = "Voicen Server"
    site_title = "Voicen Server"
    index_title = "Administration"
    site_url = None

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
        rows = [
            {
                "voice": voice,
                "language": _LANGUAGES[voice.language],
                "speaks": settings.ENGINE in voice.engines,
            }
            for voice in catalogue()
        ]
        context = {**self.each_context(request), "title": "Voices", "rows": rows, "engine": settings.ENGINE}
        return TemplateResponse(request, "admin/voices.html", context)

    def system(self, request: HttpRequest) -> HttpResponse:
        oldest = Job.objects.filter(status__in=UNFINISHED).order_by("id").first()
        disk = shutil.disk_usage(settings.DATA_DIR)
        context = {
            **self.each_context(request),
            "title": "System",
            "workers": presence.alive().order_by("host", "pid"),
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
