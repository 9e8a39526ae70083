"""Rules of webhooks, by Standard Webhooks 1.0.0: what is told, when it is tried again, which addresses are called."""

import ipaddress
import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from email.utils import parsedate_to_datetime
from enum import StrEnum
from typing import Any
from urllib.parse import SplitResult, urlsplit

from synthesis.domain.errors import InvalidInput


class Event(StrEnum):
    COMPLETED = "job.completed"
    FAILED = "job.failed"
    DELETED = "job.deleted"
    TEST = "webhook.test"  # sent when its owner asks for it


JOB_EVENTS = (Event.COMPLETED, Event.FAILED, Event.DELETED)


class DeliveryState(StrEnum):
    PENDING = "pending"
    RUNNING = "running"  # leased to a worker process
    DELIVERED = "delivered"
    FAILED = "failed"  # given up


TO_DO = frozenset({DeliveryState.PENDING, DeliveryState.RUNNING})
ENDED = frozenset(DeliveryState) - TO_DO

LONGEST_URL = 500
MOST_ENDPOINTS = 10
# Both secrets sign for so long after a new one was made.
SECRETS_OVERLAP = timedelta(hours=24)
TIMEOUT_SECONDS = 15.0
# The answer is awaited for 15 s; looking up a name may take as long again, with all of its servers silent far longer.
LEASE = timedelta(seconds=120)
KEPT = timedelta(days=30)


@dataclass(frozen=True, slots=True)
class Answer:
    """What came of a call. `status` is None when no answer came; the reason is then why, in words of ours.

    `retry_after`: seconds that the far side asks to be left alone.
    """

    status: int | None = None
    reason: str = ""
    retry_after: float | None = None


_HOUR = 3600
# Before the first attempt, the second, …
RESTS_SECONDS = (0, 5, 300, 1800, *(hours * _HOUR for hours in (2, 5, 10, 14, 20, 24)))
# So much longer at random, so that what failed together does not come back together.
_JITTER = 0.2
LONGEST_REST = timedelta(seconds=RESTS_SECONDS[-1] * (1 + _JITTER))


def tries(event: str) -> int:
    """How often a delivery is tried in all. Somebody waits for the answer to a test: it is tried once."""
    return 1 if event == Event.TEST else len(RESTS_SECONDS)


def rest(attempts: int, retry_after: float | None, dice: float) -> timedelta:
    """How long to wait after so many failed attempts, fewer than `tries`. `dice`: at random from 0 to 1.

    `retry_after`, what the far side asked for in seconds, makes it longer, up to the longest rest.
    """
    seconds = max(RESTS_SECONDS[attempts] * (1 + _JITTER * dice), retry_after or 0)
    return min(timedelta(seconds=min(seconds, LONGEST_REST.total_seconds())), LONGEST_REST)


def retry_after(header: str | None, now: datetime) -> float | None:
    """Seconds of a Retry-After header, a number or a date; None for none and for nonsense."""
    value = (header or "").strip()
    if value.isascii() and value.isdigit():
        return float(value[:10])
    try:
        return max(0.0, (parsedate_to_datetime(value) - now).total_seconds())
    except (ValueError, TypeError):  # TypeError: a date without a zone
        return None


def payload(event: str, at: datetime, data: Mapping[str, Any]) -> str:
    """The body of a delivery. `at` in UTC."""
    stamp = at.isoformat(timespec="milliseconds").replace("+00:00", "Z")
    return json.dumps({"type": event, "timestamp": stamp, "data": data}, ensure_ascii=False, separators=(",", ":"))


# --- Where to -------------------------------------------------------------------------------------------------------


def check_url(url: object, *, allow_private: bool) -> str:
    """An address that deliveries may be sent to, as far as it can be told without the network. Raises InvalidInput."""
    if not isinstance(url, str) or not 0 < len(url) <= LONGEST_URL:
        raise InvalidInput(f"url: A URL of at most {LONGEST_URL} characters is required.")
    if not (url.isascii() and url.isprintable()) or " " in url:
        raise InvalidInput("url: Only printable ASCII; write other letters in their encoded forms.")
    parts = _parts(url)
    if parts is None or parts.scheme not in {"http", "https"} or not parts.hostname:
        raise InvalidInput("url: Not an address such as https://example.az/hook.")
    if parts.username is not None or parts.password is not None:
        raise InvalidInput("url: No user name and password, please; the signature says who is calling.")
    if parts.fragment:
        raise InvalidInput("url: A fragment (#…) is never sent.")
    if not allow_private and _is_surely_private(parts.hostname):
        raise InvalidInput("url: A private address. The operator can allow them (VOICEN_WEBHOOKS_ALLOW_PRIVATE).")
    return url


def _parts(url: str) -> SplitResult | None:
    try:
        parts = urlsplit(url)
        return None if parts.port == 0 else parts
    except ValueError:  # a port that is none, a bracket that is not closed
        return None


def _is_surely_private(host: str) -> bool:
    try:
        return not may_call(host, allow_private=False)
    except ValueError:
        name = host.rstrip(".")
        return name == "localhost" or name.endswith((".localhost", ".local", ".internal"))


# Clouds hand out the credentials of a machine at these. They are refused whatever is allowed.
_METADATA = tuple(
    ipaddress.ip_network(network)
    for network in ("169.254.0.0/16", "fe80::/10", "100.100.100.200/32", "168.63.129.16/32", "fd00:ec2::254/128")
)
_NAT64 = ipaddress.ip_network("64:ff9b::/96")


def may_call(address: str, *, allow_private: bool) -> bool:
    """Whether a delivery may go to this IP address. Raises ValueError when it is none."""
    ip = _inner(ipaddress.ip_address(address.partition("%")[0]))
    if ip.is_multicast or ip.is_unspecified or any(ip in network for network in _METADATA):
        return False
    if allow_private:
        return True
    return ip.is_global and not (isinstance(ip, ipaddress.IPv6Address) and ip.is_site_local)


def _inner(ip: ipaddress.IPv4Address | ipaddress.IPv6Address) -> ipaddress.IPv4Address | ipaddress.IPv6Address:
    """The IPv4 address that an IPv6 address stands for, if it does."""
    if isinstance(ip, ipaddress.IPv4Address):
        return ip
    if ip.ipv4_mapped or ip.sixtofour:
        return ip.ipv4_mapped or ip.sixtofour or ip
    if ip.teredo:
        return ip.teredo[1]
    if ip in _NAT64:
        return ipaddress.IPv4Address(int(ip) & 0xFFFFFFFF)
    return ip
