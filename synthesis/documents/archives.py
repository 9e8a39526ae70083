"""Zip files that others have made: looked at before anything is unpacked, and read through a counter."""

import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from synthesis.documents.errors import Refused

MOST_MEMBERS = 20_000
MOST_BYTES = 512 << 20
"""Of all members together, unpacked: an illustrated book."""
MOST_BYTES_OF_TEXT = 64 << 20
"""Of one member that is read."""


class Archive:
    """The members of an open zip file, by name."""

    def __init__(self, archive: zipfile.ZipFile) -> None:
        self._archive = archive
        members = archive.infolist()
        if len(members) > MOST_MEMBERS or sum(member.file_size for member in members) > MOST_BYTES:
            raise Refused("The archive unpacks to more than is read.")
        if any(member.flag_bits & 1 for member in members):
            raise Refused("The file is protected by a password.")

    def read(self, name: str) -> bytes:
        """The member's content. Raises Refused when it is missing, damaged or too large, KeyError never."""
        try:
            with self._archive.open(name) as member:
                # One more than allowed: a header that lies about the size is caught here too.
                content = member.read(MOST_BYTES_OF_TEXT + 1)
        except KeyError:
            raise Refused("The file is damaged: a part of it is missing.") from None
        except (zipfile.BadZipFile, OSError, NotImplementedError, RuntimeError, EOFError) as error:
            raise Refused("The file is damaged.") from error
        if len(content) > MOST_BYTES_OF_TEXT:
            raise Refused("A part of the file is larger than is read.")
        return content

    def __contains__(self, name: str) -> bool:
        return name in self._archive.NameToInfo


@contextmanager
def opened(path: Path, kind: str) -> Iterator[Archive]:
    """Raises Refused when the file is no zip file."""
    try:
        with zipfile.ZipFile(path) as archive:
            yield Archive(archive)
    except zipfile.BadZipFile as error:
        raise Refused(f"This is no {kind} file, or it is damaged.") from error
