"""The pronunciation lexicon in the admin."""

from typing import Any

import pytest
from django.contrib.admin.models import LogEntry
from django.contrib.auth.models import User
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from models.pronunciations import Entry
from synthesis.domain import lexicon as files
from synthesis.domain.lexicon import Record
from synthesis.models import LexiconEntry
from synthesis.services import lexicon
from tests.admin.conftest import login

LIST = "/admin/synthesis/lexiconentry/"
ADD = f"{LIST}add/"
IMPORT = f"{LIST}import/"
EXPORT = f"{LIST}export/"
GOOGLE = Record("az", Entry("Google", "qugl"))
BAKU = Record("tr", Entry("Bakü", ipa="bɑˈky"))
CSV = "grapheme,language,alias\nZoom,az,zum\nGoogle,az,guqıl\n"


def add(site: Client, url: str = ADD, **fields: str) -> Any:
    form = {"language": "az", "grapheme": "Google", "alias": "qugl", "ipa": "", "whole_word": "on", "enabled": "on"}
    return site.post(url, {**form, "owner": "", "note": "", **fields}, follow=True)


def upload(site: Client, button: str = "import", content: bytes = CSV.encode(), **fields: str) -> str:
    file = SimpleUploadedFile("lexicon.csv", content)
    response = site.post(IMPORT, {"file": file, "language": "", "owner": "", button: "x", **fields}, follow=True)
    assert response.status_code == 200
    return str(response.content.decode())


def words(response: Any) -> list[str]:
    return [row.grapheme for row in response.context["cl"].result_list]


def test_add(site: Client, user: User) -> None:
    add(site)
    add(site, grapheme="Bakı", alias="", ipa="/bɑˈkɯ/", owner=str(user.pk))
    assert [lexicon.record_of(row).entry for row in LexiconEntry.objects.order_by("id")] == [
        Entry("Google", "qugl"),
        Entry("Bakı", ipa="/bɑˈkɯ/"),
    ]
    assert LexiconEntry.objects.latest("id").owner == user
    assert LogEntry.objects.count() == 2
    page = site.get(LIST).content.decode()
    for shown in ("Google", "qugl", "bɑˈkɯ", "of leyla", "everybody"):
        assert shown in page


@pytest.mark.parametrize(
    ("fields", "message"),
    [
        ({"alias": "", "ipa": ""}, "either an alias or IPA"),
        ({"ipa": "a"}, "not both"),
        ({"alias": "", "ipa": "ʘ"}, "Cannot be spoken"),
        ({"alias": "…"}, "Nothing in it can be said"),
        ({"grapheme": "…"}, "neither a letter"),
        ({"grapheme": "x" * 101}, "at most 100 characters"),
        ({"language": "en"}, "valid choice"),
    ],
)
def test_a_wrong_entry(site: Client, fields: dict[str, str], message: str) -> None:
    assert message in add(site, **fields).content.decode()
    assert not LexiconEntry.objects.exists()


def test_a_word_that_has_an_entry(site: Client, user: User) -> None:
    lexicon.load([GOOGLE], None)
    assert "already" in add(site, grapheme="GOOGLE").content.decode()
    add(site, grapheme="GOOGLE", owner=str(user.pk))
    assert LexiconEntry.objects.count() == 2


def test_edit(site: Client) -> None:
    lexicon.load([GOOGLE], None)
    before = lexicon.version_for(None, "az")
    row = LexiconEntry.objects.get()
    add(site, f"{LIST}{row.pk}/change/", alias="guqıl", grapheme="GOOGLE.")
    row.refresh_from_db()
    assert (row.alias, row.key) == ("guqıl", "google.")
    assert lexicon.version_for(None, "az") != before


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("", ["Google", "Zoom", "Bakü"]),
        ("language__exact=tr", ["Bakü"]),
        ("level=site", ["Google", "Bakü"]),
        ("level={user}", ["Zoom"]),
        ("level=nonsense", []),
        ("level=99999999999999999999999", []),
        ("enabled__exact=0", []),
        ("q=goog", ["Google"]),
        ("q=zum", ["Zoom"]),
        ("q=nothing", []),
    ],
)
def test_filters_and_search(site: Client, user: User, query: str, expected: list[str]) -> None:
    lexicon.load([GOOGLE, BAKU], None)
    lexicon.load([Record("az", Entry("Zoom", "zum"))], user)
    assert words(site.get(f"{LIST}?{query.format(user=user.pk)}")) == expected


def act(site: Client, action: str) -> str:
    ids = [str(key) for key in LexiconEntry.objects.values_list("pk", flat=True)]
    return str(site.post(LIST, {"action": action, "_selected_action": ids}, follow=True).content.decode())


def test_disable_and_enable(site: Client) -> None:
    lexicon.load([GOOGLE, BAKU], None)
    assert "2 entries: disabled" in act(site, "disable")
    assert lexicon.entries_for(None, "az") == []
    assert "2 entries: enabled" in act(site, "enable")
    assert len(lexicon.entries_for(None, "az")) == 1
    assert LogEntry.objects.count() == 4


# --- Import ---------------------------------------------------------------------------------------------------------


def test_check_first(site: Client) -> None:
    lexicon.load([GOOGLE], None)
    assert "Check the file" in site.get(IMPORT).content.decode()
    page = upload(site, "check")
    assert "1 added, 1 changed, 0 removed, 0 unchanged" in page
    assert "zum" in page
    assert LexiconEntry.objects.get().alias == "qugl"


def test_import(site: Client) -> None:
    lexicon.load([GOOGLE], None)
    assert "Imported: 1 added, 1 changed" in upload(site)
    assert set(LexiconEntry.objects.values_list("alias", flat=True)) == {"zum", "guqıl"}


def test_import_for_a_user_with_a_language(site: Client, user: User) -> None:
    upload(site, content=b"grapheme;alias\nZoom;zum\n", language="tr", owner=str(user.pk))
    row = LexiconEntry.objects.get()
    assert (row.owner, row.language) == (user, "tr")


def test_import_replaces(site: Client) -> None:
    lexicon.load([GOOGLE, BAKU], None)
    content = b"grapheme,language,alias\nZoom,az,zum\n"
    assert "1 added, 0 changed, 1 removed" in upload(site, "check", content, replace="on")
    upload(site, content=content, replace="on")
    assert set(LexiconEntry.objects.values_list("grapheme", flat=True)) == {"Zoom", "Bakü"}


def test_import_pls(site: Client) -> None:
    upload(site, content=files.pls.write([GOOGLE], "az").encode())
    assert LexiconEntry.objects.get().alias == "qugl"


@pytest.mark.parametrize("button", ["check", "import"])
@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b"grapheme,language,alias\nZoom,az,zum\nGoogle,en,qugl\n", "Line 3: language"),
        (b"nonsense", "Unknown: nonsense"),
        (b"<a><b></a>", "well-formed"),
        (b"\xff", "UTF-8"),
        (b"", "empty"),
        (b"x" * (files.MAX_BYTES + 1), "5 MB"),
    ],
)
def test_a_wrong_file_changes_nothing(site: Client, button: str, content: bytes, message: str) -> None:
    assert message in upload(site, button, content)
    assert not LexiconEntry.objects.exists()


def test_what_a_file_says_is_shown_as_text(site: Client) -> None:
    page = upload(site, "check", b"grapheme,language,alias\n<script>a,az,<i>x\n<b>c,<u>,d\n")
    assert "<script>a" not in page
    assert "<u>" not in page
    page = upload(site, "check", b"grapheme,language,alias\n<script>a,az,<i>x\n")
    assert "<script>a" not in page
    assert "&lt;i&gt;x" in page


def test_the_list_shows_words_as_text(site: Client) -> None:
    lexicon.load([Record("az", Entry("<script>a", "<i>b"))], None)
    page = site.get(LIST).content.decode()
    assert "<script>a" not in page
    assert "<i>b" not in page


# --- Export ---------------------------------------------------------------------------------------------------------


def test_export_csv(site: Client, user: User) -> None:
    lexicon.load([GOOGLE, BAKU], None)
    lexicon.load([Record("az", Entry("Zoom", "zum"))], user)
    response = site.get(EXPORT)
    assert response["Content-Type"] == "text/csv; charset=utf-8"
    assert response["Content-Disposition"] == 'attachment; filename="lexicon.csv"'
    assert files.read(response.content, None).records == [GOOGLE, BAKU]
    narrowed = site.get(f"{EXPORT}?format=csv&level={user.pk}&language__exact=az&q=x")
    assert [record.entry.grapheme for record in files.read(narrowed.content, None).records] == ["Zoom"]
    assert narrowed["Content-Disposition"] == 'attachment; filename="lexicon-az.csv"'


def test_export_pls(site: Client) -> None:
    lexicon.load([GOOGLE, BAKU], None)
    response = site.get(f"{EXPORT}?format=pls&language__exact=tr")
    assert response["Content-Type"] == "application/pls+xml; charset=utf-8"
    assert files.read(response.content, None).records == [BAKU]
    assert "choose one first" in site.get(f"{EXPORT}?format=pls", follow=True).content.decode()


def test_the_list_leads_there(site: Client) -> None:
    page = site.get(f"{LIST}?language__exact=az").content.decode()
    assert f'href="{IMPORT}"' in page
    assert f'href="{EXPORT}?format=csv&amp;language__exact=az"' in page
    assert f'href="{EXPORT}?format=pls&amp;language__exact=az"' in page


# --- Rights ---------------------------------------------------------------------------------------------------------


def test_only_looking(user: User) -> None:
    lexicon.load([GOOGLE], None)
    row = LexiconEntry.objects.get()
    viewer = login(user, "view_lexiconentry")
    page = viewer.get(LIST).content.decode()
    assert "Google" in page
    assert IMPORT not in page
    assert viewer.get(EXPORT).status_code == 200
    assert viewer.get(IMPORT).status_code == 403
    assert viewer.post(IMPORT, {"file": SimpleUploadedFile("a.csv", CSV.encode()), "import": "x"}).status_code == 403
    assert viewer.get(ADD).status_code == 403
    act(viewer, "disable")
    viewer.post(f"{LIST}{row.pk}/change/", {"alias": "x"})
    row.refresh_from_db()
    assert (row.alias, row.enabled) == ("qugl", True)


def test_replacing_needs_the_right_to_delete(user: User) -> None:
    lexicon.load([GOOGLE], None)
    editor = login(user, "add_lexiconentry", "change_lexiconentry", "view_lexiconentry")
    assert 'name="replace"' not in editor.get(IMPORT).content.decode()
    upload(editor, content=b"grapheme,language,alias\nZoom,az,zum\n", replace="on")
    assert LexiconEntry.objects.count() == 2


def test_import_needs_a_csrf_token(user: User) -> None:
    login(user, is_superuser=True)
    strict = Client(enforce_csrf_checks=True)
    strict.force_login(user)
    assert strict.post(IMPORT, {"import": "x"}).status_code == 403


def test_staff_without_rights(user: User) -> None:
    lexicon.load([GOOGLE], None)
    staff = login(user)
    for url in (LIST, ADD, IMPORT, EXPORT, f"{LIST}{LexiconEntry.objects.get().pk}/change/"):
        assert staff.get(url).status_code == 403
        assert staff.post(url).status_code == 403


def test_anonymous(db: None) -> None:
    for url in (LIST, ADD, IMPORT, EXPORT):
        assert "/admin/login/" in Client().get(url)["Location"]
