"""What is past its days goes, and the purge proves it."""

from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest
from django.contrib.auth.models import User
from django.core.files.base import ContentFile
from django.core.management import CommandError, call_command
from django.db import connection
from django.utils import timezone
from pytest_django import Settings

from synthesis import storage
from synthesis.models import AccountLimits, AuditEntry, Job, Step
from synthesis.services import housekeeping, retention
from tests.synthesis import progress

# Files go after the commit.
pytestmark = pytest.mark.django_db(transaction=True)
Submit = Callable[..., Job]
MARKER = "Gizli cümlə zebra"


def aged(job: Job, days: float) -> Job:
    Job.objects.filter(pk=job.pk).update(finished=timezone.now() - timedelta(days=days))
    return job


def left() -> set[int]:
    return set(Job.objects.values_list("pk", flat=True))


def hidden_in(*folders: Path) -> list[Path]:
    """The files of these folders that hold the marked text, in UTF-8 or UTF-16."""
    forms = [MARKER.encode(), MARKER.encode("utf-16-le"), b"zebra"]
    files = [path for folder in folders for path in folder.rglob("*") if path.is_file()]
    return [path for path in files if any(form in path.read_bytes() for form in forms)]


def test_nothing_goes_by_default(submit: Submit) -> None:
    job = aged(progress.make_ready(submit()), 10_000)
    assert retention.purge_due() == 0
    assert left() == {job.pk}


def test_the_days_of_the_settings(submit: Submit, settings: Settings) -> None:
    settings.RETENTION_DAYS = 30
    aged(progress.make_ready(submit()), 30.1)
    aged(progress.make_failed(submit()), 31)
    young = aged(progress.make_ready(submit()), 29.9)
    running = submit()
    assert retention.purge_due() == 2
    assert left() == {young.pk, running.pk}


def test_the_days_of_an_account(submit: Submit, user: User, settings: Settings) -> None:
    settings.RETENTION_DAYS = 30
    short, forever = User.objects.create(username="short"), User.objects.create(username="forever")
    AccountLimits.objects.create(user=short, retention_days=1)
    AccountLimits.objects.create(user=forever, retention_days=0)
    AccountLimits.objects.create(user=user, jobs_in_queue=50)  # says nothing of days
    gone = [aged(progress.make_ready(submit(owner=short)), 2), aged(progress.make_ready(submit()), 40)]
    kept = [aged(progress.make_ready(submit(owner=forever)), 400), aged(progress.make_ready(submit()), 2)]
    assert {job.pk for job in retention.due()} == {job.pk for job in gone}
    settings.RETENTION_DAYS = 0
    assert {job.pk for job in retention.due()} == {gone[0].pk}
    settings.RETENTION_DAYS = 30
    retention.purge_due()
    assert left() == {job.pk for job in kept}


def test_workers_do_it(submit: Submit, settings: Settings, media: Path) -> None:
    settings.RETENTION_DAYS = 1
    aged(progress.make_ready(submit(MARKER)), 2)
    housekeeping.tidy()
    assert left() == set()
    assert hidden_in(media) == []


def test_work_goes_first(submit: Submit, settings: Settings) -> None:
    settings.RETENTION_DAYS = 1
    aged(progress.make_ready(submit()), 2)
    assert retention.purge_due(stop=lambda: True) == 0


def test_no_trace_in_the_data_folder(
    submit: Submit, media: Path, settings: Settings, capsys: pytest.CaptureFixture[str]
) -> None:
    """The whole folder, database, queue and logs included, is searched for the text."""
    settings.RETENTION_DAYS = 7
    job = aged(progress.make_ready(submit(MARKER)), 8)
    young = progress.make_ready(submit("salam"))
    assert hidden_in(media) == [media / storage.text_name(job.folder)]  # the search finds what is there
    call_command("purge")
    out = capsys.readouterr().out
    assert f"deleted job {job.pk} with 2 file(s)" in out
    assert "Deleted 1 job(s) with 2 file(s); verified: no row and no file of them is left." in out
    if connection.vendor == "sqlite":
        with connection.cursor() as cursor:
            cursor.execute("PRAGMA wal_checkpoint(FULL)")
    assert hidden_in(media, settings.DATA_DIR) == []
    assert left() == {young.pk}
    assert not Step.objects.filter(job=job.pk).exists()
    entry = AuditEntry.objects.get(action="purge")
    assert "1 job(s), 2 file(s)" in entry.detail
    assert "zebra" not in str(entry.__dict__)


def test_everything_of_a_user(submit: Submit, user: User, media: Path, capsys: pytest.CaptureFixture[str]) -> None:
    other = progress.make_ready(submit(owner=User.objects.create(username="other")))
    progress.make_failed(submit(MARKER))
    running = submit(MARKER)
    progress.prepare(running)
    progress.speak(progress.claim(running))
    call_command("purge", "--user", "leyla", "--all", "--dry-run")
    assert "Would delete 2 job(s)." in capsys.readouterr().out
    call_command("purge", "--user", "leyla", "--all")
    assert left() == {other.pk}
    assert hidden_in(media) == []


def test_older_than(submit: Submit) -> None:
    aged(progress.make_ready(submit()), 3)
    young = progress.make_ready(submit())
    call_command("purge", "--older-than", "2")
    assert left() == {young.pk}


def test_what_is_left_is_told(submit: Submit, monkeypatch: pytest.MonkeyPatch) -> None:
    """A file that does not go: the command says which and fails."""
    monkeypatch.setattr(retention, "_BETWEEN_LOOKS_SECONDS", 0)
    job = aged(progress.make_ready(submit(MARKER)), 3)
    stubborn = storage.text_name(job.folder)
    monkeypatch.setattr(storage, "delete_files", lambda _: None)
    with pytest.raises(CommandError, match=stubborn):
        call_command("purge", "--older-than", "1")


def test_a_late_writer_is_waited_for(submit: Submit, monkeypatch: pytest.MonkeyPatch) -> None:
    job = aged(progress.make_ready(submit()), 3)
    late = f"{storage.folder_name(job.folder)}/late.pcm"

    def look_again(_: float) -> None:
        storage.speech_storage().delete(late)

    monkeypatch.setattr(retention, "sleep", look_again)
    erase = retention._erase

    def erase_and_write(doomed: Job, *, unfinished: bool) -> retention.Erased | None:
        erased = erase(doomed, unfinished=unfinished)
        storage.speech_storage().save(late, ContentFile(b"x"))
        return erased

    monkeypatch.setattr(retention, "_erase", erase_and_write)
    assert retention.purge(Job.objects.filter(pk=job.pk)).left == []


@pytest.mark.parametrize("arguments", [("--all",), ("--user", "nobody"), ("--older-than", "-1")])
def test_what_makes_no_sense(arguments: tuple[str, ...]) -> None:
    with pytest.raises(CommandError):
        call_command("purge", *arguments)
