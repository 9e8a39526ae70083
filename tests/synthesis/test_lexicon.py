"""The lexicon in the database."""

from collections.abc import Callable

import pytest
from django.contrib.auth.models import User
from django.db import IntegrityError, transaction

from models.pronunciations import Entry, Level
from synthesis.domain.errors import InvalidInput
from synthesis.domain.lexicon import Record
from synthesis.models import LexiconEntry
from synthesis.services import lexicon

pytestmark = pytest.mark.django_db

GOOGLE = Record("az", Entry("Google", "qugl"))
BAKU = Record("az", Entry("Bakı", ipa="bɑˈkɯ", whole_word=False), "paytaxt")
TURKISH = Record("tr", Entry("Google", "gugıl"))


def kept(owner: User | None = None) -> list[Record]:
    return [lexicon.record_of(row) for row in LexiconEntry.objects.filter(owner=owner).order_by("id")]


def counts(change: lexicon.Change) -> tuple[int, int, int, int]:
    return len(change.added), len(change.changed), len(change.removed), change.unchanged


def test_load() -> None:
    assert counts(lexicon.load([GOOGLE, BAKU, TURKISH], None)) == (3, 0, 0, 0)
    assert kept() == [GOOGLE, BAKU, TURKISH]
    assert set(LexiconEntry.objects.values_list("key", flat=True)) == {"google", "bakı"}


def test_load_again_changes_what_differs() -> None:
    lexicon.load([GOOGLE, BAKU, TURKISH], None)
    other = Record("az", Entry("GOOGLE", "guglə"), "new")
    change = lexicon.load([other, BAKU], None)
    assert counts(change) == (0, 1, 0, 1)
    assert str(change) == "0 added, 1 changed, 0 removed, 1 unchanged"
    assert kept() == [other, BAKU, TURKISH]


def test_replace_leaves_other_languages_and_levels(user: User) -> None:
    lexicon.load([GOOGLE, BAKU, TURKISH], None)
    lexicon.load([BAKU], user)
    assert counts(lexicon.load([GOOGLE], None, replace=True)) == (0, 0, 1, 1)
    assert kept() == [GOOGLE, TURKISH]
    assert kept(user) == [BAKU]


def test_a_dry_run_changes_nothing() -> None:
    lexicon.load([GOOGLE], None)
    before = lexicon.version_for(None, "az")
    assert counts(lexicon.load([BAKU], None, replace=True, dry_run=True)) == (1, 0, 1, 0)
    assert kept() == [GOOGLE]
    assert lexicon.version_for(None, "az") == before


def test_too_many(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(lexicon, "MAX_ENTRIES", 2)
    lexicon.load([GOOGLE, BAKU], None)
    with pytest.raises(InvalidInput, match="more than 2"):
        lexicon.load([TURKISH], None)
    assert kept() == [GOOGLE, BAKU]


def test_a_disabled_entry_stays_disabled() -> None:
    lexicon.load([GOOGLE], None)
    lexicon.switch(LexiconEntry.objects.all(), enabled=False)
    lexicon.load([Record("az", Entry("Google", "yeni"))], None)
    row = LexiconEntry.objects.get()
    assert (row.alias, row.enabled) == ("yeni", False)


def test_entries_for(user: User) -> None:
    stranger = User.objects.create_user("stranger")
    lexicon.load([GOOGLE, TURKISH], None)
    lexicon.load([BAKU], user)
    lexicon.load([Record("az", Entry("o", "x"))], stranger)
    site = Entry("Google", "qugl", level=Level.SITE)
    own = Entry("Bakı", ipa="bɑˈkɯ", whole_word=False, level=Level.USER)
    assert lexicon.entries_for(None, "az") == [site]
    assert set(lexicon.entries_for(user.pk, "az")) == {site, own}
    assert lexicon.entries_for(user.pk, "ru") == []
    lexicon.switch(LexiconEntry.objects.filter(owner=user), enabled=False)
    assert lexicon.entries_for(user.pk, "az") == [site]


def edit(**fields: object) -> Callable[[], None]:
    def change() -> None:
        row = LexiconEntry.objects.filter(owner=None, language="az").earliest("id")
        for name, value in fields.items():
            setattr(row, name, value)
        lexicon.save(row)

    return change


def delete_last() -> None:
    LexiconEntry.objects.filter(owner=None, language="az").latest("id").delete()


def exchange() -> None:
    delete_last()
    lexicon.load([Record("az", Entry("başqa", "x"))], None)


@pytest.mark.parametrize(
    "change",
    [
        edit(alias="yeni"),
        edit(enabled=False),
        edit(language="tr", grapheme="x"),
        delete_last,
        exchange,
        lambda: lexicon.load([Record("az", Entry("Google", "yeni"))], None),
        lambda: lexicon.load([Record("az", Entry("başqa", "x"))], None),
        lambda: lexicon.load([Record("az", Entry("başqa", "x"))], None, replace=True),
        lambda: lexicon.switch(LexiconEntry.objects.all(), enabled=False),
    ],
)
def test_every_change_changes_the_version(user: User, change: Callable[[], object]) -> None:
    lexicon.load([GOOGLE, BAKU], None)
    versions = {lexicon.version_for(owner, "az") for owner in (None, user.pk)}
    assert versions == {lexicon.version_for(None, "az")}
    change()
    assert not versions & {lexicon.version_for(owner, "az") for owner in (None, user.pk)}


def test_the_version_of_others_stays(user: User) -> None:
    lexicon.load([GOOGLE], None)
    before = lexicon.version_for(None, "az"), lexicon.version_for(user.pk, "tr")
    lexicon.load([BAKU], user)
    assert (lexicon.version_for(None, "az"), lexicon.version_for(user.pk, "tr")) == before
    assert lexicon.version_for(user.pk, "az") != before[0]


def test_a_user_takes_the_entries_along(user: User) -> None:
    lexicon.load([BAKU], user)
    before = lexicon.version_for(user.pk, "az")
    user_id = user.pk
    user.delete()
    assert not LexiconEntry.objects.exists()
    assert lexicon.version_for(user_id, "az") != before


def test_two_edits_at_once_are_two_changes() -> None:
    """Both have read the same row."""
    lexicon.load([GOOGLE], None)
    first, second = LexiconEntry.objects.get(), LexiconEntry.objects.get()
    versions = {lexicon.version_for(None, "az")}
    for row, alias in ((first, "a"), (second, "b")):
        row.alias = alias
        lexicon.save(row)
        versions.add(lexicon.version_for(None, "az"))
    assert len(versions) == 3


def test_export() -> None:
    lexicon.load([TURKISH, GOOGLE, BAKU], None)
    assert lexicon.records(None) == [BAKU, GOOGLE, TURKISH]
    assert lexicon.records(None, "tr") == [TURKISH]
    lexicon.switch(LexiconEntry.objects.filter(key="bakı"), enabled=False)
    assert lexicon.records(None, "az") == [GOOGLE]


@pytest.mark.parametrize("owned", [False, True])
def test_one_entry_for_the_same_words(user: User, owned: bool) -> None:
    lexicon.load([GOOGLE], user if owned else None)
    again = LexiconEntry(owner=user if owned else None, language="az", grapheme="GOOGLE", alias="x")
    assert lexicon.is_taken(again)
    with pytest.raises(IntegrityError), transaction.atomic():
        lexicon.save(again)
    assert not lexicon.is_taken(LexiconEntry(owner=None if owned else user, language="az", grapheme="Google"))
    assert not lexicon.is_taken(LexiconEntry.objects.get())


@pytest.mark.parametrize(("alias", "ipa"), [("", ""), ("a", "b")])
def test_the_database_keeps_alias_and_ipa_apart(alias: str, ipa: str) -> None:
    with pytest.raises(IntegrityError), transaction.atomic():
        lexicon.save(LexiconEntry(language="az", grapheme="x", alias=alias, ipa=ipa))


def test_a_large_lexicon() -> None:
    many = [Record("az", Entry(f"söz{number}", "x")) for number in range(3500)]
    assert counts(lexicon.load(many, None)) == (3500, 0, 0, 0)
    assert counts(lexicon.load(many[:10], None, replace=True)) == (0, 0, 3490, 10)
