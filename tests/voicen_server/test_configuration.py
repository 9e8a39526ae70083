"""The environment as a whole: secrets by file, misspelt names, and the documented production configuration."""

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest
from django.conf import settings

from voicen_server import env

ROOT = Path(settings.BASE_DIR)
SHOW = "from django.conf import settings as s; print(s.{})"


def run(*command: str, data: Path, **environment: str) -> "subprocess.CompletedProcess[str]":
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("VOICEN_", "DATABASE", "CELERY"))}
    given = {"VOICEN_DATA_DIR": str(data), "DJANGO_SETTINGS_MODULE": "voicen_server.settings"}
    return subprocess.run(
        [sys.executable, *command],
        cwd=ROOT,
        env=kept | given | environment,
        capture_output=True,
        text=True,
        timeout=120,
    )


def test_the_documented_production_configuration_passes_the_check(tmp_path: Path) -> None:
    """Word for word as the document has it, but for the folder of the secrets."""
    page = (ROOT / "docs/configuration.md").read_text(encoding="utf-8")
    block = re.findall(r"```\n(VOICEN_URL=.+?)```", page, re.DOTALL)[0]
    environment = dict(line.split("=", 1) for line in block.splitlines())
    secrets = {
        "voicen_secret_key": "f3Q9-kT7xWm2Zb8LrYp5VnCd4HsJg6EaUoXi1MqAwBtKe0RzNy",
        "voicen_database_password": "p@ss/word:with%all#sorts",
        "voicen_broker_url": "redis://redis:6379/0",
        "voicen_metrics_token": "3b1f6f0e9d2c4a5b8e7d",
    }
    for name, value in list(environment.items()):
        if name.endswith("_FILE"):
            file = tmp_path / Path(value).name
            file.write_text(secrets[file.name] + "\n", encoding="utf-8")
            environment[name] = str(file)
    done = run("manage.py", "check", "--deploy", "--fail-level", "DEBUG", data=tmp_path / "data", **environment)
    assert (done.returncode, "no issues (" in done.stdout) == (0, True), done.stderr
    password = run("-c", SHOW.format("DATABASES['default']['PASSWORD']"), data=tmp_path / "data", **environment)
    assert password.stdout.strip() == secrets["voicen_database_password"]


def test_the_check_can_fail(tmp_path: Path) -> None:
    done = run("manage.py", "check", "--deploy", "--fail-level", "WARNING", data=tmp_path, VOICEN_SECRET_KEY="short")
    assert done.returncode == 1


@pytest.mark.parametrize(
    ("name", "near"),
    [
        ("VOICEN_ALOWED_HOSTS", "VOICEN_ALLOWED_HOSTS"),
        ("VOICEN_SECRETKEY", "VOICEN_SECRET_KEY"),
        ("VOICEN_S3_BUKET", "VOICEN_S3_BUCKET"),
        ("VOICEN_ADMIN_PASWORD_FILE", "VOICEN_ADMIN_PASSWORD_FILE"),
        ("VOICEN_WATER", None),
    ],
)
def test_unknown_variables(tmp_path: Path, name: str, near: str | None) -> None:
    done = run("manage.py", "check", data=tmp_path, **{name: "a secret value", "VOICEN_HSTS_SECONDS": "0"})
    assert done.returncode == 0
    lines = [line for line in done.stderr.splitlines() if name in line]
    assert len(lines) == 1, done.stderr
    assert (f"did you mean {near}?" in lines[0]) if near else ("docs/configuration.md" in lines[0])
    assert "a secret value" not in done.stderr
    assert "VOICEN_HSTS_SECONDS" not in done.stderr


def test_children_do_not_warn_again(tmp_path: Path) -> None:
    script = (
        "import os, django; django.setup(); print('VOICEN_WATER' in os.environ, 'VOICEN_HSTS_SECONDS' in os.environ)"
    )
    done = run("-c", script, data=tmp_path, VOICEN_WATER="x", VOICEN_HSTS_SECONDS="0")
    assert done.stdout.split() == ["False", "True"]


def test_every_documented_name_is_known() -> None:
    page = (ROOT / "docs/configuration.md").read_text(encoding="utf-8")
    rows = re.findall(r"^\| (`.+?`(?:, `.+?`)*)( \*)? \|", page, re.MULTILINE)
    for names, starred in rows:
        for name in re.findall(r"`(\w+)`", names):
            assert {name, *([f"{name}_FILE"] if starred else [])} <= env.known()


@pytest.mark.parametrize(
    ("environment", "message"),
    [
        ({"VOICEN_METRICS_TOKEN": "short"}, "VOICEN_METRICS_TOKEN is too short"),
        ({"VOICEN_METRICS_NETWORKS": "10.0.0.0/8,here"}, "VOICEN_METRICS_NETWORKS="),
        ({"VOICEN_METRICS_NETWORKS": "10.0.0.1/8"}, "VOICEN_METRICS_NETWORKS="),
        ({"VOICEN_WYOMING_PORT": "10200"}, "VOICEN_WYOMING_USER"),
        ({"VOICEN_MARYTTS_NETWORKS": "here"}, "VOICEN_MARYTTS_NETWORKS="),
        ({"VOICEN_S3_BUCKET": "b", "VOICEN_S3_ACCESS_KEY": "k"}, "go together"),
        ({"VOICEN_S3_BUCKET": "b", "VOICEN_S3_ADDRESSING": "both"}, "VOICEN_S3_ADDRESSING="),
        (
            {"DATABASE_URL": "postgresql://voicen:pw@h/v", "VOICEN_DATABASE_PASSWORD": "other"},
            "VOICEN_DATABASE_PASSWORD is set: keep one",
        ),
    ],
)
def test_refused_in_one_line(tmp_path: Path, environment: dict[str, str], message: str) -> None:
    done = run("manage.py", "check", data=tmp_path, **environment)
    assert done.returncode == 1
    assert message in done.stderr
    assert len(done.stderr.strip().splitlines()) == 1, done.stderr


def test_the_version_is_that_of_the_project() -> None:
    project = (ROOT / "pyproject.toml").read_text(encoding="utf-8")
    assert f'version = "{settings.VERSION}"' in project
