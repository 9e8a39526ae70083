"""The voice packs that are installed, and whether they are whole."""

import hashlib
import os
from collections.abc import Collection
from dataclasses import dataclass
from pathlib import Path

from models.packs import licences
from models.packs.errors import PackBroken, PackError, PackMissing
from models.packs.manifest import MANIFEST, Manifest, check_name, is_name, parse


@dataclass(frozen=True, slots=True)
class Pack(Manifest):
    """A pack in its folder."""

    folder: Path = Path()

    def verify(self) -> None:
        """Read every file; PackBroken names the first that is missing, changed, a link, or not listed."""
        for file in self.files:
            path = self.folder / file.path
            if path.is_symlink() or not path.is_file():
                raise self._broken(path, "is missing")
            if path.stat().st_size != file.size:
                raise self._broken(path, f"has {path.stat().st_size} bytes instead of {file.size}")
            if sha256(path) != file.sha256:
                raise self._broken(path, f"has another content than the manifest says (sha256 {file.sha256})")
        listed = {file.path for file in self.files} | {MANIFEST}
        for path in sorted(self.folder.rglob("*")):
            if not path.is_dir() and path.relative_to(self.folder).as_posix() not in listed:
                raise self._broken(path, "is not listed in the manifest")

    def _broken(self, path: Path, what: str) -> PackBroken:
        return PackBroken(f"voice pack {self.name}: {path} {what}; install the pack again with --replace")


def installed(voices_dir: Path) -> list[Pack]:
    """The packs in this folder by name. A folder whose manifest cannot be read raises PackError, naming it."""
    return [get(voices_dir, name) for name in names(voices_dir)]


def names(voices_dir: Path) -> list[str]:
    """The names of the folders that hold a manifest, readable or not."""
    if not voices_dir.is_dir():
        return []
    folders = (folder for folder in voices_dir.iterdir() if is_name(folder.name))
    return sorted(folder.name for folder in folders if (folder / MANIFEST).is_file())


def get(voices_dir: Path, name: str) -> Pack:
    """The installed pack of this name, its files not read. PackMissing, PackError."""
    folder = voices_dir / check_name(name)
    try:
        manifest = parse((folder / MANIFEST).read_bytes(), str(folder / MANIFEST))
    except (FileNotFoundError, NotADirectoryError) as error:
        raise PackMissing(
            f"voice pack {name} is not installed in {voices_dir}: run manage.py voices install {name}"
        ) from error
    except OSError as error:
        raise PackError(f"{folder / MANIFEST} cannot be read: {error.strerror or error}") from error
    if manifest.name != name:
        raise PackError(f"{folder / MANIFEST}: name is {manifest.name!r}, the folder is called {name!r}")
    return placed(manifest, folder)


def placed(manifest: Manifest, folder: Path) -> Pack:
    """The manifest's pack in this folder."""
    return Pack(**{field: getattr(manifest, field) for field in Manifest.__dataclass_fields__}, folder=folder)


def check_licence(pack: Pack, accepted: Collection[str]) -> None:
    """LicenceNotAccepted unless the pack's licence is free, in `accepted`, or was accepted at its installation."""
    licences.check(pack.name, pack.licence, accepted, pack.folder.parent)


def sha256(path: Path) -> str:
    """The file's hash in hexadecimal."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def sync_folder(folder: Path) -> None:
    """Make renames in this folder survive a power cut."""
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
