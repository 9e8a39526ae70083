"""What no single request or step can clean up: files that a killed process left, rows of dead workers."""

import logging
from pathlib import Path
from time import time

from django.conf import settings
from django.db import connection
from django.db.models import Q

from synthesis import storage
from synthesis.domain.status import Status
from synthesis.models import Job, Step
from synthesis.services import presence, traces

logger = logging.getLogger("voicen.housekeeping")

# A file of a living step is younger than this; a process that is still writing one is not disturbed.
_OLD_SECONDS = 24 * 3600


def tidy() -> None:
    """Remove what nothing refers to any more. Cheap enough to run now and then; safe in several processes at once."""
    presence.forget_dead()
    _delete_files_of_deleted_jobs()
    _delete_leftover_chunks()
    _delete_old_temporary_files()
    traces.erase(connection)


def _delete_files_of_deleted_jobs() -> None:
    stored = storage.stored_jobs()
    for start in range(0, len(stored), 500):
        batch = stored[start : start + 500]
        known = set(Job.objects.filter(pk__in=batch).values_list("pk", flat=True))
        for job_id in set(batch) - known:
            logger.info("removing the files of job %d, which is deleted", job_id)
            storage.delete_files(job_id)


def _delete_leftover_chunks() -> None:
    """Files beside the mp3 of a ready job: chunks whose deletion was cut short, or the work of a lost lease."""
    speech = storage.speech_storage()
    for job_id in storage.stored_jobs():
        job = Job.objects.filter(Q(status=Status.READY) | Q(status=Status.FAILED), pk=job_id).first()
        if job is None:
            continue
        named = {job.audio, *Step.objects.filter(job=job).values_list("audio", flat=True)}
        _, files = speech.listdir(storage.folder_of(job_id))
        for file in files:
            name = f"{storage.folder_of(job_id)}/{file}"
            if name not in named and time() - speech.get_modified_time(name).timestamp() > _OLD_SECONDS:
                speech.delete(name)


def _delete_old_temporary_files() -> None:
    for folder in (Path(settings.FILE_UPLOAD_TEMP_DIR),):
        for path in folder.iterdir():
            if path.is_file() and time() - path.stat().st_mtime > _OLD_SECONDS:
                path.unlink(missing_ok=True)
