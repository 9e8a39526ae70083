"""Many clients at once on the embedded default: everybody is answered, and SQLite never says that it is locked."""

import contextlib
import re
import socket
import statistics
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from tests.live.service import Service

pytestmark = pytest.mark.live


def test_fifty_clients_while_workers_write(service: Service) -> None:
    def client(number: int) -> list[int]:
        codes = []
        for _ in range(4):
            submitted = service.call(
                "POST", "jobs/text/", json={"text": f"salam {number}", "lang": "az", "voice_id": 325640}
            )
            codes.append(submitted.status_code)
            codes.append(service.call("GET", f"jobs/{submitted.json()['data']['id']}/").status_code)
            codes.append(service.call("GET", "jobs/?limit=50").status_code)
        return codes

    with ThreadPoolExecutor(50) as pool:
        codes = [code for part in pool.map(client, range(50)) for code in part]
    assert codes == [200] * 600
    assert "locked" not in service.log.read_text()


def test_connections_that_come_together_are_shared_by_the_web_processes(service: Service) -> None:
    """Mostly: how long a process waits for its core is the machine's to say."""
    processes = service.children("gunicorn")
    smaller = []
    for _ in range(15):
        time.sleep(0.2)  # both wait for somebody
        with contextlib.ExitStack() as stack:
            address = ("127.0.0.1", service.port)
            clients = [stack.enter_context(socket.create_connection(address, timeout=60)) for _ in range(16)]
            for client in clients:
                client.sendall(b"GET /healthz HTTP/1.1\r\nHost: localhost\r\n\r\n")
            for client in clients:
                assert client.recv(1 << 16).startswith(b"HTTP/1.1 200")
            shares = sorted(count for process in processes if (count := _connections(process, service.port)))
        assert sum(shares) == 16
        smaller.append(16 - shares[-1])
    assert statistics.quantiles(smaller)[0] >= 5


def _connections(process: int, port: int) -> int:
    """How many connections to this port the process has open."""
    local = re.compile(rf"^ *\d+: [0-9A-F]+:{port:04X} \S+ 01 (?:\S+ +){{5}}(\d+)", re.MULTILINE)
    inodes = {f"socket:[{inode}]" for inode in local.findall(Path("/proc/net/tcp").read_text())}
    count = 0
    for descriptor in Path(f"/proc/{process}/fd").iterdir():
        with contextlib.suppress(FileNotFoundError):
            count += str(descriptor.readlink()) in inodes
    return count
