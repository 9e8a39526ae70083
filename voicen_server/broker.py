"""The embedded broker: kombu's filesystem transport, made atomic and private.

The stock transport writes a message in place, so that a reader may see half of it and the worker process exits with a
JSON error; it moves every message it reads through the system's temporary folder, readable for all; and two workers
that start together may read an exchange file the other has just opened. Here every file appears by rename inside one
private folder, and exchange files are changed under one lock.
"""

import contextlib
import fcntl
import os
import time
import uuid
from collections.abc import Callable, Iterator
from pathlib import Path
from queue import Empty
from typing import Any

from kombu.transport import filesystem
from kombu.utils.json import dumps, loads


class Channel(filesystem.Channel):
    """Messages are files ``<time>_<uuid>.<queue>.msg`` in one folder; the oldest is taken first."""

    @property
    def _folder(self) -> Path:
        return Path(self.data_folder_out)

    def _put(self, queue: str, payload: Any, **kwargs: Any) -> None:  # type: ignore[override]
        name = f"{time.time_ns():020d}_{uuid.uuid4()}.{queue}.msg"
        _write(self._folder / name, payload)

    def _get(self, queue: str, timeout: float | None = None) -> Any:
        # Names alone: thousands may wait, and each that is taken costs such a listing.
        names = os.listdir(self._folder)  # noqa: PTH208 - a Path for each costs ten times as much
        for name in sorted(name for name in names if name.partition(".")[2] == f"{queue}.msg"):
            path = self._folder / name
            taken = path.with_suffix(f".{uuid.uuid4().hex}.taken")
            try:
                path.rename(taken)
            except FileNotFoundError:
                continue  # another worker was faster
            payload = taken.read_bytes()
            taken.unlink()
            return loads(payload.decode())
        raise Empty

    def _queue_bind(self, exchange: str, routing_key: str | None, pattern: str | None, queue: str | None) -> None:
        binding = filesystem.exchange_queue_t(routing_key or "", pattern or "", queue or "")
        self._change_table(exchange, lambda table: table if binding in table else [binding, *table])

    def _delete(self, queue: str, exchange: str, routing_key: str, pattern: str, *args: Any, **kwargs: Any) -> None:
        self._purge(queue)
        binding = filesystem.exchange_queue_t(routing_key or "", pattern or "", queue or "")
        self._change_table(exchange, lambda table: [entry for entry in table if entry != binding])

    def _change_table(self, exchange: str, change: Callable[[list[Any]], list[Any]]) -> None:
        file: Path = self._exchange_file(exchange)  # type: ignore[attr-defined]
        with _locked(self.control_folder):
            _write(file, change(self.get_table(exchange)))


class Transport(filesystem.Transport):
    Channel = Channel


def _write(path: Path, payload: Any) -> None:
    draft = path.with_name(f".{uuid.uuid4().hex}.draft")
    try:
        draft.write_text(dumps(payload), encoding="utf-8")
        draft.rename(path)
    except OSError:
        draft.unlink(missing_ok=True)
        raise


@contextlib.contextmanager
def _locked(folder: Path) -> Iterator[None]:
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    with (folder / ".lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield
