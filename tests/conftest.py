"""What many tests need: a user, a key, a client that sends it, a job that is ready."""

from collections.abc import Callable
from pathlib import Path

import pytest
from django.contrib.auth.models import User
from django.test import Client
from pytest_django import Settings

from models.catalogue import catalogue
from synthesis.models import Job
from synthesis.services import jobs, keys, queue, voices
from tests.synthesis import progress
from voicen_server.celery import app

# As in the web process: threads ring through our application too.
app.set_default()


@pytest.fixture
def user(db: None, settings: Settings) -> User:
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]  # the real one takes a second each
    return User.objects.create_user("leyla", password="a long pass phrase")


@pytest.fixture(autouse=True)
def _nothing_claimed_yet() -> None:
    """The queue's order depends on what this process took last."""
    queue.forget_what_was_claimed()


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


@pytest.fixture
def media(settings: Settings, tmp_path: Path) -> Path:
    """A folder of its own for audio: SQLite gives the same job ids in every test."""
    folder = tmp_path / "media"
    speech = {**settings.STORAGES["speech"], "OPTIONS": {"location": str(folder)}}
    settings.STORAGES = {**settings.STORAGES, "speech": speech}
    return folder


@pytest.fixture
def ready_job(media: Path, submit: Callable[..., Job]) -> Job:
    """A job of the user whose mp3 holds `progress.AUDIO`."""
    return progress.make_ready(submit())


@pytest.fixture(autouse=True)
def _no_voices_of_another_test(monkeypatch: pytest.MonkeyPatch) -> None:
    """The voices last put together are known by numbers of rows that a rolled-back test takes back."""
    monkeypatch.setattr(voices, "_current", voices._Current())
