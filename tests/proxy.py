"""A proxy in front of an HTTP server that answers some requests badly, on order."""

import http.client
import itertools
import socket
import threading
import time
from enum import Enum
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from types import TracebackType
from typing import Any
from urllib.parse import urlsplit


class Fault(Enum):
    ERROR_500 = "an internal error"
    SLOW_DOWN = "too many requests"
    SILENCE = "no answer for longer than anybody waits"
    REFUSE = "the connection is closed"
    CUT = "half of the answer"
    LOST = "the server did what was asked, and its answer is lost"


class FaultyProxy:
    """Passes requests on; `plan` makes the next ones fail, `every` makes every n-th one fail."""

    def __init__(self, target: str) -> None:
        self._target = urlsplit(target)
        self._lock = threading.Lock()
        self._planned: list[Fault] = []
        self._every, self._cycle = 0, itertools.cycle([Fault.ERROR_500])
        self._count = 0
        self.faults_given = 0
        self.bytes_down = 0
        self.requests: list[str] = []
        """Method and path of every request so far."""
        proxy = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def _serve(self) -> None:
                proxy._handle(self)

            do_GET = do_PUT = do_POST = do_DELETE = do_HEAD = _serve  # noqa: N815 - the interface of http.server

            def log_message(self, *_: Any) -> None:
                pass

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self._server.daemon_threads = True
        self._server.block_on_close = False
        self.url = f"http://127.0.0.1:{self._server.server_address[1]}"

    def plan(self, fault: Fault, times: int = 1) -> None:
        with self._lock:
            self._planned = [fault] * times

    def every(self, number: int, faults: list[Fault]) -> None:
        with self._lock:
            self._every, self._cycle = number, itertools.cycle(faults)

    def __enter__(self) -> "FaultyProxy":
        threading.Thread(target=self._server.serve_forever, args=(0.05,), daemon=True).start()
        return self

    def __exit__(self, *_: type[BaseException] | BaseException | TracebackType | None) -> None:
        self._server.shutdown()
        self._server.server_close()

    def _fault(self, method: str, path: str) -> Fault | None:
        with self._lock:
            self._count += 1
            self.requests.append(f"{method} {path}")
            fault = None
            if self._planned:
                fault = self._planned.pop()
            elif self._every and self._count % self._every == 0:
                fault = next(self._cycle)
            if fault is Fault.CUT and method != "GET":
                fault = Fault.ERROR_500
            self.faults_given += fault is not None
            return fault

    def _handle(self, handler: BaseHTTPRequestHandler) -> None:
        body = handler.rfile.read(int(handler.headers.get("Content-Length") or 0))
        fault = self._fault(handler.command, handler.path)
        if fault in {Fault.ERROR_500, Fault.SLOW_DOWN}:
            handler.send_response(500 if fault is Fault.ERROR_500 else 503)
            handler.send_header("Content-Length", "0")
            handler.end_headers()
        elif fault is Fault.SILENCE:
            time.sleep(1.5)
            handler.close_connection = True
        elif fault is Fault.REFUSE:
            handler.close_connection = True
            handler.connection.shutdown(socket.SHUT_RDWR)
        else:
            self._pass_on(handler, body, fault)

    def _pass_on(self, handler: BaseHTTPRequestHandler, body: bytes, fault: Fault | None) -> None:
        link = http.client.HTTPConnection(self._target.hostname or "", self._target.port, timeout=30)
        headers = {name: value for name, value in handler.headers.items() if name.lower() != "connection"}
        link.request(handler.command, handler.path, body, headers)
        answer = link.getresponse()
        content = answer.read()
        link.close()
        if fault is Fault.LOST:
            handler.close_connection = True
            handler.connection.shutdown(socket.SHUT_RDWR)
            return
        cut = fault is Fault.CUT
        handler.send_response(answer.status)
        for name, value in answer.getheaders():
            if name.lower() not in {"transfer-encoding", "connection", "content-length", "server", "date"}:
                handler.send_header(name, value)
        length = answer.getheader("Content-Length") if handler.command == "HEAD" else str(len(content))
        handler.send_header("Content-Length", length or "0")
        handler.end_headers()
        self.bytes_down += self._send(handler, content[: len(content) // 2] if cut else content)
        if cut:
            handler.close_connection = True
            handler.connection.shutdown(socket.SHUT_RDWR)

    def _send(self, handler: BaseHTTPRequestHandler, content: bytes) -> int:
        """How much of it was taken: a client may have enough before the end."""
        sent = 0
        try:
            for start in range(0, len(content), 65536):
                handler.wfile.write(content[start : start + 65536])
                sent += len(content[start : start + 65536])
        except OSError:
            handler.close_connection = True
        return sent
