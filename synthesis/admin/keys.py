"""Keys in the admin: made, taken over, regenerated, disabled. A new key is shown on one page, once."""

from typing import Any

from django import forms
from django.contrib import admin, messages
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.template.response import TemplateResponse
from django.urls import URLPattern, path, reverse
from django.utils import timezone
from django.utils.html import format_html

from synthesis.domain.errors import InvalidInput
from synthesis.models import ApiKey
from synthesis.services import keys


class NewKeyForm(forms.ModelForm):  # type: ignore[type-arg]
    existing = forms.CharField(
        required=False,
        max_length=64,
        label="Existing key",
        widget=forms.TextInput(attrs={"autocomplete": "off", "size": 64}),
        help_text="To take over a key that clients already use. Leave empty for a new one.",
    )

    class Meta:
        model = ApiKey
        fields = ("user", "name", "expires")

    def clean_existing(self) -> str:
        plain: str = self.cleaned_data["existing"]
        if plain:
            try:
                keys.check_importable(plain)
            except InvalidInput as error:
                raise forms.ValidationError(error.message) from error
        return plain


@admin.register(ApiKey)
class ApiKeyAdmin(admin.ModelAdmin):  # type: ignore[type-arg]
    list_display = ("name", "user", "begins_with", "created", "last_used", "expires", "state", "renewal")
    list_filter = ("disabled", "user")
    search_fields = ("name", "user__username", "hint")
    list_select_related = ("user",)
    autocomplete_fields = ("user",)
    readonly_fields = ("begins_with", "created", "last_used")
    fields = ("user", "name", "begins_with", "expires", "disabled", "created", "last_used")
    actions = ("disable", "enable")

    def get_form(self, request: HttpRequest, obj: ApiKey | None = None, change: bool = False, **kwargs: Any) -> Any:
        if obj is None:
            kwargs["form"] = NewKeyForm
        return super().get_form(request, obj, change, **kwargs)

    def get_fields(self, request: HttpRequest, obj: ApiKey | None = None) -> Any:
        return self.fields if obj else ("user", "name", "expires", "existing")

    def get_readonly_fields(self, request: HttpRequest, obj: ApiKey | None = None) -> Any:
        return self.readonly_fields if obj else ()

    def get_urls(self) -> list[URLPattern]:
        regenerate = self.admin_site.admin_view(self.regenerate_view)
        return [
            path("<int:key_id>/regenerate/", regenerate, name="synthesis_apikey_regenerate"),
            *super().get_urls(),
        ]

    @admin.display(description="begins with")
    def begins_with(self, key: ApiKey) -> str:
        return f"{key.hint}…"

    @admin.display(description="state")
    def state(self, key: ApiKey) -> str:
        if key.disabled:
            return "disabled"
        return "expired" if key.expires and key.expires <= timezone.now() else "valid"

    @admin.display(description="")
    def renewal(self, key: ApiKey) -> str:
        return format_html('<a href="{}">Regenerate</a>', reverse("admin:synthesis_apikey_regenerate", args=[key.pk]))

    def save_model(self, request: HttpRequest, obj: ApiKey, form: Any, change: bool) -> None:
        if not change:
            existing = form.cleaned_data["existing"]
            plain = existing or keys.random_key()
            keys.assign(obj, plain)
            # Handed to response_add, so that the key is in no message, cookie or session.
            request.new_key = None if existing else plain  # type: ignore[attr-defined]
        super().save_model(request, obj, form, change)

    def response_add(self, request: HttpRequest, obj: ApiKey, post_url_continue: str | None = None) -> HttpResponse:
        plain = getattr(request, "new_key", None)
        return self._show_once(request, obj, plain) if plain else super().response_add(request, obj, post_url_continue)

    def regenerate_view(self, request: HttpRequest, key_id: int) -> HttpResponse:
        key = get_object_or_404(ApiKey, pk=key_id)
        if not self.has_change_permission(request, key):
            self.message_user(request, "You may not change keys.", messages.ERROR)
            return self.changelist_view(request)
        if request.method == "POST":
            plain = keys.regenerate(key)
            self.log_change(request, key, "Regenerated.")
            return self._show_once(request, key, plain)
        return self._page(request, "admin/regenerate_key.html", key, title="Regenerate key")

    def _show_once(self, request: HttpRequest, key: ApiKey, plain: str) -> HttpResponse:
        response = self._page(request, "admin/new_key.html", key, title="New key", plain=plain, state=self.state(key))
        response.headers["Cache-Control"] = "no-store"
        return response

    def _page(self, request: HttpRequest, template: str, key: ApiKey, **context: Any) -> TemplateResponse:
        everywhere = self.admin_site.each_context(request)
        return TemplateResponse(request, template, {**everywhere, "opts": self.opts, "key": key, **context})

    @admin.action(description="Disable the selected keys", permissions=["change"])
    def disable(self, request: HttpRequest, selected: QuerySet[ApiKey]) -> None:
        self._switch(request, selected, disabled=True)

    @admin.action(description="Enable the selected keys", permissions=["change"])
    def enable(self, request: HttpRequest, selected: QuerySet[ApiKey]) -> None:
        self._switch(request, selected, disabled=False)

    def _switch(self, request: HttpRequest, selected: QuerySet[ApiKey], *, disabled: bool) -> None:
        word = "Disabled." if disabled else "Enabled."
        changed = list(selected.exclude(disabled=disabled))
        ApiKey.objects.filter(pk__in=[key.pk for key in changed]).update(disabled=disabled)
        for key in changed:
            self.log_change(request, key, word)
        self.message_user(request, f"{len(changed)} key(s): {word.lower()}")
