"""What no single request or step can clean up: files that a killed process left, rows of dead workers."""

import logging
import shutil
import uuid
from datetime import timedelta
from pathlib import Path
from time import time

from django.conf import settings
from django.utils import timezone

from synthesis import storage
from synthesis.domain.status import FINISHED
from synthesis.models import Job
from synthesis.services import presence

logger = logging.getLogger("voicen.housekeeping")

# A file of a living step is younger than this; a process that is still writing one is not disturbed.
_OLD_SECONDS = 24 * 3600
# Between storing a text and committing its job lie milliseconds.
_ARRIVING_SECONDS = 3600
_BATCH = 500


def tidy() -> None:
    """Remove what nothing refers to any more. Cheap enough to run now and then; safe in several processes at once."""
    presence.forget_dead()
    folders = storage.stored_folders()
    for start in range(0, len(folders), _BATCH):
        batch = folders[start : start + _BATCH]
        known = set(Job.objects.filter(folder__in=batch).values_list("folder", flat=True))
        for folder in set(batch) - known:
            _delete_folder(folder)
    # Leftovers come into being shortly before a job's end.
    for job in Job.objects.filter(
        status__in=FINISHED, finished__gt=timezone.now() - 2 * timedelta(seconds=_OLD_SECONDS)
    ):
        _delete_leftovers(job)
    _delete_old_temporary_files()


def _delete_folder(folder: uuid.UUID) -> None:
    """Of a deleted job, or of one that was never committed; a young one may be of a job that is just arriving."""
    # The folder itself too: while the text is being written, there is no file of its name.
    for name in (storage.text_name(folder), storage.folder_name(folder)):
        if not _is_old(name, _ARRIVING_SECONDS):
            return
    logger.info("removing the folder %s, which no job names", folder.hex)
    storage.delete_files(folder)


def _delete_leftovers(job: Job) -> None:
    """Files that no row names: chunks whose deletion was cut short, or the work of a lost lease."""
    speech = storage.speech_storage()
    named = {storage.text_name(job.folder), job.audio, job.spoken}
    named |= set(job.steps.values_list("audio", flat=True))
    folder = storage.folder_name(job.folder)
    try:
        _, files = speech.listdir(folder)
    except FileNotFoundError:
        return  # deleted in the meantime
    for name in (f"{folder}/{file}" for file in files):
        if name not in named and _is_old(name, _OLD_SECONDS):
            speech.delete(name)


def _is_old(name: str, seconds: float) -> bool:
    """A file that is gone counts as old."""
    try:
        return time() - storage.speech_storage().get_modified_time(name).timestamp() > seconds
    except FileNotFoundError:
        return True


def _delete_old_temporary_files() -> None:
    # Messages that a killed worker had taken from the embedded broker and not read.
    taken = (settings.DATA_DIR / "queue").glob("*.taken")
    for path in (*Path(settings.FILE_UPLOAD_TEMP_DIR).iterdir(), *taken):
        if time() - path.lstat().st_mtime < _OLD_SECONDS:
            continue
        if path.is_dir():
            shutil.rmtree(path, ignore_errors=True)
        else:
            path.unlink(missing_ok=True)
