"""Operators' own voices in the admin: a form with a recording to imitate, which is checked before it is kept."""

from typing import Any, ClassVar

from django import forms
from django.conf import settings
from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.core.files.uploadedfile import UploadedFile
from django.db.models import QuerySet
from django.http import FileResponse, Http404, HttpRequest
from django.shortcuts import get_object_or_404
from django.urls import URLPattern, path, reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString

from models import operators
from models.packs import of_voice
from synthesis import recordings
from synthesis.models import OperatorVoice
from synthesis.services import own_voices, presence


class OwnVoiceForm(forms.ModelForm):  # type: ignore[type-arg]
    upload = forms.FileField(
        required=False,
        label="Recording to imitate",
        help_text=(
            f"{recordings.SHORTEST:g} to {recordings.LONGEST:g} s of one person's speech, wav, mp3 or ogg. "
            "For Coqui models that imitate (XTTS) and for converters."
        ),
        widget=forms.FileInput(attrs={"accept": ".wav,.mp3,.ogg,audio/*"}),
    )
    without_recording = forms.BooleanField(required=False, label="Remove the recording")

    class Meta:
        model = OperatorVoice
        fields = ("number", "name", "language", "gender", "licence", "gain_db", "engine", "settings", "enabled")
        widgets: ClassVar = {
            "number": forms.NumberInput(attrs={"class": "vIntegerField"}),
            "settings": forms.Textarea(attrs={"rows": 5, "cols": 60, "spellcheck": "false"}),
        }

    recording: recordings.Recording | None = None
    """The upload, checked and made uniform."""

    def clean_settings(self) -> dict[str, Any]:
        value = self.cleaned_data["settings"]
        if not isinstance(value, dict):
            raise forms.ValidationError('Write an object: {"model": "xtts-v2"}.')
        if "reference" in value:
            raise forms.ValidationError('Leave "reference" out: upload the recording below.')
        return value

    def clean_upload(self) -> None:
        upload: UploadedFile | None = self.cleaned_data["upload"]
        if upload is None:
            return
        if not own_voices.takes_recording(str(self.cleaned_data.get("engine", ""))):
            raise forms.ValidationError("This engine imitates no recording.")
        try:
            self.recording = recordings.check(upload)
        except recordings.BadRecording as error:
            raise forms.ValidationError(str(error)) from error

    def clean(self) -> dict[str, Any]:
        """What the engine says to the voice as a whole."""
        cleaned: dict[str, Any] = super().clean() or self.cleaned_data
        if self.errors:
            return cleaned
        values = {name: cleaned[name] for name in self.Meta.fields if name in cleaned}
        row = OperatorVoice(number=self.instance.number)
        for name, value in values.items():
            setattr(row, name, value)
        row.recording = self._recording(row.engine)
        if "converter" in row.settings and not row.recording:
            self.add_error("upload", "A converter needs a recording to imitate.")
            return cleaned
        try:
            own_voices.check(row)
        except ValueError as error:
            self._add_reason(str(error), row.engine)
        else:
            self.instance.recording = row.recording
        return cleaned

    def _add_reason(self, reason: str, engine: str) -> None:
        """A reason begins with the voice and with the key of the file: here there is one voice, and fields."""
        _, _, what = reason.partition(": ")
        of_settings = what.startswith(f"engines.{engine}")
        what = what.removeprefix(f"engines.{engine}").lstrip(".: ")
        self.add_error("settings" if of_settings else None, f"{what[:1].upper()}{what[1:]}.")

    def _recording(self, engine: str) -> str:
        """The sha256 of the recording that the voice has from now on."""
        if self.recording is not None:
            return self.recording.sha256
        stays = own_voices.takes_recording(engine) and not self.cleaned_data.get("without_recording")
        return str(self.instance.recording) if stays else ""


@admin.register(OperatorVoice)
class OwnVoiceAdmin(admin.ModelAdmin):  # type: ignore[type-arg]
    form = OwnVoiceForm
    list_display = ("name", "number_text", "language", "engine", "spoken_with", "length", "enabled")
    list_filter = ("language", "engine", "enabled")
    search_fields = ("name", "number")
    search_help_text = "Name or id"
    actions = ("disable", "enable")

    def get_urls(self) -> list[URLPattern]:
        return [
            path(
                "<int:pk>/recording/",
                self.admin_site.admin_view(self.recording_view),
                name="synthesis_operatorvoice_recording",
            ),
            *super().get_urls(),
        ]

    def get_fieldsets(self, request: HttpRequest, obj: OperatorVoice | None = None) -> Any:
        recording = ("listen", "upload", "without_recording") if obj and obj.recording else ("upload",)
        if not (self.has_change_permission(request, obj) if obj else self.has_add_permission(request)):
            recording = ("listen",)
        return (
            (None, {"fields": ("number", "name", "language", "gender", "licence", "enabled")}),
            ("How it is spoken", {"fields": ("engine", "settings", "gain_db", *recording)}),
        )

    def get_readonly_fields(self, request: HttpRequest, obj: OperatorVoice | None = None) -> tuple[str, ...]:
        # Jobs name their voice by its id.
        return ("number", "listen") if obj else ()

    def get_changeform_initial_data(self, request: HttpRequest) -> dict[str, Any]:
        return {
            "number": own_voices.proposed_number(),
            "engine": "coqui",
            **super().get_changeform_initial_data(request),
        }

    @admin.display(description="id", ordering="number")
    def number_text(self, row: OperatorVoice) -> str:
        return str(row.number)

    @admin.display(description="model")
    def spoken_with(self, row: OperatorVoice) -> str:
        return str(row.settings.get("model") or row.settings.get("style") or "–")

    @admin.display(description="recording")
    def length(self, row: OperatorVoice) -> str:
        return f"{row.recording_seconds:.1f} s" if row.recording_seconds else "–"

    @admin.display(description="Recording")
    def listen(self, row: OperatorVoice) -> SafeString | str:
        if not row.recording:
            return "none"
        url = reverse("admin:synthesis_operatorvoice_recording", args=[row.pk])
        return format_html('<audio controls preload="none" src="{}"></audio> {}', url, self.length(row))

    def recording_view(self, request: HttpRequest, pk: int) -> FileResponse:
        """The recording, for those who may see the voice."""
        row = get_object_or_404(OperatorVoice, pk=pk)
        if not self.has_view_permission(request, row):
            raise PermissionDenied
        try:
            file = recordings.open_stored(row.recording)
        except FileNotFoundError as error:
            raise Http404 from error
        return FileResponse(file, content_type="audio/wav", headers={"Cache-Control": "no-store"})

    # --- Changes ----------------------------------------------------------------------------------------------------

    def save_model(self, request: HttpRequest, obj: OperatorVoice, form: Any, change: bool) -> None:
        own_voices.save(obj, form.recording)
        for warning in _warnings(obj):
            self.message_user(request, warning, messages.WARNING)

    def delete_model(self, request: HttpRequest, obj: OperatorVoice) -> None:
        own_voices.delete(obj)

    def delete_queryset(self, request: HttpRequest, queryset: QuerySet[OperatorVoice]) -> None:
        for row in queryset:
            own_voices.delete(row)

    @admin.action(description="Switch the selected voices off", permissions=["change"])
    def disable(self, request: HttpRequest, selected: QuerySet[OperatorVoice]) -> None:
        self._switch(request, selected, enabled=False)

    @admin.action(description="Switch the selected voices on", permissions=["change"])
    def enable(self, request: HttpRequest, selected: QuerySet[OperatorVoice]) -> None:
        self._switch(request, selected, enabled=True)

    def _switch(self, request: HttpRequest, selected: QuerySet[OperatorVoice], *, enabled: bool) -> None:
        word = "Switched on." if enabled else "Switched off."
        changed = list(selected.exclude(enabled=enabled))
        for row in changed:
            own_voices.switch(row, enabled=enabled)
            self.log_change(request, row, word)
        self.message_user(request, f"{len(changed)} voice(s): {word.lower()}")


def _warnings(row: OperatorVoice) -> list[str]:
    """What keeps a voice that may be kept from being spoken now."""
    voice = operators.voice(row.entry())
    missing = [pack.name for pack in of_voice.packs(voice, row.engine, settings.VOICES_DIR) if not pack.is_installed]
    found = []
    if missing:
        found.append(f"Not installed on this host: {', '.join(missing)} (manage.py voices install NAME).")
    if row.enabled and row.engine not in presence.engines_alive():
        found.append(f"No worker speaks with {row.engine} now: its jobs wait until one starts.")
    return found
