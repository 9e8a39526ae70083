"""What browsers are told: nothing from elsewhere, nothing inline, no frames; cookies for this site alone."""

import os
import re
import subprocess
import sys
from html.parser import HTMLParser
from pathlib import Path

import pytest
from django.contrib.auth.models import User
from django.test import Client

from synthesis.models import Job
from synthesis.services import keys
from tests.admin.conftest import login

ROOT = Path(__file__).parents[2]
PAGES = [
    "/",
    "/account/",
    "/account/password/",
    "/docs/",
    "/docs/api-v1/",
    "/admin/",
    "/admin/system/",
    "/admin/voices/",
    "/admin/password_change/",
    "/admin/auth/user/",
    "/admin/auth/user/add/",
    "/admin/auth/group/add/",
    *(
        f"/admin/synthesis/{name}/"
        for name in ("apikey", "job", "lexiconentry", "accountlimits", "usage", "auditentry")
    ),
    *(f"/admin/synthesis/{name}/add/" for name in ("apikey", "lexiconentry", "accountlimits")),
    "/admin/synthesis/lexiconentry/import/",
]


def policy(response: object) -> dict[str, str]:
    header = response["Content-Security-Policy"]  # type: ignore[index]
    return dict(part.strip().partition(" ")[::2] for part in header.split(";"))


@pytest.mark.parametrize("url", ["/admin/login/", "/api/v1/jobs/", "/healthz", "/unknown"])
@pytest.mark.django_db
def test_every_answer(client: Client, url: str) -> None:
    response = client.get(url)
    rules = policy(response)
    assert rules["default-src"] == "'none'"
    assert rules["script-src"] == rules["style-src"] == "'self'"
    assert rules["frame-ancestors"] == rules["base-uri"] == "'none'"
    assert "unsafe" not in str(rules)
    assert response["X-Frame-Options"] == "DENY"
    assert response["X-Content-Type-Options"] == "nosniff"
    assert response["Referrer-Policy"] == "same-origin"
    assert response["Cross-Origin-Opener-Policy"] == "same-origin"
    assert not [name for name in response.headers if name.lower().startswith("access-control-")]
    assert "Server" not in response.headers


class Inline(HTMLParser):
    """Collects what the policy would block: inline scripts, styles and handlers, and files from elsewhere."""

    def __init__(self) -> None:
        super().__init__()
        self.found: list[str] = []
        self._script = False

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        # A script of another type is data, which no policy stops.
        runs = (given.get("type") or "text/javascript") in {"text/javascript", "module", "application/javascript"}
        self._script = tag == "script" and "src" not in given and runs
        if tag == "style" or "style" in given or any(name.startswith("on") for name in given):
            self.found.append(self.get_starttag_text() or tag)
        source = given.get("src") or (given.get("href") if tag == "link" else "") or ""
        if re.match(r"(https?:)?//|data:|javascript:", source):
            self.found.append(source)

    def handle_data(self, data: str) -> None:
        if self._script and data.strip():
            self.found.append(data)


@pytest.mark.parametrize("url", PAGES)
def test_no_page_needs_more(user: User, url: str, ready_job: Job) -> None:
    keys.create(user, "a")
    response = login(user, is_superuser=True).get(url)
    assert response.status_code == 200
    parser = Inline()
    parser.feed(response.content.decode())
    assert parser.found == []


def test_cookies(user: User) -> None:
    client = Client()
    client.get("/admin/login/")
    user.is_staff = True
    user.save()
    client.post("/admin/login/", {"username": "leyla", "password": "a long pass phrase"})
    for name in ("sessionid", "csrftoken"):
        assert client.cookies[name]["httponly"]
        assert client.cookies[name]["samesite"] == "Lax"
    assert client.cookies["sessionid"]["max-age"] == 12 * 3600


_COOKIES = "from django.conf import settings as s; print(s.SESSION_COOKIE_SECURE, s.CSRF_COOKIE_SECURE)"


@pytest.mark.parametrize(("url", "secure"), [("https://tts.example.az", "True True"), ("", "False False")])
def test_cookies_of_an_https_address(tmp_path: Path, url: str, secure: str) -> None:
    environment = {**os.environ, "VOICEN_DATA_DIR": str(tmp_path), "VOICEN_URL": url}
    command = [sys.executable, "manage.py", "shell", "--no-imports", "-c", _COOKIES]
    done = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, timeout=60, check=True)
    assert done.stdout.strip() == secure


def test_audio_is_a_download_of_its_own_type(api: Client, ready_job: Job) -> None:
    response = api.get(f"/api/v1/jobs/{ready_job.pk}/synthesize/")
    assert response["Content-Disposition"].startswith("attachment;")
    assert response["X-Content-Type-Options"] == "nosniff"
    assert response["Cache-Control"] == "private, no-cache"
