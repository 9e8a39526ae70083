"""`manage.py serve`: what an operator sees at the terminal."""

import socket
import subprocess
import sys
from pathlib import Path

import pytest

from tests.live.service import ROOT, Service
from tests.servers import free_port

pytestmark = pytest.mark.live


def serve(data_dir: Path, **environment: str) -> subprocess.CompletedProcess[str]:
    """Run it to its end."""
    service = Service(data_dir)
    command = [sys.executable, "manage.py", "serve", "--once"]
    without_servers = {k: v for k, v in service.environment.items() if k not in {"DATABASE_URL", "CELERY_BROKER_URL"}}
    return subprocess.run(
        command, cwd=ROOT, env=without_servers | environment, capture_output=True, text=True, timeout=120
    )


def assert_one_line(done: subprocess.CompletedProcess[str], *words: str) -> None:
    assert done.returncode != 0
    lines = [line for line in done.stderr.splitlines() if line]
    assert len(lines) == 1, done.stderr
    assert all(word in lines[0] for word in words), lines[0]
    assert done.stdout == ""


def test_once_speaks_and_ends(tmp_path: Path) -> None:
    done = serve(tmp_path / "data")
    assert done.returncode == 0, done.stderr
    assert (tmp_path / "data/first-sentence.mp3").stat().st_size > 1000
    assert "password" in done.stdout
    assert "curl" in done.stdout
    again = serve(tmp_path / "data")
    assert again.returncode == 0, again.stderr
    assert "password" not in again.stdout, "the second start reuses the administrator"


def test_given_administrator(tmp_path: Path) -> None:
    done = serve(tmp_path / "data", VOICEN_ADMIN_USERNAME="nigar", VOICEN_ADMIN_PASSWORD="a very long secret")
    assert done.returncode == 0, done.stderr
    assert "a very long secret" not in done.stdout + done.stderr


@pytest.mark.parametrize(
    "environment",
    [
        {"VOICEN_ALLOWED_HOSTS": "tts.example.az"},
        {"VOICEN_HTTPS_REDIRECT": "true", "VOICEN_TRUST_PROXY": "true", "VOICEN_URL": "https://tts.example.az/speech"},
        {"HOST": "0.0.0.0"},
    ],
    ids=str,
)
def test_it_speaks_behind_any_front(tmp_path: Path, environment: dict[str, str]) -> None:
    done = serve(tmp_path / "data", **environment)
    assert done.returncode == 0, done.stderr
    assert (tmp_path / "data/first-sentence.mp3").exists()


def test_a_redirect_that_never_ends(tmp_path: Path) -> None:
    assert_one_line(serve(tmp_path / "data", VOICEN_HTTPS_REDIRECT="true"), "VOICEN_TRUST_PROXY")


def test_no_key_in_kept_output(tmp_path: Path) -> None:
    service = Service(tmp_path / "data")
    environment = {k: v for k, v in service.environment.items() if k not in {"DATABASE_URL", "CELERY_BROKER_URL"}}
    done = subprocess.run(
        [sys.executable, "manage.py", "serve", "--once", "--no-key"],
        cwd=ROOT, env=environment, capture_output=True, text=True, timeout=120,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    assert "vcn_" not in done.stdout + done.stderr
    assert "shown only now" not in done.stdout


def test_busy_port(tmp_path: Path) -> None:
    with socket.socket() as busy:
        busy.bind(("127.0.0.1", 0))
        busy.listen()
        port = busy.getsockname()[1]
        assert_one_line(serve(tmp_path / "data", PORT=str(port)), str(port), f"PORT={port + 1}")


def test_data_folder_that_cannot_be_written(tmp_path: Path) -> None:
    (tmp_path / "data").touch()  # a file in the way, since root may write everywhere
    assert_one_line(serve(tmp_path / "data"), str(tmp_path / "data"), "VOICEN_DATA_DIR")


def test_missing_weights(tmp_path: Path) -> None:
    empty = tmp_path / "weights"
    empty.mkdir()
    done = serve(tmp_path / "data", VOICEN_ENGINE="kokoro", VOICEN_WEIGHTS_DIR=str(empty))
    assert_one_line(done, "kokoro-v1.0.int8.onnx", str(empty))


def test_bad_setting(tmp_path: Path) -> None:
    assert_one_line(serve(tmp_path / "data", VOICEN_ENGINE="festival"), "VOICEN_ENGINE", "kokoro")


def test_all_state_lies_in_the_data_folder(tmp_path: Path) -> None:
    """Nothing is written to the home folder or the checkout."""
    home = tmp_path / "home"
    home.mkdir()
    done = serve(tmp_path / "data", HOME=str(home), PORT=str(free_port()))
    assert done.returncode == 0, done.stderr
    assert list(home.rglob("*")) == []
    assert (tmp_path / "data/secret_key").stat().st_mode & 0o077 == 0
    assert (tmp_path / "data").stat().st_mode & 0o077 == 0
