"""Which voice packs a voice needs, and under which licences it is heard."""

from dataclasses import dataclass
from pathlib import Path

from models.catalogue import Voice
from models.packs import known, library, licences
from models.packs.errors import PackError, PackMissing

UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class VoicePack:
    """A pack that a voice names: its licence, "unknown" when nothing tells it, and whether it is installed."""

    name: str
    licence: str
    is_installed: bool


def packs(voice: Voice, engine: str, voices_dir: Path) -> tuple[VoicePack, ...]:
    """The packs with which `engine` speaks the voice: the model, then the converter. None for other engines."""
    settings = voice.engines.get(engine, {})
    named = [settings.get(key) for key in ("model", "converter")] if engine == "coqui" else []
    return tuple(_pack(str(name), voices_dir) for name in named if name)


def licence(voice: Voice, engine: str, voices_dir: Path) -> str:
    """The licence of the voice as this engine speaks it; several that hold together are joined by " AND "."""
    found = [pack.licence for pack in packs(voice, engine, voices_dir)] or [voice.licence]
    return " AND ".join(dict.fromkeys(part for text in found for part in text.split(" AND ")))


def recording_licence(voice: Voice, engine: str) -> str:
    """The licence of the recording that this engine imitates, which is what the voice states; empty without one."""
    return voice.licence if engine == "coqui" and voice.engines.get(engine, {}).get("reference") else ""


def forbids_commerce(licence: str) -> bool:
    """Whether a part of the licence is known to forbid commercial use; an operator may have written anything."""
    try:
        return licences.is_non_commercial(licence)
    except ValueError:
        return False


def _pack(name: str, voices_dir: Path) -> VoicePack:
    try:
        return VoicePack(name, library.get(voices_dir, name).licence, is_installed=True)
    except PackMissing:
        entry = known.packs().get(name)
        return VoicePack(name, entry.description.licence if entry else UNKNOWN, is_installed=False)
    except PackError:  # a manifest that cannot be read: `voices verify` names the mistake
        return VoicePack(name, UNKNOWN, is_installed=False)
