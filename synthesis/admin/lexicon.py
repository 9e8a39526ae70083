"""The pronunciation lexicon in the admin: entries, their import from a file with a look at it first, their export."""

from typing import Any

from django import forms
from django.contrib import admin, messages
from django.contrib.admin.widgets import AutocompleteSelect
from django.contrib.auth import get_user_model
from django.core.exceptions import PermissionDenied
from django.core.files.uploadedfile import UploadedFile
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import URLPattern, path, reverse

from synthesis.domain import lexicon as files
from synthesis.domain.errors import InvalidInput
from synthesis.domain.lexicon.records import LANGUAGES, problems
from synthesis.models import LexiconEntry
from synthesis.services import lexicon

_SITE = "site"
# Of each kind of change that many words are shown before an import.
_EXAMPLES = 30


class LexiconEntryForm(forms.ModelForm):  # type: ignore[type-arg]
    class Meta:
        model = LexiconEntry
        fields = (*("language", "grapheme", "alias", "ipa", "whole_word", "match_case", "owner", "enabled", "note"),)

    def clean(self) -> dict[str, Any]:
        """The rules of an entry, where the fields by themselves are right."""
        cleaned: dict[str, Any] = super().clean() or self.cleaned_data
        if self.errors:
            return cleaned
        row = LexiconEntry(pk=self.instance.pk, **cleaned)
        for name, message in problems(lexicon.record_of(row)):
            self.add_error(name, message)
        if not self.errors and lexicon.is_taken(row):
            self.add_error("grapheme", "There is an entry for this word already.")
        return cleaned


class ImportForm(forms.Form):
    file = forms.FileField(help_text=f"CSV with the columns {', '.join(files.table.HEADER)}; or PLS with IPA.")
    language = forms.ChoiceField(
        required=False,
        choices=(("", "as the file says"), *((language, language) for language in LANGUAGES)),
        help_text="Of entries that name none.",
    )
    owner = forms.ModelChoiceField(
        required=False,
        queryset=get_user_model().objects.all(),
        widget=AutocompleteSelect(LexiconEntry._meta.get_field("owner"), admin.site),
        help_text="Whose entries they become. Empty: everybody's.",
    )
    replace = forms.BooleanField(
        required=False,
        label="Replace",
        help_text="Remove the owner's other entries in the languages of the file.",
    )

    def clean_file(self) -> bytes:
        """The content, if it is no longer than a lexicon may be."""
        file: UploadedFile = self.cleaned_data["file"]
        if (file.size or 0) > files.MAX_BYTES:
            raise forms.ValidationError(f"Larger than {files.MAX_BYTES // 1024 // 1024} MB.")
        return bytes(file.read())


class LevelFilter(admin.SimpleListFilter):
    title = "level"
    parameter_name = "level"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        owners = get_user_model().objects.filter(lexicon_entries__isnull=False).distinct().order_by("username")
        return [(_SITE, "everybody's"), *((str(owner.pk), f"of {owner}") for owner in owners)]

    def queryset(self, request: HttpRequest, queryset: QuerySet[LexiconEntry]) -> QuerySet[LexiconEntry]:
        value = self.value()
        return queryset.filter(owner_id=_owner_id(value)) if value else queryset


def _owner_id(level: str | None) -> int | None:
    """None for everybody's; -1, which nobody has, for nonsense."""
    if not level or level == _SITE:
        return None
    return int(level) if level.isascii() and level.isdigit() and len(level) < 19 else -1


@admin.register(LexiconEntry)
class LexiconEntryAdmin(admin.ModelAdmin):  # type: ignore[type-arg]
    form = LexiconEntryForm
    change_list_template = "admin/lexicon_list.html"
    list_display = ("grapheme", "language", "said_as", "level", "whole_word", "match_case", "enabled", "note")
    list_filter = ("language", LevelFilter, "enabled")
    search_fields = ("grapheme", "alias", "ipa", "note")
    search_help_text = "Word, alias, IPA or note"
    list_select_related = ("owner",)
    autocomplete_fields = ("owner",)
    actions = ("disable", "enable")

    def get_urls(self) -> list[URLPattern]:
        return [
            path("import/", self.admin_site.admin_view(self.import_view), name="synthesis_lexiconentry_import"),
            path("export/", self.admin_site.admin_view(self.export_view), name="synthesis_lexiconentry_export"),
            *super().get_urls(),
        ]

    @admin.display(description="said as", ordering="alias")
    def said_as(self, row: LexiconEntry) -> str:
        return row.alias or f"/{row.ipa}/"

    @admin.display(description="level", ordering="owner")
    def level(self, row: LexiconEntry) -> str:
        return f"of {row.owner}" if row.owner_id else "everybody's"

    def save_model(self, request: HttpRequest, obj: LexiconEntry, form: Any, change: bool) -> None:
        lexicon.save(obj)

    def changelist_view(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> HttpResponse:
        return super().changelist_view(request, {**(extra_context or {}), "may_import": self._may_import(request)})

    @admin.action(description="Disable the selected entries", permissions=["change"])
    def disable(self, request: HttpRequest, selected: QuerySet[LexiconEntry]) -> None:
        self._switch(request, selected, enabled=False)

    @admin.action(description="Enable the selected entries", permissions=["change"])
    def enable(self, request: HttpRequest, selected: QuerySet[LexiconEntry]) -> None:
        self._switch(request, selected, enabled=True)

    def _switch(self, request: HttpRequest, selected: QuerySet[LexiconEntry], *, enabled: bool) -> None:
        word = "Enabled." if enabled else "Disabled."
        changed = lexicon.switch(selected, enabled=enabled)
        for row in changed:
            self.log_change(request, row, word)
        self.message_user(request, f"{len(changed)} entries: {word.lower()}")

    # --- Import -----------------------------------------------------------------------------------------------------

    def import_view(self, request: HttpRequest) -> HttpResponse:
        """A file becomes entries, or is only looked at; with a mistake in it nothing is imported."""
        if not self._may_import(request):
            raise PermissionDenied
        form = ImportForm(request.POST or None, request.FILES or None)
        if not self.has_delete_permission(request):
            del form.fields["replace"]
        context: dict[str, Any] = {"form": form, "title": "Import lexicon", "opts": self.opts}
        if request.method == "POST" and form.is_valid():
            change = self._import(request, form, context)
            if change is not None:
                self.message_user(request, f"Imported: {change}.")
                return HttpResponseRedirect(reverse("admin:synthesis_lexiconentry_changelist"))
        everywhere = self.admin_site.each_context(request)
        return TemplateResponse(request, "admin/lexicon_import.html", {**everywhere, **context})

    def _import(self, request: HttpRequest, form: ImportForm, context: dict[str, Any]) -> lexicon.Change | None:
        """What was imported; None when it was not, and the context then says what would be or what is wrong."""
        cleaned = form.cleaned_data
        try:
            collected = files.read(cleaned["file"], cleaned["language"] or None)
            wanted = "import" in request.POST and not collected.errors
            change = lexicon.load(
                collected.records, cleaned["owner"], replace=cleaned.get("replace", False), dry_run=not wanted
            )
        except InvalidInput as error:
            form.add_error("file", error.message.removeprefix("file: "))
            return None
        if wanted:
            return change
        context["mistakes"] = collected.errors
        context["change"] = change
        context["examples"] = [
            (title, list(records[:_EXAMPLES]), max(0, len(records) - _EXAMPLES))
            for title, records in (("New", change.added), ("Changed", change.changed), ("Removed", change.removed))
            if records
        ]
        return None

    def _may_import(self, request: HttpRequest) -> bool:
        return self.has_add_permission(request) and self.has_change_permission(request)

    # --- Export -----------------------------------------------------------------------------------------------------

    def export_view(self, request: HttpRequest) -> HttpResponse:
        """The enabled entries of the level and language that the list is narrowed to; of all levels: everybody's."""
        if not self.has_view_permission(request):
            raise PermissionDenied
        language = request.GET.get("language__exact", "")
        chosen = language if language in LANGUAGES else None
        records = lexicon.records(_owner_id(request.GET.get("level")), chosen)
        if request.GET.get("format") != "pls":
            # The mark at the beginning tells spreadsheets that it is UTF-8.
            return _download("\ufeff" + files.table.write(records), "text/csv", f"lexicon{_dashed(chosen)}.csv")
        if chosen is None:
            self.message_user(request, "A PLS file is of one language: choose one first.", messages.WARNING)
            return HttpResponseRedirect(reverse("admin:synthesis_lexiconentry_changelist"))
        return _download(files.pls.write(records, chosen), "application/pls+xml", f"lexicon-{chosen}.pls")


def _dashed(language: str | None) -> str:
    return f"-{language}" if language else ""


def _download(content: str, content_type: str, name: str) -> HttpResponse:
    return HttpResponse(
        content.encode(),
        content_type=f"{content_type}; charset=utf-8",
        headers={"Content-Disposition": f'attachment; filename="{name}"', "X-Content-Type-Options": "nosniff"},
    )
