"""Nudges for the workers: "there is work", by name, after commit.

The message carries nothing but when it was sent: a lost one costs seconds, since every worker rings for itself as well.
Publishing happens in a thread of its own, so that a broker which is down, slow or frozen never holds up a request.
"""

import functools
import logging
import threading
import time
from typing import Any

from celery import current_app
from django.conf import settings
from kombu.exceptions import ChannelError, KombuError

from synthesis.services import voices

logger = logging.getLogger("voicen.dispatch")

WORK = "workers.work"
RUNG = "rung"
"""The header that says when: seconds since the epoch, by the clock of the sender."""


# While all workers are busy for hours their own rings would pile up, and a new one would stand behind thousands.
_ENOUGH = 20
# Seconds between two rings of one process.
_LONGEST_PAUSE = 0.1


def publish() -> None:
    """Send one nudge now to the workers of each engine that a voice needs, unless enough of them wait.

    A broker that takes none is logged, no more: workers ring too.
    """
    if current_app.conf.task_always_eager:
        nudge()
        return
    try:
        with current_app.producer_pool.acquire(block=True) as producer:
            for doorbell in doorbells():
                if _waiting(producer.channel, doorbell) < _ENOUGH:
                    nudge(producer=producer, retry=False, queue=doorbell)
    except _faults() as error:
        logger.warning("the broker took no nudge: %s", type(error).__name__)


@functools.cache
def _faults() -> tuple[type[BaseException], ...]:
    """What a broker that is away raises."""
    # It does not connect; but to make one took longer than to ring.
    connection = current_app.connection_for_write()
    return (KombuError, OSError, *connection.connection_errors, *connection.channel_errors)


def nudge(**options: Any) -> None:
    """Send one message; `options` as those of Celery's `apply_async`. Raises what that raises."""
    current_app.signature(WORK).apply_async(headers={RUNG: str(time.time())}, **options)


def doorbells() -> list[str]:
    """The queues of messages that somebody may be listening to."""
    return [settings.DOORBELLS[engine] for engine in voices.engines_in_use()]


def _waiting(channel: Any, doorbell: str) -> int:
    try:
        return int(channel.queue_declare(doorbell, passive=True).message_count)
    except ChannelError:  # an empty queue does not exist in Redis
        return 0


class _Doorbell:
    """Rings in the background; rings that come while one is being sent become one."""

    def __init__(self) -> None:
        self._pressed = threading.Event()
        self._starting = threading.Lock()
        self._thread: threading.Thread | None = None

    def press(self) -> None:
        self._pressed.set()
        with self._starting:
            if self._thread is None or not self._thread.is_alive():  # the first ring, or the first one after a fork
                self._thread = threading.Thread(target=self._serve, name="doorbell", daemon=True)
                self._thread.start()

    def _serve(self) -> None:
        while True:
            self._pressed.wait()
            self._pressed.clear()
            begin = time.thread_time()
            publish()
            # Under a stream of new jobs ringing takes a twentieth of a thread, which the requests need themselves. One
            # ring alone never waits, and another one may be an idle worker's: it waits for less than people notice.
            time.sleep(min(_LONGEST_PAUSE, 19 * (time.thread_time() - begin)))


_doorbell = _Doorbell()


def ring() -> None:
    """Tell the workers that there is work. Never fails and never waits."""
    if current_app.conf.task_always_eager:
        publish()
        return
    _doorbell.press()
