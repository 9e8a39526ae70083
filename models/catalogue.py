"""Which voices there are: the shipped ``voices.toml`` and the operator's own file, as checked, unchangeable objects.

Standard library only, because the web process imports this module.
"""

import logging
import math
import threading
import tomllib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
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
_OPTIONAL: dict[str, tuple[type, ...]] = {
    "gain_db": (int, float),
    "aliases": (list,),
    "engine": (str,),
    "engines": (dict,),
}
_CHANGEABLE = ("licence", "gain_db", "engine", "engines")
_NUMBER = (int, float)
_FOR_ANY_ENGINE: dict[str, tuple[type, ...]] = {"band": (list,)}
ENGINE_SETTINGS: dict[str, dict[str, tuple[type, ...]]] = {
    "kokoro": {"style": (str,)},
    "tone": {"hertz": _NUMBER},
    "coqui": {
        "model": (str,),
        "speaker": (str,),
        "language": (str,),
        "converter": (str,),
        "reference": (str,),
        "speed": _NUMBER,
        "seed": (int,),
    },
}
"""What a voice may say to each engine, and of which type. A key that no engine reads would be a silent mistake."""
_NEEDED = {"kokoro": "style", "tone": "hertz", "coqui": "model"}
_LOUDEST_GAIN_DB = 30.0

logger = logging.getLogger("voicen.catalogue")


class UnknownVoice(LookupError):
    """No voice and no alias has this id."""

    def __init__(self, voice_id: int) -> None:
        super().__init__(f"there is no voice {voice_id}")
        self.voice_id = voice_id


@dataclass(frozen=True, slots=True)
class Voice:
    """One speaker.

    ``gain_db`` brings the engine's raw level to -20 dBFS. ``engines`` maps an engine's name to this voice's
    settings for it; an engine that is missing there cannot speak the voice. ``engine`` is the one that speaks it;
    empty: the service's. ``speed`` is how fast a job wants the voice, 1 as it is: engines multiply their own tempo.
    """

    id: int
    name: str
    language: str
    gender: str
    licence: str
    gain_db: float = 0.0
    engines: Mapping[str, Mapping[str, Any]] = field(default_factory=dict, hash=False)
    aliases: tuple[int, ...] = ()
    engine: str = ""
    speed: float = 1.0


class Catalogue:
    """Voices by id, iterated in the order of their file."""

    def __init__(self, voices: Iterable[Voice]) -> None:
        """ValueError, naming the voice, when two claim one id."""
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

    def extended(self, voices: Iterable[Voice]) -> "Catalogue":
        """This catalogue and further voices; ValueError when one of them claims an id that is taken."""
        return Catalogue((*self._voices, *voices))


class _Source:
    """The shipped voices and the operator's file, read again when it has changed."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._file: Path | None = None
        self._stamp: object = None
        self._current: Catalogue | None = None

    def configure(self, file: Path | None) -> None:
        with self._lock:
            stamp = _stamp(file)
            self._current = with_operators_file(load(_SHIPPED), file) if file else load(_SHIPPED)
            self._file, self._stamp = file, stamp

    def get(self) -> Catalogue:
        stamp = _stamp(self._file)
        with self._lock:
            if self._current is None:
                self._current = load(_SHIPPED)
            elif self._file and stamp != self._stamp:
                self._stamp = stamp
                self._current = self._reread(self._file, self._current)
            return self._current

    def _reread(self, file: Path, last: Catalogue) -> Catalogue:
        """What the file says now. A mistake in it must not stop a service that runs: it keeps what it had."""
        try:
            return with_operators_file(load(_SHIPPED), file)
        except (ValueError, OSError) as error:
            logger.error("the voices stay as they were: %s", error)
            return last


_source = _Source()


def configure(operators_file: Path | None) -> None:
    """Say which file of the operator's belongs to the catalogue, and read it.

    ValueError names file and key, OSError the file; the catalogue stays as it was then.
    """
    _source.configure(operators_file)


def catalogue() -> Catalogue:
    """The voices as they are now: a change of the operator's file shows at the next call."""
    return _source.get()


def load(path: Path) -> Catalogue:
    """Read and check a catalogue file; ValueError names the file and the entry that is wrong."""
    try:
        entries = _document(path).get("voice")
        if not isinstance(entries, list) or not entries:
            raise ValueError("no [[voice]] entry")
        return Catalogue(_voices(entries))
    except ValueError as error:
        raise ValueError(f"{path}: {error}") from error


def with_operators_file(base: Catalogue, path: Path) -> Catalogue:
    """`base` with what an operator's file adds and changes.

    ``[[voice]]`` adds a voice, ``[[change]]`` names one of `base` by id and says how else it is spoken, ``[aliases]``
    gives further ids to voices and takes them from those that had them. ValueError names the file and the entry.
    """
    try:
        document = _document(path)
        if unknown := document.keys() - {"voice", "change", "aliases"}:
            raise ValueError(f"unknown table {', '.join(sorted(unknown))}")
        voices = _changed(base, _list(document, "change"))
        voices += _voices(_list(document, "voice"))
        Catalogue(replace(voice, aliases=()) for voice in voices)  # the ids, before aliases are moved between them
        return Catalogue(_renumbered(voices, document.get("aliases", {})))
    except ValueError as error:
        raise ValueError(f"{path}: {error}") from error


def voice_from(entry: object, label: str) -> Voice:
    """A voice from a parsed table; ValueError begins with `label` and names the key that is wrong."""
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
        engine=entry.get("engine", ""),
    )


def _stamp(file: Path | None) -> object:
    """What changes whenever the file does; None when it cannot be looked at."""
    try:
        status = file.stat() if file else None
    except OSError:
        return None
    return status and (status.st_mtime_ns, status.st_size, status.st_ino)


def _document(path: Path) -> dict[str, Any]:
    with path.open("rb") as file:
        return tomllib.load(file)


def _list(document: dict[str, Any], key: str) -> list[Any]:
    entries = document.get(key, [])
    if not isinstance(entries, list):
        raise ValueError(f"{key} is not a list: write [[{key}]]")
    return entries


def _voices(entries: list[Any]) -> list[Voice]:
    return [voice_from(entry, _label("voice", entry, position)) for position, entry in enumerate(entries, start=1)]


def _changed(base: Catalogue, entries: list[Any]) -> list[Voice]:
    voices = {voice.id: voice for voice in base}
    for position, entry in enumerate(entries, start=1):
        label = _label("change", entry, position)
        if not isinstance(entry, dict):
            raise ValueError(f"{label}: not a table")
        if unknown := sorted(entry.keys() - {"id", *_CHANGEABLE}):
            raise ValueError(f"{label}: {', '.join(unknown)} cannot be changed")
        if (voice := voices.get(entry.get("id", 0))) is None:
            raise ValueError(f"{label}: id does not name a voice; known are {', '.join(map(str, voices))}")
        voices[voice.id] = _with(voice, entry, label)
    return list(voices.values())


def _with(voice: Voice, entry: dict[str, Any], label: str) -> Voice:
    """The voice with an entry's values; an engine that the entry names gets the entry's table, the others stay."""
    whole = {key: getattr(voice, key) for key in (*_REQUIRED, "gain_db", "engine")}
    engines = {name: dict(settings) for name, settings in voice.engines.items()}
    given = entry.get("engines", {})
    if not isinstance(given, dict):
        raise ValueError(f"{label}: engines has the wrong type ({type(given).__name__})")
    changed = voice_from({**whole, **entry, "engines": {**engines, **given}}, label)
    return replace(changed, aliases=voice.aliases)


def _renumbered(voices: list[Voice], aliases: object) -> list[Voice]:
    if not isinstance(aliases, dict):
        raise ValueError("aliases is not a table: write [aliases]")
    wanted: dict[int, int] = {}
    for text, owner in aliases.items():
        if not text.isdecimal() or int(text) < 1:
            raise ValueError(f"aliases: {text!r} is not an id (a positive integer)")
        if owner not in {voice.id for voice in voices} or isinstance(owner, bool):
            raise ValueError(f"aliases: {text} = {owner!r} does not name a voice")
        wanted[int(text)] = owner
    return [
        replace(
            voice,
            aliases=(
                *(alias for alias in voice.aliases if alias not in wanted),
                *(alias for alias, owner in wanted.items() if owner == voice.id),
            ),
        )
        for voice in voices
    ]


def _label(kind: str, entry: Any, position: int) -> str:
    """How an error names an entry: its place in the file and as much of its identity as can be read."""
    known = [str(entry[key]) for key in ("id", "name") if key in entry] if isinstance(entry, dict) else []
    return " ".join([f"{kind} entry {position}", *known])


def _check_fields(entry: dict[str, Any], label: str) -> None:
    if missing := sorted(_REQUIRED.keys() - entry.keys()):
        raise ValueError(f"{label}: missing {', '.join(missing)}")
    if unknown := sorted(entry.keys() - _REQUIRED.keys() - _OPTIONAL.keys()):
        raise ValueError(f"{label}: unknown field {', '.join(unknown)}")
    for name, kind in {**_REQUIRED, **_OPTIONAL}.items():
        if name in entry and not _is_of(entry[name], kind):
            raise ValueError(f"{label}: {name} has the wrong type ({type(entry[name]).__name__})")


def _is_of(value: object, kind: tuple[type, ...]) -> bool:
    # bool is a subclass of int, and `id = true` is a mistake all the same
    return isinstance(value, kind) and not isinstance(value, bool)


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
    engine = entry.get("engine", "")
    if engine and engine not in entry.get("engines", {}):
        raise ValueError(f"{label}: engine {engine!r} has no settings: add engines.{engine}")


def _frozen(engines: dict[str, Any], label: str) -> Mapping[str, Mapping[str, Any]]:
    for name, settings in engines.items():
        if not isinstance(settings, dict):
            raise ValueError(f"{label}: engines.{name} is not a table")
        if name not in ENGINE_SETTINGS:
            raise ValueError(f"{label}: engines.{name}: known engines are {', '.join(sorted(ENGINE_SETTINGS))}")
        _check_settings(settings, name, label)
    return MappingProxyType({name: MappingProxyType(dict(settings)) for name, settings in engines.items()})


def _check_settings(settings: dict[str, Any], engine: str, label: str) -> None:
    known = {**ENGINE_SETTINGS[engine], **_FOR_ANY_ENGINE}
    if unknown := sorted(settings.keys() - known.keys()):
        raise ValueError(f"{label}: engines.{engine}: unknown key {', '.join(unknown)}")
    if _NEEDED[engine] not in settings:
        raise ValueError(f"{label}: engines.{engine}: missing {_NEEDED[engine]}")
    for key, value in settings.items():
        if not _is_of(value, known[key]):
            raise ValueError(f"{label}: engines.{engine}.{key} has the wrong type ({type(value).__name__})")
