"""The Celery side: one task that means "there is work", and the bell that every worker rings for itself."""

import logging
import os
import signal
import sys
import threading
from typing import Any

from billiard.pool import EX_RECYCLE
from celery import bootsteps, current_app, shared_task
from celery.signals import (
    worker_init,
    worker_process_init,
    worker_process_shutdown,
    worker_shutdown,
    worker_shutting_down,
)
from django.conf import settings

from synthesis import dispatch
from synthesis.services import webhooks
from workers import preflight, process, stopping
from workers.postman import Postman

logger = logging.getLogger("voicen.worker")

_LEAVING_SECONDS = 1.0

_this: process.WorkerProcess | None = None
_postman: Postman | None = None
# This module is imported before a pool forks its children; a solo pool works in the main process.
_MAIN_PROCESS = os.getpid()


@shared_task(name=dispatch.WORK, ignore_result=True, bind=True)
def work(self: Any) -> None:
    """Do whatever the queue holds. The message has no argument: the rows say what there is."""
    if _this is None:
        return
    webhooks.news.set()
    rung = (self.request.headers or {}).get(dispatch.RUNG)
    if rung is not None and _this.has_looked_since(float(rung)):
        return
    _this.work()
    if _this.is_outgrown:
        _make_room()


def _make_room() -> None:
    """End this process, which holds no step, for a fresh one in its place.

    A solo pool works in the main process: it stops as at SIGTERM, and its supervisor starts it again. A child of a pool
    takes leave and ends a moment after its task, which its main process hears of before; that one starts another. A
    nudge that it should get in between is lost, which costs seconds.
    """
    logger.warning("process %d makes room for a new one", os.getpid())
    if os.getpid() == _MAIN_PROCESS:
        os.kill(os.getpid(), signal.SIGTERM)
        return
    _stop()
    end = threading.Timer(_LEAVING_SECONDS, os._exit, (EX_RECYCLE,))
    end.daemon = True
    end.start()


@worker_init.connect
def _check(**_: Any) -> None:
    try:
        preflight.check()
    except preflight.NotReady as error:
        sys.exit(f"error: {error}")


@worker_process_init.connect
def _start(**_: Any) -> None:
    """In the process that works: engines and their threads do not survive a fork."""
    global _this, _postman
    this = process.WorkerProcess()
    try:
        this.start()
    except Exception:
        # A child that cannot speak would be replaced by another one, for ever: the whole worker ends instead, and
        # whoever supervises it sees that.
        logger.exception("this worker cannot speak and ends")
        if os.getpid() != _MAIN_PROCESS:
            os.kill(_MAIN_PROCESS, signal.SIGTERM)
        sys.exit(1)
    _this = this
    _postman = Postman()
    _postman.start()


@worker_shutdown.connect  # of a solo pool, which has no other process
@worker_process_shutdown.connect
def _stop(**_: Any) -> None:
    global _this, _postman
    if _postman is not None:
        _postman.stop()
        _postman = None
    if _this is not None:
        _this.stop()
        _this = None


@worker_shutting_down.connect
def _shutting_down(**_: Any) -> None:
    stopping.request()


class Bell(bootsteps.StartStopStep):
    """Rings every few seconds from the worker's own timer.

    A lost message then costs seconds at most, and no beat process is needed (an embedded one lives on as an orphan when
    its worker is killed).
    """

    requires = ("celery.worker.components:Timer",)

    def __init__(self, worker: Any, **kwargs: Any) -> None:
        self._entry: Any = None
        super().__init__(worker, **kwargs)

    def start(self, worker: Any) -> None:
        self._entry = worker.timer.call_repeatedly(settings.RING_SECONDS, dispatch.publish)

    def stop(self, worker: Any) -> None:
        if self._entry is not None:
            self._entry.cancel()


current_app.steps["worker"].add(Bell)
