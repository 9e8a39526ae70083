"""Language tags: `az`, `AZ`, `az-AZ` and `az_AZ` are the same."""

import re

_TAG = re.compile(r"([a-z]{2})(?:[-_][a-z0-9]{2,8})*", re.IGNORECASE | re.ASCII)


def primary(tag: str) -> str | None:
    """The two letters of a language tag in lower case; None when it is not a language tag."""
    match = _TAG.fullmatch(tag.strip())
    return match.group(1).lower() if match else None
