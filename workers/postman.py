"""Makes the deliveries of webhooks beside the work of a worker process, which never waits for one.

One thread claims and writes; each call has a thread of its own while it lasts. So there is one more connection to the
database for each process, and an address that says nothing for 15 seconds holds up neither speech nor other addresses.
"""

import logging
import queue
import random
import threading
from contextlib import suppress
from time import monotonic

from django.conf import settings
from django.db import DatabaseError, InterfaceError, connection
from django.utils import timezone
from standardwebhooks.webhooks import Webhook

from synthesis.domain.webhooks import Answer
from synthesis.services import deliveries, webhooks
from synthesis.services.deliveries import Call
from workers import posting

logger = logging.getLogger("voicen.webhooks")

_AT_ONCE = 4
_BETWEEN_LOOKS_SECONDS = 1.0
_REST_SECONDS = 2.0
# What is not answered by then is called again by another process.
_LEAVING_SECONDS = 3.0


class Postman:
    """Lives as long as its process."""

    def __init__(self) -> None:
        self._stopped = threading.Event()
        self._out = 0
        self._back: queue.SimpleQueue[tuple[Call, Answer]] = queue.SimpleQueue()
        self._unwritten: list[tuple[Call, Answer]] = []
        self._thread = threading.Thread(target=self._run, name="postman", daemon=True)

    def start(self) -> None:
        self._thread.start()

    def stop(self) -> None:
        """Claim no more, and write what comes back within moments."""
        self._stopped.set()
        webhooks.news.set()
        self._thread.join(timeout=_BETWEEN_LOOKS_SECONDS + 2 * _LEAVING_SECONDS)

    def _run(self) -> None:
        while not self._stopped.is_set():
            try:
                self._write()
                self._claim()
                self._wait()
            except (DatabaseError, InterfaceError) as error:
                logger.warning("webhooks wait for the database: %s", type(error).__name__)
                connection.close()
                self._stopped.wait(_REST_SECONDS)
            except Exception as error:
                # Nobody would start this thread again: the next round may go better.
                logger.exception("webhooks: unforeseen %s", type(error).__name__)
                self._stopped.wait(_REST_SECONDS)
        self._leave()

    def _claim(self) -> None:
        while self._out < _AT_ONCE and not self._stopped.is_set():
            call = deliveries.claim()
            if call is None:
                return
            self._out += 1
            threading.Thread(target=self._make, args=(call,), name="webhook", daemon=True).start()

    def _make(self, call: Call) -> None:
        answer = Answer(reason="An unforeseen fault of this service.")
        try:
            answer = send(call)
        finally:
            self._back.put((call, answer))

    def _wait(self) -> None:
        """Until something comes back, or something may be new."""
        if self._out:
            with suppress(queue.Empty):
                self._note(self._back.get(timeout=_BETWEEN_LOOKS_SECONDS))
        elif webhooks.news.wait(settings.RING_SECONDS):
            webhooks.news.clear()

    def _note(self, came_back: tuple[Call, Answer]) -> None:
        self._out -= 1
        self._unwritten.append(came_back)

    def _write(self) -> None:
        """What came back stays here until it is written, though the database be away for a while."""
        while self._unwritten:
            call, answer = self._unwritten[0]
            deliveries.write(call.delivery, answer, random.random())  # noqa: S311 - no secret
            del self._unwritten[0]

    def _leave(self) -> None:
        end = monotonic() + _LEAVING_SECONDS
        with suppress(queue.Empty):
            while self._out:
                self._note(self._back.get(timeout=max(0.0, end - monotonic())))
        with suppress(DatabaseError, InterfaceError):
            self._write()
        connection.close()


def send(call: Call) -> Answer:
    """Sign the delivery with the time of this attempt, and make the call."""
    now = timezone.now()
    identity = call.delivery.event_id
    signatures = (Webhook(secret).sign(identity, now, call.body) for secret in call.secrets)
    headers = {
        "Content-Type": "application/json",
        "User-Agent": "Voicen-Webhooks",
        "webhook-id": identity,
        "webhook-timestamp": str(int(now.timestamp())),
        "webhook-signature": " ".join(signatures),
    }
    return posting.post(call.url, call.body.encode(), headers, allow_private=settings.WEBHOOKS_ALLOW_PRIVATE)
