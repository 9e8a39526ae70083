"""Where audio lives: the `speech` storage of Django (files by default), one folder for each job.

Names carry the lease token of the step that wrote them, so that two writers never share a file, and a file counts only
once a row names it.
"""

import contextlib
import os
import uuid
from pathlib import Path

from django.core.files import File
from django.core.files.storage import FileSystemStorage, Storage, storages


class DurableFileSystemStorage(FileSystemStorage):
    """Files that are complete or absent, after a power cut too: written aside, fsynced, renamed."""

    def _save(self, name: str, content: File) -> str:  # type: ignore[type-arg]
        target = Path(self.path(name))
        target.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        draft = target.with_name(f".{target.name}.{uuid.uuid4().hex}.draft")
        try:
            with draft.open("xb") as file:
                for piece in content.chunks():
                    file.write(piece)
                file.flush()
                os.fsync(file.fileno())
            draft.replace(target)
        except BaseException:
            draft.unlink(missing_ok=True)
            raise
        _fsync_folder(target.parent)
        return name

    def delete_folder(self, name: str) -> None:
        """Remove a folder and the files in it; nothing to remove is no error."""
        folder = Path(self.path(name))
        with contextlib.suppress(FileNotFoundError):
            for entry in list(folder.iterdir()):
                entry.unlink(missing_ok=True)
            # A late writer may put one more file there: it removes it itself when its lease turns out to be lost.
            with contextlib.suppress(OSError):
                folder.rmdir()


def speech_storage() -> Storage:
    return storages["speech"]


def folder_of(job_id: int) -> str:
    return f"jobs/{job_id}"


def chunk_name(job_id: int, index: int, token: uuid.UUID) -> str:
    return f"{folder_of(job_id)}/{index:06d}.{token.hex}.pcm"


def audio_name(job_id: int, token: uuid.UUID) -> str:
    return f"{folder_of(job_id)}/{token.hex}.mp3"


def delete_files(job_id: int) -> None:
    """Remove every file of a job, whichever attempt wrote it."""
    storage = speech_storage()
    if isinstance(storage, DurableFileSystemStorage):
        storage.delete_folder(folder_of(job_id))
        return
    _, names = storage.listdir(folder_of(job_id))
    for name in names:
        storage.delete(f"{folder_of(job_id)}/{name}")


def stored_jobs() -> list[int]:
    """The ids of the jobs that have a folder."""
    storage = speech_storage()
    try:
        folders, _ = storage.listdir("jobs")
    except FileNotFoundError:
        return []
    return [int(folder) for folder in folders if folder.isdigit()]


def _fsync_folder(folder: Path) -> None:
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
