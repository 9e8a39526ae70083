"""Where texts and audio live: the `speech` storage of Django (files by default), one folder for each job.

Names carry the lease token of the step that wrote them, so that two writers never share a file, and a file counts only
once a row names it.
"""

import contextlib
import errno
import logging
import os
import re
import uuid
from pathlib import Path
from typing import Protocol, cast

from django.core.files import File
from django.core.files.base import ContentFile
from django.core.files.storage import FileSystemStorage, Storage, storages

logger = logging.getLogger("voicen.storage")

_FOLDER = re.compile(r"[0-9a-f]{32}")


class StorageAway(OSError):
    """The storage does not answer, or says that it cannot at present: a later try may go well."""

    def __init__(self, reason: str) -> None:
        super().__init__(errno.EAGAIN, f"the storage is away ({reason})")


class DurableFileSystemStorage(FileSystemStorage):
    """Files that are complete or absent, after a power cut too: written aside, fsynced, renamed."""

    def _save(self, name: str, content: File) -> str:  # type: ignore[type-arg]
        target = Path(self.path(name))
        if not target.parent.exists():
            target.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
            _fsync_folder(target.parent.parent)  # the name of a new folder is part of its parent
        draft = target.with_name(f".{target.name}.{uuid.uuid4().hex}.draft")
        try:
            draft.touch(mode=0o600, exist_ok=False)
            with draft.open("wb") as file:
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

    def tidy(self) -> None:
        """Nothing: a draft lies in its job's folder, where housekeeping finds it."""


class SpeechStorage(Protocol):
    """What both kinds of speech storage can do beyond Django's interface."""

    def delete_folder(self, name: str) -> None: ...

    def tidy(self) -> None: ...


def speech_storage() -> Storage:
    return storages["speech"]


def _speech() -> SpeechStorage:
    return cast("SpeechStorage", storages["speech"])


def folder_name(folder: uuid.UUID) -> str:
    return f"jobs/{folder.hex}"


def text_name(folder: uuid.UUID) -> str:
    """The text as it was sent, in UTF-8."""
    return f"{folder_name(folder)}/text.txt"


def spoken_name(folder: uuid.UUID, token: uuid.UUID) -> str:
    """The text as it is spoken, chunk after chunk, in UTF-8."""
    return f"{folder_name(folder)}/spoken.{token.hex}.txt"


def spans_name(spoken: str) -> str:
    """Where the sentences of this spoken text come from, beside it."""
    return f"{spoken}.spans"


def timings_name(folder: uuid.UUID, token: uuid.UUID) -> str:
    """When each sentence of the text is heard, as JSON."""
    return f"{folder_name(folder)}/{token.hex}.timings.json"


def chunk_name(folder: uuid.UUID, index: int, token: uuid.UUID) -> str:
    """The audio of one chunk: signed 16-bit little-endian mono."""
    return f"{folder_name(folder)}/{index:06d}.{token.hex}.pcm"


def audio_name(folder: uuid.UUID, token: uuid.UUID, extension: str = "mp3") -> str:
    return f"{folder_name(folder)}/{token.hex}.{extension}"


def save_text(folder: uuid.UUID, text: str) -> None:
    speech_storage().save(text_name(folder), ContentFile(text.encode()))


def read_text(folder: uuid.UUID) -> str:
    with speech_storage().open(text_name(folder)) as file:
        content: bytes = file.read()
    return content.decode()


def read_part(name: str, start: int, length: int) -> str:
    """Some bytes of a stored text; they begin and end between characters."""
    with speech_storage().open(name) as file:
        file.seek(start)
        content: bytes = file.read(length)
    return content.decode()


def delete_files(folder: uuid.UUID) -> None:
    """Remove every file of a job, whichever attempt wrote it."""
    _speech().delete_folder(folder_name(folder))


def delete_files_later(folder: uuid.UUID) -> None:
    """The same, for a job whose row is gone: what cannot be removed now is left to housekeeping."""
    try:
        delete_files(folder)
    except StorageAway as error:
        logger.warning("the folder %s is removed later: %s", folder.hex, error.strerror)


def tidy() -> None:
    """Remove what the storage itself keeps of writers that were killed."""
    _speech().tidy()


def stored_folders() -> list[uuid.UUID]:
    """The folders that exist, whether a job names them or not."""
    try:
        names, _ = speech_storage().listdir("jobs")
    except FileNotFoundError:
        return []
    return [uuid.UUID(hex=name) for name in names if _FOLDER.fullmatch(name)]


def _fsync_folder(folder: Path) -> None:
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
