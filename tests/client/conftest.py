"""The client against the service as its users run it, and a folder of its own for what `voicen login` keeps."""

import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from voicen_client import Client

from tests.live.service import Service, running

Run = Callable[..., "subprocess.CompletedProcess[bytes]"]


@pytest.fixture(scope="session")
def service() -> Iterator[Service]:
    with running() as shared:
        yield shared


@pytest.fixture
def client(service: Service) -> Iterator[Client]:
    with Client(service.url, service.key) as opened:
        yield opened


@pytest.fixture
def environment(tmp_path: Path) -> dict[str, str]:
    """Of a user who has not logged in."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith("VOICEN_")}
    return {**kept, "XDG_CONFIG_HOME": str(tmp_path / "config"), "HOME": str(tmp_path), "COLUMNS": "120"}


@pytest.fixture
def logged_in(environment: dict[str, str], service: Service) -> dict[str, str]:
    """Of a user whose server and key are set."""
    return {**environment, "VOICEN_URL": service.url, "VOICEN_ACCESS_TOKEN": service.key}


@pytest.fixture
def voicen(tmp_path: Path, service: Service) -> Run:
    """Run the installed command in an empty folder; the key is in nothing that it prints."""

    def run(*arguments: str, env: dict[str, str], stdin: bytes = b"") -> "subprocess.CompletedProcess[bytes]":
        done = subprocess.run(
            [command(), *arguments], env=env, cwd=tmp_path, input=stdin, capture_output=True, timeout=120, check=False
        )
        assert service.key.encode() not in done.stdout + done.stderr
        assert b"Traceback" not in done.stderr
        return done

    return run


def command() -> str:
    return str(Path(sys.executable).with_name("voicen"))
