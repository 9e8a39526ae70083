"""Nudges for the workers: "there is work", by name, after commit.

The message carries nothing: a lost one costs seconds, since every worker rings for itself as well. Publishing happens
in a thread of its own, so that a broker which is down, slow or frozen never holds up a request.
"""

import logging
import threading

from celery import current_app
from django.conf import settings
from kombu.exceptions import KombuError

logger = logging.getLogger("voicen.dispatch")

WORK = "workers.work"


def publish() -> None:
    """Send one nudge now. Raises what the broker raises."""
    # A nudge that nobody took for a while is stale: the workers have rung for themselves by then.
    current_app.signature(WORK, expires=2 * settings.RING_SECONDS).apply_async(retry=False, ignore_result=True)


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
            try:
                publish()
            except (KombuError, OSError) as error:
                logger.warning(
                    "The broker took no nudge (%s); workers find the work by themselves.",
                    type(error).__name__,
                )


_doorbell = _Doorbell()


def ring() -> None:
    """Tell the workers that there is work. Never fails and never waits."""
    if current_app.conf.task_always_eager:
        publish()
        return
    _doorbell.press()
