"""Puts a backup back: into an empty installation, or in place of what is there.

The rows go into the tables that they were taken from, which are then migrated: a backup of an older version can be
restored by a newer one.
"""

import gzip
import json
from collections.abc import Iterator
from typing import IO, Any, BinaryIO, cast

from django.apps.registry import Apps
from django.core.files import File
from django.core.management import call_command
from django.core.management.color import no_style
from django.db import connection, transaction
from django.db.migrations.executor import MigrationExecutor
from django.db.models import Model

from synthesis import storage
from synthesis.services import archive
from synthesis.services.backup import models_of

_ROWS_AT_ONCE = 500
# Tables that a migration fills by itself.
_MADE_BY_MIGRATE = ("auth.permission", "contenttypes.contenttype")


class NotEmpty(Exception):
    """There are users or jobs already."""


def read(source: BinaryIO, *, replace: bool = False) -> dict[str, int]:
    """Restore a checked backup; how many rows and files. Web and workers have to be stopped.

    Nothing is changed before the archive has been read whole and its checksum found right. Raises BadArchive, NotEmpty.
    """
    manifest, deleted = archive.check(source)
    targets = [(str(app), str(name)) for app, name in manifest["migrations"]]
    _check_known(targets)
    if not replace and _in_use():
        raise NotEmpty
    # The signals too that fill tables after a migration: what they make goes before the rows are loaded.
    if replace:
        _erase()
    apps = _migrate_to(targets)
    files = _restore_files(source)
    with transaction.atomic(durable=True):
        rows = _load(apps, source)
        apps.get_model("synthesis", "Job")._base_manager.filter(folder__in=deleted).delete()
        _reset_sequences(apps)
    call_command("migrate", verbosity=0, interactive=False)
    return {"rows": rows, "files": files}


def _check_known(targets: list[tuple[str, str]]) -> None:
    known = MigrationExecutor(connection).loader.graph.nodes
    unknown = [f"{app}.{name}" for app, name in targets if (app, name) not in known]
    if unknown:
        raise archive.BadArchive(
            f"The backup is of a newer version, or of one with other parts ({', '.join(unknown)} is not known here): "
            "restore it with the version that made it."
        )


def _in_use() -> bool:
    tables = set(connection.introspection.table_names())
    with connection.cursor() as cursor:
        for table in sorted({"auth_user", "synthesis_job"} & tables):
            cursor.execute(f"SELECT 1 FROM {table} LIMIT 1")  # noqa: S608 - our own two names
            if cursor.fetchone():
                return True
    return False


def _erase() -> None:
    if "django_content_type" in connection.introspection.table_names():
        call_command("flush", verbosity=0, interactive=False)
    for folder in storage.stored_folders():
        storage.delete_files(folder)


def _migrate_to(targets: list[tuple[str, str]]) -> Apps:
    """The tables as they were in the backup, forward or back; without rows that is safe."""
    executor = MigrationExecutor(connection)
    there = {app for app, _ in targets}
    later = sorted({app for app, _ in executor.loader.graph.nodes} - there)
    applied = {app for app, _ in executor.loader.applied_migrations or ()}
    goals: list[tuple[str, str | None]] = [*targets, *((app, None) for app in later if app in applied)]
    executor.migrate(cast("Any", goals))
    apps: Apps = MigrationExecutor(connection).loader.project_state(cast("Any", targets)).apps
    return apps


def _restore_files(source: BinaryIO) -> int:
    speech = storage.speech_storage()
    count = 0
    for member, content in archive.members(source):
        name = archive.stored_name(member)
        if name is None:
            continue
        speech.delete(name)  # of an earlier try; Django would choose another name beside it
        speech.save(name, File(cast("IO[Any]", content)))
        count += 1
    return count


def _load(apps: Apps, source: BinaryIO) -> int:
    by_label = {model._meta.label_lower: model for model in models_of(apps)}
    for model in by_label.values():
        for field in cast("Any", model._meta.local_fields):
            field.auto_now = field.auto_now_add = False  # these classes are ours alone; the times are those of then
    for label in _MADE_BY_MIGRATE:
        by_label[label]._base_manager.all().delete()
    count, current = 0, ""
    batch: list[Model] = []
    waiting: list[Model] = []  # steps: their keys are given here, behind everything else
    for label, values in _lines(source):
        row = by_label[label](**_values(by_label[label], values))
        if row.pk is None:
            waiting.append(row)
            continue
        if label != current or len(batch) >= _ROWS_AT_ONCE:
            _insert(batch)
            batch, current = [], label
        batch.append(row)
        count += 1
    _insert(batch)
    _insert(waiting)
    return count


def _insert(rows: list[Model]) -> None:
    if rows:
        type(rows[0])._base_manager.bulk_create(rows, batch_size=_ROWS_AT_ONCE)


def _lines(source: BinaryIO) -> Iterator[tuple[str, dict[str, Any]]]:
    for member, content in archive.members(source):
        if member == archive.ROWS:
            with gzip.GzipFile(fileobj=content) as lines:
                for line in lines:
                    label, values = json.loads(line)
                    yield label, values
            return


def _values(model: type[Model], values: dict[str, Any]) -> dict[str, Any]:
    fields = {field.attname: field for field in model._meta.concrete_fields}
    return {name: fields[name].to_python(value) for name, value in values.items()}


def _reset_sequences(apps: Apps) -> None:
    """The next row gets a key behind the restored ones."""
    with connection.cursor() as cursor:
        for statement in connection.ops.sequence_reset_sql(no_style(), models_of(apps)):
            cursor.execute(statement)
