"""The pulse of a worker process: signs of life, and the leases of the steps in hand."""

import contextlib
import faulthandler
import logging
import os
import signal
import threading
import uuid
from collections.abc import Iterator, Sequence
from time import monotonic

from django.conf import settings
from django.db import DatabaseError, InterfaceError, connection

from synthesis.metrics import totals
from synthesis.models import Step
from synthesis.services import presence, queue
from workers import stopping

logger = logging.getLogger("voicen.worker")

# Counts that a killed process takes with it are no older than this.
_FLUSH_SECONDS = 8

_GRACE_SECONDS = 5


class Lease:
    """The lease of one step in this process."""

    def __init__(self, step: Step, deadline: float) -> None:
        assert step.token is not None  # noqa: S101 - a claimed step has one
        self.step_id: int = step.pk
        self.token: uuid.UUID = step.token
        self.deadline = deadline
        self.lost = False

    def check(self) -> None:
        """For long work between two writes. Raises queue.LostLease once the step is cancelled or taken over, and
        Stopping when the worker shuts down."""
        if self.lost:
            raise queue.LostLease
        if stopping.requested():
            raise stopping.Stopping


class Pulse:
    """A thread that beats beside the work of a process.

    It renews the leases in hand at a third of their length. Past the steps' own deadline it stops and ends the process:
    native code that hangs cannot be interrupted otherwise, and the step moves on to another worker. Native code that
    hangs with the interpreter's lock stops this thread too; a timer of the C library ends the process then.
    """

    def __init__(self, who: presence.Presence) -> None:
        self._who = who
        self._leases: list[Lease] = []
        self._stopped = threading.Event()
        self._flushed = 0.0
        self._thread = threading.Thread(target=self._run, name="pulse", daemon=True)

    def start(self) -> None:
        """Raises DatabaseError; may be called again then."""
        presence.sign_of_life(self._who)
        self._thread.start()

    def stop(self) -> None:
        self._stopped.set()
        if self._thread.is_alive():
            self._thread.join(timeout=5)
        totals.flush()
        with contextlib.suppress(DatabaseError, InterfaceError):
            presence.leave(self._who)

    @contextlib.contextmanager
    def hold(self, step: Step, seconds: float) -> Iterator[Lease]:
        """Keep the step's lease alive during the block, for so many seconds at most."""
        with self.hold_all([step], seconds) as (lease,):
            yield lease

    @contextlib.contextmanager
    def hold_all(self, steps: Sequence[Step], seconds: float) -> Iterator[list[Lease]]:
        """Keep the lease of each step alive during the block, for so many seconds at most; each may be lost alone."""
        deadline = monotonic() + seconds
        leases = [Lease(step, deadline) for step in steps]
        self._leases = leases
        # It shows files and lines, no values.
        faulthandler.dump_traceback_later(seconds + _GRACE_SECONDS + self._interval(), exit=True)
        try:
            yield leases
        finally:
            faulthandler.cancel_dump_traceback_later()
            self._leases = []

    def _interval(self) -> float:
        return float(min(settings.LEASE_SECONDS / 3, presence.SIGN_OF_LIFE_SECONDS))

    def _run(self) -> None:
        while not self._stopped.wait(self._interval()):
            try:
                self._beat()
            except (DatabaseError, InterfaceError) as error:
                # A database that is away for longer than the lease costs the step; the fence sees to the rest.
                logger.warning("no pulse: %s", type(error).__name__)
                connection.close()
        connection.close()

    def _beat(self) -> None:
        for lease in self._leases:
            if monotonic() > lease.deadline:
                logger.critical("step %d hangs past its deadline: this process ends", lease.step_id)
                os.kill(os.getpid(), signal.SIGKILL)
            # One row at a time: a write of several, without the lock of their jobs, could meet another that waits.
            lease.lost = lease.lost or not queue.renew(lease.step_id, lease.token)
        presence.sign_of_life(self._who)
        if monotonic() - self._flushed > _FLUSH_SECONDS:
            self._flushed = monotonic()
            totals.flush()
