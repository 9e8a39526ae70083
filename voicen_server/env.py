"""Typed readers of environment variables.

Every reader names the variable and the valid values when it refuses one. An empty variable counts as not set, since
compose files and unit files often pass empty strings. Secrets may be given by file: ``NAME_FILE`` holds the path.
"""

import os
from collections.abc import Collection
from pathlib import Path

_TRUE = {"1", "true", "yes", "on"}
_FALSE = {"0", "false", "no", "off"}


class ConfigurationError(Exception):
    """The service cannot start as it is configured. The message is one line that says what to change."""


def text(name: str, default: str) -> str:
    return os.environ.get(name, "").strip() or default


def boolean(name: str, default: bool) -> bool:
    value = os.environ.get(name, "").strip().lower()
    if not value:
        return default
    if value not in _TRUE | _FALSE:
        raise ConfigurationError(f"{name}={value!r} is not a yes or no: use true or false.")
    return value in _TRUE


def integer(name: str, default: int, *, minimum: int, maximum: int) -> int:
    value = os.environ.get(name, "").strip()
    if not value:
        return default
    try:
        number = int(value)
    except ValueError:
        number = minimum - 1
    if not minimum <= number <= maximum:
        raise ConfigurationError(f"{name}={value!r} is not a whole number from {minimum} to {maximum}.")
    return number


def choice(name: str, default: str, allowed: Collection[str]) -> str:
    value = text(name, default)
    if value not in allowed:
        raise ConfigurationError(f"{name}={value!r} is not one of: {', '.join(sorted(allowed))}.")
    return value


def items(name: str) -> list[str]:
    """A comma-separated list; empty when not set."""
    return [item.strip() for item in os.environ.get(name, "").split(",") if item.strip()]


def path(name: str, default: Path) -> Path:
    """An absolute path; a relative one is taken from the working folder."""
    value = text(name, str(default))
    try:
        return Path(value).expanduser().absolute()
    except RuntimeError as error:
        raise ConfigurationError(f"{name}={value!r} names the home of an account that is not known here.") from error


def optional_path(name: str) -> Path | None:
    return path(name, Path()) if text(name, "") else None


def secret(name: str) -> str:
    """The value of NAME, or the content of the file that NAME_FILE names; empty when neither is set."""
    value, file = text(name, ""), text(f"{name}_FILE", "")
    if value and file:
        raise ConfigurationError(f"{name} and {name}_FILE are both set: keep one.")
    if not file:
        return value
    try:
        value = Path(file).read_text(encoding="utf-8").strip()
    except (OSError, UnicodeDecodeError) as error:
        raise ConfigurationError(f"{name}_FILE={file} cannot be read: {type(error).__name__}.") from error
    if not value:
        raise ConfigurationError(f"{name}_FILE={file} is empty.")
    return value
