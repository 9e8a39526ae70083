"""The data folder: where everything that the service keeps lies, private to the account that runs it."""

import os
import secrets
from pathlib import Path

from voicen_server.env import ConfigurationError


def prepare(folder: Path) -> Path:
    """Make the data folder (mode 0700) and see that it can be written. Raises ConfigurationError otherwise."""
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        probe = folder / f".writable-{os.getpid()}-{secrets.token_hex(4)}"
        probe.touch(mode=0o600)
        probe.unlink()
    except OSError as error:
        raise ConfigurationError(
            f"The data folder {folder} cannot be written ({error.strerror}): "
            "make it writable for this account or set VOICEN_DATA_DIR to another folder."
        ) from error
    return folder


def private_folder(folder: Path) -> Path:
    """Make a folder that only this account may enter. Raises ConfigurationError."""
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    except OSError as error:
        raise ConfigurationError(f"The folder {folder} cannot be made ({error.strerror}).") from error
    return folder


def secret_key(folder: Path) -> str:
    """The signing key of this installation: made at the first start, kept in the data folder with mode 0600.

    Web and worker may start at the same moment: the file appears whole or not at all (link), and the first one wins.
    """
    file = folder / "secret_key"
    if not file.exists():
        draft = folder / f".secret_key-{secrets.token_hex(8)}"
        draft.touch(mode=0o600)
        draft.write_text(secrets.token_urlsafe(64), encoding="ascii")
        try:
            file.hardlink_to(draft)
        except FileExistsError:
            pass  # another process was first: its key counts
        finally:
            draft.unlink()
    key = file.read_text(encoding="ascii").strip()
    if not key:
        raise ConfigurationError(f"{file} is empty: delete it, and a new key is made (everybody has to log in again).")
    return key
