"""The attacks of docs/security.md that no other test tries; and that each line there names a test that exists."""

import ast
import re
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest
from django.conf import settings as django_settings
from django.contrib.auth.models import User
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver

from models.catalogue import catalogue
from models.engines.loader import EngineOptions, load
from synthesis.domain import limits, text
from synthesis.models import Job
from tests.api.answers import NOT_FOUND
from tests.synthesis import progress
from workers.pipeline.render import chunks

ROOT = Path(__file__).parents[2]
Submit = Callable[..., Job]
_TEST = re.compile(r"`(tests/[\w/]+\.py)::(\w+)`")


def test_every_line_names_a_test_that_exists() -> None:
    page = (ROOT / "docs/security.md").read_text(encoding="utf-8")
    named = _TEST.findall(page)
    assert len(named) > 30
    for path, name in named:
        tree = ast.parse((ROOT / path).read_text(encoding="utf-8"))
        functions = {node.name for node in ast.walk(tree) if isinstance(node, ast.FunctionDef)}
        assert name in functions, f"{path}::{name}"
    rows = [line for line in page.splitlines() if re.match(r"\| S\d+", line)]
    assert [row.split()[1] for row in rows] == [f"S{number}" for number in range(1, 33)]
    assert not [row for row in rows if not _TEST.search(row)]


def _routes(patterns: list[URLPattern | URLResolver], prefix: str = "") -> list[str]:
    found = []
    for pattern in patterns:
        route = prefix + str(pattern.pattern)
        found += _routes(pattern.url_patterns, route) if isinstance(pattern, URLResolver) else [route]
    return found


def test_somebody_elses_job_on_every_route(stranger: Client, submit: Submit) -> None:
    """Read from the table of URLs, so that a new route is tried too."""
    ready, running = progress.make_ready(submit()), submit()
    tried = 0
    for route in _routes(get_resolver().url_patterns):
        if not route.startswith("api/") or "job_id" not in route:
            continue
        for job in (ready, running):
            route = re.sub(r"\(\?P<form>(\w+)[^)]*\)", r"\1", route).replace("\\.", ".")
            path = "/" + re.sub(r"\(\?P<job_id>[^)]*\)", str(job.pk), route).replace("^", "").replace("/?$", "/")
            for method in ("get", "delete", "post", "put", "patch"):
                response = getattr(stranger, method)(path)
                assert response.status_code in {404, 405}, path
                if response.status_code == 404:
                    error = response.json()["error"]
                    assert error.pop("reason", "not_found") == "not_found"  # v2 has it
                    assert {"error": error} == NOT_FOUND
                tried += 1
    assert tried >= 20
    assert Job.objects.count() == 2


def test_fields_that_are_not_the_clients(api: Client, user: User) -> None:
    """Owner, status, paths and priority are no fields of a request."""
    other = User.objects.create(username="other")
    body = {"text": "salam", "lang": "az", "voice_id": 325640}
    more = {"owner": other.pk, "status": "ready", "audio": "/etc/passwd", "folder": "x", "id": 7, "round": 0, "prio": 0}
    assert api.post("/api/v1/jobs/text/", {**body, **more}, content_type="application/json").status_code == 200
    job = Job.objects.get()
    assert (job.owner, job.status, job.audio) == (user, "waiting", "")
    assert job.steps.get().index == -1


@pytest.mark.parametrize("url", ["/admin/", "/admin/system/", "/admin/synthesis/job/", "/metrics"])
def test_a_key_opens_nothing_but_the_api(api: Client, url: str) -> None:
    assert api.get(url).status_code in {302, 403, 404}


@pytest.mark.parametrize(
    "path",
    ["/media/jobs/", "/data/media/", "/static/../data/secret_key", "/static/%2e%2e/%2e%2e/etc/passwd", "/jobs/x.mp3"],
)
def test_files_are_served_by_no_path(client: Client, db: None, path: str) -> None:
    assert client.get(path).status_code == 404


@pytest.mark.parametrize(
    "job_id", ["../1", "%2e%2e%2f1", "1%00", "..%5c1", "/etc/passwd", "1;ls", "1'--", "٣", "-1", "1e3", "0x1"]
)
def test_ids_that_are_paths(api: Client, job_id: str) -> None:
    for end in ("", "synthesize/"):
        assert api.get(f"/api/v1/jobs/{job_id}/{end}").status_code == 404


LENGTH = 30_000
HARD = {
    "one endless word": "a" * LENGTH,
    "combining marks": "a" + "\u0301" * LENGTH,
    "new lines": "a" + "\n" * LENGTH + "b",
    "spaces": "a" + " " * LENGTH + "b",
    "emoji": "a" + "😀" * LENGTH,
    "direction marks": "a" + "\u202e\u200b" * (LENGTH // 2),
    "digits": "1" * LENGTH,
    "brackets": "a" + "(" * LENGTH,
    "dots": "a" + "." * LENGTH,
    "quotes": "a" + "\"'" * (LENGTH // 2),
    "capitals": "A.B." * (LENGTH // 4),
}


@pytest.mark.parametrize("language", ["az", "tr", "ru"])
@pytest.mark.parametrize("name", HARD)
def test_hard_texts_are_read_in_bounded_time(name: str, language: str, tmp_path: Path) -> None:
    """Through all stages of reading and splitting; a quarter of the time after which a worker counts as hung."""
    engine = load("tone", EngineOptions(data_dir=tmp_path, weights_dir=None, threads=1))
    voice = next(voice for voice in catalogue() if voice.language == language)
    begin = time.process_time()
    for _ in chunks(text.check(HARD[name], 2 * LENGTH), voice, engine):
        pass
    assert time.process_time() - begin < limits.prepare_deadline(LENGTH) / 4


def test_no_module_calls_out() -> None:
    """There are no webhooks and no downloads on request: nothing could be sent to an inner address."""
    callers = []
    for package in ("models", "synthesis", "workers", "voicen_server"):
        for path in (ROOT / package).rglob("*.py"):
            for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
                names = [alias.name for alias in node.names] if isinstance(node, ast.Import) else []
                names += [node.module or ""] if isinstance(node, ast.ImportFrom) else []
                if {name.split(".")[0] for name in names} & {"requests", "httpx", "aiohttp", "urllib3"}:
                    callers.append(path.name)
                if any(name.startswith(("urllib.request", "http.client")) for name in names):
                    callers.append(path.name)
    # The first two call this machine only; the third is the storage that the operator chose; the last fetches voice
    # packs for the command line and is imported by nothing that serves.
    assert set(callers) <= {"first_sentence.py", "serve.py", "storage_s3.py", "remote.py"}, callers


def test_nothing_is_pickled_or_passed_through_a_shell() -> None:
    for package in ("models", "synthesis", "workers", "voicen_server"):
        for path in (ROOT / package).rglob("*.py"):
            source = path.read_text(encoding="utf-8")
            assert not re.search(
                r"\b(pickle|marshal|shelve)\.(loads?|open|Unpickler)\b|from (pickle|marshal|shelve) import .*load"
                r"|shell=True|os\.system\(|\byaml\.load\(",
                source,
            ), path
    assert django_settings.CELERY_ACCEPT_CONTENT == ["json"]


def test_the_data_folder_is_the_services_alone() -> None:
    for path in (django_settings.DATA_DIR, *(p for p in django_settings.DATA_DIR.iterdir() if p.is_dir())):
        assert path.stat().st_mode & 0o077 == 0, path
    assert (django_settings.DATA_DIR / "secret_key").stat().st_mode & 0o777 == 0o600


def test_a_key_is_compared_by_its_digest_alone(user: User) -> None:
    """The database sees a digest of what was sent: what it compares, and how long that takes, tells nothing."""
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    from synthesis.services import keys

    with CaptureQueriesContext(connection) as queries:
        keys.find("vcn_" + "A" * 43)
    assert len(queries) == 1
    assert "A" * 43 not in queries[0]["sql"]


@pytest.mark.parametrize("path", ["/healthz", "/readyz"])
def test_probes_tell_no_versions(client: Client, db: None, path: str) -> None:
    response = client.get(path)
    assert not re.search(r"\d+\.\d+", response.content.decode())
    assert "Server" not in response.headers


def test_settings_of_a_deployment(tmp_path: Path) -> None:
    """`check --deploy` finds nothing under the production settings of docs/security.md."""
    environment = {
        "PATH": "/usr/bin:/bin",
        "VOICEN_DATA_DIR": str(tmp_path),
        "VOICEN_URL": "https://tts.example.az",
        "VOICEN_TRUST_PROXY": "true",
        "VOICEN_HTTPS_REDIRECT": "true",
        "VOICEN_HSTS_SECONDS": "31536000",
        "VOICEN_ENGINE": "tone",
    }
    command = [sys.executable, "manage.py", "check", "--deploy", "--fail-level", "WARNING"]
    done = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, timeout=60, check=False)
    assert done.returncode == 0, done.stderr
