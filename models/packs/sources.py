"""Where the files of a voice pack come from: what is on this machine already. Downloads are in ``remote.py``."""

import base64
import importlib.metadata
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import Protocol

from models.packs import manifest, tensor_files
from models.packs.errors import PackError

Space = Callable[[int], None]
"""Raises PackError when the disk has not so many bytes left."""

_BLOCK_BYTES = 1 << 20


@dataclass(frozen=True, slots=True)
class Wanted:
    """A file to take: its path in the pack; bytes and sha256 where they are known beforehand."""

    path: str
    size: int | None = None
    sha256: str = ""


@dataclass(frozen=True, slots=True)
class Description:
    """What is known of a pack before its files are here. An empty `family` is found out from the files."""

    name: str
    title: str
    licence: str
    languages: tuple[str, ...] = ()
    family: str = ""
    files: tuple[Wanted, ...] = ()
    """The files to take, with hashes where they are known; none: all that the source has."""


class Readable(Protocol):
    """As much of an open file as taking a copy needs."""

    def read(self, count: int, /) -> bytes:
        """At most so many bytes; none at the end."""


class Source(Protocol):
    """Files of one pack. ``prepare`` comes first."""

    @property
    def description(self) -> str:
        """One line for the manifest, known before `prepare`: the same line means the same files."""

    def prepare(self, scratch: Path, space: Space) -> None:
        """Bring the files to this machine, into `scratch` if need be. Raises PackError; can be called again."""

    def files(self) -> Sequence[Wanted]:
        """What is there, of the kinds that a pack may hold."""

    def open(self, path: str) -> AbstractContextManager[Readable]:
        """A context manager with the file's bytes from its beginning."""


class FolderSource:
    """The files of a folder, hidden ones and other kinds than a pack may hold left out."""

    def __init__(self, folder: Path, description: str = "") -> None:
        self.folder = folder
        self.description = description or f"folder {folder.absolute()}"

    def prepare(self, scratch: Path, space: Space) -> None:
        """PackError when there is no such folder."""
        if not self.folder.is_dir():
            raise PackError(f"{self.folder} is not a folder")

    def files(self) -> list[Wanted]:
        """Every readable file with its size. Links to files are followed: a hub's cache is made of them."""
        found = []
        for file in sorted(self.folder.rglob("*")):
            path = file.relative_to(self.folder).as_posix()
            if file.is_file() and is_wanted(path):
                found.append(Wanted(path, file.stat().st_size))
        return found

    @contextmanager
    def open(self, path: str) -> Iterator[Readable]:
        with (self.folder / path).open("rb") as stream:
            yield stream


class PackageSource:
    """The data files of an installed pip package, found by its list of files; its code is neither run nor taken.

    The wheel's own hashes are the expected ones.
    """

    def __init__(self, package: str) -> None:
        """PackError when no such package is installed."""
        try:
            self._distribution = importlib.metadata.distribution(package)
        except (importlib.metadata.PackageNotFoundError, ValueError) as error:
            raise PackError(f"the package {package!r} is not installed: pip install {package}") from error
        self._paths: dict[str, tuple[Path, Wanted]] = {}
        self.description = f"pip:{package}=={self._distribution.version}"

    def prepare(self, scratch: Path, space: Space) -> None:
        """Look the files up; PackError when none is for a pack."""
        listed = [file for file in self._distribution.files or [] if is_data(PurePosixPath(file))]
        if not listed:
            raise PackError(f"{self.description} holds no files of a voice pack")
        top = common_folder(PurePosixPath(file) for file in listed)
        for file in listed:
            path = PurePosixPath(file).relative_to(top).as_posix()
            if is_wanted(path):
                digest = file.hash.value if file.hash and file.hash.mode == "sha256" else ""
                located = Path(str(file.locate()))
                self._paths[path] = (located, Wanted(path, located.stat().st_size, _hexadecimal(digest)))

    def files(self) -> list[Wanted]:
        return [wanted for _, wanted in self._paths.values()]

    @contextmanager
    def open(self, path: str) -> Iterator[Readable]:
        with self._paths[path][0].open("rb") as stream:
            yield stream


class JoinedSource:
    """Several sources in one pack, each in a folder of its own there; "" is the pack's top."""

    def __init__(self, parts: Sequence[tuple[Source, str]]) -> None:
        self._parts = parts

    @property
    def description(self) -> str:
        return " + ".join(source.description for source, _ in self._parts)

    def prepare(self, scratch: Path, space: Space) -> None:
        for number, (source, _) in enumerate(self._parts):
            source.prepare(scratch / str(number), space)

    def files(self) -> list[Wanted]:
        return [
            Wanted(f"{into}/{file.path}" if into else file.path, file.size, file.sha256)
            for source, into in self._parts
            for file in source.files()
        ]

    @contextmanager
    def open(self, path: str) -> Iterator[Readable]:
        for source, into in self._parts:
            inside = path.removeprefix(f"{into}/") if into else path
            if (not into or inside != path) and any(file.path == inside for file in source.files()):
                with source.open(inside) as stream:
                    yield stream
                return
        raise FileNotFoundError(path)


class ConvertedSource:
    """What a converter makes of another source's files, for formats that no engine reads."""

    def __init__(self, source: Source, convert: Callable[[Path, Path], None]) -> None:
        self._source = source
        self._convert = convert
        self._made = FolderSource(Path())

    @property
    def description(self) -> str:
        return f"converted from {self._source.description}"

    def prepare(self, scratch: Path, space: Space) -> None:
        """Fetch, check that the files are only data, and convert into `scratch`."""
        self._source.prepare(scratch, space)
        original, made = scratch / "original", scratch / "converted"
        wanted = self._source.files()
        space(2 * sum(file.size or 0 for file in wanted))
        for file in wanted:
            target = original / manifest.check_path(file.path)
            target.parent.mkdir(parents=True, exist_ok=True)
            with self._source.open(file.path) as stream, target.open("wb") as output:
                while block := stream.read(_BLOCK_BYTES):
                    output.write(block)
            check_content(target, file.path)
        self._convert(original, made)
        self._made = FolderSource(made, self.description)

    def files(self) -> list[Wanted]:
        return self._made.files()

    @contextmanager
    def open(self, path: str) -> Iterator[Readable]:
        with self._made.open(path) as stream:
            yield stream


def check_content(file: Path, path: str) -> None:
    """PackError, naming the path, unless the file holds data only."""
    try:
        tensor_files.check(file, path)
    except tensor_files.NotTensors as error:
        raise PackError(f"{path} is refused: {error}", code="voice_pack_refused") from error


def is_data(path: PurePosixPath) -> bool:
    """Whether the file is of a kind for packs and no part of a package's own paperwork or rubbish."""
    if any(part.startswith((".", "__")) or part.endswith(".dist-info") for part in path.parts):
        return False
    return tensor_files.is_allowed(path.name)


def is_wanted(path: str) -> bool:
    try:
        manifest.check_path(path)
    except ValueError:
        return False
    return tensor_files.is_allowed(path)


def common_folder(paths: Iterable[PurePosixPath]) -> PurePosixPath:
    parents = [path.parent.parts for path in paths]
    shared: list[str] = []
    for level in zip(*parents, strict=False):
        if len(set(level)) > 1:
            break
        shared.append(level[0])
    return PurePosixPath(*shared)


def _hexadecimal(urlsafe: str) -> str:
    """A wheel writes hashes in base64 without padding."""
    return base64.urlsafe_b64decode(urlsafe + "=" * (-len(urlsafe) % 4)).hex() if urlsafe else ""
