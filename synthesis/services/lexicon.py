"""The pronunciation lexicon in the database: everybody's entries and each user's own.

Rows are written only here: `key` has to follow the words, `revision` every change.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, cast

from django.db import transaction
from django.db.models import Count, F, Max, Q, QuerySet, Sum

from models.pronunciations import Entry, Level
from synthesis.domain.errors import InvalidInput
from synthesis.domain.lexicon.records import MAX_ENTRIES, Record, identity, key
from synthesis.models import LexiconEntry

if TYPE_CHECKING:
    from django.contrib.auth.models import User

_IMPORTED = ("grapheme", "key", "alias", "ipa", "note", "whole_word", "match_case")
_EDITED = (*_IMPORTED, "owner", "language", "enabled")

# Rows of one statement: SQLite takes at most 32 766 values in one.
_BATCH = 1000


def entries_for(owner_id: int | None, language: str) -> list[Entry]:
    """The enabled entries for texts of this user: the user's own and everybody's. None: only everybody's."""
    rows = _audible_to(owner_id, language).filter(enabled=True)
    fields = ("grapheme", "alias", "ipa", "whole_word", "match_case", "owner_id")
    return [
        Entry(grapheme, alias, ipa, whole_word, match_case, Level.SITE if owner is None else Level.USER)
        for grapheme, alias, ipa, whole_word, match_case, owner in rows.values_list(*fields)
    ]


def version_for(owner_id: int | None, language: str) -> str:
    """A stamp that differs as soon as `entries_for` may give something else. One query, of an index."""
    # Without a clock: ids are never given twice and revisions only grow, so rows that agree in their number, in the
    # greatest id and in the sum of the revisions are the same rows in the same state.
    stamp = _audible_to(owner_id, language).aggregate(count=Count("id"), last=Max("id"), changes=Sum("revision"))
    return f"{stamp['count']}.{stamp['last'] or 0}.{stamp['changes'] or 0}"


def record_of(row: LexiconEntry) -> Record:
    """The row as it is exchanged and checked."""
    entry = Entry(row.grapheme, row.alias, row.ipa, row.whole_word, row.match_case)
    return Record(row.language, entry, row.note)


def is_taken(row: LexiconEntry) -> bool:
    """Whether another row of the same level is for the same words."""
    language, match_case, words = identity(record_of(row))
    others = LexiconEntry.objects.exclude(pk=row.pk) if row.pk else LexiconEntry.objects.all()
    return others.filter(owner_id=row.owner_id, language=language, match_case=match_case, key=words).exists()


def save(row: LexiconEntry) -> None:
    """Save a row that somebody has edited. Its record has been checked."""
    record = record_of(row)
    row.key = key(record.entry, record.language)
    if row.pk:
        with transaction.atomic():
            row.save(update_fields=_EDITED)
            LexiconEntry.objects.filter(pk=row.pk).update(revision=F("revision") + 1)
    else:
        row.save()


def switch(rows: QuerySet[LexiconEntry], *, enabled: bool) -> list[LexiconEntry]:
    """Enable or disable the rows; gives those that were not so before."""
    changed = list(rows.exclude(enabled=enabled))
    for batch in _batches(changed):
        LexiconEntry.objects.filter(pk__in=[row.pk for row in batch]).update(
            enabled=enabled, revision=F("revision") + 1
        )
    return changed


def records(owner_id: int | None, language: str | None = None) -> list[Record]:
    """The enabled entries of one user, or everybody's (None), as they are exported."""
    rows = LexiconEntry.objects.filter(owner_id=owner_id, enabled=True)
    return [record_of(row) for row in (rows.filter(language=language) if language else rows)]


@transaction.atomic
def put(record: Record, owner: "User") -> LexiconEntry:
    """A checked record as the user's entry for its words, in place of the one before. It is enabled.

    Raises InvalidInput when the user would have too many entries.
    """
    load([record], owner)
    language, match_case, words = identity(record)
    row = LexiconEntry.objects.get(owner=owner, language=language, match_case=match_case, key=words)
    switch(LexiconEntry.objects.filter(pk=row.pk), enabled=True)
    row.refresh_from_db()
    return row


@dataclass(frozen=True)
class Change:
    """What an import does, or would do, to the entries of one level."""

    added: Sequence[Record]
    changed: Sequence[Record]
    removed: Sequence[Record]
    unchanged: int

    def __str__(self) -> str:
        return (
            f"{len(self.added)} added, {len(self.changed)} changed, {len(self.removed)} removed, "
            f"{self.unchanged} unchanged"
        )


@transaction.atomic
def load(wanted: Iterable[Record], owner: "User | None", *, replace: bool = False, dry_run: bool = False) -> Change:
    """Take over checked records, one for each identity, into the entries of one user or everybody's (None).

    `replace` removes the level's other entries in the languages of the records. `dry_run` changes nothing. Raises
    InvalidInput when the level would hold too many entries. A disabled entry stays disabled.
    """
    new = {identity(record): record for record in wanted}
    languages = {record.language for record in new.values()}
    owner_id = cast("int | None", owner.pk) if owner else None
    own = LexiconEntry.objects.filter(owner_id=owner_id)
    old = {
        (row.language, row.match_case, row.key): row for row in own.filter(language__in=languages).select_for_update()
    }
    added = [new[words] for words in new if words not in old]
    changed = [(old[words], new[words]) for words in new if words in old and record_of(old[words]) != new[words]]
    removed = [row for words, row in old.items() if words not in new] if replace else []
    if own.count() + len(added) - len(removed) > MAX_ENTRIES:
        raise InvalidInput(f"file: With it there would be more than {MAX_ENTRIES} entries.")
    if not dry_run:
        _remove(removed)
        _change(changed)
        LexiconEntry.objects.bulk_create((_row(record, owner_id) for record in added), batch_size=_BATCH)
    unchanged = len(new) - len(added) - len(changed)
    return Change(added, [record for _, record in changed], [record_of(row) for row in removed], unchanged)


def _audible_to(owner_id: int | None, language: str) -> QuerySet[LexiconEntry]:
    whose = Q(owner=None) if owner_id is None else Q(owner=None) | Q(owner_id=owner_id)
    return LexiconEntry.objects.filter(whose, language=language).order_by()


def _row(record: Record, owner_id: int | None) -> LexiconEntry:
    row = LexiconEntry(owner_id=owner_id, language=record.language)
    _fill(row, record)
    return row


def _fill(row: LexiconEntry, record: Record) -> None:
    entry = record.entry
    row.grapheme, row.alias, row.ipa, row.note = entry.grapheme, entry.alias, entry.ipa, record.note
    row.whole_word, row.match_case = entry.whole_word, entry.match_case
    row.key = key(entry, record.language)


def _remove(rows: Sequence[LexiconEntry]) -> None:
    for batch in _batches(rows):
        LexiconEntry.objects.filter(pk__in=[row.pk for row in batch]).delete()


def _change(pairs: Sequence[tuple[LexiconEntry, Record]]) -> None:
    for row, record in pairs:
        _fill(row, record)
        row.revision += 1  # the rows are locked
    # An upsert: a hundred times as fast as bulk_update, whose statements name every row once for each field.
    LexiconEntry.objects.bulk_create(
        [row for row, _ in pairs],
        batch_size=_BATCH,
        update_conflicts=True,
        unique_fields=("id",),
        update_fields=(*_IMPORTED, "revision"),
    )


def _batches(rows: Sequence[LexiconEntry]) -> Iterable[Sequence[LexiconEntry]]:
    return (rows[start : start + _BATCH] for start in range(0, len(rows), _BATCH))
