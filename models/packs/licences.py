"""Which licences may be used without asking, and which the operator of an installation has accepted.

Standard library only: the admin shows licences too.
"""

import datetime
import fcntl
import os
import re
import tomllib
from collections.abc import Collection, Iterable
from pathlib import Path

from models.engines.errors import EngineError

FREE = frozenset(
    {
        "Apache-2.0",
        "BSD-2-Clause",
        "BSD-3-Clause",
        "CC-BY-3.0",
        "CC-BY-4.0",
        "CC-BY-SA-4.0",
        "CC0-1.0",
        "ISC",
        "MIT",
        "MPL-2.0",
        "Unlicense",
    }
)
"""Commercial use is allowed. Every other licence has to be accepted by name, the unknown ones too."""

NON_COMMERCIAL = frozenset(
    {
        "CPML",
        "CC-BY-NC-3.0",
        "CC-BY-NC-4.0",
        "CC-BY-NC-ND-4.0",
        "CC-BY-NC-SA-4.0",
    }
)
"""Commercial use is forbidden."""

TEXTS = {
    "CPML": "https://coqui.ai/cpml",
    "CC-BY-NC-4.0": "https://creativecommons.org/licenses/by-nc/4.0/",
    "CC-BY-NC-ND-4.0": "https://creativecommons.org/licenses/by-nc-nd/4.0/",
    "CC-BY-NC-SA-4.0": "https://creativecommons.org/licenses/by-nc-sa/4.0/",
}
"""Where a licence can be read."""

_RECORD = "licences.toml"
_KNOWN = {re.sub(r"[\s_-]+", "-", name).casefold(): name for name in FREE | NON_COMMERCIAL}
_OTHER_WRITINGS = {
    "apache-2": "Apache-2.0",
    "apache": "Apache-2.0",
    "mpl": "MPL-2.0",
    "coqui-public-model-license": "CPML",
}
_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9.+_-]{0,63}")


class LicenceNotAccepted(EngineError):
    """A pack may not be used before the operator has accepted its licence by name."""

    def __init__(self, pack: str, names: Iterable[str]) -> None:
        missing = tuple(names)
        stated = ", ".join(f"{name} ({_kind(name)})" for name in missing)
        super().__init__(
            f"voice pack {pack} is under {stated}: when you accept that, set"
            f" VOICEN_ACCEPTED_LICENCES={','.join(missing)} or give manage.py voices install or import"
            f" --accept-licence {','.join(missing)}",
            code="licence_not_accepted",
            permanent=True,
        )
        self.names = missing


def canonical(name: str) -> str:
    """The SPDX name of a licence that is written in another way; names that are not known stay as they are.

    ValueError for what cannot be a licence's name.
    """
    key = re.sub(r"[\s_-]+", "-", name.strip()).casefold()
    spelled = _KNOWN.get(key) or _OTHER_WRITINGS.get(key) or _hyphenated(name)
    if not _NAME.fullmatch(spelled):
        raise ValueError(f"{name!r} is not the name of a licence")
    return spelled


def expression(text: str) -> str:
    """A licence or several that hold together, ``A AND B``, in their SPDX writing. ValueError as `canonical`."""
    return " AND ".join(canonical(part) for part in re.split(r"\s+AND\s+", text.strip()))


def to_accept(licence: str) -> tuple[str, ...]:
    """The names in a licence expression that have to be accepted."""
    return tuple(name for name in expression(licence).split(" AND ") if name not in FREE)


def is_non_commercial(licence: str) -> bool:
    """Whether any part of the expression forbids commercial use."""
    return any(name in NON_COMMERCIAL for name in expression(licence).split(" AND "))


def check(pack: str, licence: str, accepted: Collection[str], voices_dir: Path | None = None) -> None:
    """LicenceNotAccepted unless every part is free, in `accepted`, or was accepted in `voices_dir` before."""
    names = to_accept(licence)
    if not names:
        return
    known = {canonical(name) for name in accepted}
    if voices_dir is not None:
        known.update(recorded(voices_dir))
    if missing := [name for name in names if name not in known]:
        raise LicenceNotAccepted(pack, missing)


def recorded(voices_dir: Path) -> dict[str, datetime.datetime]:
    """Licences accepted on the command line in this folder of packs, with the time."""
    path = voices_dir / _RECORD
    try:
        with path.open("rb") as file:
            document = tomllib.load(file)
    except FileNotFoundError:
        return {}
    except (OSError, ValueError) as error:
        raise EngineError(f"{path} cannot be read: {error}", code="voice_pack", permanent=True) from error
    return {name: when for name, when in document.items() if isinstance(when, datetime.datetime)}


def record(voices_dir: Path, names: Iterable[str], when: datetime.datetime) -> None:
    """Keep that these licences were accepted; what was accepted before keeps its date. ValueError as `canonical`."""
    given = [canonical(name) for name in names]
    if not given:
        return
    voices_dir.mkdir(mode=0o700, parents=True, exist_ok=True)
    path = voices_dir / _RECORD
    with (voices_dir / ".licences.lock").open("wb") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        accepted = dict.fromkeys(given, when) | recorded(voices_dir)
        lines = [f'"{name}" = {date.isoformat()}\n' for name, date in sorted(accepted.items())]
        temporary = path.with_suffix(".part")
        with temporary.open("w", encoding="utf-8") as file:
            file.write("# Licences of voice packs that the operator of this installation accepted, and when.\n")
            file.writelines(lines)
            file.flush()
            os.fsync(file.fileno())
        temporary.replace(path)


def _kind(name: str) -> str:
    if name in NON_COMMERCIAL:
        return f"no commercial use; {TEXTS[name]}" if name in TEXTS else "no commercial use"
    return "not known to allow commercial use"


def _hyphenated(name: str) -> str:
    return re.sub(r"\s+", "-", name.strip())
