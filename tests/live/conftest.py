from collections.abc import Iterator

import pytest

from tests.live.service import Service, running


@pytest.fixture(scope="session")
def service() -> Iterator[Service]:
    """A service with the tone engine, shared by the tests that do it no harm."""
    with running() as shared:
        yield shared
