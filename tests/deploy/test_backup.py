"""Backup and restore: of a service that ran, on each database, and from one to the other."""

import io
import os
import subprocess
import sys
import tarfile
from collections.abc import Callable, Iterator
from pathlib import Path

import psycopg
import pytest

from tests import servers
from tests.live.service import ROOT, Service
from workers.pipeline.encoding import find_ffmpeg

PREPARE_FAILED_AND_WAITING = """
from django.contrib.auth.models import User
from models.catalogue import catalogue
from synthesis.models import Job
from synthesis.services import jobs
owner = User.objects.get(username="leyla")
for text in ("Bu mətn sonra oxunacaq.", "Bu mətn alınmadı."):
    job = jobs.submit(owner, catalogue().get(325640), text)
jobs.cancel(job.pk)
"""
Make = Callable[[str], Service]


@pytest.fixture(scope="module")
def postgres() -> Iterator[str]:
    with servers.postgres() as url:
        yield url


@pytest.fixture
def make(postgres: str, tmp_path: Path) -> Iterator[Make]:
    """A service that is not started yet, with an empty database of this kind."""
    made: list[Service] = []

    def new(kind: str) -> Service:
        number = len(made)
        database = f"sqlite:///{tmp_path / f'{number}.sqlite3'}"
        if kind == "postgresql":
            name = f"backup_{os.getpid()}_{tmp_path.name.replace('-', '_')}_{number}".lower()[:60]
            with psycopg.connect(postgres, autocommit=True) as connection:
                connection.execute(f'CREATE DATABASE "{name}"'.encode())
            database = postgres.rsplit("/", 1)[0] + f"/{name}"
        made.append(Service(tmp_path / f"data{number}", DATABASE_URL=database, CELERY_BROKER_URL=""))
        return made[-1]

    yield new
    for service in made:
        service.stop()


def decodes(audio: bytes) -> bool:
    command = [str(find_ffmpeg()), "-v", "error", "-xerror", "-i", "pipe:0", "-f", "null", "-"]
    return subprocess.run(command, input=audio, check=False).returncode == 0


@pytest.mark.live
@pytest.mark.parametrize(("old", "new"), [("sqlite", "sqlite"), ("postgresql", "postgresql"), ("sqlite", "postgresql")])
def test_jobs_keys_and_audio_come_back(make: Make, tmp_path: Path, old: str, new: str) -> None:
    service, file = make(old), tmp_path / "voicen.backup"
    service.start()
    service.key = key = service.manage("create_token", "leyla").split()[-1]
    ready = service.submit("Salam! Bu mətn ehtiyat nüsxəsində qalır.")
    assert service.wait(ready) == "ready"
    audio = service.audio(ready)
    service.stop()
    service.manage("shell", "-c", PREPARE_FAILED_AND_WAITING)
    service.manage("backup", str(file))
    assert file.stat().st_mode & 0o777 == 0o600

    other = make(new)
    other.manage("restore", str(file))
    other.start()
    other.key = key
    assert other.audio(ready) == audio
    assert decodes(audio)
    assert other.wait(ready + 1) == "ready"
    assert other.status(ready + 2) == "failed"
    other.manage("shell", "-c", f"from synthesis.services import jobs; jobs.retry({ready + 2})")
    assert other.wait(ready + 2) == "ready"
    assert decodes(other.audio(ready + 1))
    assert decodes(other.audio(ready + 2))
    assert other.submit("Yeni mətn.") > ready + 2  # keys go on behind the restored ones


class Shell:
    """Commands on a data folder, without a service."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        environment = {
            name: value for name, value in os.environ.items() if not name.startswith(("VOICEN_", "DATABASE"))
        }
        self.environment = {**environment, "VOICEN_DATA_DIR": str(folder), "VOICEN_ENGINE": "tone"}

    def __call__(self, *arguments: str, given: bytes = b"") -> "subprocess.CompletedProcess[bytes]":
        command = [sys.executable, "manage.py", *arguments]
        return subprocess.run(
            command, cwd=ROOT, env=self.environment, input=given, capture_output=True, check=False, timeout=120
        )

    def run(self, *arguments: str) -> str:
        done = self(*arguments)
        assert done.returncode == 0, done.stderr.decode()
        return done.stdout.decode()

    def count(self, what: str) -> int:
        return int(self.run("shell", "-v0", "-c", f"from synthesis.models import *; print({what}.objects.count())"))


@pytest.fixture(scope="module")
def saved(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A backup with two unfinished jobs."""
    folder = tmp_path_factory.mktemp("saved")
    shell = Shell(folder / "data")
    shell.run("prepare", "--no-password")
    shell.run("create_token", "leyla")
    shell.run("shell", "-v0", "-c", PREPARE_FAILED_AND_WAITING)
    shell.run("backup", str(folder / "backup"))
    return folder / "backup"


def test_through_a_pipe(saved: Path, tmp_path: Path) -> None:
    first, second = Shell(tmp_path / "first"), Shell(tmp_path / "second")
    first.run("restore", str(saved))
    piped = first("backup", "-")
    assert piped.returncode == 0
    assert second("restore", "-", given=piped.stdout).returncode == 0
    assert second.count("Job") == second.count("Step") == 2
    assert second.count("ApiKey") == 1


def test_a_backup_of_an_older_version_is_migrated(saved: Path, tmp_path: Path) -> None:
    old, new = Shell(tmp_path / "old"), Shell(tmp_path / "new")
    old.run("restore", str(saved))
    old.run("migrate", "synthesis", "0001")
    old.run("backup", str(tmp_path / "older"))
    new.run("restore", str(tmp_path / "older"))
    new.run("migrate", "--check")
    assert new.count("Job") == 2
    assert new.count("LexiconEntry") == 0  # its table came later


def test_an_installation_in_use_is_not_overwritten(saved: Path, tmp_path: Path) -> None:
    shell = Shell(tmp_path / "data")
    shell.run("prepare", "--no-password")
    shell.run("create_token", "rashad")
    refused = shell("restore", str(saved))
    assert refused.returncode == 1
    assert b"--replace" in refused.stderr
    assert shell.count("ApiKey") == 1
    shell.run("restore", "--replace", str(saved))
    users = "from django.contrib.auth.models import User; print(*User.objects.values_list('username', flat=True))"
    assert sorted(shell.run("shell", "-v0", "-c", users).split()) == ["admin", "leyla"]


def test_replacing_removes_the_files_of_the_jobs_that_go(saved: Path, tmp_path: Path) -> None:
    shell = Shell(tmp_path / "data")
    shell.run("restore", str(saved))
    shell.run("shell", "-v0", "-c", PREPARE_FAILED_AND_WAITING)
    assert len(list((tmp_path / "data/media/jobs").iterdir())) == 4
    shell.run("restore", "--replace", str(saved))
    assert len(list((tmp_path / "data/media/jobs").iterdir())) == 2


@pytest.mark.parametrize("damage", ["cut", "flipped", "empty", "foreign"])
def test_a_damaged_backup_changes_nothing(saved: Path, tmp_path: Path, damage: str) -> None:
    content = bytearray(saved.read_bytes())
    place = content.index(b"Bu m")
    if damage == "cut":
        del content[len(content) // 2 :]
    elif damage == "flipped":
        content[place] ^= 1
    elif damage == "empty":
        content.clear()
    else:
        with tarfile.open(fileobj=(out := io.BytesIO()), mode="w") as tar:
            member = tarfile.TarInfo("files/../../escape.txt")
            member.size = 2
            tar.addfile(member, io.BytesIO(b"hi"))
        content = bytearray(out.getvalue())
    bad = tmp_path / "bad"
    bad.write_bytes(content)
    shell = Shell(tmp_path / "data")
    shell.run("prepare", "--no-password")
    refused = shell("restore", "--replace", str(bad))
    assert refused.returncode == 1
    assert b"Nothing was changed." in refused.stderr
    users = "from django.contrib.auth.models import User; print(User.objects.count())"
    assert shell.run("shell", "-v0", "-c", users).strip() == "1"


def test_a_backup_of_a_newer_version_is_refused(saved: Path, tmp_path: Path) -> None:
    shell = Shell(tmp_path / "data")
    script = (
        "import io; from synthesis.services import archive, backup\n"
        "backup.Migrations.__init__ = (lambda old: lambda self: "
        "(old(self), self.targets.append(('synthesis', '9999_future')))[0])(backup.Migrations.__init__)\n"
        f"backup.write(open({str(tmp_path / 'future')!r}, 'wb'))"
    )
    shell.run("restore", str(saved))
    shell.run("shell", "-v0", "-c", script)
    refused = shell("restore", "--replace", str(tmp_path / "future"))
    assert refused.returncode == 1
    assert b"9999_future" in refused.stderr
    assert shell.count("Job") == 2


def test_a_job_that_is_deleted_meanwhile_is_left_out(saved: Path, tmp_path: Path) -> None:
    shell, other = Shell(tmp_path / "data"), Shell(tmp_path / "other")
    shell.run("restore", str(saved))
    # Between the rows and the files: a file that is gone by then.
    first = sorted((tmp_path / "data/media/jobs").iterdir())[0]
    (first / "text.txt").unlink()
    assert b"1 jobs were deleted meanwhile" in shell("backup", str(tmp_path / "b")).stderr
    other.run("restore", str(tmp_path / "b"))
    assert other.count("Job") == other.count("Step") == 1


def test_an_existing_file_is_kept(saved: Path, tmp_path: Path) -> None:
    shell = Shell(tmp_path / "data")
    shell.run("restore", str(saved))
    before = saved.read_bytes()
    assert shell("backup", str(saved)).returncode == 1
    assert saved.read_bytes() == before
