"""What no single request or step can clean up: files that a killed process left, rows of dead workers."""

import logging
import shutil
import uuid
from pathlib import Path
from time import time

from django.conf import settings

from synthesis import storage
from synthesis.domain.status import FINISHED
from synthesis.models import Job
from synthesis.services import presence

logger = logging.getLogger("voicen.housekeeping")

# A file of a living step is younger than this; a process that is still writing one is not disturbed.
_OLD_SECONDS = 24 * 3600
# Between storing a text and committing its job lie milliseconds.
_ARRIVING_SECONDS = 3600


def tidy() -> None:
    """Remove what nothing refers to any more. Cheap enough to run now and then; safe in several processes at once."""
    presence.forget_dead()
    for folder in storage.stored_folders():
        job = Job.objects.filter(folder=folder).first()
        if job is None:
            _delete_folder(folder)
        elif job.status in FINISHED:
            _delete_leftovers(job)
    _delete_old_temporary_files()


def _delete_folder(folder: uuid.UUID) -> None:
    """Of a deleted job, or of one that was never committed; a young one may be of a job that is just arriving."""
    name = storage.text_name(folder)
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
    _, files = speech.listdir(folder)
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
    for path in Path(settings.FILE_UPLOAD_TEMP_DIR).iterdir():
        if time() - path.lstat().st_mtime < _OLD_SECONDS:
            continue
        if path.is_dir():
            shutil.rmtree(path, ignore_errors=True)
        else:
            path.unlink(missing_ok=True)
