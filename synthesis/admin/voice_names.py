"""The names by which clients of other services ask for voices."""

from typing import Any

from django import forms
from django.contrib import admin
from django.http import HttpRequest, HttpResponse

from synthesis.models import VoiceName
from synthesis.services import voice_names
from synthesis.services.voices import catalogue


class VoiceNameForm(forms.ModelForm):  # type: ignore[type-arg]
    voice_id = forms.TypedChoiceField(label="Voice", coerce=int)

    class Meta:
        model = VoiceName
        fields = ("name", "voice_id")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        voices = [(voice.id, f"{voice.name} ({voice.language}, {voice.gender}, {voice.id})") for voice in catalogue()]
        self.fields["voice_id"].choices = voices  # type: ignore[attr-defined]

    def clean_name(self) -> str:
        name = " ".join(str(self.cleaned_data["name"]).split()).casefold()
        if name.isdigit():
            raise forms.ValidationError("A number is a voice's id: [aliases] in the file of voices moves those.")
        return name


@admin.register(VoiceName)
class VoiceNameAdmin(admin.ModelAdmin):  # type: ignore[type-arg]
    form = VoiceNameForm
    change_list_template = "admin/voice_names.html"
    list_display = ("name", "voice")
    search_fields = ("name",)

    @admin.display(description="voice", ordering="voice_id")
    def voice(self, row: VoiceName) -> str:
        return _told(row.voice_id)

    def changelist_view(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> HttpResponse:
        changed = set(VoiceName.objects.values_list("name", flat=True))
        shipped = [(name, _told(number)) for name, number in voice_names.SHIPPED.items() if name not in changed]
        return super().changelist_view(request, {**(extra_context or {}), "shipped": shipped})


def _told(number: int) -> str:
    voice = next((voice for voice in catalogue() if number in {voice.id, *voice.aliases}), None)
    return f"{voice.name} ({voice.language}, {voice.id})" if voice else f"{number}: no such voice"
