"""The bundle for hosts without network: what is in it, and an installation from it with the network cut off."""

import os
import shutil
import subprocess
import sys
import tarfile
from pathlib import Path

import pytest

from tests import servers
from tests.live.service import ROOT
from tools import bundle

# In a network of its own with nothing but the loopback: whatever wants to download something fails.
CUT_OFF = """
set -e
ip link set lo up
if timeout 5 bash -c 'exec 3<>/dev/tcp/192.0.2.1/443' 2>/dev/null; then echo "the network is there" >&2; exit 9; fi
sh install.sh
.venv/bin/python manage.py serve --once --no-key
"""


def can_cut_off() -> bool:
    tools = all(map(shutil.which, ("unshare", "ip", "bash")))
    return tools and subprocess.run(["unshare", "-n", "true"], check=False, capture_output=True).returncode == 0


def unpacked(file: Path, folder: Path) -> Path:
    with tarfile.open(file) as tar:
        tar.extractall(folder, filter="data")
    (top,) = folder.iterdir()
    return top


def install(top: Path, **environment: str) -> "subprocess.CompletedProcess[str]":
    inherited = {name: value for name, value in os.environ.items() if not name.startswith(("VOICEN_", "PIP_"))}
    return subprocess.run(
        ["/bin/sh", "install.sh"],
        cwd=top,
        env=inherited | environment,
        capture_output=True,
        text=True,
        check=False,
        timeout=600,
    )


@pytest.fixture
def small(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A bundle of the project without wheels: nothing is downloaded for it."""
    empty = tmp_path / "requirements.txt"
    empty.touch()
    monkeypatch.setattr(bundle, "_REQUIREMENTS", (str(empty),))
    assert bundle.main(["--output", str(tmp_path / "small.tar")]) == 0
    return unpacked(tmp_path / "small.tar", tmp_path / "there")


def test_what_is_in_it(small: Path) -> None:
    for name in (
        "manage.py",
        "install.sh",
        "requirements.txt",
        "Dockerfile",
        "docs/deploy.md",
        "deploy/make-secrets.sh",
    ):
        assert (small / name).is_file(), name
    assert set((small / "IMAGES").read_text().split()) >= {"postgres:17", "redis:7", "python:3.12-slim-bookworm"}
    names = {str(path.relative_to(small)) for path in small.rglob("*") if path.is_file()}
    summed = {line.split("  ", 1)[1] for line in (small / "SHA256SUMS").read_text().splitlines()}
    assert names - summed == {"SHA256SUMS"}
    assert not [name for name in names if name.startswith((".venv", "data/", "secrets/", ".git/"))]


def test_a_damaged_bundle_is_not_installed(small: Path) -> None:
    (small / "manage.py").write_text("print('other')")
    done = install(small)
    assert done.returncode == 1
    assert "manage.py" in done.stdout + done.stderr
    assert "damaged" in done.stderr
    assert not (small / ".venv").exists()


def test_another_python_is_refused_in_one_line(small: Path) -> None:
    (small / "PYTHON").write_text("3.99 linux-x86_64\n")
    done = install(small)
    assert done.returncode == 1
    assert "PYTHON=/path/python3.99" in done.stderr


def test_an_existing_file_is_kept(tmp_path: Path) -> None:
    (tmp_path / "mine.tar").write_text("mine")
    with pytest.raises(SystemExit):
        bundle.main(["--output", str(tmp_path / "mine.tar")])
    assert (tmp_path / "mine.tar").read_text() == "mine"


@pytest.mark.model
@pytest.mark.skipif(not os.environ.get("VOICEN_TEST_BUNDLE"), reason="minutes long: VOICEN_TEST_BUNDLE=1 runs it")
@pytest.mark.skipif(not can_cut_off(), reason="no network namespace can be made here")
def test_a_sentence_is_spoken_without_network(tmp_path: Path) -> None:
    made = subprocess.run(
        [sys.executable, "-m", "tools.bundle", "--output", tmp_path / "all.tar"], cwd=ROOT, check=False
    )
    assert made.returncode == 0
    top = unpacked(tmp_path / "all.tar", tmp_path / "there")
    inherited = {name: value for name, value in os.environ.items() if not name.startswith(("VOICEN_", "PIP_"))}
    environment = inherited | {"PORT": str(servers.free_port()), "PIP_NO_CACHE_DIR": "1", "VOICEN_ENGINE": "kokoro"}
    for name in ("DATABASE_URL", "CELERY_BROKER_URL"):
        environment.pop(name, None)
    command = ["unshare", "-n", "bash", "-c", CUT_OFF]
    done = subprocess.run(command, cwd=top, env=environment, capture_output=True, text=True, check=False, timeout=900)
    assert done.returncode == 0, done.stderr[-3000:]
    assert "The service speaks" in done.stdout
    assert (top / "data/first-sentence.mp3").stat().st_size > 5000
