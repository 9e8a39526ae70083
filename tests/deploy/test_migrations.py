"""Upgrade and roll-back with rows in the tables, and the rule that lets two versions run side by side."""

import os
import subprocess
import sys
import uuid
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.contrib.auth.models import User
from django.db import connection
from django.db.migrations import operations
from django.db.migrations.loader import MigrationLoader
from django.db.migrations.operations.base import Operation
from django.db.models.fields import NOT_PROVIDED

from synthesis import storage
from synthesis.domain.status import Status
from synthesis.models import Job
from synthesis.services import queue
from tests import servers
from tests.live.service import ROOT
from tests.synthesis import progress

FIRST = "0001"
FILL = """
from django.contrib.auth.models import User
from models.catalogue import catalogue
from synthesis.services import jobs, keys
owner = User.objects.create_user("leyla")
keys.create(owner, "before")
for _ in range(3):
    jobs.submit(owner, catalogue().get(325640), "salam")
"""
COUNT = "from synthesis.models import *; print(Job.objects.count(), Step.objects.count(), ApiKey.objects.count())"
# Old and new code use the tables at once: these break the code that runs.
BREAKING = (
    operations.DeleteModel,
    operations.RemoveField,
    operations.RenameField,
    operations.RenameModel,
    operations.AlterModelTable,
)
# Migrations that end an expand-and-contract, each with the release that no longer used what it removes:
# ("synthesis", "0009_…"): "0.3.0"
CONTRACTING: dict[tuple[str, str], str] = {}


@pytest.fixture(params=["sqlite", "postgresql"])
def database(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    if request.param == "sqlite":
        yield f"sqlite:///{tmp_path / 'rows.sqlite3'}"
    else:
        with servers.postgres() as url:
            yield url


def manage(database: str, folder: Path, *arguments: str) -> str:
    environment = {name: value for name, value in os.environ.items() if not name.startswith("VOICEN_")}
    environment |= {"DATABASE_URL": database, "VOICEN_DATA_DIR": str(folder / "data"), "VOICEN_ENGINE": "tone"}
    environment.pop("CELERY_BROKER_URL", None)
    command = [sys.executable, "manage.py", *arguments]
    done = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, check=False, timeout=120)
    assert done.returncode == 0, done.stderr
    return done.stdout


def test_back_and_forth_with_rows(database: str, tmp_path: Path) -> None:
    """Every migration of ours can be undone, and what the first version knew survives it."""
    manage(database, tmp_path, "migrate", "-v0")
    manage(database, tmp_path, "shell", "-v0", "-c", FILL)
    before = manage(database, tmp_path, "shell", "-v0", "-c", COUNT)
    assert before.split() == ["3", "3", "1"]
    for _ in range(2):
        manage(database, tmp_path, "migrate", "-v0", "synthesis", FIRST)
        manage(database, tmp_path, "migrate", "-v0")
        assert manage(database, tmp_path, "shell", "-v0", "-c", COUNT) == before


def ours() -> dict[tuple[str, str], list[Operation]]:
    loader = MigrationLoader(None)
    return {
        key: list(migration.operations) for key, migration in loader.disk_migrations.items() if key[0] == "synthesis"
    }


def breaking(operation: Operation) -> bool:
    """Whether code of the version before stumbles over it: it names what is gone, or leaves out what must be given."""
    if isinstance(operation, BREAKING):
        return True
    if isinstance(operation, operations.AddField):
        # The old code inserts rows without this column.
        field = operation.field
        return not field.null and field.db_default is NOT_PROVIDED and not field.many_to_many
    return False


def test_a_migration_only_adds() -> None:
    """Expand first: the old code goes on with the new tables. What contracts is named above, one release later."""
    found = {key: [type(each).__name__ for each in steps if breaking(each)] for key, steps in ours().items()}
    assert {key: names for key, names in found.items() if names and key not in CONTRACTING} == {}


@pytest.mark.django_db
@pytest.mark.parametrize("version", [FIRST, "latest"])
def test_two_versions_share_the_tables(version: str, media: Path, user: User) -> None:
    """A web process of before accepts a job on the tables of now; a worker of now speaks it, and both read it."""
    keys = sorted(ours())
    state = next(key for key in keys if key[1].startswith(version)) if version != "latest" else keys[-1]
    before = MigrationLoader(connection).project_state([state]).apps
    folder = uuid.uuid4()
    storage.save_text(folder, "salam")
    job = before.get_model("synthesis", "Job").objects.create(
        owner_id=user.pk, voice_id=325640, language="az", character_count=5, folder=folder
    )
    before.get_model("synthesis", "Step").objects.create(
        job_id=job.pk, kind="prepare", index=queue.PREPARE_INDEX, round=1, state="pending"
    )
    progress.make_ready(Job.objects.get(pk=job.pk))
    job.refresh_from_db()
    assert job.status == Status.READY
    assert storage.speech_storage().exists(job.audio)
    job.delete()  # the old code knows no newer tables: none of them may hold on to the row
    assert not Job.objects.filter(pk=job.pk).exists()


def test_every_migration_can_be_undone() -> None:
    assert [key for key, steps in ours().items() for each in steps if not each.reversible] == []


@pytest.mark.parametrize(
    ("operation", "breaks"),
    [
        ("RemoveField('Job', 'audio')", True),
        ("AddField('Job', 'speed', IntegerField(default=1))", True),
        ("AddField('Job', 'speed', IntegerField(db_default=1))", False),
        ("AddField('Job', 'speed', IntegerField(null=True))", False),
        ("AddIndex('Job', Index(fields=['status'], name='by_status'))", False),
    ],
)
def test_the_rule_sees_what_breaks(operation: str, breaks: bool) -> None:
    from django.db import migrations, models

    made = eval(operation, {**vars(models), **vars(migrations)})  # noqa: S307 - our own words
    assert breaking(made) is breaks
