"""A key in the header as everywhere, a key as the password of HTTP Basic, or none from a network that is trusted."""

import base64
import binascii
from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.contrib.auth.models import User
from rest_framework.authentication import BaseAuthentication
from rest_framework.exceptions import AuthenticationFailed
from rest_framework.request import Request

from synthesis.api.authentication import KeyAuthentication
from synthesis.nearness import is_near
from synthesis.services import keys

if TYPE_CHECKING:
    from synthesis.models import ApiKey


class MaryAuthentication(BaseAuthentication):
    """One answer for every way in which a key can be wrong."""

    def authenticate(self, request: Request) -> "tuple[User, ApiKey | None]":
        header = request.headers.get("Authorization", "").strip()
        if not header:
            return _of_the_house(request), None
        scheme, _, rest = header.partition(" ")
        if scheme.lower() != "basic":
            return KeyAuthentication().authenticate(request)
        key = keys.find(_password(rest.strip()))
        if key is None:
            raise AuthenticationFailed
        return key.user, key

    def authenticate_header(self, request: Request) -> str:
        return "Basic"


def _of_the_house(request: Request) -> User:
    """The account of those who send no key. Raises AuthenticationFailed."""
    http: Any = request._request
    if settings.MARYTTS_USER and is_near(http, settings.MARYTTS_NETWORKS):
        user = User.objects.filter(username=settings.MARYTTS_USER, is_active=True).first()
        if user is not None:
            return user
    raise AuthenticationFailed


def _password(encoded: str) -> str:
    """The second half of `name:password`; empty when it cannot be read."""
    try:
        return base64.b64decode(encoded, validate=True).decode("utf-8", "surrogateescape").partition(":")[2]
    except (binascii.Error, ValueError):
        return ""
