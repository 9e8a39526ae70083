"""Settings of voices and packs: a mistake stops the start with one line that names the variable."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]


def start(tmp_path: Path, **variables: str) -> subprocess.CompletedProcess[str]:
    script = (
        "from voicen_server import settings as s;"
        "print(s.VOICES_DIR, s.DEVICE, sorted(s.ACCEPTED_LICENCES), s.VOICES_FILE, s.ENGINE)"
    )
    clean = {name: value for name, value in os.environ.items() if not name.startswith("VOICEN_")}
    return subprocess.run(
        [sys.executable, "-c", script],
        env={**clean, "VOICEN_DATA_DIR": str(tmp_path), **variables},
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )


def test_defaults(tmp_path: Path) -> None:
    assert start(tmp_path).stdout == f"{tmp_path}/voices auto [] None kokoro\n"


def test_given(tmp_path: Path) -> None:
    file = tmp_path / "voices.toml"
    file.write_text("[aliases]\n7 = 325640\n")
    given = start(
        tmp_path,
        VOICEN_ENGINE="coqui",
        VOICEN_VOICES_DIR="/srv/voices",
        VOICEN_DEVICE="cuda:1",
        VOICEN_VOICES_FILE=str(file),
        VOICEN_ACCEPTED_LICENCES="cpml, CC BY-NC 4.0",
    )
    assert given.stdout == f"/srv/voices cuda:1 ['CC-BY-NC-4.0', 'CPML'] {file} coqui\n"


@pytest.mark.parametrize(
    ("variable", "value", "complaint"),
    [
        ("VOICEN_ENGINE", "piper", "is not one of: coqui, kokoro, tone."),
        ("VOICEN_DEVICE", "gpu", "VOICEN_DEVICE='gpu' is not one of: auto, cpu, cuda or cuda:0."),
        ("VOICEN_ACCEPTED_LICENCES", "a/b", "VOICEN_ACCEPTED_LICENCES: 'a/b' is not the name of a licence."),
        ("VOICEN_VOICES_FILE", "/none.toml", "VOICEN_VOICES_FILE: [Errno 2] No such file or directory: '/none.toml'."),
        ("VOICEN_VOICES_FILE", __file__, f"VOICEN_VOICES_FILE: {__file__}: "),
    ],
)
def test_mistakes(tmp_path: Path, variable: str, value: str, complaint: str) -> None:
    done = start(tmp_path, **{variable: value})
    assert done.returncode != 0
    assert done.stderr.splitlines()[-1].startswith("voicen_server.env.ConfigurationError: ")
    assert complaint in done.stderr.splitlines()[-1]
