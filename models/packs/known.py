"""The voice packs that can be installed by name: ``known.toml`` as checked values."""

import tomllib
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from models.packs import licences, manifest
from models.packs.errors import PackError
from models.packs.remote import HubSource, parse
from models.packs.sources import ConvertedSource, Description, JoinedSource, Source, Wanted

_SHIPPED = Path(__file__).with_name("known.toml")
_KEYS = {"name", "title", "family", "languages", "licence", "homepage", "source", "parts", "convert", "files"}


@dataclass(frozen=True, slots=True)
class KnownPack:
    """One entry: what the pack is, and where its files are. `parts` are further sources by their folder."""

    description: Description
    homepage: str
    source: str
    parts: tuple[tuple[str, str], ...]
    convert: bool

    def origin(self, convert: Callable[[Path, Path], None]) -> Source:
        """The source of the files; `convert` makes a Coqui checkpoint of a Hugging Face folder. PackError."""
        source = parse(self.source)
        if isinstance(source, HubSource) and self.description.files and not self.parts:
            source.limit([file.path for file in self.description.files])
        if self.parts:
            source = JoinedSource([(source, ""), *((parse(text), into) for text, into in self.parts)])
        return ConvertedSource(source, convert) if self.convert else source


@cache
def packs() -> dict[str, KnownPack]:
    """All of them by name, in the order of the file."""
    return load(_SHIPPED)


def get(name: str) -> KnownPack:
    """The entry of this name; PackError with the names that there are."""
    try:
        return packs()[name]
    except KeyError:
        raise PackError(
            f"no voice pack is known as {name!r} (known: {', '.join(packs())}): say where it is with --from"
        ) from None


def check_licence(name: str, licence: str) -> None:
    """PackError when a pack calls itself like a known one and states another licence than that one's."""
    entry = packs().get(name)
    if entry and licences.expression(licence) != entry.description.licence:
        raise PackError(
            f"voice pack {name} says that it is under {licence}, and {name} is known to be under"
            f" {entry.description.licence}: a pack of your own needs another name"
        )


def load(path: Path) -> dict[str, KnownPack]:
    """Read and check a table of packs; ValueError names file and entry."""
    with path.open("rb") as file:
        entries = tomllib.load(file)["pack"]
    found: dict[str, KnownPack] = {}
    for position, entry in enumerate(entries, start=1):
        try:
            pack = _entry(entry)
        except (PackError, ValueError, KeyError, TypeError) as error:
            raise ValueError(f"{path}: pack {position}: {error}") from error
        if pack.description.name in found:
            raise ValueError(f"{path}: pack {position}: {pack.description.name} is there twice")
        found[pack.description.name] = pack
    return found


def _entry(entry: dict[str, Any]) -> KnownPack:
    if unknown := entry.keys() - _KEYS:
        raise ValueError(f"unknown key {', '.join(sorted(unknown))}")
    files = [Wanted(manifest.check_path(f["path"]), f.get("size"), f.get("sha256", "")) for f in entry.get("files", ())]
    return KnownPack(
        description=Description(
            name=manifest.check_name(entry["name"]),
            title=entry["title"],
            licence=licences.expression(entry["licence"]),
            languages=tuple(entry["languages"]),
            family=entry["family"],
            files=tuple(files),
        ),
        homepage=entry["homepage"],
        source=entry["source"],
        parts=tuple((part["source"], part["into"]) for part in entry.get("parts", ())),
        convert=entry.get("convert", False),
    )
