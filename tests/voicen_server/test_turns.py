import threading
from collections.abc import Callable, Iterable
from typing import Any

import pytest

from voicen_server.turns import Turns, at_a_time, in_turns

SOON = 10


class Application:
    """Answers each request when it is told to, and knows which it is working on."""

    def __init__(self) -> None:
        self.inside: list[str] = []
        self.came = threading.Condition()
        self.answers: dict[str, threading.Event] = {}

    def __call__(self, environ: dict[str, Any], start_response: Any) -> Iterable[bytes]:
        with self.came:
            self.inside.append(environ["name"])
            answer = self.answers.setdefault(environ["name"], threading.Event())
            self.came.notify_all()
        assert answer.wait(SOON)
        if environ.get("fails"):
            raise ValueError
        return [b""]

    def answer(self, name: str) -> None:
        with self.came:
            self.answers.setdefault(name, threading.Event()).set()

    def works_on(self, *names: str) -> bool:
        with self.came:
            return self.came.wait_for(lambda: len(self.inside) >= len(names), SOON) and self.inside == list(names)


class Door:
    def __init__(self, count: int, patience: float = 600) -> None:
        self.application = Application()
        self.serve: Callable[..., Iterable[bytes]] = in_turns(self.application, count, patience)
        self.threads: list[threading.Thread] = []

    def ask(self, name: str, path: str = "/api/v1/jobs/1/", method: str = "GET", **more: object) -> None:
        environ = {"REQUEST_METHOD": method, "PATH_INFO": path, "name": name, **more}

        def run() -> None:
            try:
                self.serve(environ, None)
            except ValueError:
                assert more["fails"]

        thread = threading.Thread(target=run, daemon=True)
        thread.start()
        self.threads.append(thread)

    def ended(self) -> bool:
        for thread in self.threads:
            thread.join(SOON)
        return not any(thread.is_alive() for thread in self.threads)


def wait_for_line(door: Door, length: int) -> None:
    line: Any = door.serve.__closure__
    turns = next(cell.cell_contents for cell in line if isinstance(cell.cell_contents, Turns))
    done = threading.Event()
    for _ in range(SOON * 1000):
        if len(turns._line) == length:
            return
        done.wait(0.001)
    raise AssertionError(f"{len(turns._line)} in line")


def test_short_requests_in_the_order_of_their_coming() -> None:
    door = Door(1)
    door.ask("first")
    assert door.application.works_on("first")
    for number, name in enumerate(("second", "third"), start=1):
        door.ask(name)
        wait_for_line(door, number)
    assert door.application.works_on("first")
    for name in ("third", "second", "first"):  # the order in which they could be answered changes nothing
        door.application.answer(name)
    assert door.ended()
    assert door.application.works_on("first", "second", "third")


def test_nobody_waits_for_ever_behind_one_that_hangs() -> None:
    door = Door(1, patience=0.01)
    door.ask("hangs")
    assert door.application.works_on("hangs")
    door.ask("second")
    assert door.application.works_on("hangs", "second")
    door.application.answer("second")
    door.application.answer("hangs")
    assert door.ended()
    door.ask("third")  # the one turn is free again, once
    assert door.application.works_on("hangs", "second", "third")
    door.application.answer("third")
    assert door.ended()


def test_so_many_at_a_time() -> None:
    door = Door(2)
    door.ask("first")
    assert door.application.works_on("first")
    door.ask("second")
    assert door.application.works_on("first", "second")
    door.ask("third")
    wait_for_line(door, 1)
    assert door.application.works_on("first", "second")
    for name in ("first", "second", "third"):
        door.application.answer(name)
    assert door.ended()


@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("POST", "/api/v1/jobs/text/"),
        ("DELETE", "/api/v1/jobs/1/"),
        ("GET", "/api/v1/jobs/1/synthesize/"),
        ("GET", "/api/v2/jobs/1/stream/"),
        ("GET", "/healthz"),
        ("POST", "/v1/audio/speech"),
    ],
)
def test_what_may_take_long_neither_waits_nor_is_waited_for(method: str, path: str) -> None:
    door = Door(1)
    door.ask("short")
    assert door.application.works_on("short")
    door.ask("long", path, method)
    assert door.application.works_on("short", "long")
    door.application.answer("short")
    door.application.answer("long")
    assert door.ended()


@pytest.mark.parametrize("path", ["/api/v1/jobs/", "/api/v1/jobs", "/api/v1/jobs/17"])
@pytest.mark.parametrize("method", ["GET", "HEAD"])
def test_one_that_fails_leaves_its_turn_to_the_next(method: str, path: str) -> None:
    door = Door(1)
    door.ask("first", path, method, fails=True)
    assert door.application.works_on("first")
    door.ask("second", path, method)
    wait_for_line(door, 1)
    door.application.answer("first")
    door.application.answer("second")
    assert door.ended()
    assert door.application.works_on("first", "second")


@pytest.mark.parametrize(
    ("host", "count"),
    [
        (None, 1),
        ("", 1),
        ("localhost", 1),
        ("127.0.0.1", 1),
        ("::1", 1),
        ("/run/postgresql", 1),
        ("postgres", 3),
        ("localhost.example.az", 3),
        ("10.127.0.1", 3),
        ("fe80::1", 3),
    ],
)
def test_more_at_a_time_where_the_database_is_far(host: str | None, count: int) -> None:
    assert at_a_time(host) == count
