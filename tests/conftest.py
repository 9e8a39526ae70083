"""What many tests need: a user, a key, a client that sends it."""

from collections.abc import Callable

import pytest
from django.contrib.auth.models import User
from django.test import Client

from models.catalogue import catalogue
from synthesis.models import Job
from synthesis.services import jobs, keys


@pytest.fixture
def user(db: None) -> User:
    return User.objects.create_user("leyla", password="a long pass phrase")


@pytest.fixture
def key(user: User) -> str:
    return keys.create(user, "test")[1]


@pytest.fixture
def stranger_key(db: None) -> str:
    return keys.create(User.objects.create_user("stranger"), "test")[1]


@pytest.fixture
def api(key: str) -> Client:
    """A client of the API that sends the user's key."""
    return Client(headers={"Authorization": f"Token {key}"})


@pytest.fixture
def stranger(stranger_key: str) -> Client:
    return Client(headers={"Authorization": f"Token {stranger_key}"})


@pytest.fixture
def submit(user: User) -> Callable[..., Job]:
    """Submit a text of the user without HTTP."""

    def submit_text(text: str = "salam", voice_id: int = 325640, owner: User | None = None) -> Job:
        return jobs.submit(owner or user, catalogue().get(voice_id), text)

    return submit_text
