"""One service for each stack, shared by all tests: what one fault leaves behind, the next test would find."""

from collections.abc import Iterator

import pytest

from tests.faults.place import Site, standing


@pytest.fixture(scope="session", params=["embedded", "production"])
def shared(request: pytest.FixtureRequest) -> Iterator[Site]:
    with standing(request.param) as site:
        yield site


@pytest.fixture
def site(shared: Site) -> Iterator[Site]:
    """The running service; when the test has ended, nothing may be left of it."""
    shared.disarm()
    shared.clear()
    yield shared
    shared.disarm()
    shared.assert_clean()
