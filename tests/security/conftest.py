from pathlib import Path

import pytest


@pytest.fixture(autouse=True)
def _own_media(media: Path) -> None:
    """No test sees the audio of another."""
