"""The embedded broker between processes."""

import base64
import json
import multiprocessing
import os
import time
from collections import Counter
from pathlib import Path
from queue import Empty
from typing import Any

from kombu import Connection, Exchange, Queue

from voicen_server.broker import Transport
from voicen_server.celery import app

MESSAGES = 600  # of each writer; a read lists all that wait
_context = multiprocessing.get_context("spawn")


def connect(folder: Path) -> Connection:
    assert app.main == "voicen_server"  # its import names the transport
    options = {"data_folder_in": str(folder), "data_folder_out": str(folder), "control_folder": str(folder / "control")}
    Transport.global_state.clear()  # kombu remembers the bindings of a process, whatever the folder
    return Connection("embedded://localhost", transport_options=options)


def write(folder: Path, writer: int) -> None:
    with connect(folder) as connection:
        queue = connection.SimpleQueue("speech")
        for number in range(MESSAGES):
            queue.put({"id": f"{writer}-{number}", "padding": "x" * (number % 5000)})


def read(folder: Path, reader: int) -> None:
    taken, idle = [], time.monotonic()
    with connect(folder) as connection:
        channel: Any = connection.channel()
        while time.monotonic() - idle < 3 and not (folder.parent / "done").exists():
            try:
                message = channel._get("speech")
            except Empty:
                time.sleep(0.005)
                continue
            idle = time.monotonic()
            body = json.loads(base64.b64decode(message["body"]))
            assert len(body["padding"]) == int(body["id"].partition("-")[2]) % 5000
            taken.append(body["id"])
    (folder.parent / f"{reader}.json").write_text(json.dumps(taken))


def bind(folder: Path, number: int) -> None:
    with connect(folder) as connection:
        for turn in range(20):
            Queue(f"q{number}-{turn}", Exchange("shared"), routing_key="r").bind(connection.channel()).declare()


def run(target: Any, count: int, folder: Path) -> list[Any]:
    processes = [_context.Process(target=target, args=(folder, number)) for number in range(count)]
    for process in processes:
        process.start()
    return processes


def test_nothing_is_lost_or_twice_or_half_read(tmp_path: Path) -> None:
    folder = tmp_path / "queue"
    folder.mkdir(mode=0o700)
    writers, readers = run(write, 2, folder), run(read, 2, folder)
    for process in writers + readers:
        process.join(60)
        assert process.exitcode == 0
    taken = [name for reader in range(2) for name in json.loads((tmp_path / f"{reader}.json").read_text())]
    assert Counter(taken) == Counter({f"{writer}-{number}": 1 for writer in range(2) for number in range(MESSAGES)})
    assert [path.name for path in folder.iterdir() if path.is_file()] == []


def test_the_oldest_first(tmp_path: Path) -> None:
    with connect(tmp_path) as connection:
        queue = connection.SimpleQueue("speech")
        for number in range(20):
            queue.put(number)
        assert [queue.get(timeout=10).payload for _ in range(20)] == list(range(20))


def test_queues_do_not_mix(tmp_path: Path) -> None:
    with connect(tmp_path) as connection:
        channel: Any = connection.channel()
        for queue in ("speech", "gpu.speech", "speech.gpu"):
            channel._put(queue, {"body": queue})
        for queue in ("speech", "gpu.speech", "speech.gpu"):
            assert channel._get(queue) == {"body": queue}


def test_everything_stays_in_the_folder(tmp_path: Path) -> None:
    folder = tmp_path / "queue"
    folder.mkdir(mode=0o700)
    with connect(folder) as connection:
        Queue("bound", Exchange("shared"), routing_key="r").bind(connection.channel()).declare()
    with connect(folder) as connection:
        queue = connection.SimpleQueue("speech")
        queue.put("salam")
        assert [path.name for path in tmp_path.iterdir()] == ["queue"]
        assert (folder / "control").stat().st_mode & 0o777 == 0o700
        assert not [path for path in folder.iterdir() if path.name.endswith(".draft")]
        assert queue.get(timeout=10).payload == "salam"


def test_the_exchange_table_keeps_every_binding(tmp_path: Path) -> None:
    folder = tmp_path / "queue"
    folder.mkdir(mode=0o700)
    for process in run(bind, 8, folder):
        process.join(60)
        assert process.exitcode == 0
    with connect(folder) as connection:
        channel: Any = connection.channel()
        bound = {entry.queue for entry in channel.get_table("shared")}
    assert bound == {f"q{number}-{turn}" for number in range(8) for turn in range(20)}
    assert os.listdir(folder / "control")  # noqa: PTH208
