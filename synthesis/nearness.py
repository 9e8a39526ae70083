"""Whether a request comes straight from an address that is trusted, without a proxy in between."""

from collections.abc import Sequence
from ipaddress import IPv4Network, IPv6Network, ip_address

from django.http import HttpRequest

# A proxy adds one of these: its own address then says nothing about who asks.
_PASSED_ON = ("X-Forwarded-For", "X-Forwarded-Host", "X-Forwarded-Proto", "X-Real-IP", "Forwarded", "Via")


def is_near(request: HttpRequest, networks: Sequence[IPv4Network | IPv6Network]) -> bool:
    """Whether the request comes straight from one of these networks."""
    if not networks or any(name in request.headers for name in _PASSED_ON):
        return False
    try:
        address = ip_address(request.META.get("REMOTE_ADDR", ""))
    except ValueError:
        return False
    address = getattr(address, "ipv4_mapped", None) or address
    return any(address in network for network in networks)
