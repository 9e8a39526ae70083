"""A voice pack as one file, to carry to a host without internet.

An uncompressed tar in the plain ustar form, manifest first, then its files in the manifest's order. ``tar tf`` lists
it. It is read here header by header and not through ``tarfile.open``: only regular files under the names and with the
sizes that the manifest states, in its order, can be in a bundle, so links, devices, sparse files, other names and
extended headers are refused by being something else, and nothing is held in memory but the manifest.
"""

import contextlib
import hashlib
import os
import shutil
import tarfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import IO

from models.packs import library, manifest
from models.packs.errors import PackBroken, PackError
from models.packs.library import Pack
from models.packs.manifest import Manifest, PackFile
from models.packs.sources import Readable, Space, Wanted

_BLOCK = tarfile.BLOCKSIZE
_COPY_BYTES = 1 << 20
_LARGEST_MEMBER = 8**11 - 1  # eleven octal digits


def export(pack: Pack, file: Path) -> int:
    """Write the pack into one file and return its bytes; every hash is checked on the way.

    The file appears under its name when it is whole. PackBroken, PackError.
    """
    if too_large := [entry.path for entry in pack.files if entry.size > _LARGEST_MEMBER]:
        raise PackError(f"voice pack {pack.name}: {too_large[0]} is too large for a bundle (8 GiB)")
    part = file.with_name(file.name + ".part")
    try:
        free = shutil.disk_usage(file.parent).free
        if free < pack.size + (64 << 20):
            raise PackError(f"{file.parent} has {free} bytes free, the bundle takes {pack.size}")
        with part.open("wb") as target:
            _write(pack, target)
            target.flush()
            os.fsync(target.fileno())
        part.replace(file)
        library.sync_folder(file.parent)
    except OSError as error:
        raise PackError(f"cannot write {file}: {error.strerror or error}") from error
    finally:
        with contextlib.suppress(OSError):
            part.unlink(missing_ok=True)
    return file.stat().st_size


def _write(pack: Pack, target: IO[bytes]) -> None:
    head = manifest.to_toml(pack)
    target.write(_header(manifest.MANIFEST, len(head)))
    target.write(head + _padding(len(head)))
    for file in pack.files:
        target.write(_header(file.path, file.size))
        digest, left = hashlib.sha256(), file.size
        with (pack.folder / file.path).open("rb") as source:
            while block := source.read(min(_COPY_BYTES, left)):
                digest.update(block)
                target.write(block)
                left -= len(block)
        if left or digest.hexdigest() != file.sha256:
            raise PackBroken(f"voice pack {pack.name}: {pack.folder / file.path} is not what the manifest says")
        target.write(_padding(file.size))
    target.write(bytes(2 * _BLOCK))


def _header(name: str, size: int) -> bytes:
    member = tarfile.TarInfo(name)
    member.size, member.mode = size, 0o644
    return member.tobuf(tarfile.USTAR_FORMAT)


def _padding(size: int) -> bytes:
    return bytes(-size % _BLOCK)


class BundleSource:
    """A bundle as a source of files. `manifest` is known, and everything about the layout checked, from the start."""

    def __init__(self, file: Path) -> None:
        """PackError, naming the file, when it is no bundle, cut short, or holds what its manifest does not list."""
        self._file = file
        try:
            with file.open("rb") as stream:
                self.manifest, self._starts = _index(stream, str(file))
        except OSError as error:
            raise PackError(f"{file} cannot be read: {error.strerror or error}") from error

    @property
    def description(self) -> str:
        """Where the pack came from at first: what the manifest says."""
        return self.manifest.source

    def prepare(self, scratch: Path, space: Space) -> None:
        """Nothing: the files are here."""

    def files(self) -> Sequence[Wanted]:
        """What the manifest lists."""
        return [Wanted(file.path, file.size, file.sha256) for file in self.manifest.files]

    @contextmanager
    def open(self, path: str) -> Iterator[Readable]:
        """The file's bytes inside the bundle, from its first to its last."""
        size = next(file.size for file in self.manifest.files if file.path == path)
        with self._file.open("rb") as stream:
            stream.seek(self._starts[path])
            yield _Window(stream, size)


class _Window:
    """So many bytes of an open file."""

    def __init__(self, stream: IO[bytes], size: int) -> None:
        self._stream = stream
        self._left = size

    def read(self, count: int) -> bytes:
        block = self._stream.read(min(count, self._left))
        self._left -= len(block)
        return block


def _index(stream: IO[bytes], where: str) -> tuple[Manifest, dict[str, int]]:
    """The manifest and at which byte each of its files begins."""
    length = os.fstat(stream.fileno()).st_size
    first = _member(stream, where)
    if first.name != manifest.MANIFEST or first.size > manifest.MAXIMUM_MANIFEST:
        raise PackError(f"{where} is not a voice bundle: it does not begin with {manifest.MANIFEST}")
    stated = manifest.parse(stream.read(first.size), f"{where}: {manifest.MANIFEST}")
    stream.seek(-first.size % _BLOCK, os.SEEK_CUR)
    starts = {}
    for file in stated.files:
        _expect(_member(stream, where), file, where)
        starts[file.path] = stream.tell()
        if stream.tell() + file.size > length:
            raise PackError(f"{where} is cut short in {file.path}")
        stream.seek(file.size + -file.size % _BLOCK, os.SEEK_CUR)
    _check_end(stream, where)
    return stated, starts


def _member(stream: IO[bytes], where: str) -> tarfile.TarInfo:
    try:
        member = tarfile.TarInfo.frombuf(stream.read(_BLOCK), "utf-8", "strict")
    except tarfile.HeaderError as error:
        raise PackError(f"{where} is not a whole voice bundle: {error}") from error
    except UnicodeDecodeError as error:
        raise PackError(f"{where} holds a name that is not UTF-8") from error
    if member.type not in (tarfile.REGTYPE, tarfile.AREGTYPE) or member.size < 0:
        raise PackError(f"{where} holds {member.name!r}, which is not a regular file")
    return member


def _expect(member: tarfile.TarInfo, file: PackFile, where: str) -> None:
    if member.name != file.path:
        raise PackError(f"{where} holds {member.name!r} where its manifest lists {file.path!r}")
    if member.size != file.size:
        raise PackError(f"{where}: {file.path} has {member.size} bytes, its manifest says {file.size}")


def _check_end(stream: IO[bytes], where: str) -> None:
    if len(ending := stream.read(2 * _BLOCK)) < 2 * _BLOCK:
        raise PackError(f"{where} is cut short")
    while ending:
        if any(ending):
            raise PackError(f"{where} holds something that its manifest does not list")
        ending = stream.read(_COPY_BYTES)
