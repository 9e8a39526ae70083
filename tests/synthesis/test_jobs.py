"""What a deletion leaves behind: nothing (row 22)."""

from collections.abc import Callable
from pathlib import Path

import pytest
from django.conf import settings
from django.contrib.auth.models import User
from django.db import connection

from models.catalogue import catalogue
from synthesis import storage
from synthesis.domain.errors import IdempotencyConflict, JobNotFound, TooManyJobs, WrongStatus
from synthesis.models import Job, Step
from synthesis.services import jobs, queue
from tests.synthesis import progress

pytestmark = pytest.mark.django_db(transaction=True)
Submit = Callable[..., Job]
MARKER = "Gizli cümlə zebra"


def files(media: Path) -> list[Path]:
    return [path for path in media.rglob("*") if path.is_file()]


def test_submit(submit: Submit, media: Path) -> None:
    job = submit(MARKER)
    assert storage.read_text(job.folder) == MARKER
    assert [path.stat().st_mode & 0o777 for path in files(media)] == [0o600]
    assert (media / storage.folder_name(job.folder)).stat().st_mode & 0o777 == 0o700


def test_delete(submit: Submit, user: User, media: Path) -> None:
    job = progress.make_ready(submit(MARKER))
    jobs.delete(job.pk, user)
    assert (Job.objects.count(), Step.objects.count()) == (0, 0)
    assert list((media / "jobs").iterdir()) == []


def test_delete_of_one_leaves_the_others(submit: Submit, user: User, media: Path) -> None:
    kept = progress.make_ready(submit())
    gone = progress.make_ready(submit())
    jobs.delete(gone.pk, user)
    assert Job.objects.get() == kept
    assert len(files(media)) == 2


def test_delete_is_refused(submit: Submit, user: User, media: Path) -> None:
    job = submit()
    with pytest.raises(WrongStatus):
        jobs.delete(job.pk, user)
    with pytest.raises(JobNotFound):
        jobs.delete(job.pk, User.objects.create(username="other"))
    with pytest.raises(JobNotFound):
        jobs.delete(job.pk + 1, user)
    assert len(files(media)) == 1


@pytest.mark.parametrize("stage", ["waiting", "preparing", "speaking", "ready"])
def test_cancel_and_delete(submit: Submit, media: Path, stage: str) -> None:
    job = submit(MARKER)
    if stage == "preparing":
        queue.begin_preparing(progress.claim(job))
    elif stage == "speaking":
        progress.prepare(job)
        progress.speak(progress.claim(job))
        progress.claim(job)
    elif stage == "ready":
        progress.make_ready(job)
    jobs.cancel_and_delete(job.pk)
    assert (Job.objects.count(), Step.objects.count(), files(media)) == (0, 0, [])


def test_the_files_go_with_the_user(submit: Submit, user: User, media: Path) -> None:
    progress.make_ready(submit(MARKER))
    running = submit(MARKER)
    progress.prepare(running)
    progress.speak(progress.claim(running))
    user.delete()
    assert (Job.objects.count(), Step.objects.count(), files(media)) == (0, 0, [])


def test_a_rolled_back_deletion_keeps_the_files(submit: Submit, user: User, media: Path) -> None:
    from django.db import transaction

    job = progress.make_ready(submit())
    with pytest.raises(RuntimeError), transaction.atomic():  # noqa: PT012
        jobs.delete(job.pk, user)
        raise RuntimeError
    assert Job.objects.count() == 1
    assert len(files(media)) == 2


def test_no_trace_in_any_file(submit: Submit, user: User, media: Path) -> None:
    """Neither the database, its log, nor the media folder ever holds a deleted text."""
    job = submit(MARKER * 50)
    progress.prepare(job, 3)
    jobs.cancel(job.pk)
    jobs.delete(job.pk, user)
    names = [Path(str(connection.settings_dict["NAME"]))] if connection.vendor == "sqlite" else []
    names += [name.with_name(name.name + "-wal") for name in names]
    searched = [path for path in names if path.exists()] + files(media) + files(Path(settings.DATA_DIR) / "tmp")
    assert len(searched) >= (1 if connection.vendor == "sqlite" else 0)
    for path in searched:
        assert MARKER.encode() not in path.read_bytes()


def test_the_database_never_holds_a_text(submit: Submit) -> None:
    """Not even while the job lives: databases keep pieces of deleted rows for long."""
    job = submit(MARKER)
    progress.prepare(job)
    for table in connection.introspection.table_names():
        with connection.cursor() as cursor:
            cursor.execute(f'SELECT * FROM "{table}"')  # noqa: S608 - names from the database itself
            assert MARKER not in repr(cursor.fetchall())


def test_a_refused_job_leaves_no_file(user: User, media: Path, settings: object) -> None:
    voice = catalogue().get(325640)
    jobs.submit(user, voice, "salam", "k")
    for text in ("other",):
        with pytest.raises(IdempotencyConflict):
            jobs.submit(user, voice, text, "k")
    settings.MAX_UNFINISHED_JOBS = 1  # type: ignore[attr-defined]
    with pytest.raises(TooManyJobs):
        jobs.submit(user, voice, "third")
    assert len(files(media)) == 1


def test_a_late_worker_leaves_no_row(submit: Submit) -> None:
    job = submit()
    step = progress.claim(job)
    jobs.cancel_and_delete(job.pk)
    with pytest.raises(queue.LostLease):
        queue.begin_preparing(step)
    assert not Step.objects.exists()
