"""Typed readers of environment variables.

Every reader names the variable and the valid values when it refuses one. An empty variable counts as not set, since
compose files and unit files often pass empty strings. Secrets may be given by file: ``NAME_FILE`` holds the path.

The readers note every name that they are asked for, so that a misspelt variable can be told from a known one.
"""

import difflib
import os
import re
from collections.abc import Collection
from ipaddress import IPv4Network, IPv6Network, ip_network
from pathlib import Path

_TRUE = {"1", "true", "yes", "on"}
_FALSE = {"0", "false", "no", "off"}

PREFIX = "VOICEN_"
_known: set[str] = set()


class ConfigurationError(Exception):
    """The service cannot start as it is configured. The message is one line that says what to change."""


def declare(*names: str) -> None:
    """Names that are read later, if at all."""
    _known.update(names)


def known() -> frozenset[str]:
    """Every name that a reader was asked for, or that was declared."""
    return frozenset(_known)


def unknown() -> dict[str, str | None]:
    """Variables of our prefix that nothing reads, each with the known name that is nearest to it, if one is near."""
    ours = sorted(name for name in _known if name.startswith(PREFIX))
    strays = sorted(name for name in os.environ if name.startswith(PREFIX) and name not in _known)
    return {name: next(iter(difflib.get_close_matches(name, ours, n=1, cutoff=0.75)), None) for name in strays}


def text(name: str, default: str) -> str:
    return _raw(name) or default


def _raw(name: str) -> str:
    declare(name)
    return os.environ.get(name, "").strip()


def boolean(name: str, default: bool) -> bool:
    value = _raw(name).lower()
    if not value:
        return default
    if value not in _TRUE | _FALSE:
        raise ConfigurationError(f"{name}={value!r} is not a yes or no: use true or false.")
    return value in _TRUE


def integer(name: str, default: int, *, minimum: int, maximum: int) -> int:
    value = _raw(name)
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


def pattern(name: str, default: str, form: str, examples: str) -> str:
    """A text of the regular expression `form`; `examples` says to people what that is."""
    value = text(name, default)
    if not re.fullmatch(form, value):
        raise ConfigurationError(f"{name}={value!r} is not one of: {examples}.")
    return value


def items(name: str) -> list[str]:
    """A comma-separated list; empty when not set."""
    return [item.strip() for item in _raw(name).split(",") if item.strip()]


def networks(name: str) -> tuple[IPv4Network | IPv6Network, ...]:
    """A comma-separated list of addresses and networks (10.0.0.0/8); empty when not set."""
    try:
        return tuple(ip_network(item) for item in items(name))
    except ValueError as error:
        raise ConfigurationError(f"{name}={_raw(name)!r} is not a list of networks such as 10.0.0.0/8.") from error


def choices(name: str, allowed: Collection[str]) -> list[str]:
    """A comma-separated list of known words, each once; empty when not set."""
    found = list(dict.fromkeys(items(name)))
    if unknown := [item for item in found if item not in allowed]:
        raise ConfigurationError(f"{name}: {', '.join(unknown)} is not one of: {', '.join(sorted(allowed))}.")
    return found


def whole_numbers(name: str) -> list[int]:
    """A comma-separated list of positive whole numbers; empty when not set."""
    found = items(name)
    if wrong := [item for item in found if not (item.isascii() and item.isdigit() and len(item) < 10)]:
        raise ConfigurationError(f"{name}: {', '.join(wrong)} is not a whole number.")
    return [int(item) for item in found]


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
