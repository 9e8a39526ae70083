"""``pack.toml``: what a voice pack is called, where it is from, under which licence, and each file's size and hash."""

import json
import re
import tomllib
from dataclasses import dataclass
from pathlib import PurePosixPath
from typing import Any, TypeVar

from models.packs import licences
from models.packs.errors import PackError

MANIFEST = "pack.toml"
REFERENCES = "references"
"""The folder beside the packs with the recordings that voices are cloned from; no pack can have its name."""
MAXIMUM_FILES = 200
MAXIMUM_BYTES = 64 << 30
MAXIMUM_MANIFEST = 1 << 20

_NAME = re.compile(r"[a-z0-9](?:[a-z0-9._-]{0,62}[a-z0-9])?")
_FAMILY = re.compile(r"[a-z0-9][a-z0-9_-]{0,31}")
_LANGUAGE = re.compile(r"[a-z]{2,3}")
_PATH = re.compile(r"[A-Za-z0-9_][A-Za-z0-9._+-]*(?:/[A-Za-z0-9_][A-Za-z0-9._+-]*){0,4}")
_SHA256 = re.compile(r"[0-9a-f]{64}")
_T = TypeVar("_T")


@dataclass(frozen=True, slots=True)
class PackFile:
    """One file: path inside the pack with forward slashes, bytes, sha256 in hexadecimal."""

    path: str
    size: int
    sha256: str


@dataclass(frozen=True, slots=True)
class Manifest:
    """What ``pack.toml`` says.

    ``family`` is the kind of model ("mms", "vits", "xtts", …), ``languages`` are codes as in the catalogue; a voice
    converter has none. ``licence`` is an SPDX name, "CPML", or several joined by " AND ". ``pinned`` tells whether the
    hashes were known before the files came; otherwise they were trusted on first use.
    """

    name: str
    title: str
    family: str
    languages: tuple[str, ...]
    licence: str
    source: str
    files: tuple[PackFile, ...]
    pinned: bool = False

    @property
    def size(self) -> int:
        """Bytes of all files."""
        return sum(file.size for file in self.files)


def is_name(text: str) -> bool:
    """Whether a pack may have this name; it becomes a folder and a file name."""
    return bool(_NAME.fullmatch(text)) and text != REFERENCES and ".." not in text


def check_name(text: str) -> str:
    """`text` when it is a pack's name, else PackError."""
    if not is_name(text):
        raise PackError(f"{text!r} is not a name for a voice pack: use a-z, 0-9, dot, dash and underscore")
    return text


def check_path(path: str) -> str:
    """`path` when a file in a pack may be called so: relative, plain ASCII, no hidden part. Else ValueError."""
    if not _PATH.fullmatch(path) or ".." in PurePosixPath(path).parts or len(path) > 200:
        raise ValueError(f"{path!r} is not a path inside a voice pack")
    if path.casefold() == MANIFEST:
        raise ValueError(f"{MANIFEST} cannot list itself")
    return path


def parse(data: bytes, where: str) -> Manifest:
    """A manifest's bytes as checked values; PackError begins with `where` and names the key that is wrong."""
    try:
        if len(data) > MAXIMUM_MANIFEST:
            raise ValueError(f"is larger than {MAXIMUM_MANIFEST} bytes")
        return from_table(tomllib.loads(data.decode("utf-8")))
    except (ValueError, RecursionError) as error:  # TOML's and UTF-8's errors are ValueErrors
        raise PackError(f"{where}: {error}") from error


def from_table(table: dict[str, Any]) -> Manifest:
    """A manifest from a parsed table; ValueError names the key that is wrong."""
    unknown = table.keys() - Manifest.__dataclass_fields__.keys()
    if unknown:
        raise ValueError(f"unknown key {', '.join(sorted(unknown))}")
    entries = _of_type(table, "files", list)
    files = tuple(_file(entry, position) for position, entry in enumerate(entries, start=1))
    manifest = Manifest(
        name=_of_type(table, "name", str),
        title=_line(table, "title"),
        family=_of_type(table, "family", str),
        languages=tuple(_of_type(table, "languages", list)),
        licence=licences.expression(_line(table, "licence")),
        source=_line(table, "source"),
        files=files,
        pinned=_of_type(table, "pinned", bool) if "pinned" in table else False,
    )
    check_manifest(manifest)
    return manifest


def check_manifest(manifest: Manifest) -> None:
    """ValueError for a value that no pack may have."""
    if not is_name(manifest.name):
        raise ValueError(f"name {manifest.name!r} is not a name for a voice pack")
    if not _FAMILY.fullmatch(manifest.family):
        raise ValueError(f"family {manifest.family!r} is not a name")
    for language in manifest.languages:
        if not isinstance(language, str) or not _LANGUAGE.fullmatch(language):
            raise ValueError(f"languages: {language!r} is not a language code")
    _check_files(manifest)


def _check_files(manifest: Manifest) -> None:
    if not 1 <= len(manifest.files) <= MAXIMUM_FILES:
        raise ValueError(f"files: {len(manifest.files)} files, allowed are 1 to {MAXIMUM_FILES}")
    if manifest.size > MAXIMUM_BYTES:
        raise ValueError(f"files: {manifest.size} bytes are more than {MAXIMUM_BYTES}")
    # without regard to case, for file systems that know none; a file cannot lie inside another one either
    seen: set[str] = set()
    for file in manifest.files:
        path = file.path.casefold()
        if path in seen:
            raise ValueError(f"files: {file.path} is listed twice")
        seen.add(path)
    for path in seen:
        if any(str(parent) in seen for parent in PurePosixPath(path).parents):
            raise ValueError(f"files: {path} lies inside another file")


def _file(entry: object, position: int) -> PackFile:
    if not isinstance(entry, dict):
        raise ValueError(f"files: entry {position} is not a table")
    try:
        if unknown := entry.keys() - {"path", "size", "sha256"}:
            raise ValueError(f"unknown key {', '.join(sorted(unknown))}")
        size, digest = _of_type(entry, "size", int), _of_type(entry, "sha256", str)
        if size < 0:
            raise ValueError(f"size {size} is negative")
        if not _SHA256.fullmatch(digest):
            raise ValueError("sha256 is not 64 hexadecimal digits")
        return PackFile(check_path(_of_type(entry, "path", str)), size, digest)
    except ValueError as error:
        raise ValueError(f"files: entry {position}: {error}") from error


def _of_type(table: dict[str, Any], key: str, kind: type[_T]) -> _T:
    value = table.get(key)
    if not isinstance(value, kind) or (kind is int and isinstance(value, bool)):
        raise ValueError(f"{key} is missing or is not of type {kind.__name__}")
    return value


def _line(table: dict[str, Any], key: str) -> str:
    text = str(_of_type(table, key, str))
    if not text.strip() or not text.isprintable() or len(text) > 500:
        raise ValueError(f"{key} is not one printable line")
    return text


def to_toml(manifest: Manifest) -> bytes:
    """The text of ``pack.toml``."""
    lines = [
        "# A voice pack of Voicen Server. `manage.py voices verify` compares the files with this list.",
        *(f"{key} = {_quoted(getattr(manifest, key))}" for key in ("name", "title", "family")),
        f"languages = [{', '.join(map(_quoted, manifest.languages))}]",
        *(f"{key} = {_quoted(getattr(manifest, key))}" for key in ("licence", "source")),
        f"pinned = {'true' if manifest.pinned else 'false'}",
    ]
    for file in manifest.files:
        lines += ["", "[[files]]", f"path = {_quoted(file.path)}", f"size = {file.size}"]
        lines += [f"sha256 = {_quoted(file.sha256)}"]
    return ("\n".join(lines) + "\n").encode()


def _quoted(text: str) -> str:
    # JSON's escapes are TOML's for every printable text, and nothing else comes here
    return json.dumps(text, ensure_ascii=False)
