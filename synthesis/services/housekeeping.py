"""What no single request or step can clean up: files that a killed process left, rows of dead workers."""

import contextlib
import fcntl
import logging
import shutil
import uuid
from collections.abc import Collection
from pathlib import Path
from time import time

from django.conf import settings

from synthesis import recordings, storage
from synthesis.domain.status import FINISHED
from synthesis.models import Job
from synthesis.services import presence, queue, retention

logger = logging.getLogger("voicen.housekeeping")

# A file of a living step is younger than this; a process that is still writing one is not disturbed.
_OLD_SECONDS = 24 * 3600
# Between storing a text and committing its job lie milliseconds.
_ARRIVING_SECONDS = 3600
_BATCH = 500


def tidy(cannot_speak: Collection[int] = ()) -> None:
    """Remove what nothing refers to any more. One process of a host does it at a time, and breaks off for work.

    Work on the voices `cannot_speak` is not this process's, and may wait for days until another one is there.
    """
    presence.forget_dead()
    lock = settings.DATA_DIR / "housekeeping.lock"
    with lock.open("w") as handle:
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return
        _delete_old_temporary_files()
        try:
            retention.purge_due(stop=queue.more_work)
            storage.tidy()
            _tidy_folders(cannot_speak)
            recordings.tidy()
        except storage.StorageAway as error:
            logger.warning("housekeeping breaks off: %s", error.strerror)


def _tidy_folders(cannot_speak: Collection[int]) -> None:
    folders = storage.stored_folders()
    for start in range(0, len(folders), _BATCH):
        if queue.more_work(cannot_speak):
            return
        batch = folders[start : start + _BATCH]
        jobs = {job.folder: job for job in Job.objects.filter(folder__in=batch)}
        for folder in batch:
            job = jobs.get(folder)
            if job is None:
                _delete_folder(folder)
            elif job.status in FINISHED:
                _delete_leftovers(job)


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
    named = {storage.text_name(job.folder), job.audio, job.spoken, job.timings}
    named |= {storage.spans_name(job.spoken)}
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
    # What a worker that was killed had taken from the embedded broker and not read, or not finished writing.
    embedded = settings.DATA_DIR / "queue"
    remains = [*embedded.glob("*.taken"), *embedded.glob(".*.draft")]
    for path in (*Path(settings.FILE_UPLOAD_TEMP_DIR).iterdir(), *remains):
        with contextlib.suppress(FileNotFoundError):  # its owner has removed it in the meantime
            if time() - path.lstat().st_mtime < _OLD_SECONDS:
                continue
            if path.is_dir():
                shutil.rmtree(path, ignore_errors=True)
            else:
                path.unlink()
