"""The file of a backup: a tar that ends with one checksum over all that stands before it.

    manifest.json     format, version, time, the migrations that the rows belong to
    rows.jsonl.gz     a row a line: [model, {field: value}]
    files/jobs/…      texts and audio under their names in the speech storage
    deleted.json      folders of jobs that were deleted while their files were being copied
    checksum          SHA-256 over name and SHA-256 of every member, in their order

It is written and checked in one pass with flat memory, however many files there are.
"""

import hashlib
import io
import json
import re
import tarfile
from collections.abc import Iterator
from typing import IO, Any, BinaryIO

FORMAT = 1
MANIFEST, ROWS, DELETED, CHECKSUM = "manifest.json", "rows.jsonl.gz", "deleted.json", "checksum"
FILES = "files/"
# Nothing else is ever written there: a name of a foreign archive cannot leave the storage.
_FILE = re.compile(r"files/(jobs/[0-9a-f]{32}/[0-9a-z]+(?:\.[0-9a-z]+)+)")
_BLOCK_BYTES = 1 << 20


class BadArchive(Exception):
    """The file is no whole backup. The message is one line."""


class Writer:
    """Appends members; `close` writes the checksum, without which the archive counts as cut off."""

    def __init__(self, target: BinaryIO) -> None:
        self._tar = tarfile.open(fileobj=target, mode="w|", format=tarfile.PAX_FORMAT)  # noqa: SIM115 - closed below
        self._total = hashlib.sha256()

    def add(self, name: str, content: IO[bytes], size: int) -> None:
        """A member of exactly `size` bytes. Raises OSError when there are fewer."""
        member = tarfile.TarInfo(name)
        member.size, member.mode = size, 0o600
        hashed = _Hashed(content)
        self._tar.addfile(member, hashed)
        self._note(name, hashed.digest.digest())

    def add_json(self, name: str, value: object) -> None:
        content = json.dumps(value, indent=1).encode()
        self.add(name, io.BytesIO(content), len(content))

    def close(self) -> None:
        content = self._total.hexdigest().encode()
        self.add(CHECKSUM, io.BytesIO(content), len(content))
        self._tar.close()

    def _note(self, name: str, digest: bytes) -> None:
        self._total.update(name.encode() + b"\0" + digest)


class _Hashed:
    """A file that hashes what is read from it."""

    def __init__(self, file: IO[bytes]) -> None:
        self._file = file
        self.digest = hashlib.sha256()

    def read(self, size: int = -1) -> bytes:
        block = self._file.read(size)
        self.digest.update(block)
        return block


def check(source: BinaryIO) -> tuple[dict[str, Any], list[str]]:
    """Read the whole archive; its manifest, and the folders of jobs that are not to be restored. Raises BadArchive."""
    try:
        return _check(source)
    except (tarfile.TarError, EOFError) as error:
        raise BadArchive("The file is no backup, or it is cut off.") from error


def _check(source: BinaryIO) -> tuple[dict[str, Any], list[str]]:
    total = hashlib.sha256()
    manifest: dict[str, Any] | None = None
    deleted: list[str] = []
    last = ""
    for name, content in members(source):
        if last == CHECKSUM:
            raise BadArchive("There is something behind the checksum of the backup.")
        last = name
        if name == CHECKSUM:
            if content.read().decode("ascii", "replace") != total.hexdigest():
                raise BadArchive("The checksum of the backup is wrong: the file was changed or damaged.")
            continue
        small, digest = _digest(content, keep=name in {MANIFEST, DELETED})
        total.update(name.encode() + b"\0" + digest)
        if name == MANIFEST:
            manifest = _json(small)
        elif name == DELETED:
            deleted = [str(folder) for folder in _json(small)["folders"]]
    if last != CHECKSUM or manifest is None:
        raise BadArchive("The backup is cut off: its checksum is missing.")
    if manifest.get("format") != FORMAT:
        raise BadArchive(f"The backup has format {manifest.get('format')}; this version reads format {FORMAT}.")
    return manifest, deleted


def members(source: BinaryIO) -> Iterator[tuple[str, IO[bytes]]]:
    """Name and content of every member, from the beginning. Raises BadArchive, TarError."""
    source.seek(0)
    with tarfile.open(fileobj=source, mode="r|") as tar:
        for member in tar:
            content = tar.extractfile(member)
            known = member.name in {MANIFEST, ROWS, DELETED, CHECKSUM} or _FILE.fullmatch(member.name)
            if content is None or not known:
                raise BadArchive("The file holds something that no backup holds.")
            yield member.name, content


def stored_name(member: str) -> str | None:
    """The name in the speech storage of a member that is a file of a job."""
    match = _FILE.fullmatch(member)
    return match[1] if match else None


def _digest(content: IO[bytes], *, keep: bool) -> tuple[bytes, bytes]:
    digest, kept = hashlib.sha256(), b""
    while block := content.read(_BLOCK_BYTES):
        digest.update(block)
        if keep:
            kept += block
    return kept, digest.digest()


def _json(content: bytes) -> dict[str, Any]:
    try:
        value = json.loads(content)
    except ValueError as error:
        raise BadArchive("The backup cannot be read.") from error
    if not isinstance(value, dict):
        raise BadArchive("The backup cannot be read.")
    return value
