"""The web server's worker: what gunicorn refuses before Django sees it is answered in the API's own shape too."""

import json
import logging
import socket
from typing import Any

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


class Worker(ThreadWorker):  # type: ignore[misc]
    """gunicorn's own answer is HTML, and its log line quotes the header that was wrong: that may hold a key."""

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
