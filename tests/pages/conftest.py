import pytest
from django.contrib.auth.models import User
from django.test import Client


@pytest.fixture
def person(user: User) -> Client:
    """A browser in which the user is signed in."""
    client = Client()
    client.force_login(user)
    return client
