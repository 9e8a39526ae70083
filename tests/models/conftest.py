"""Engines for the tests; Kokoro is loaded once, for it takes a second and 250 MB."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from models.catalogue import Voice, catalogue
from models.engines.base import Engine
from models.engines.loader import EngineOptions, load


@pytest.fixture(scope="session")
def options(tmp_path_factory: pytest.TempPathFactory) -> EngineOptions:
    return EngineOptions(data_dir=tmp_path_factory.mktemp("data"), weights_dir=None, threads=1)


@pytest.fixture(scope="session", params=["tone", pytest.param("kokoro", marks=pytest.mark.model)])
def engine(request: pytest.FixtureRequest, options: EngineOptions) -> Iterator[Engine]:
    """Every engine that the loader knows, one after the other."""
    loaded = load(request.param, options)
    yield loaded
    loaded.close()


@pytest.fixture(params=[voice.id for voice in catalogue()], ids=[voice.name for voice in catalogue()])
def voice(request: pytest.FixtureRequest) -> Voice:
    """Every shipped voice."""
    return catalogue().get(request.param)


@pytest.fixture
def data_dir(tmp_path: Path) -> Path:
    return tmp_path / "data"
