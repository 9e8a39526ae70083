"""Row 24: links are right behind a proxy and under a path prefix."""

import json
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings as configured
from django.core.handlers.wsgi import WSGIHandler
from django.core.signals import request_finished, request_started
from django.db import close_old_connections
from django.test import Client, RequestFactory
from django.urls import set_script_prefix
from pytest_django import Settings

from synthesis.models import Job
from voicen_server.wsgi import under_prefix

URL = "/api/v1/jobs/?limit=1"
Submit = Callable[..., Job]


@pytest.fixture
def links(api: Client, submit: Submit) -> Callable[..., str]:
    submit()
    submit()

    def next_link(**headers: str) -> str:
        response = api.get(URL, headers={name.replace("_", "-"): value for name, value in headers.items()})
        return str(response.json()["next"])

    return next_link


def test_it_works(links: Callable[..., str]) -> None:
    assert links(host="localhost:8000") == "http://localhost:8000/api/v1/jobs/?limit=1&offset=1"


def test_a_stranger_cannot_forge_links(links: Callable[..., str]) -> None:
    """Without VOICEN_TRUST_PROXY the headers of a client mean nothing."""
    link = links(
        x_forwarded_proto="https", x_forwarded_host="evil.example", x_forwarded_port="1", forwarded="host=evil"
    )
    assert link == "http://testserver/api/v1/jobs/?limit=1&offset=1"


def test_behind_a_trusted_proxy(links: Callable[..., str], settings: Settings) -> None:
    settings.SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
    settings.USE_X_FORWARDED_HOST = True
    settings.ALLOWED_HOSTS = ["tts.example.az"]
    link = links(x_forwarded_proto="https", x_forwarded_host="tts.example.az")
    assert link == "https://tts.example.az/api/v1/jobs/?limit=1&offset=1"


def test_with_a_public_address(links: Callable[..., str], settings: Settings) -> None:
    settings.PUBLIC_URL = "https://tts.example.az/speech"
    assert links(host="localhost") == "https://tts.example.az/speech/api/v1/jobs/?limit=1&offset=1"


@pytest.mark.parametrize("sent", ["/speech/api/v1/jobs/", "/api/v1/jobs/"], ids=["passed on", "stripped"])
def test_under_a_prefix(key: str, submit: Submit, settings: Settings, sent: str) -> None:
    submit()
    submit()
    settings.PUBLIC_URL, settings.FORCE_SCRIPT_NAME = "https://tts.example.az/speech", "/speech"
    environ = RequestFactory().get(sent, {"limit": 1}, headers={"Authorization": f"Token {key}"}).environ
    # These would close the connection that the test's transaction is in.
    request_started.disconnect(close_old_connections)
    request_finished.disconnect(close_old_connections)
    try:
        page = json.loads(_serve(environ))
    finally:
        request_started.connect(close_old_connections)
        request_finished.connect(close_old_connections)
        set_script_prefix("/")
    assert page["next"] == "https://tts.example.az/speech/api/v1/jobs/?limit=1&offset=1"


def _serve(environ: dict[str, Any]) -> bytes:
    response = under_prefix(WSGIHandler(), "/speech")(environ, lambda *_: lambda _: None)
    try:
        return b"".join(response)
    finally:
        response.close()  # type: ignore[attr-defined]


@pytest.mark.parametrize(
    ("path", "inner"),
    [("/speech/api/", "/api/"), ("/speech", "/"), ("/speech/", "/"), ("/speeches/", "/speeches/"), ("/api/", "/api/")],
)
def test_the_prefix_is_cut_once(path: str, inner: str) -> None:
    seen: dict[str, Any] = {}

    def application(environ: dict[str, Any], _: object) -> list[bytes]:
        seen.update(environ)
        return []

    under_prefix(application, "/speech")({"PATH_INFO": path}, lambda *_: lambda _: None)
    assert (seen["SCRIPT_NAME"], seen["PATH_INFO"]) == ("/speech", inner)


_SCRIPT = """
import json, django
from voicen_server.wsgi import application
from django.conf import settings
from django.test import RequestFactory
from django.urls import reverse

def get(path):
    seen = []
    environ = RequestFactory().get(path, headers={"host": "tts.example.az"}).environ
    body = application(environ, lambda *a: seen.append(a))
    b"".join(body)
    return seen[0][0], dict(seen[0][1]).get("Content-Type", "")

print(json.dumps({
    "hosts": settings.ALLOWED_HOSTS, "origins": settings.CSRF_TRUSTED_ORIGINS, "secure": settings.SESSION_COOKIE_SECURE,
    "proxy": settings.SECURE_PROXY_SSL_HEADER, "static": settings.STATIC_URL, "admin": None,
    "unknown": [get("/speech/api/x"), get("/api/x")],
    "style": [get("/speech/static/admin/css/base.css"), get("/static/admin/css/base.css")],
    "alive": [get("/speech/healthz"), get("/healthz")],
}))
"""


def test_the_settings_of_a_public_address(tmp_path: Path) -> None:
    environment = {**os.environ, "VOICEN_DATA_DIR": str(tmp_path), "VOICEN_URL": "https://tts.example.az/speech/"}
    environment |= {"VOICEN_TRUST_PROXY": "true", "DJANGO_SETTINGS_MODULE": "voicen_server.settings"}
    done = subprocess.run(
        [sys.executable, "-c", _SCRIPT], env=environment, cwd=configured.BASE_DIR, capture_output=True, check=False
    )
    assert done.returncode == 0, done.stderr.decode()
    seen = json.loads(done.stdout)
    assert "tts.example.az" in seen["hosts"]
    assert seen["origins"] == ["https://tts.example.az"]
    assert seen["secure"] is True
    assert seen["proxy"] == ["HTTP_X_FORWARDED_PROTO", "https"]
    assert seen["static"] == "/speech/static/"
    assert seen["unknown"] == [["404 Not Found", "application/json"]] * 2
    assert seen["alive"] == [["200 OK", "application/json"]] * 2
    assert [status for status, _ in seen["style"]] == ["200 OK"] * 2
