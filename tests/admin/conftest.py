from pathlib import Path

import pytest
from django.contrib.auth.models import Permission, User
from django.test import Client


@pytest.fixture(autouse=True)
def _own_media(media: Path) -> None:
    """No test sees the audio of another."""


@pytest.fixture
def site(user: User) -> Client:
    """A client that is logged in as administrator."""
    return login(user, is_superuser=True)


def login(user: User, *permissions: str, is_superuser: bool = False) -> Client:
    """Log the user in as staff with these rights only."""
    user.is_staff, user.is_superuser = True, is_superuser
    user.save()
    user.user_permissions.set(Permission.objects.filter(codename__in=permissions))
    client = Client()
    client.force_login(user)
    return client
