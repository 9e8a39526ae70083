"""Voice packs from the network: an archive at an address, Hugging Face, Coqui's model list.

Only what the command line asks for is fetched, and only from here. A download that was interrupted goes on where it
stopped.
"""

import http.client
import importlib
import importlib.util
import json
import urllib.error
import urllib.request
import zipfile
import zlib
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from email.message import Message
from functools import partial
from pathlib import Path, PurePosixPath
from typing import IO, Any
from urllib.parse import urlsplit

from models.packs.errors import PackError
from models.packs.sources import (
    FolderSource,
    PackageSource,
    Readable,
    Source,
    Space,
    Wanted,
    common_folder,
    is_data,
    is_wanted,
)

_BLOCK_BYTES = 1 << 20
_TIMEOUT_SECONDS = 60


class ArchiveSource:
    """A zip at an address, as Coqui's releases are. Its top folder is left out of the names."""

    def __init__(self, url: str) -> None:
        self.description = url
        self._archive = Path()
        self._members: dict[str, zipfile.ZipInfo] = {}

    def prepare(self, scratch: Path, space: Space) -> None:
        """Download, or go on with it, and read the list of members."""
        scratch.mkdir(parents=True, exist_ok=True)
        self._archive = scratch / "archive.zip"
        download(self.description, self._archive, space)
        try:
            with zipfile.ZipFile(self._archive) as archive:
                self._members = _members(archive)
        except (zipfile.BadZipFile, NotImplementedError, UnicodeDecodeError) as error:
            self._archive.unlink()
            raise PackError(f"{self.description} is not a whole zip archive: {error}") from error
        if not self._members:
            raise PackError(f"{self.description} holds no files of a voice pack")

    def files(self) -> list[Wanted]:
        return [Wanted(path, member.file_size) for path, member in self._members.items()]

    @contextmanager
    def open(self, path: str) -> Iterator[Readable]:
        try:
            with zipfile.ZipFile(self._archive) as archive, archive.open(self._members[path]) as stream:
                yield stream
        except (zipfile.BadZipFile, NotImplementedError, EOFError, zlib.error) as error:
            self._archive.unlink()
            raise PackError(f"{self.description}: {path} is damaged in the archive: {error}") from error


class FileSource:
    """One file at an address, called as there."""

    def __init__(self, url: str) -> None:
        self.description = url
        self._path = PurePosixPath(urlsplit(url).path).name
        self._file = Path()
        if not is_wanted(self._path):
            raise PackError(f"{url!r} is not an address of a zip archive or of a file for a voice pack")

    def prepare(self, scratch: Path, space: Space) -> None:
        """Download, or go on with it."""
        scratch.mkdir(parents=True, exist_ok=True)
        self._file = scratch / self._path
        download(self.description, self._file, space)

    def files(self) -> list[Wanted]:
        return [Wanted(self._path, self._file.stat().st_size)]

    @contextmanager
    def open(self, path: str) -> Iterator[Readable]:
        with self._file.open("rb") as stream:
            yield stream


class HubSource:
    """Files of a Hugging Face repository, by the ordinary library. It keeps and resumes its own partial files.

    `prefix` is a folder in the repository that becomes the pack's top; `allow` and `ignore` are the library's patterns.
    """

    def __init__(
        self,
        repository: str,
        revision: str = "main",
        prefix: str = "",
        *,
        allow: Sequence[str] = (),
        ignore: Sequence[str] = (),
    ) -> None:
        self.description = f"hf:{repository}@{revision}" + (f":{prefix}" if prefix else "")
        self._repository = repository
        self._revision = revision
        self._prefix = prefix.strip("/")
        self._allow = list(allow) or ([f"{self._prefix}/*"] if self._prefix else [])
        self._ignore = list(ignore)
        self._folder = FolderSource(Path())

    def limit(self, paths: Sequence[str]) -> None:
        """Fetch these files of the pack only: repositories hold training data too."""
        self._allow = [f"{self._prefix}/{path}" if self._prefix else path for path in paths]

    def prepare(self, scratch: Path, space: Space) -> None:
        """Download into `scratch`; PackError when the library is missing or gives up."""
        try:
            import huggingface_hub
            from huggingface_hub.errors import HfHubHTTPError
        except ImportError as error:
            raise PackError(
                "huggingface_hub is not installed (requirements-coqui.txt brings it): pip install huggingface_hub,"
                " or bring the files yourself and use --from FOLDER"
            ) from error
        target = scratch / "hub"
        fetch = partial(
            huggingface_hub.snapshot_download,
            self._repository,
            revision=self._revision,
            local_dir=str(target),
            allow_patterns=self._allow or None,
            ignore_patterns=self._ignore or None,
        )
        try:
            space(sum(file.file_size for file in fetch(dry_run=True) if file.will_download))
            fetch()
        except (HfHubHTTPError, OSError, ValueError, *_http_errors()) as error:
            raise PackError(
                f"{self.description} cannot be fetched ({type(error).__name__}); what came is kept: run the command"
                " again, or fetch the files elsewhere and use --from FOLDER"
            ) from error
        self._folder = FolderSource(target / self._prefix, self.description)
        if not self._folder.files():
            raise PackError(f"{self.description} holds no files of a voice pack")

    def files(self) -> list[Wanted]:
        return self._folder.files()

    @contextmanager
    def open(self, path: str) -> Iterator[Readable]:
        with self._folder.open(path) as stream:
            yield stream


def parse(text: str) -> Source:
    """A source as the command line writes it: a folder's path, ``pip:PACKAGE``, ``hf:OWNER/REPO[@REVISION][:FOLDER]``,
    ``coqui:MODEL/NAME/OF/ITS/LIST`` or the address of a zip or of one file. PackError for anything else.
    """
    kind, separator, rest = text.partition(":")
    if separator and kind == "pip":
        return PackageSource(rest)
    if separator and kind == "hf":
        repository, _, prefix = rest.partition(":")
        repository, _, revision = repository.partition("@")
        if repository.count("/") != 1:
            raise PackError(f"{text!r} is not a repository: write hf:OWNER/NAME")
        return HubSource(repository, revision or "main", prefix)
    if separator and kind == "coqui":
        return coqui_model(rest)
    if separator and kind in {"https", "http"}:
        return ArchiveSource(text) if urlsplit(text).path.endswith(".zip") else FileSource(text)
    return FolderSource(Path(rest if separator and kind == "folder" else text).expanduser())


def coqui_model(name: str) -> Source:
    """A model of the Coqui library's own list. Only the list is read; the library is not imported."""
    entry: object = _coqui_list()
    for part in name.split("/"):
        entry = entry.get(part) if isinstance(entry, dict) else None
    if isinstance(entry, dict) and isinstance(url := entry.get("github_rls_url"), str):
        return parse(url)
    if isinstance(entry, dict) and isinstance(repository := entry.get("repo_id"), str):
        allow, ignore = list(entry.get("allow", ())), list(entry.get("ignore", ()))
        prefix = allow[0].removesuffix("/*") if len(allow) == 1 and allow[0].endswith("/*") else ""
        return HubSource(repository, prefix=prefix, allow=allow, ignore=ignore)
    raise PackError(f"the Coqui library's list has no model {name!r} that can be fetched")


def _coqui_list() -> dict[str, Any]:
    spec = importlib.util.find_spec("TTS")  # finds it without running it, which would load torch
    for folder in (spec.submodule_search_locations if spec else None) or ():
        try:
            document: dict[str, Any] = json.loads((Path(folder) / ".models.json").read_text(encoding="utf-8"))
        except (OSError, ValueError) as error:
            raise PackError(f"{folder}/.models.json cannot be read: {error}") from error
        return document
    raise PackError("coqui-tts is not installed here: pip install -r requirements-coqui.txt")


def download(url: str, target: Path, space: Space) -> None:
    """Fetch `url` into `target`, going on with ``target.part`` when the server still has the same file. PackError."""
    if target.exists():
        return
    part, tag = target.with_name(target.name + ".part"), target.with_name(target.name + ".tag")
    try:
        _download(url, part, tag, space)
    except urllib.error.HTTPError as error:
        if error.code == 416:  # what is kept is longer than the file is now
            part.unlink(missing_ok=True)
        raise PackError(f"{url} answered {error.code}; run the command again") from error
    except (OSError, http.client.HTTPException, ValueError) as error:
        raise PackError(f"{url} cannot be fetched ({error}); what came is kept: run the command again") from error
    part.replace(target)
    tag.unlink(missing_ok=True)


def _download(url: str, part: Path, tag: Path, space: Space) -> None:
    known = tag.read_text(encoding="utf-8") if tag.exists() and part.exists() else ""
    offset = part.stat().st_size if known else 0
    headers = {"User-Agent": "voicen-server", "Accept-Encoding": "identity"}
    if offset:
        headers |= {"Range": f"bytes={offset}-", "If-Range": known}
    request = urllib.request.Request(url, headers=headers)  # noqa: S310 - http and https only, see parse
    with urllib.request.urlopen(request, timeout=_TIMEOUT_SECONDS) as response:  # noqa: S310
        if urlsplit(url).scheme == "https" and urlsplit(response.url).scheme != "https":
            raise ValueError("it leads to an address without https")
        going_on = response.status == 206
        length = int(response.headers.get("Content-Length") or -1)
        space(max(length, 0))
        if not going_on:
            offset = 0
            tag.write_text(_validator(response.headers), encoding="utf-8")
        with part.open("ab" if going_on else "wb") as output:
            received = _copy(response, output)
        if length >= 0 and received != length:
            raise ConnectionError(f"the connection broke after {offset + received} of {offset + length} bytes")


def _copy(source: IO[bytes], target: IO[bytes]) -> int:
    count = 0
    while block := source.read(_BLOCK_BYTES):
        target.write(block)
        count += len(block)
    return count


def _validator(headers: Message) -> str:
    """What tells one version of the file from another; "" when the server gives none and nothing can be resumed."""
    tag = str(headers.get("ETag") or "")
    return tag if tag.startswith('"') else str(headers.get("Last-Modified") or "")


def _members(archive: zipfile.ZipFile) -> dict[str, zipfile.ZipInfo]:
    """The members to take by their path in the pack. Links and other names are left out with the rest."""
    files = [info for info in archive.infolist() if not info.is_dir() and (info.external_attr >> 28) in (0, 8)]
    data = [info for info in files if is_data(PurePosixPath(info.filename))]
    top = common_folder(PurePosixPath(info.filename) for info in data)
    members: dict[str, zipfile.ZipInfo] = {}
    for info in data:
        path = PurePosixPath(info.filename).relative_to(top).as_posix()
        if path in members:
            raise zipfile.BadZipFile(f"{path} is in it twice")
        if is_wanted(path):
            members[path] = info
    return members


def _http_errors() -> tuple[type[Exception], ...]:
    """What the hub's HTTP library raises; it has been another one over time."""
    found: list[type[Exception]] = []
    for module, name in (("httpx", "HTTPError"), ("requests.exceptions", "RequestException")):
        if importlib.util.find_spec(module.partition(".")[0]) is not None:
            found.append(getattr(importlib.import_module(module), name))
    return tuple(found)
