"""A backup of everything that the service keeps, taken while it runs, independent of database and storage.

The rows are one snapshot; the files of the jobs in it are copied afterwards. What needs no backup is left out:
sessions, signs of life, and the work in hand. A job that is not ready is saved with its text, and starts anew when it
is restored.
"""

import contextlib
import gzip
import json
import tempfile
from collections import Counter
from collections.abc import Iterator
from typing import IO, Any, BinaryIO, cast

from django.apps.registry import Apps
from django.conf import settings
from django.db import connection, transaction
from django.db.migrations.loader import MigrationLoader
from django.db.models import Model
from django.utils import timezone

from synthesis import storage
from synthesis.domain.status import UNFINISHED, Status, StepKind, StepState
from synthesis.services import archive, queue

_LEFT_OUT = {"sessions.session", "synthesis.workerprocess", "synthesis.step"}
_JOB, _STEP = "synthesis.job", "synthesis.step"
_ROWS_AT_ONCE = 2000
_PLAIN = (str, int, float, bool, list, dict, type(None))


class NotMigrated(Exception):
    """The tables are not those of any state of the code. The message is one line."""


def write(target: BinaryIO) -> dict[str, int]:
    """Write a backup; how many rows of the larger kinds, files and bytes it holds. Raises OSError, NotMigrated."""
    state = Migrations()
    folder = settings.FILE_UPLOAD_TEMP_DIR
    with tempfile.TemporaryFile(dir=folder) as rows, tempfile.TemporaryFile(dir=folder) as names:
        with _snapshot(), gzip.GzipFile(fileobj=rows, mode="wb", compresslevel=3, mtime=0) as lines:
            counts = _write_rows(state.apps, cast("IO[bytes]", lines), names)
        writer = archive.Writer(target)
        writer.add_json(
            archive.MANIFEST,
            {"format": archive.FORMAT, "made": timezone.now().isoformat(), "migrations": state.targets, "rows": counts},
        )
        size = rows.tell()
        rows.seek(0)
        writer.add(archive.ROWS, rows, size)
        names.seek(0)
        counts |= _write_files(writer, names)
        writer.close()
    return counts


class Migrations:
    """The migrations that are applied in the database, and the models as they are there."""

    def __init__(self) -> None:
        loader = MigrationLoader(connection)
        applied = set(loader.applied_migrations or ()) & set(loader.graph.nodes)
        if ("synthesis", "0001_initial") not in applied:
            raise NotMigrated("The database has no tables of this service: is DATABASE_URL right?")
        last = [key for key in applied if not any(child.key in applied for child in _next(loader, key))]
        self.targets = sorted(last)
        self.apps: Apps = loader.project_state(cast("Any", self.targets)).apps


def _next(loader: MigrationLoader, key: tuple[str, str]) -> list[Any]:
    return [child for child in loader.graph.node_map[key].children if child.key[0] == key[0]]


def models_of(apps: Apps) -> list[type[Model]]:
    """All tables, those of many-to-many relations too."""
    return [model for model in apps.get_models(include_auto_created=True) if model._meta.managed]


@contextlib.contextmanager
def _snapshot() -> Iterator[None]:
    """A transaction that sees one moment and holds up nobody."""
    if connection.vendor == "sqlite":
        # Ours take the write lock at their start; this one only reads.
        wrapper = cast("Any", connection)
        usual, wrapper.transaction_mode = wrapper.transaction_mode, "DEFERRED"
        try:
            with transaction.atomic(durable=True):
                yield
        finally:
            wrapper.transaction_mode = usual
        return
    with transaction.atomic(durable=True):
        with connection.cursor() as cursor:
            cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")
        yield


def _write_rows(apps: Apps, lines: IO[bytes], names: IO[bytes]) -> dict[str, int]:
    """Rows into `lines`; into `names` the files that they need."""
    counts: Counter[str] = Counter()
    turns: Counter[int] = Counter()
    for model in models_of(apps):
        label = model._meta.label_lower
        if label in _LEFT_OUT:
            continue
        for row in model._base_manager.order_by("pk").iterator(_ROWS_AT_ONCE):
            counts[label] += 1
            if label == _JOB:
                job = cast("Any", row)
                names.writelines(f"{name}\n".encode() for name in _needed_files(job))
                if job.status != Status.READY:
                    turns[job.owner_id] += 1
                    _write_row(lines, _STEP, _fields(_first_step(apps, job, turns[job.owner_id])))
                    _start_anew(job)
            _write_row(lines, label, _fields(row))
    return dict(counts)


def _write_row(lines: IO[bytes], label: str, fields: dict[str, Any]) -> None:
    lines.write(json.dumps([label, fields], ensure_ascii=False).encode() + b"\n")


def _fields(row: Model) -> dict[str, Any]:
    """Values as JSON has them, or as the field writes them out; a new row has no key yet."""
    values = {}
    for field in row._meta.concrete_fields:
        value = field.value_from_object(row)
        if field.primary_key and value is None:
            continue
        values[field.attname] = value if isinstance(value, _PLAIN) else field.value_to_string(row)
    return values


def _needed_files(job: Any) -> list[str]:
    made = [job.audio, job.timings] if job.status == Status.READY else []
    return [storage.text_name(job.folder), *filter(None, made)]


def _start_anew(job: Any) -> None:
    """As it was when it was accepted, but for a failure, which stays one until somebody retries it."""
    if job.status in UNFINISHED:
        job.status = Status.WAITING.value
    job.started = job.chunk_count = None
    job.chunks_spoken, job.spoken, job.audio = 0, "", ""


def _first_step(apps: Apps, job: Any, turn: int) -> Model:
    """The step that a job which is not ready begins with; of a failed one it waits for the retry."""
    state = StepState.BLOCKED if job.status == Status.FAILED else StepState.PENDING
    step = apps.get_model("synthesis", "Step")
    fresh: Model = step(
        job_id=job.pk, kind=StepKind.PREPARE.value, index=queue.PREPARE_INDEX, round=turn, state=state.value
    )
    return fresh


def _write_files(writer: archive.Writer, names: IO[bytes]) -> dict[str, int]:
    speech = storage.speech_storage()
    files = size = 0
    deleted: set[str] = set()
    for line in names:
        name = line.decode().rstrip("\n")
        try:
            length = speech.size(name)
            with speech.open(name) as content:
                writer.add(archive.FILES + name, cast("IO[bytes]", content), length)
        except FileNotFoundError:
            deleted.add(name.split("/")[1])
            continue
        files, size = files + 1, size + length
    writer.add_json(archive.DELETED, {"folders": sorted(deleted)})
    return {"files": files, "bytes": size, "deleted": len(deleted)}
