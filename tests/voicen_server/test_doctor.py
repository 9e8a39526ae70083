"""`manage.py doctor` on installations that lack something: it names it, says how to mend it, and ends with 1."""

import json
import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import boto3
import pytest
from django.conf import settings
from moto.server import ThreadedMotoServer

from tests import servers

Doctor = Callable[..., dict[str, dict[str, str]]]


class Installation:
    """A data folder with its database, looked at from outside."""

    def __init__(self, folder: Path) -> None:
        kept = {
            name: value for name, value in os.environ.items() if not name.startswith(("VOICEN_", "DATABASE", "CEL"))
        }
        self.folder = folder
        self.environment = {**kept, "VOICEN_DATA_DIR": str(folder), "VOICEN_ENGINE": "tone"}
        self.code = 0

    def manage(self, *arguments: str, **environment: str) -> "subprocess.CompletedProcess[str]":
        return subprocess.run(
            [sys.executable, "manage.py", *arguments],
            cwd=settings.BASE_DIR,
            env=self.environment | environment,
            capture_output=True,
            text=True,
            timeout=120,
        )

    def examine(self, *arguments: str, **environment: str) -> dict[str, dict[str, str]]:
        done = self.manage("doctor", "--json", *arguments, **environment)
        self.code = done.returncode
        assert done.stdout, done.stderr
        return {finding["name"]: finding for finding in map(json.loads, done.stdout.splitlines())}


@pytest.fixture
def installation(tmp_path: Path) -> Installation:
    fresh = Installation(tmp_path / "data")
    done = fresh.manage("prepare", "--no-password")
    assert done.returncode == 0, done.stderr
    return fresh


def test_a_good_one_but_for_its_worker(installation: Installation) -> None:
    found = installation.examine("--engine")
    wrong = {name for name, finding in found.items() if finding["verdict"] != "ok"}
    assert wrong == {"workers"}
    assert found["workers"]["mend"]
    assert installation.code == 1
    assert {"python", "ffmpeg", "data folder", "secret key", "database", "migrations", "broker", "engine"} <= set(found)


def test_what_computes_the_engines(installation: Installation) -> None:
    assert "no engine" in installation.examine()["runtimes"]["text"]
    script = (
        "from synthesis.metrics import counters, totals;"
        "counters.engine_loads.labels('kokoro', 'onnxruntime', 'kernels_missing').inc(2); totals.flush()"
    )
    installation.manage("shell", "-c", script)
    text = installation.examine()["runtimes"]["text"]
    assert text == "loaded so far: kokoro by onnxruntime (kernels_missing) 2 times"


def test_accounts_of_clients_without_keys(installation: Installation) -> None:
    assert installation.examine()["clients without keys"]["text"] == "none may call"
    named = {"VOICEN_MARYTTS_USER": "speech", "VOICEN_WYOMING_USER": "home", "VOICEN_WYOMING_PORT": "10200"}
    found = installation.examine(**named)["clients without keys"]
    assert found["verdict"] == "wrong"
    assert "VOICEN_MARYTTS_USER, VOICEN_WYOMING_USER" in found["text"]
    for name in ("speech", "home"):
        assert installation.manage("createsuperuser", "--noinput", f"--username={name}", "--email=").returncode == 0
    found = installation.examine(**named)["clients without keys"]
    assert (found["verdict"], found["text"]) == ("ok", "MaryTTS: speech, Wyoming: home")


def test_for_people(installation: Installation) -> None:
    done = installation.manage("doctor")
    assert "wrong    workers: No worker is alive" in done.stdout
    assert "→ Start one" in done.stdout
    assert done.stderr.strip().endswith("1 of these are wrong.")


def test_what_settings_get_wrong(installation: Installation, tmp_path: Path) -> None:
    found = installation.examine(
        VOICEN_SECRET_KEY="a" * 40, VOICEN_DEBUG="true", VOICEN_ALLOWED_HOSTS="*", VOICEN_READING_WITHOUT="nothing"
    )
    for name, verdict in (
        ("secret key", "wrong"),
        ("debug", "wrong"),
        ("allowed hosts", "warning"),
        ("worker settings", "wrong"),
    ):
        assert (found[name]["verdict"], bool(found[name]["mend"])) == (verdict, True), found[name]
    assert "a" * 40 not in json.dumps(found)


def test_a_proxy_that_the_settings_do_not_know(installation: Installation) -> None:
    """A request with its header, by the installation's own web code."""
    ask = "from django.test import Client; Client().get('/healthz', headers={'X-Forwarded-For': '203.0.113.7'})"
    assert installation.examine()["proxy"]["verdict"] == "ok"
    trusting = installation.manage("shell", "-c", ask, VOICEN_TRUST_PROXY="true")
    assert installation.examine()["proxy"]["verdict"] == "ok", "a header that is believed is no fault"
    done = installation.manage("shell", "-c", ask)
    assert (trusting.returncode, done.returncode) == (0, 0), done.stderr
    assert "X-Forwarded-For" not in trusting.stderr
    assert done.stderr.count("requests carry X-Forwarded-For") == 1
    assert "203.0.113.7" not in done.stderr
    found = installation.examine()["proxy"]
    assert (found["verdict"], "VOICEN_TRUST_PROXY=true" in found["mend"]) == ("warning", True)
    mark = installation.folder / "forwarded"
    os.utime(mark, (mark.stat().st_mtime - 8 * 24 * 3600,) * 2)
    assert installation.examine()["proxy"]["verdict"] == "ok", "it is long ago"


def test_weights_that_are_not_there(installation: Installation, tmp_path: Path) -> None:
    found = installation.examine(VOICEN_ENGINE="kokoro", VOICEN_WEIGHTS_DIR=str(tmp_path / "nowhere"))
    assert found["weights"]["verdict"] == "wrong"


def test_no_tables(tmp_path: Path) -> None:
    found = Installation(tmp_path / "data").examine()
    assert (found["migrations"]["verdict"], found["migrations"]["mend"]) == ("wrong", "manage.py prepare")


def test_neither_database_nor_broker(installation: Installation) -> None:
    found = installation.examine(
        DATABASE_URL=f"postgresql://voicen:very-secret@127.0.0.1:{servers.free_port()}/voicen",
        CELERY_BROKER_URL=f"redis://:very-secret@127.0.0.1:{servers.free_port()}/0",
    )
    assert found["database"]["verdict"] == found["broker"]["verdict"] == "wrong"
    assert "migrations" not in found
    assert "very-secret" not in json.dumps(found)


def test_redis_that_forgets(installation: Installation) -> None:
    with servers.redis() as url:
        found = installation.examine(CELERY_BROKER_URL=url)
    assert (found["broker"]["verdict"], found["broker"]["mend"]) == ("warning", "appendonly yes")


@pytest.fixture
def s3() -> Iterator[str]:
    server = ThreadedMotoServer(ip_address="127.0.0.1", port=servers.free_port(), verbose=False)
    server.start()
    host, port = server.get_host_and_port()
    yield f"http://{host}:{port}"
    server.stop()


def test_bucket(installation: Installation, s3: str) -> None:
    given = {
        "VOICEN_S3_BUCKET": "voicen-doctor",
        "VOICEN_S3_ENDPOINT_URL": s3,
        "VOICEN_S3_REGION": "us-east-1",
        "VOICEN_S3_ACCESS_KEY": "k",
        "VOICEN_S3_SECRET_KEY": "very-secret",
        "VOICEN_S3_ADDRESSING": "path",
    }
    found = installation.examine(**given)
    assert found["bucket"]["verdict"] == "wrong"
    assert "NoSuchBucket" in found["bucket"]["text"]
    client = boto3.client(
        "s3", endpoint_url=s3, region_name="us-east-1", aws_access_key_id="k", aws_secret_access_key="s"
    )
    client.create_bucket(Bucket="voicen-doctor")
    found = installation.examine(**given)
    assert found["bucket"]["verdict"] == "ok", found["bucket"]
    assert "very-secret" not in json.dumps(found)
    assert "Contents" not in client.list_objects_v2(Bucket="voicen-doctor")
