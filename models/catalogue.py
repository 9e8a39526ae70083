"""Which voices there are: the shipped ``voices.toml`` as checked, unchangeable objects.

Standard library only, because the web process imports this module.
"""

import math
import tomllib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from types import MappingProxyType
from typing import Any

LANGUAGES = ("az", "tr", "ru")
GENDERS = ("female", "male")

_SHIPPED = Path(__file__).with_name("voices.toml")
_REQUIRED: dict[str, tuple[type, ...]] = {
    "id": (int,),
    "name": (str,),
    "language": (str,),
    "gender": (str,),
    "licence": (str,),
}
_OPTIONAL: dict[str, tuple[type, ...]] = {"gain_db": (int, float), "aliases": (list,), "engines": (dict,)}
_LOUDEST_GAIN_DB = 30.0


class UnknownVoice(LookupError):
    """No voice and no alias has this id."""

    def __init__(self, voice_id: int) -> None:
        super().__init__(f"there is no voice {voice_id}")
        self.voice_id = voice_id


@dataclass(frozen=True, slots=True)
class Voice:
    """One speaker.

    ``gain_db`` brings the engine's raw level to -20 dBFS. ``engines`` maps an engine's name to this voice's
    settings for it; an engine that is missing there cannot speak the voice.
    """

    id: int
    name: str
    language: str
    gender: str
    licence: str
    gain_db: float = 0.0
    engines: Mapping[str, Mapping[str, Any]] = field(default_factory=dict, hash=False)
    aliases: tuple[int, ...] = ()


class Catalogue:
    """Voices by id, iterated in the order of their file."""

    def __init__(self, voices: Iterable[Voice]) -> None:
        self._voices = tuple(voices)
        self._by_id: dict[int, Voice] = {}
        for voice in self._voices:
            self._register(voice)

    def _register(self, voice: Voice) -> None:
        for number in (voice.id, *voice.aliases):
            if number in self._by_id:
                raise ValueError(f"voice {voice.name}: id {number} is already {self._by_id[number].name}'s")
            self._by_id[number] = voice

    def __iter__(self) -> Iterator[Voice]:
        return iter(self._voices)

    def __len__(self) -> int:
        return len(self._voices)

    def get(self, voice_id: int) -> Voice:
        """The voice with this id or alias; UnknownVoice when there is none."""
        try:
            return self._by_id[voice_id]
        except KeyError:
            raise UnknownVoice(voice_id) from None

    def ids(self) -> tuple[int, ...]:
        """The voices' own ids in file order, without aliases."""
        return tuple(voice.id for voice in self._voices)

    def languages(self) -> tuple[str, ...]:
        """The languages that have a voice, in order of first appearance."""
        return tuple(dict.fromkeys(voice.language for voice in self._voices))


@cache
def catalogue() -> Catalogue:
    """The shipped catalogue, read once a process."""
    return load(_SHIPPED)


def load(path: Path) -> Catalogue:
    """Read and check a catalogue file; ValueError names the file and the entry that is wrong."""
    try:
        with path.open("rb") as file:
            document = tomllib.load(file)
        entries = document.get("voice")
        if not isinstance(entries, list) or not entries:
            raise ValueError("no [[voice]] entry")
        return Catalogue(_voice(entry, position) for position, entry in enumerate(entries, start=1))
    except ValueError as error:
        raise ValueError(f"{path}: {error}") from error


def _voice(entry: Any, position: int) -> Voice:
    label = _label(entry, position)
    if not isinstance(entry, dict):
        raise ValueError(f"{label}: not a table")
    _check_fields(entry, label)
    _check_values(entry, label)
    return Voice(
        id=entry["id"],
        name=entry["name"],
        language=entry["language"],
        gender=entry["gender"],
        licence=entry["licence"],
        gain_db=float(entry.get("gain_db", 0.0)),
        engines=_frozen(entry.get("engines", {}), label),
        aliases=tuple(entry.get("aliases", ())),
    )


def _label(entry: Any, position: int) -> str:
    """How an error names an entry: its place in the file and as much of its identity as can be read."""
    known = [str(entry[key]) for key in ("id", "name") if key in entry] if isinstance(entry, dict) else []
    return " ".join([f"voice entry {position}", *known])


def _check_fields(entry: dict[str, Any], label: str) -> None:
    if missing := sorted(_REQUIRED.keys() - entry.keys()):
        raise ValueError(f"{label}: missing {', '.join(missing)}")
    if unknown := sorted(entry.keys() - _REQUIRED.keys() - _OPTIONAL.keys()):
        raise ValueError(f"{label}: unknown field {', '.join(unknown)}")
    for name, kind in {**_REQUIRED, **_OPTIONAL}.items():
        # bool is a subclass of int, and `id = true` is a mistake all the same
        if name in entry and (not isinstance(entry[name], kind) or isinstance(entry[name], bool)):
            raise ValueError(f"{label}: {name} has the wrong type ({type(entry[name]).__name__})")


def _check_values(entry: dict[str, Any], label: str) -> None:
    for name, choices in {"language": LANGUAGES, "gender": GENDERS}.items():
        if entry[name] not in choices:
            raise ValueError(f"{label}: unknown {name} {entry[name]!r}; known are {', '.join(choices)}")
    for name in ("name", "licence"):
        if not entry[name].strip():
            raise ValueError(f"{label}: {name} is empty")
    for number in (entry["id"], *entry.get("aliases", ())):
        if not isinstance(number, int) or isinstance(number, bool) or number < 1:
            raise ValueError(f"{label}: {number!r} is not an id (a positive integer)")
    gain = entry.get("gain_db", 0.0)
    if not math.isfinite(gain) or abs(gain) > _LOUDEST_GAIN_DB:
        raise ValueError(f"{label}: gain_db {gain} is outside ±{_LOUDEST_GAIN_DB:g}")


def _frozen(engines: dict[str, Any], label: str) -> Mapping[str, Mapping[str, Any]]:
    for name, settings in engines.items():
        if not isinstance(settings, dict):
            raise ValueError(f"{label}: engines.{name} is not a table")
    return MappingProxyType({name: MappingProxyType(settings) for name, settings in engines.items()})
