"""Put voice packs in their place, and take them away.

Everything is gathered and checked in ``<voices>/.incoming/<name>``; then one rename makes it the pack. Whatever stops
the work before (a bad file, a full disk, ``kill -9``) leaves the installed packs as they were, and the next try goes on
with what is there. A lock per pack name makes two at once wait for each other; the kernel frees it when one is killed.
"""

import contextlib
import ctypes
import errno
import fcntl
import hashlib
import json
import os
import shutil
from collections.abc import Callable, Collection, Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

from models.packs import known, library, licences, manifest
from models.packs.bundle import BundleSource
from models.packs.errors import PackError, PackMissing
from models.packs.library import Pack
from models.packs.manifest import MANIFEST, Manifest, PackFile
from models.packs.sources import Description, Source, Wanted, check_content

RESERVE_BYTES = 64 << 20
"""Stays free on the disk."""
_BLOCK_BYTES = 1 << 20
_RENAME_EXCHANGE = 2
_AT_FDCWD = -100


class Store:
    """The folder of packs. `accepted` are licences that the operator accepted by settings."""

    def __init__(
        self, voices_dir: Path, accepted: Collection[str] = (), say: Callable[[str], None] = lambda line: None
    ) -> None:
        self.voices_dir = voices_dir
        self._accepted = frozenset(accepted)
        self._say = say

    def install(self, description: Description, source: Source, *, replacing: bool = False) -> Pack:
        """Fetch, check and place a pack; the installed one when it came from the same place already.

        Raises LicenceNotAccepted and PackError; nothing that was installed is changed then.
        """
        name = manifest.check_name(description.name)
        self._check_licence(name, description.licence)
        with self._failures(), self._locked(name):
            self._recover(name)
            if not replacing and (present := self._present(name, source)) is not None:
                _delete(self.voices_dir / ".incoming" / name)
                return present
            incoming = self._incoming(name, source.description)
            source.prepare(incoming / "download", self._space)
            return self._place(self._gather(description, source, incoming), incoming)

    def import_bundle(self, file: Path, *, replacing: bool = False) -> Pack:
        """Place the pack of a bundle; it is compared with its manifest before. As `install`."""
        source = BundleSource(file)
        stated = source.manifest
        self._check_licence(stated.name, stated.licence)
        with self._failures(), self._locked(stated.name):
            self._recover(stated.name)
            with contextlib.suppress(PackMissing):
                present = library.get(self.voices_dir, stated.name)
                if present.files == stated.files and not replacing:
                    return present
                if not replacing:
                    raise _occupied(present)
            incoming = self._incoming(stated.name, f"bundle {_fingerprint(stated)}")
            self._fetch_all(source.files(), source, incoming / "files")
            return self._place(stated, incoming)

    def remove(self, name: str) -> None:
        """Delete a pack and what an unfinished installation of it has kept. PackMissing when neither is there."""
        with self._failures(), self._locked(manifest.check_name(name)):
            self._recover(name)
            folder, incoming = self.voices_dir / name, self.voices_dir / ".incoming" / name
            if not folder.exists() and not incoming.exists():
                raise PackMissing(f"voice pack {name} is not installed in {self.voices_dir}")
            _delete(incoming)
            if folder.exists():
                gone = self._hidden("removed") / name
                folder.rename(gone)
                library.sync_folder(self.voices_dir)
                _delete(gone)

    def _check_licence(self, name: str, licence: str) -> None:
        known.check_licence(name, licence)
        licences.check(name, licence, self._accepted, self.voices_dir)

    # --- One installation -------------------------------------------------------------------------------------------

    def _present(self, name: str, source: Source) -> Pack | None:
        """The installed pack when it is from this source; PackError when another one has its name."""
        try:
            present = library.get(self.voices_dir, name)
        except PackMissing:
            return None
        if present.source == source.description:
            return present
        raise _occupied(present)

    def _gather(self, description: Description, source: Source, incoming: Path) -> Manifest:
        wanted = _selection(description, source)
        files = self._fetch_all(wanted, source, incoming / "files")
        try:
            made = Manifest(
                name=description.name,
                title=description.title,
                family=description.family or _family(incoming / "files"),
                languages=description.languages,
                licence=licences.expression(description.licence),
                source=source.description,
                files=tuple(files),
                pinned=all(file.sha256 for file in wanted),
            )
            # what cannot be read back is not written
            return manifest.parse(manifest.to_toml(made), MANIFEST)
        except ValueError as error:
            raise PackError(f"voice pack {description.name}: {error}") from error

    def _fetch_all(self, wanted: Collection[Wanted], source: Source, folder: Path) -> list[PackFile]:
        folder.mkdir(parents=True, exist_ok=True)
        keep = {file.path for file in wanted}
        for path in _files_below(folder):
            if path.removesuffix(".part") not in keep:
                (folder / path).unlink()
        here = sum((folder / path).stat().st_size for path in _files_below(folder))
        self._space(sum(file.size or 0 for file in wanted) - here)
        return [self._fetch(file, source, folder / file.path) for file in wanted]

    def _fetch(self, wanted: Wanted, source: Source, target: Path) -> PackFile:
        """The file in its place under `incoming`, checked; what an earlier try left is used."""
        target.parent.mkdir(parents=True, exist_ok=True)
        if target.exists():
            digest = library.sha256(target)
            if wanted.sha256 == digest and target.stat().st_size == wanted.size:
                return PackFile(wanted.path, target.stat().st_size, digest)
            target.rename(_part(target))  # compared block by block below, as nothing else tells that it is right
        self._say(f"{wanted.path}")
        digest, size = _copy(source, wanted, _part(target))
        if wanted.size is not None and size != wanted.size:
            raise _refused(_part(target), f"{wanted.path} has {size} bytes instead of {wanted.size}")
        if wanted.sha256 and digest != wanted.sha256:
            raise _refused(_part(target), f"{wanted.path} has sha256 {digest} instead of {wanted.sha256}")
        try:
            check_content(_part(target), wanted.path)
        except PackError:
            _part(target).unlink()
            raise
        _part(target).rename(target)
        return PackFile(wanted.path, size, digest)

    def _place(self, made: Manifest, incoming: Path) -> Pack:
        ready = incoming / "files"
        with (ready / MANIFEST).open("wb") as file:
            file.write(manifest.to_toml(made))
            file.flush()
            os.fsync(file.fileno())
        for folder in (ready, *(path for path in ready.rglob("*") if path.is_dir())):
            library.sync_folder(folder)
        target = self.voices_dir / made.name
        if target.exists():
            self._exchange(ready, target)
        else:
            ready.rename(target)
        library.sync_folder(self.voices_dir)
        _delete(incoming)
        return library.placed(made, target)

    def _exchange(self, ready: Path, target: Path) -> None:
        """Put `ready` in the place of `target`: in one step where the file system can, else in two that `_recover`
        completes.
        """
        try:
            _exchange_names(ready, target)
        except OSError as error:
            if error.errno not in (errno.ENOSYS, errno.EINVAL, errno.ENOTSUP):
                raise
            outgoing = self._hidden("outgoing") / target.name
            _delete(outgoing)
            target.rename(outgoing)
            ready.rename(target)
            _delete(outgoing)

    def _recover(self, name: str) -> None:
        """Finish what a killed process left half done."""
        outgoing, target = self.voices_dir / ".outgoing" / name, self.voices_dir / name
        if outgoing.exists() and not target.exists():
            outgoing.rename(target)
        _delete(outgoing)
        _delete(self.voices_dir / ".removed" / name)

    # --- Folders, locks, space --------------------------------------------------------------------------------------

    def _incoming(self, name: str, origin: str) -> Path:
        """The folder for what is coming, emptied when what is in it came from somewhere else."""
        folder = self._hidden("incoming") / name
        note = folder / "origin"
        if note.exists() and note.read_text(encoding="utf-8") == origin:
            return folder
        _delete(folder)
        folder.mkdir(mode=0o700)
        note.write_text(origin, encoding="utf-8")
        return folder

    def _hidden(self, name: str) -> Path:
        folder = self.voices_dir / f".{name}"
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        return folder

    def _space(self, needed: int) -> None:
        free = shutil.disk_usage(self.voices_dir).free
        if needed > 0 and free < needed + RESERVE_BYTES:
            raise PackError(
                f"{self.voices_dir} has {free / 1e6:.0f} MB free, {(needed + RESERVE_BYTES) / 1e6:.0f} MB are needed",
                code="no_space",
            )

    @contextmanager
    def _locked(self, name: str) -> Iterator[None]:
        with (self._hidden("locks") / name).open("wb") as lock:
            try:
                fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                self._say(f"another process works on {name}; waiting for it")
                fcntl.flock(lock, fcntl.LOCK_EX)
            yield

    @contextmanager
    def _failures(self) -> Iterator[None]:
        """What the operating system refuses, in one line."""
        try:
            yield
        except OSError as error:
            where = error.filename or self.voices_dir
            raise PackError(
                f"{where}: {error.strerror or error}; what was fetched is kept, run the command again",
                code="no_space" if error.errno in (errno.ENOSPC, errno.EDQUOT) else "voice_pack",
            ) from error


def _selection(description: Description, source: Source) -> list[Wanted]:
    """The files to take, with all that source and description know of them."""
    offered = {file.path: file for file in source.files()}
    if not description.files:
        if not offered:
            raise PackError(f"{source.description} holds no files of a voice pack")
        return list(offered.values())
    chosen = []
    for file in description.files:
        if file.path not in offered:
            raise PackError(f"{source.description} has no file {file.path}, which {description.name} needs")
        size = offered[file.path].size if file.size is None else file.size
        chosen.append(replace(file, size=size, sha256=file.sha256 or offered[file.path].sha256))
    return chosen


def _copy(source: Source, wanted: Wanted, part: Path) -> tuple[str, int]:
    """Copy the source's bytes into `part`; the hash and the number of bytes.

    What `part` holds already is compared, and written again from the first difference on. Stops soon after the stated
    size: a source that never ends does not fill the disk.
    """
    digest, size = hashlib.sha256(), 0
    part.touch(mode=0o600)
    with source.open(wanted.path) as stream, part.open("r+b") as target:
        same = True
        while block := stream.read(_BLOCK_BYTES):
            digest.update(block)
            size += len(block)
            same = same and target.read(len(block)) == block
            if not same:
                target.seek(size - len(block))
                target.write(block)
            if wanted.size is not None and size > wanted.size:
                break
        target.truncate(size)
        target.flush()
        os.fsync(target.fileno())
    return digest.hexdigest(), size


def _family(folder: Path) -> str:
    """The kind of model that these files are, by what its makers call it in the configuration."""
    if any(folder.glob("G_*.pth")) and (folder / "vocab.txt").exists():
        return "mms"
    try:
        config = json.loads((folder / "config.json").read_text(encoding="utf-8"))
    except (OSError, ValueError):
        config = None
    if isinstance(config, dict) and isinstance(config.get("model"), str):
        return str(config["model"]).lower()
    if isinstance(config, dict) and config.get("model_type") == "vits":
        raise PackError("these are files of a Hugging Face VitsModel: run manage.py voices convert FOLDER NAME")
    if isinstance(config, dict) and isinstance(config.get("model"), dict) and "_version_" in config:
        return "openvoice"
    raise PackError("the files do not tell what kind of model they are: say it with --family")


def _exchange_names(first: Path, second: Path) -> None:
    """Swap two names in one step (Linux). OSError with ENOSYS where libc or the file system cannot."""
    libc = ctypes.CDLL(None, use_errno=True)
    if not hasattr(libc, "renameat2"):
        raise OSError(errno.ENOSYS, os.strerror(errno.ENOSYS))
    if libc.renameat2(_AT_FDCWD, os.fsencode(first), _AT_FDCWD, os.fsencode(second), _RENAME_EXCHANGE) != 0:
        raise OSError(ctypes.get_errno(), os.strerror(ctypes.get_errno()), str(second))


def _occupied(present: Pack) -> PackError:
    return PackError(
        f"voice pack {present.name} is installed already, from {present.source}: use --replace, or another name"
    )


def _refused(part: Path, message: str) -> PackError:
    part.unlink(missing_ok=True)
    return PackError(message, code="voice_pack_refused")


def _fingerprint(stated: Manifest) -> str:
    return hashlib.sha256(manifest.to_toml(stated)).hexdigest()


def _part(target: Path) -> Path:
    return target.with_name(target.name + ".part")


def _files_below(folder: Path) -> list[str]:
    return [path.relative_to(folder).as_posix() for path in folder.rglob("*") if not path.is_dir() or path.is_symlink()]


def _delete(path: Path) -> None:
    if path.exists():
        shutil.rmtree(path)
