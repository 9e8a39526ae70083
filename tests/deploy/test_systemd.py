"""The units, read by systemd itself where it is installed."""

import configparser
import re
import shutil
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
FOLDER = ROOT / "deploy/systemd"
UNITS = ("voicen-prepare", "voicen-web", "voicen-worker", "voicen-wyoming")
SYSTEM = Path("/usr/lib/systemd/system")
WORST_EXPOSURE = 2.0

needs_systemd = pytest.mark.skipif(
    not shutil.which("systemd-analyze") or not SYSTEM.is_dir(), reason="systemd is not installed"
)


@pytest.fixture
def root(tmp_path: Path) -> Path:
    """A file system with the units, systemd's own units, and programs of the right names."""
    shutil.copytree(SYSTEM, tmp_path / "usr/lib/systemd/system", symlinks=True)
    (tmp_path / "etc/systemd/system").mkdir(parents=True)
    for unit in UNITS:
        shutil.copy(FOLDER / f"{unit}.service", tmp_path / "etc/systemd/system")
    for program in (
        "opt/voicen/.venv/bin/python",
        "opt/voicen/.venv/bin/gunicorn",
        "opt/voicen/.venv/bin/celery",
        "bin/kill",
    ):
        (tmp_path / program).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / program).write_text("#!/bin/sh\n")
        (tmp_path / program).chmod(0o755)
    return tmp_path


@needs_systemd
@pytest.mark.parametrize("unit", UNITS)
def test_systemd_understands_it(root: Path, unit: str) -> None:
    command = ["systemd-analyze", "verify", f"--root={root}", "--man=no", "--recursive-errors=no", f"{unit}.service"]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    ours = [line for line in done.stderr.splitlines() if "voicen" in line]
    assert done.returncode == 0, done.stderr
    assert ours == []


@needs_systemd
@pytest.mark.parametrize("unit", UNITS)
def test_it_is_hardened(root: Path, unit: str) -> None:
    command = ["systemd-analyze", "security", f"--root={root}", "--offline=true", "--no-pager", f"{unit}.service"]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    level = re.search(r"exposure level for .+?: ([0-9.]+)", done.stdout)
    assert level, done.stderr
    assert float(level[1]) <= WORST_EXPOSURE


@pytest.mark.parametrize("unit", UNITS)
def test_it_starts_what_the_images_start(unit: str) -> None:
    service = read(unit)
    dockerfile = (ROOT / "Dockerfile").read_text() + (ROOT / "docker-compose.yml").read_text()
    program, *arguments = service["ExecStart"].split()
    assert program.startswith("/opt/voicen/.venv/bin/")
    wanted = [*([] if program.endswith("python") else [Path(program).name]), *arguments]
    words = re.sub(r'[\[\]",\\\n]+', " ", dockerfile).split()
    plain = [word.replace("%%", "%") for word in wanted]
    assert any(words[start : start + len(plain)] == plain for start in range(len(words)))


@pytest.mark.parametrize("unit", UNITS)
def test_it_is_bounded_and_not_root(unit: str) -> None:
    service = read(unit)
    assert service["User"] == "voicen"
    assert service["MemoryMax"]
    assert service["ProtectSystem"] == "strict"
    if unit != "voicen-prepare":
        assert service["Restart"] == "always"
        assert service["KillMode"] == "mixed"


def read(unit: str) -> configparser.SectionProxy:
    parser = configparser.RawConfigParser(strict=False)
    parser.optionxform = str  # type: ignore[method-assign, assignment]
    parser.read(FOLDER / f"{unit}.service")
    return parser["Service"]
