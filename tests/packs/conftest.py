"""Folders of packs for the tests."""

from collections.abc import Callable
from pathlib import Path

import pytest

from models.packs import Pack
from models.packs.sources import Description, FolderSource
from models.packs.store import Store
from tests.packs import making


@pytest.fixture
def voices(tmp_path: Path) -> Path:
    return tmp_path / "voices"


@pytest.fixture
def store(voices: Path) -> Store:
    return Store(voices)


@pytest.fixture
def model(tmp_path: Path) -> Path:
    """A folder with a model's files."""
    return making.model_folder(tmp_path / "model")


@pytest.fixture
def install(store: Store, model: Path) -> Callable[[], Pack]:
    return lambda: store.install(Description("demo", "Demo", "MIT", ("az",)), FolderSource(model))


def everything(folder: Path) -> dict[str, bytes]:
    """Every visible file below a folder: what must not change when something is refused."""
    return {
        path.relative_to(folder).as_posix(): path.read_bytes()
        for path in sorted(folder.rglob("*"))
        if path.is_file() and not any(part.startswith(".") for part in path.relative_to(folder).parts)
    }
