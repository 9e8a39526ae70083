"""What no single request or step can clean up: files that a killed process left, rows of dead workers."""

import contextlib
import fcntl
import logging
import shutil
from collections.abc import Collection
from itertools import islice
from pathlib import Path
from time import time

from django.conf import settings

from synthesis import recordings, storage
from synthesis.domain.status import FINISHED
from synthesis.models import Job
from synthesis.services import presence, queue, retention, speech_cache, totals, webhooks

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
    totals.recount()
    lock = settings.DATA_DIR / "housekeeping.lock"
    with lock.open("w") as handle:
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return
        _delete_old_temporary_files()
        webhooks.tidy()
        try:
            retention.purge_due(stop=queue.more_work)
            storage.tidy()
            _tidy_folders(cannot_speak)
            recordings.tidy()
            speech_cache.tidy()
        except storage.StorageAway as error:
            logger.warning("housekeeping breaks off: %s", error.strerror)


def _tidy_folders(cannot_speak: Collection[int]) -> None:
    folders = storage.listed_folders()
    while batch := list(islice(folders, _BATCH)):
        if queue.more_work(cannot_speak):
            return
        # After the listing: what a row names by now is kept, and what came after it is seen the next time.
        jobs = {job.folder: job for job in Job.objects.filter(folder__in=[stored.folder for stored in batch])}
        for stored in batch:
            job = jobs.get(stored.folder)
            if job is None:
                _delete_folder(stored)
            elif job.status in FINISHED:
                _delete_leftovers(job, stored)


def _delete_folder(stored: storage.StoredFolder) -> None:
    """Of a deleted job, or of one that was never committed; a young one may be of a job that is just arriving."""
    # The folder itself counts too: while the text is being written, there is no file of its name.
    if _is_old(stored.changed, _ARRIVING_SECONDS):
        logger.info("removing the folder %s, which no job names", stored.folder.hex)
        storage.delete_files(stored.folder)


def _delete_leftovers(job: Job, stored: storage.StoredFolder) -> None:
    """Files that no row names: chunks whose deletion was cut short, or the work of a lost lease."""
    named = {storage.text_name(job.folder), job.audio, job.spoken, job.timings, storage.spans_name(job.spoken)}
    left = [name for name, changed in stored.files.items() if name not in named and _is_old(changed, _OLD_SECONDS)]
    if left:
        named = set(job.steps.values_list("audio", flat=True))
        for name in left:
            if name not in named:
                storage.speech_storage().delete(name)


def _is_old(changed: float, seconds: float) -> bool:
    return time() - changed > seconds


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
