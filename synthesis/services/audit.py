"""The audit log: who did what, to what, when, from where. Never a key, never a text.

Entries come from the admin site (everything that its pages do), from logins, and from the commands that touch keys or
delete jobs.
"""

import getpass
import ipaddress
import socket
from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.contrib.auth.signals import user_logged_in, user_logged_out
from django.db import models
from django.dispatch import receiver
from django.http import HttpRequest

from synthesis.models import ApiKey, AuditEntry

if TYPE_CHECKING:
    from django.contrib.auth.models import User

_LONGEST = {"target": 200, "detail": 500, "actor": 150, "target_id": 40}


def record(
    action: str,
    target: models.Model | None = None,
    *,
    actor: str = "",
    address: str = "",
    detail: str = "",
) -> None:
    """Add an entry. In a transaction it stands or falls with what it tells of."""
    AuditEntry.objects.create(
        action=action,
        actor=_cut("actor", actor),
        address=address,
        target_type=target._meta.model_name or "" if target else "",
        target_id=_cut("target_id", str(target.pk)) if target else "",
        target=_cut("target", _name(target)) if target else "",
        detail=_cut("detail", detail),
    )


def record_request(request: HttpRequest, action: str, target: models.Model | None = None, detail: str = "") -> None:
    """The same for something done on a page."""
    name = request.user.get_username() if request.user.is_authenticated else ""
    record(action, target, actor=name, address=client_address(request), detail=detail)


def record_command(action: str, target: models.Model | None = None, detail: str = "") -> None:
    """The same for a command that somebody runs on a host of the service."""
    try:
        account = getpass.getuser()
    except (KeyError, OSError):  # an account without a name, as in some containers
        account = "unknown account"
    where = f"{account} at {socket.gethostname()}"
    record(action, target, detail=f"by command, {where}" + (f": {detail}" if detail else ""))


def client_address(request: HttpRequest) -> str:
    """The address of the client as far as it can be trusted; empty when there is none.

    Behind trusted proxies it is what the outermost of them wrote into X-Forwarded-For: counted from the right, since
    a client may send the header itself and the proxies append to it.
    """
    address: str = request.META.get("REMOTE_ADDR", "")
    if settings.TRUST_PROXY:
        hops = [hop.strip() for hop in request.META.get("HTTP_X_FORWARDED_FOR", "").split(",")]
        if len(hops) >= settings.PROXY_COUNT:
            address = hops[-settings.PROXY_COUNT] or address
    try:
        return str(ipaddress.ip_address(address.strip("[]").partition("%")[0]))
    except ValueError:  # a Unix socket, or a header that is no address
        return ""


def _cut(name: str, value: str) -> str:
    # Control characters would let a name forge lines where the log is printed.
    printable = "".join(char if char.isprintable() else " " for char in value)
    return printable[: _LONGEST[name]]


def _name(target: models.Model) -> str:
    # Without the beginning of the key that its row shows elsewhere.
    return target.name if isinstance(target, ApiKey) else str(target)


@receiver(user_logged_in, dispatch_uid="audit_login")
def _logged_in(request: HttpRequest | None, user: "User", **_: Any) -> None:
    record("login", user, actor=user.get_username(), address=client_address(request) if request else "")


@receiver(user_logged_out, dispatch_uid="audit_logout")
def _logged_out(request: HttpRequest | None, user: "User | None", **_: Any) -> None:
    if user is not None:
        record("logout", user, actor=user.get_username(), address=client_address(request) if request else "")
