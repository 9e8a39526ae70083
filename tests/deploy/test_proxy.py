"""The proxies' own configuration in front of a running service: TLS, the document's samples, a path prefix, limits."""

import contextlib
import json
import os
import shutil
import ssl
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
import requests

from tests import servers
from tests.live.service import ROOT, Service
from tests.live.service import running as running_service

SITE = "localhost"
SAMPLES = ROOT / "tests/live/samples"
BIN = Path(sys.executable).parent

pytestmark = pytest.mark.live


class Proxied:
    """A service behind a proxy, and how clients reach it."""

    def __init__(self, service: Service, url: str, certificate: Path) -> None:
        self.service, self.url, self.certificate = service, url, certificate

    def call(self, method: str, path: str, **options: Any) -> requests.Response:
        options = {"headers": self.service.headers, "verify": str(self.certificate)} | options
        return requests.request(method, f"{self.url}{path}", timeout=60, **options)


@contextlib.contextmanager
def _ended(process: "subprocess.Popen[bytes]") -> Iterator[None]:
    try:
        yield
    finally:
        process.terminate()
        process.wait(20)


@contextlib.contextmanager
def caddy(service: Service, port: int, folder: Path) -> Iterator[Path]:
    environment = {
        **os.environ,
        "VOICEN_SITE": SITE,
        "VOICEN_UPSTREAM": f"127.0.0.1:{service.port}",
        "VOICEN_PROXY_HTTP_PORT": str(servers.free_port()),
        "VOICEN_PROXY_HTTPS_PORT": str(port),
        "VOICEN_PROXY_HEALTH_PORT": str(servers.free_port()),
        "XDG_DATA_HOME": str(folder),
        "XDG_CONFIG_HOME": str(folder),
    }
    command = [str(BIN / "caddy"), "run", "--config", str(ROOT / "deploy/proxy/Caddyfile"), "--adapter", "caddyfile"]
    with (folder / "log").open("wb") as log:
        process = subprocess.Popen(command, env=environment, stdout=log, stderr=log)
    with _ended(process):
        yield folder / "caddy/pki/authorities/local/root.crt"


@contextlib.contextmanager
def nginx(service: Service, port: int, folder: Path) -> Iterator[Path]:
    """Our file with a self-signed certificate, as an operator would fill it in."""
    certificate = folder / "fullchain.pem"
    subject = ["-subj", f"/CN={SITE}", "-addext", f"subjectAltName=DNS:{SITE}"]
    files = ["-keyout", str(folder / "privkey.pem"), "-out", str(certificate)]
    subprocess.run(
        ["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2", *subject, *files],
        check=True,
        capture_output=True,
    )
    site = (ROOT / "deploy/proxy/nginx.conf").read_text()
    for old, new in {
        "127.0.0.1:8000": f"127.0.0.1:{service.port}",
        "listen 80;": f"listen 127.0.0.1:{servers.free_port()};",
        "listen 443 ssl": f"listen 127.0.0.1:{port} ssl",
        "tts.example.az": SITE,
        "/etc/ssl/voicen": str(folder),
    }.items():
        assert old in site
        site = site.replace(old, new)
    temporary = "".join(
        f"{kind}_temp_path {folder}/{kind};" for kind in ("client_body", "proxy", "fastcgi", "uwsgi", "scgi")
    )
    (folder / "site.conf").write_text(site)
    (folder / "nginx.conf").write_text(
        f"daemon off; pid {folder}/pid; error_log {folder}/log; events {{}}"
        f"http {{ access_log off; {temporary} include {folder}/site.conf; }}"
    )
    program = shutil.which("nginx", path=f"{os.environ['PATH']}:/usr/sbin")
    process = subprocess.Popen([program, "-c", folder / "nginx.conf"], stderr=subprocess.DEVNULL)  # type: ignore[list-item]
    with _ended(process):
        yield certificate


PROXIES: dict[str, Callable[[Service, int, Path], contextlib.AbstractContextManager[Path]]] = {
    "caddy": caddy,
    "nginx": nginx,
}


@pytest.fixture(
    scope="module", params=[("caddy", ""), ("caddy", "/speech"), ("nginx", ""), ("nginx", "/speech")], ids="".join
)
def proxied(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Proxied]:
    name, prefix = request.param
    if name == "nginx" and not shutil.which("nginx", path=f"{os.environ['PATH']}:/usr/sbin"):
        pytest.skip("nginx is not installed")
    folder, port = tmp_path_factory.mktemp(name), servers.free_port()
    folder.chmod(0o755)  # nginx as root takes another account for its workers
    if os.geteuid() == 0:
        folder.parent.chmod(0o755)
        folder.parent.parent.chmod(0o755)
    url = f"https://{SITE}:{port}{prefix}"
    with (
        running_service(VOICEN_URL=url, VOICEN_TRUST_PROXY="true") as service,
        PROXIES[name](service, port, folder) as certificate,
    ):
        proxied = Proxied(service, url, certificate)
        _wait_for(proxied)
        yield proxied


def _wait_for(proxied: Proxied) -> None:
    end = time.monotonic() + 60
    while True:
        with contextlib.suppress(requests.ConnectionError, OSError):
            if proxied.call("GET", "/healthz").ok:
                return
        assert time.monotonic() < end, "the proxy does not answer"
        time.sleep(0.2)


def test_the_certificate_is_checked(proxied: Proxied) -> None:
    with pytest.raises(requests.exceptions.SSLError):
        proxied.call("GET", "/healthz", verify=True)
    assert ssl.get_server_certificate((SITE, int(proxied.url.split(":")[2].split("/")[0])))


def test_a_text_becomes_audio(proxied: Proxied) -> None:
    body = {"text": "salam dünya", "lang": "az", "voice_id": "325640"}
    job = proxied.call("POST", "/api/v1/jobs/text/", json=body).json()["data"]["id"]
    _wait_until_ready(proxied, job)
    audio = proxied.call("GET", f"/api/v1/jobs/{job}/synthesize/")
    assert audio.headers["Content-Type"] == "audio/mpeg"
    part = proxied.call(
        "GET", f"/api/v1/jobs/{job}/synthesize/", headers=proxied.service.headers | {"Range": "bytes=100-199"}
    )
    assert part.status_code == 206
    assert part.content == audio.content[100:200]


def _wait_until_ready(proxied: Proxied, job: int) -> None:
    end = time.monotonic() + 60
    while proxied.call("GET", f"/api/v1/jobs/{job}/").json()["data"]["status"] != "ready":
        assert time.monotonic() < end
        time.sleep(0.1)


@pytest.mark.parametrize(
    "sample", ["submit_text.sh", "submit_file.sh", "list_jobs.sh", "submit_text.py", "submit_file.py"]
)
def test_the_documents_samples(proxied: Proxied, sample: str, tmp_path: Path) -> None:
    """As they are, but for address and key; curl and requests check the proxy's certificate."""
    code = (SAMPLES / sample).read_text(encoding="utf-8")
    code = code.replace("https://tts.voicen.com", proxied.url).replace("$VOICEN_ACCESS_TOKEN", proxied.service.key)
    (tmp_path / sample).write_text(code, encoding="utf-8")
    for name in ("myfile.txt", "example.txt", "path/to/myfile.txt"):
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text("Salam, dünya!", encoding="utf-8")
    program = "sh" if sample.endswith(".sh") else sys.executable
    trust = {"CURL_CA_BUNDLE": str(proxied.certificate), "REQUESTS_CA_BUNDLE": str(proxied.certificate)}
    done = subprocess.run(
        [program, sample], cwd=tmp_path, env=os.environ | trust, capture_output=True, text=True, check=False, timeout=60
    )
    assert done.returncode == 0, done.stderr
    answer = json.loads(done.stdout)
    assert "results" in answer or answer["data"]["status"], done.stdout


def test_links_carry_the_address_of_the_clients(proxied: Proxied) -> None:
    for _ in range(2):
        proxied.call("POST", "/api/v1/jobs/text/", json={"text": "salam", "lang": "az", "voice_id": "325640"})
    following = proxied.call("GET", "/api/v1/jobs/?limit=1").json()["next"]
    assert following.startswith(f"{proxied.url}/api/v1/jobs/")
    assert requests.get(following, headers=proxied.service.headers, verify=str(proxied.certificate), timeout=60).ok


def test_the_admin_with_its_styles(proxied: Proxied) -> None:
    page = proxied.call("GET", "/admin/login/", headers={})
    assert page.ok
    cookies = page.headers["Set-Cookie"]
    assert "Secure" in cookies
    style = page.text.split('rel="stylesheet" href="')[1].split('"')[0]
    origin = "/".join(proxied.url.split("/")[:3])
    assert requests.get(f"{origin}{style}", verify=str(proxied.certificate), timeout=60).ok


def test_a_text_that_is_too_long_gets_the_apis_answer(proxied: Proxied) -> None:
    """Up to the proxy's limit the service answers itself; beyond it the proxy."""
    body = {"text": "a" * 3_000_000, "lang": "az", "voice_id": "325640"}
    refused = proxied.call("POST", "/api/v1/jobs/text/", json=body)
    assert refused.status_code == 400
    assert refused.json()["error"]
    with contextlib.suppress(requests.ConnectionError):  # Caddy hangs up while the client still sends
        huge = proxied.call("POST", "/api/v1/jobs/text/", data=b"x" * 20_000_000)
        assert huge.status_code == 413


def test_what_a_client_claims_about_itself_is_dropped(proxied: Proxied) -> None:
    headers = proxied.service.headers | {"X-Forwarded-Proto": "http", "X-Forwarded-Host": "evil.example"}
    listed = proxied.call("GET", "/api/v1/jobs/?limit=1", headers=headers)
    assert listed.ok
    assert "evil.example" not in listed.text
