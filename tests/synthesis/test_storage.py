"""Files are complete or absent."""

import os
import uuid
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.core.files.base import ContentFile, File

from synthesis import storage

FOLDER = uuid.uuid4()
NAME = storage.text_name(FOLDER)


class Broken(File):  # type: ignore[type-arg]
    """Breaks after its first piece."""

    def __init__(self) -> None:
        super().__init__(None)

    def chunks(self, chunk_size: int | None = None) -> Iterator[bytes]:
        yield b"half"
        raise OSError(28, "No space left on device")


def names(media: Path) -> list[str]:
    return sorted(str(path.relative_to(media)) for path in media.rglob("*") if path.is_file())


def test_it_works(media: Path) -> None:
    storage.save_text(FOLDER, "Şəki 😀")
    assert storage.read_text(FOLDER) == "Şəki 😀"
    assert names(media) == [NAME]
    assert storage.stored_folders() == [FOLDER]


def test_read_part(media: Path) -> None:
    storage.save_text(FOLDER, "Şəki 😀 Bakı")
    assert storage.read_part(NAME, 0, 4) == "Şə"
    assert storage.read_part(NAME, 7, 4) == "😀"


def test_nothing_is_visible_of_a_failure(media: Path) -> None:
    with pytest.raises(OSError, match="No space"):
        storage.speech_storage().save(NAME, Broken())
    assert names(media) == []


def test_an_old_file_survives_a_failed_overwrite(media: Path) -> None:
    storage.save_text(FOLDER, "old")
    with pytest.raises(OSError, match="No space"):
        storage.DurableFileSystemStorage(location=media)._save(NAME, Broken())
    assert storage.read_text(FOLDER) == "old"
    assert names(media) == [NAME]


def test_written_before_it_is_named(media: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The bytes reach the disk before the name, and the name before anybody is told: a power cut loses nothing."""
    events: list[str] = []
    fsync, replace = os.fsync, os.replace

    def watched_fsync(descriptor: int) -> None:
        events.append(f"fsync {Path(f'/proc/self/fd/{descriptor}').readlink().relative_to(media.parent)}")
        fsync(descriptor)

    def watched_replace(draft: str, target: str) -> None:
        events.append("rename")
        replace(draft, target)

    monkeypatch.setattr(os, "fsync", watched_fsync)
    monkeypatch.setattr(os, "replace", watched_replace)
    storage.speech_storage().save(NAME, ContentFile(b"salam"))
    rename = events.index("rename")
    assert any(event.endswith(".draft") for event in events[:rename])
    assert f"fsync media/jobs/{FOLDER.hex}" in events[rename:]
    # The folder is new: its own name has to be on the disk, too.
    assert "fsync media/jobs" in events


def test_a_text_is_on_the_disk_with_its_folder(media: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    events: list[str] = []
    fsync = os.fsync

    def watched_fsync(descriptor: int) -> None:
        events.append(str(Path(f"/proc/self/fd/{descriptor}").readlink().relative_to(media)))
        fsync(descriptor)

    monkeypatch.setattr(os, "fsync", watched_fsync)
    storage.save_text(FOLDER, "salam")
    assert events == [NAME, f"jobs/{FOLDER.hex}", "jobs"]
    assert [oct(path.stat().st_mode & 0o777) for path in (media / NAME, (media / NAME).parent)] == ["0o600", "0o700"]


def test_nothing_is_left_of_a_text_that_does_not_fit(media: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(_: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(OSError, match="No space"):
        storage.save_text(FOLDER, "salam")
    assert storage.stored_folders() == []


def test_a_text_is_never_overwritten(media: Path) -> None:
    storage.save_text(FOLDER, "old")
    with pytest.raises(FileExistsError):
        storage.save_text(FOLDER, "new")
    assert storage.read_text(FOLDER) == "old"


def test_delete_folder(media: Path) -> None:
    storage.save_text(FOLDER, "salam")
    storage.speech_storage().save(storage.audio_name(FOLDER, uuid.uuid4()), ContentFile(b"x"))
    (media / storage.folder_name(FOLDER) / ".left.draft").write_bytes(b"x")
    storage.delete_files(FOLDER)
    assert list((media / "jobs").iterdir()) == []
    storage.delete_files(FOLDER)  # nothing there is no error


def test_stored_folders(media: Path) -> None:
    assert storage.stored_folders() == []
    storage.save_text(FOLDER, "salam")
    (media / "jobs" / "lost+found").mkdir()
    assert storage.stored_folders() == [FOLDER]


def test_listed_folders(media: Path) -> None:
    assert list(storage.listed_folders()) == []
    storage.save_text(FOLDER, "salam")
    (media / "jobs" / "lost+found").mkdir()
    (media / "jobs" / "a file").touch()
    os.utime(media / storage.text_name(FOLDER), (1000, 1000))
    os.utime(media / storage.folder_name(FOLDER), (2000, 2000))
    empty = uuid.UUID(int=8)
    (media / storage.folder_name(empty)).mkdir()
    os.utime(media / storage.folder_name(empty), (3000, 3000))
    assert sorted(storage.listed_folders(), key=lambda stored: stored.changed) == [
        storage.StoredFolder(FOLDER, {storage.text_name(FOLDER): 1000}, 2000),
        storage.StoredFolder(empty, {}, 3000),
    ]


def test_names_of_two_attempts_differ() -> None:
    first, second = uuid.uuid4(), uuid.uuid4()
    assert storage.chunk_name(FOLDER, 1, first) != storage.chunk_name(FOLDER, 1, second)
    assert storage.audio_name(FOLDER, first) != storage.audio_name(FOLDER, second)


@pytest.mark.parametrize("name", ["../x", "/etc/x", "jobs/../../x"])
def test_no_way_out_of_the_folder(media: Path, name: str) -> None:
    from django.core.exceptions import SuspiciousFileOperation

    with pytest.raises(SuspiciousFileOperation):
        storage.speech_storage().save(name, ContentFile(b"x"))
