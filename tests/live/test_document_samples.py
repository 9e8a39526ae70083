"""The document's own samples, run as they are but for address, key and job id."""

import json
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.live.audio import samples
from tests.live.service import Service

pytestmark = pytest.mark.live

SAMPLES = Path(__file__).parent / "samples"
COMMANDS = {"sh": ["sh"], "py": [sys.executable], "php": ["php"]}


@pytest.fixture(params=COMMANDS)
def kind(request: pytest.FixtureRequest) -> str:
    name = str(request.param)
    if name == "php" and shutil.which("php") is None:
        pytest.skip("php is not installed on this machine")
    if name == "sh" and shutil.which("curl") is None:
        pytest.skip("curl is not installed on this machine")
    return name


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A working folder with the files that the samples name."""
    for name in ("myfile.txt", "example.txt", "path/to/myfile.txt"):
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text("Salam, dünya!", encoding="utf-8")
    (tmp_path / "path/to/destination").mkdir()
    return tmp_path


def run(name: str, kind: str, service: Service, folder: Path, job_id: int = 0) -> str:
    code = (SAMPLES / f"{name}.{kind}").read_text(encoding="utf-8")
    for placeholder, value in {
        "https://tts.voicen.com": service.url,
        "$VOICEN_ACCESS_TOKEN": service.key,
        "$JOB_ID": str(job_id),
    }.items():
        code = code.replace(placeholder, value)
    script = folder / f"sample.{kind}"
    script.write_text(code, encoding="utf-8")
    done = subprocess.run([*COMMANDS[kind], script.name], cwd=folder, capture_output=True, text=True, timeout=60)
    assert done.returncode == 0, done.stderr
    return done.stdout


def answer(output: str, kind: str) -> dict[str, object]:
    """What the sample printed; PHP's samples print the body with print_r, which leaves JSON as it is."""
    parsed: dict[str, object] = json.loads(output)
    return parsed


@pytest.mark.parametrize("name", ["submit_text", "submit_file"])
def test_submit(name: str, kind: str, service: Service, folder: Path) -> None:
    output = run(name, kind, service, folder)
    data = answer(output, kind)["data"]
    assert isinstance(data, dict)
    assert list(sorted(data)) == ["character_count", "created", "id", "language", "status", "voice_id"]
    assert data["voice_id"] == 325640
    assert data["language"] == "az"
    assert data["character_count"] == (5 if name == "submit_text" else 13)
    assert service.wait(int(data["id"])) == "ready"


def test_list(kind: str, service: Service, folder: Path) -> None:
    job_id = service.submit("salam")
    listed = answer(run("list_jobs", kind, service, folder), kind)
    assert set(listed) == {"count", "next", "previous", "results"}
    assert isinstance(listed["results"], list)
    assert listed["results"][0]["id"] == job_id


def test_detail(kind: str, service: Service, folder: Path) -> None:
    job_id = service.submit("salam")
    data = answer(run("job_detail", kind, service, folder, job_id), kind)["data"]
    assert isinstance(data, dict)
    assert data["id"] == job_id


def test_synthesize(kind: str, service: Service, folder: Path) -> None:
    job_id = service.submit("salam")
    assert service.wait(job_id) == "ready"
    run("synthesize", kind, service, folder, job_id)
    saved = folder / ("path/to/destination/mysynthesize.mp3" if kind == "py" else "mysynthesize.mp3")
    assert samples(saved.read_bytes()).size > 0


def test_delete(kind: str, service: Service, folder: Path) -> None:
    job_id = service.submit("salam")
    assert service.wait(job_id) == "ready"
    assert answer(run("delete_job", kind, service, folder, job_id), kind) == {"data": {"code": 200, "deleted": True}}
    assert answer(run("job_detail", kind, service, folder, job_id), kind) == {
        "error": {"code": 404, "message": "ID not found."}
    }
