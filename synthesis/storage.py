"""Where texts and audio live: the `speech` storage of Django (files by default), one folder for each job.

Names carry the lease token of the step that wrote them, so that two writers never share a file, and a file counts only
once a row names it.
"""

import contextlib
import errno
import logging
import os
import re
import time
import uuid
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple, Protocol, cast

from django.core.files import File
from django.core.files.storage import FileSystemStorage, Storage, storages

logger = logging.getLogger("voicen.storage")

_FOLDER = re.compile(r"[0-9a-f]{32}")
CACHE_FOLDER = "cache"
"""Where chunks lie that may be wanted again."""


class StorageAway(OSError):
    """The storage does not answer, or says that it cannot at present: a later try may go well."""

    def __init__(self, reason: str) -> None:
        super().__init__(errno.EAGAIN, f"the storage is away ({reason})")


class DurableFileSystemStorage(FileSystemStorage):
    """Files that are complete or absent, after a power cut too: written aside, fsynced, renamed."""

    def _save(self, name: str, content: File) -> str:  # type: ignore[type-arg]
        # With strings: paths as objects took as long as the file itself, and one is written for each job that is sent.
        target = self.path(name)
        folder, base = os.path.split(target)
        draft = f"{folder}/.{base}.{uuid.uuid4().hex}.draft"
        is_new = not os.path.exists(folder)  # noqa: PTH110
        if is_new:
            Path(folder).mkdir(mode=0o700, parents=True, exist_ok=True)
        try:
            descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
            with open(descriptor, "wb") as file:  # noqa: PTH123 - a descriptor is no path
                for piece in content.chunks():
                    file.write(piece)
                file.flush()
                os.fsync(descriptor)
            os.replace(draft, target)  # noqa: PTH105
        except BaseException:
            Path(draft).unlink(missing_ok=True)
            raise
        _fsync_folder(folder)
        if is_new:  # the name of a new folder is part of its parent
            _fsync_folder(os.path.dirname(folder))  # noqa: PTH120
        return name

    def save_first(self, name: str, content: bytes) -> None:
        """The first file of a new folder, which nobody knows yet: durable once this returns.

        So nobody can see half of it, and it needs no other name while it is written: the rename would have to reach
        the disk by a journal entry of its own, and one such file is written for each job that is sent. What a killed
        process leaves of it lies in a folder that no row names. Raises OSError, FileExistsError for a known folder.
        """
        target = self.path(name)
        folder = os.path.dirname(target)  # noqa: PTH120
        try:
            os.mkdir(folder, 0o700)  # noqa: PTH102
        except FileNotFoundError:
            Path(folder).mkdir(mode=0o700, parents=True)
        try:
            descriptor = os.open(target, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
            with open(descriptor, "wb", buffering=0) as file:  # noqa: PTH123 - a descriptor is no path
                left = memoryview(content)
                while left:
                    left = left[file.write(left) :]
                os.fsync(descriptor)
        except BaseException:
            self.delete_folder(os.path.dirname(name))  # noqa: PTH120
            raise
        _fsync_folder(folder)
        _fsync_folder(os.path.dirname(folder))  # noqa: PTH120 - the name of a new folder is part of its parent

    def delete_folder(self, name: str) -> None:
        """Remove a folder and the files in it; nothing to remove is no error."""
        folder = Path(self.path(name))
        with contextlib.suppress(FileNotFoundError):
            for entry in list(folder.iterdir()):
                entry.unlink(missing_ok=True)
            # A late writer may put one more file there: it removes it itself when its lease turns out to be lost.
            with contextlib.suppress(OSError):
                folder.rmdir()

    def folders(self, name: str) -> Iterator[tuple[str, dict[str, float]]]:
        """Each folder in this one, with its files and when each was last changed; the folder itself is named ""."""
        top = Path(self.path(name))
        try:
            found = list(top.iterdir())  # before any is looked into: they go while we look
        except FileNotFoundError:
            return
        for folder in found:
            with contextlib.suppress(FileNotFoundError, NotADirectoryError):
                yield folder.name, _times(folder)

    def tidy(self) -> None:
        """Nothing: a draft lies in its job's folder, where housekeeping finds it."""


def _times(folder: Path) -> dict[str, float]:
    times = {"": folder.stat().st_mtime}
    for file in list(folder.iterdir()):
        with contextlib.suppress(FileNotFoundError):
            times[file.name] = file.stat().st_mtime
    return times


class SpeechStorage(Protocol):
    """What both kinds of speech storage can do beyond Django's interface."""

    def save_first(self, name: str, content: bytes) -> None: ...

    def delete_folder(self, name: str) -> None: ...

    def folders(self, name: str) -> Iterator[tuple[str, dict[str, float]]]: ...

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
    """Store the text in a new folder. Raises OSError."""
    _speech().save_first(text_name(folder), text.encode())


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


def old_cached_files(seconds: float) -> Iterator[str]:
    """Names of the cached chunks that are older than this."""
    now = time.time()
    for folder, times in _speech().folders(CACHE_FOLDER):
        yield from (
            f"{CACHE_FOLDER}/{folder}/{file}" for file, changed in times.items() if file and now - changed > seconds
        )


class StoredFolder(NamedTuple):
    """A job's folder as it was when it was listed."""

    folder: uuid.UUID
    files: dict[str, float]
    """The names of its files, and when each was last changed, in seconds since 1970."""
    changed: float
    """When anything in it was last changed; where folders exist by themselves, a file that was removed counts."""


def listed_folders() -> Iterator[StoredFolder]:
    """The folders that exist with all their files, from one listing however many there are; by and by."""
    for name, times in _speech().folders("jobs"):
        if _FOLDER.fullmatch(name):
            folder = uuid.UUID(hex=name)
            files = {f"{folder_name(folder)}/{file}": time for file, time in times.items() if file}
            yield StoredFolder(folder, files, max(times.values()))


def _fsync_folder(folder: str) -> None:
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
