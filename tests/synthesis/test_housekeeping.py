"""What killed processes leave is removed; what is in use is not."""

import os
import time
import uuid
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest
from django.core.files.base import ContentFile
from django.utils import timezone
from pytest_django import Settings

from synthesis import storage
from synthesis.models import Job, WorkerProcess
from synthesis.services import housekeeping, presence
from tests.synthesis import progress

pytestmark = pytest.mark.django_db
Submit = Callable[..., Job]


@pytest.fixture(autouse=True)
def uploads(settings: Settings, tmp_path: Path) -> Path:
    folder = tmp_path / "tmp"
    folder.mkdir()
    settings.FILE_UPLOAD_TEMP_DIR = str(folder)
    return folder


def age(path: Path, hours: float) -> None:
    then = time.time() - hours * 3600
    os.utime(path, (then, then))


def put(folder: uuid.UUID, hours: float) -> Path:
    name = storage.audio_name(folder, uuid.uuid4())
    storage.speech_storage().save(name, ContentFile(b"x"))
    path = Path(storage.speech_storage().path(name))
    age(path, hours)
    return path


def test_an_empty_installation(media: Path) -> None:
    housekeeping.tidy()


def test_nothing_in_use_goes(submit: Submit, media: Path) -> None:
    ready = progress.make_ready(submit())
    running = submit()
    progress.prepare(running)
    progress.speak(progress.claim(running))
    for path in list(media.rglob("*")):
        age(path, 100)
    before = sorted(media.rglob("*"))
    housekeeping.tidy()
    assert sorted(media.rglob("*")) == before
    assert storage.read_text(ready.folder) == "salam"


def test_a_folder_without_a_job(media: Path) -> None:
    folder = uuid.uuid4()
    storage.save_text(folder, "salam")
    age(media / storage.text_name(folder), 2)
    age(media / storage.folder_name(folder), 2)
    housekeeping.tidy()
    assert storage.stored_folders() == []


def test_the_folder_of_a_job_that_is_arriving(media: Path) -> None:
    folder = uuid.uuid4()
    storage.save_text(folder, "salam")
    housekeeping.tidy()
    assert storage.read_text(folder) == "salam"


def test_a_text_that_is_just_being_written(media: Path) -> None:
    """The folder is there and its text is not yet: a request is in the middle of it."""
    folder = media / storage.folder_name(uuid.uuid4())
    folder.mkdir(parents=True)
    draft = folder / ".text.txt.draft"
    draft.write_text("salam")
    housekeeping.tidy()
    assert draft.exists()


def test_leftovers_of_a_finished_job(submit: Submit, media: Path) -> None:
    job = progress.make_ready(submit())
    old, young = put(job.folder, 25), put(job.folder, 23)
    housekeeping.tidy()
    assert not old.exists()
    assert young.exists()
    assert (media / job.audio).exists()


def test_an_unfinished_job_is_left_alone(submit: Submit, media: Path) -> None:
    old = put(submit().folder, 100)
    housekeeping.tidy()
    assert old.exists()


def test_a_job_that_is_deleted_meanwhile(submit: Submit, media: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    job = progress.make_ready(submit())
    old = put(job.folder, 25)
    listed = [*storage.listed_folders(), storage.StoredFolder(uuid.uuid4(), {}, 0.0)]
    monkeypatch.setattr(storage, "listed_folders", lambda: iter(listed))
    storage.delete_files(job.folder)
    housekeeping.tidy()
    assert not old.exists()


def test_temporary_files(uploads: Path) -> None:
    """Uploads that broke off, and the folders of encoders that were killed."""
    for hours in (23, 25):
        (uploads / f"{hours}.upload").write_bytes(b"x")
        (uploads / f"mp3-{hours}").mkdir()
        (uploads / f"mp3-{hours}" / "speech.mp3").write_bytes(b"x")
        age(uploads / f"{hours}.upload", hours)
        age(uploads / f"mp3-{hours}", hours)
    housekeeping.tidy()
    assert sorted(path.name for path in uploads.iterdir()) == ["23.upload", "mp3-23"]


def test_dead_workers(media: Path) -> None:
    presence.sign_of_life(presence.Presence("h", 1, "tone"))
    presence.sign_of_life(presence.Presence("h", 2, "tone"))
    WorkerProcess.objects.filter(pid=1).update(last_seen=timezone.now() - timedelta(days=2))
    housekeeping.tidy()
    assert list(WorkerProcess.objects.values_list("pid", flat=True)) == [2]
