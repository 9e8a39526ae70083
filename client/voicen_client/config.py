"""Which server and which key: the environment first, then the file that `voicen login` writes."""

from __future__ import annotations

import json
import os
import uuid
from dataclasses import dataclass
from pathlib import Path

import typer

from voicen_client.errors import VoicenError

URL, KEY = "VOICEN_URL", "VOICEN_ACCESS_TOKEN"


class NotLoggedIn(VoicenError):
    """There is no server or no key to use."""


@dataclass(frozen=True)
class Login:
    url: str
    key: str

    def __repr__(self) -> str:
        return f"Login(url={self.url!r})"  # a traceback shows no key


def path() -> Path:
    """The file of this user: ~/.config/voicen/login.json on Linux."""
    return Path(typer.get_app_dir("voicen")) / "login.json"


def load() -> Login:
    """What to use now. Raises NotLoggedIn."""
    stored = _stored()
    url = os.environ.get(URL, "").strip() or (stored.url if stored else "")
    key = os.environ.get(KEY, "").strip()
    if not key and stored and url.rstrip("/") == stored.url:
        key = stored.key  # never sent to another server than the one it is for
    if not url:
        raise NotLoggedIn(f"Which server? Use `voicen login`, or set {URL} and {KEY}.")
    if not key:
        raise NotLoggedIn(f"There is no key for {url}: use `voicen login {url}`, or set {KEY}.")
    return Login(url.rstrip("/"), key)


def save(login: Login) -> Path:
    """Keep it for this user only; returns where. Raises OSError."""
    target = path()
    target.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    part = target.with_name(f".{target.name}.{uuid.uuid4().hex[:8]}")
    try:
        handle = os.open(part, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(handle, "w", encoding="utf-8") as file:
            json.dump({"url": login.url, "key": login.key}, file)
        part.replace(target)
    finally:
        part.unlink(missing_ok=True)
    return target


def forget() -> bool:
    """Remove the file; whether there was one. Raises OSError."""
    try:
        path().unlink()
    except FileNotFoundError:
        return False
    return True


def _stored() -> Login | None:
    try:
        kept = json.loads(path().read_text(encoding="utf-8"))
        return Login(str(kept["url"]), str(kept["key"]))
    except FileNotFoundError:
        return None
    except (OSError, ValueError, LookupError, TypeError) as error:
        raise NotLoggedIn(f"{path()} cannot be read: use `voicen login` again.") from error
