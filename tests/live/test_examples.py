"""examples/: each program as it stands, with the interpreter or compiler that it names."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.live.audio import samples
from tests.live.service import Service

pytestmark = pytest.mark.live

EXAMPLES = Path(__file__).parents[2] / "examples"
_MONO = ["mcs", "-r:System.Net.Http", "-r:System.Runtime.Serialization", "-out:Speak.exe"]
NEEDED = {
    "speak.sh": ("bash", "curl", "jq"),
    "speak.py": (),
    "speak.php": ("php",),
    "speak.mjs": ("node",),
    "speak.go": ("go",),
    "Speak.java": ("java", "javac"),
    "Speak.cs": ("mcs", "mono"),
}
TEXT = 'Salam, "dünya" \\ əşyalar!'


@pytest.fixture(params=NEEDED)
def program(request: pytest.FixtureRequest, tmp_path: Path) -> list[str]:
    """The command that runs an example, compiled where it has to be."""
    name = str(request.param)
    missing = [needed for needed in NEEDED[name] if shutil.which(needed) is None]
    if missing:
        pytest.skip(f"examples/{name} was not run: {', '.join(missing)} is not installed on this machine")
    source = str(EXAMPLES / name)
    if name == "Speak.cs":
        subprocess.run([*_MONO, source], cwd=tmp_path, check=True, timeout=120)
        return ["mono", "Speak.exe"]
    commands = {
        "speak.sh": ["bash"],
        "speak.py": [sys.executable],
        "speak.php": ["php"],
        "speak.mjs": ["node"],
        "speak.go": ["go", "run"],
        "Speak.java": ["java"],
    }
    return [*commands[name], source]


def run(program: list[str], folder: Path, url: str, key: str) -> "subprocess.CompletedProcess[str]":
    environment = {
        **os.environ,
        "VOICEN_URL": url,
        "VOICEN_ACCESS_TOKEN": key,
        "LC_ALL": "C.UTF-8",  # or Mono and Java read the arguments as ASCII
        "GO111MODULE": "off",
        "GOCACHE": str(folder / "go"),
    }
    return subprocess.run(
        [*program, TEXT, "salam.mp3"], cwd=folder, env=environment, capture_output=True, text=True, timeout=180
    )


def test_every_example_is_run() -> None:
    assert {path.name for path in EXAMPLES.iterdir()} == {*NEEDED, "README.md"}


def test_example(program: list[str], service: Service, tmp_path: Path) -> None:
    done = run(program, tmp_path, service.url, service.key)
    assert done.returncode == 0, done.stderr
    assert done.stdout == "salam.mp3\n"
    assert samples((tmp_path / "salam.mp3").read_bytes()).size > 0
    newest = service.call("GET", "jobs/?limit=1").json()["results"][0]
    assert newest["character_count"] == len(TEXT)

    refused = run(program, tmp_path, service.url, "wrong")
    assert refused.returncode != 0
    assert "No valid API key" in refused.stderr or "401" in refused.stderr
