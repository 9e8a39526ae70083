"""`Authorization: Token KEY` (the API document) and `Bearer KEY` (the original's other pages), scheme in any case."""

from typing import TYPE_CHECKING

from rest_framework.authentication import BaseAuthentication
from rest_framework.exceptions import AuthenticationFailed
from rest_framework.request import Request

from synthesis.models import ApiKey
from synthesis.services import keys

if TYPE_CHECKING:
    from django.contrib.auth.models import User

_SCHEMES = {"token", "bearer"}


class KeyAuthentication(BaseAuthentication):
    """One answer for every way in which a key can be wrong, so that trying tells nothing."""

    def authenticate(self, request: Request) -> "tuple[User, ApiKey]":
        scheme, _, plain = request.headers.get("Authorization", "").strip().partition(" ")
        key = keys.find(plain.strip()) if scheme.lower() in _SCHEMES and plain.strip() else None
        if key is None:
            raise AuthenticationFailed
        return key.user, key

    def authenticate_header(self, request: Request) -> str:
        return "Token"
