"""The web server's worker: what gunicorn refuses before Django sees it is answered in the API's own shape too."""

import contextlib
import json
import logging
import select
import socket
import threading
import time
from collections.abc import Iterator
from typing import Any

from django.conf import settings
from gunicorn import util
from gunicorn.http import errors
from gunicorn.workers.gthread import ThreadWorker

logger = logging.getLogger("voicen.web")

_REFUSALS: dict[type[Exception], tuple[int, str]] = {
    errors.LimitRequestLine: (414, "URI Too Long"),
    errors.LimitRequestHeaders: (431, "Request Header Fields Too Large"),
    errors.UnsupportedTransferCoding: (501, "Not Implemented"),
    errors.ExpectationFailed: (417, "Expectation Failed"),
}


_SWEEP_SECONDS = 1.0
# What each connection that a process has makes it wait before it takes one more, and for how many of them.
_STEP_BACK_SECONDS, _STEPS_BACK = 0.0002, 10
# How long a thread waits for the next request of the client that it has just answered.
_LINGER_MILLISECONDS = 5


class Deadlines:
    """Ends the receiving side of connections whose request takes too long to arrive.

    Whoever reads then finds the request cut short, and answers that. A time-out of the socket would not do: a client
    that sends a byte now and then would hold its thread for ever. The answer may take as long as it likes.
    """

    def __init__(self, seconds: float) -> None:
        self._seconds = seconds
        self._ends: dict[socket.socket, float] = {}
        self._lock = threading.Lock()

    def start(self) -> None:
        threading.Thread(target=self._sweep, name="deadlines", daemon=True).start()

    @contextlib.contextmanager
    def on(self, connection: socket.socket) -> Iterator[None]:
        with self._lock:
            self._ends[connection] = time.monotonic() + self._seconds
        try:
            yield
        finally:
            with self._lock:
                self._ends.pop(connection, None)

    def _sweep(self) -> None:
        while True:
            time.sleep(_SWEEP_SECONDS)
            now = time.monotonic()
            with self._lock:  # held while they are shut, so that no closed socket's number is another's by then
                late = [connection for connection, end in self._ends.items() if end < now]
                for connection in late:
                    del self._ends[connection]
                    with contextlib.suppress(OSError):
                        connection.shutdown(socket.SHUT_RD)


def _asks_again(conn: Any) -> bool:
    if conn.parser.unreader.buf.getvalue():  # read ahead, behind a body
        return True
    waiting = select.poll()
    waiting.register(conn.sock, select.POLLIN)
    return bool(waiting.poll(_LINGER_MILLISECONDS))


class Worker(ThreadWorker):  # type: ignore[misc]
    """gunicorn's own answer is HTML, and its log line quotes the header that was wrong: that may hold a key."""

    def init_process(self) -> None:
        self._deadlines = Deadlines(settings.UPLOAD_SECONDS)
        self._deadlines.start()
        super().init_process()

    def accept(self, listener: Any) -> None:
        """Take a connection, if no process with fewer of them has taken it meanwhile.

        All are told of it at once. Without this now and then one took all connections that came together, and its
        threads shared one core while the other process had nothing to do.
        """
        time.sleep(_STEP_BACK_SECONDS * min(self.nr_conns, _STEPS_BACK))
        super().accept(listener)

    def handle(self, conn: Any) -> Any:
        """Requests of a connection, in a thread, each from its first byte to the end of the answer.

        A client that asks again at once is served by the same thread, unless somebody waits for one. By way of the
        poller and the pool, as gunicorn does it, each request costs two changes of threads, which in Python is as much
        as a good part of its answer.
        """
        while True:
            with self._deadlines.on(conn.sock):
                stays = super().handle(conn)
            if stays is not True or not self.alive or self.tpool._work_queue.qsize() or not _asks_again(conn):
                return stays

    def handle_error(self, req: Any, client: socket.socket, addr: Any, exc: Exception) -> None:
        status, reason = _REFUSALS.get(type(exc), (400, "Bad Request"))
        if not isinstance(exc, errors.ParseException):
            status, reason = 500, "Internal Server Error"
        logger.log(logging.ERROR if status == 500 else logging.INFO, "refused with %d: %s", status, type(exc).__name__)
        body = json.dumps({"error": {"code": status, "message": f"{reason}."}}).encode()
        head = (
            f"HTTP/1.1 {status} {reason}\r\nConnection: close\r\n"
            f"Content-Type: application/json\r\nContent-Length: {len(body)}\r\n\r\n"
        )
        try:
            util.write_nonblock(client, head.encode("ascii") + body)
        except OSError:
            logger.debug("the client has gone")
