"""The data folder and the key in it."""

import subprocess
import sys
from pathlib import Path

import pytest
from django.conf import settings

from voicen_server import state
from voicen_server.env import ConfigurationError


def mode(path: Path) -> int:
    return path.stat().st_mode & 0o777


def test_prepare(tmp_path: Path) -> None:
    folder = state.prepare(tmp_path / "a" / "data")
    assert mode(folder) == 0o700
    assert list(folder.iterdir()) == []
    assert state.prepare(folder) == folder


def test_a_file_in_the_way(tmp_path: Path) -> None:
    (tmp_path / "data").write_text("x")
    for folder in (tmp_path / "data", tmp_path / "data" / "deeper"):
        with pytest.raises(ConfigurationError, match="VOICEN_DATA_DIR"):
            state.prepare(folder)


def test_a_folder_that_cannot_be_written() -> None:
    with pytest.raises(ConfigurationError, match="/proc/voicen"):
        state.prepare(Path("/proc/voicen"))


def test_a_file_in_the_way_of_a_folder_inside(tmp_path: Path) -> None:
    (tmp_path / "tmp").write_text("x")
    with pytest.raises(ConfigurationError, match="tmp"):
        state.private_folder(tmp_path / "tmp")


def test_private_folder(tmp_path: Path) -> None:
    assert mode(state.private_folder(tmp_path / "a")) == 0o700


def test_secret_key(tmp_path: Path) -> None:
    key = state.secret_key(tmp_path)
    assert len(key) >= 50
    assert state.secret_key(tmp_path) == key
    assert [path.name for path in tmp_path.iterdir()] == ["secret_key"]
    assert mode(tmp_path / "secret_key") == 0o600


def test_an_empty_secret_key(tmp_path: Path) -> None:
    """After a power cut, or a full disk: say it, rather than run without a key."""
    (tmp_path / "secret_key").touch()
    with pytest.raises(ConfigurationError, match="secret_key"):
        state.secret_key(tmp_path)


def test_processes_agree_on_one_key(tmp_path: Path) -> None:
    script = (
        f"from pathlib import Path; from voicen_server import state; print(state.secret_key(Path({str(tmp_path)!r})))"
    )
    running = [
        subprocess.Popen([sys.executable, "-c", script], stdout=subprocess.PIPE, cwd=settings.BASE_DIR)
        for _ in range(8)
    ]
    keys = {process.communicate(timeout=30)[0] for process in running}
    assert len(keys) == 1
    assert len(keys.pop()) > 50
    assert [path.name for path in tmp_path.iterdir()] == ["secret_key"]
