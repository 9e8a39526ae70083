"""One worker process: its engine, its pulse, and the loop that takes step after step."""

import logging
import os
import random
import resource
from time import monotonic, sleep, time

from django.conf import settings
from django.db import DatabaseError, InterfaceError, connection

from synthesis import dispatch
from synthesis.services import housekeeping, presence, queue
from workers import memory, steps, stopping
from workers.pulse import Pulse
from workers.runtime import Runtime

logger = logging.getLogger("voicen.worker")

_TIDY_EVERY_SECONDS = 3600
_DATABASE_RETRY_SECONDS = 2
# How long a job waits, while the queue is never empty, whose worker died just before it would have let the join start.
_JOINS_EVERY_SECONDS = 30
# How far the clocks of two hosts may be apart before news from one of them is taken for old, until the next ring.
_CLOCKS_APART_SECONDS = 2.0
# A process that takes nearly its mark with nothing idle would be above it again, and unload again, after each chunk.
_FILLED = 0.9


class WorkerProcess:
    """Lives as long as its process. `start` returns once the engine has spoken."""

    def __init__(self) -> None:
        self._runtime = Runtime()
        self._who = presence.Presence(presence.this_host(), os.getpid(), ",".join(self._runtime.engines))
        self._pulse = Pulse(self._who)
        self._memory_mark: int | None = settings.MEMORY_MARK_MB or None
        self.is_outgrown = False
        """It takes more memory than it may, with everything unloaded that nobody needs: it takes no more work."""
        # Not all processes at the same moment.
        self._last_tidied = monotonic() - random.uniform(0, _TIDY_EVERY_SECONDS)  # noqa: S311 - no secret
        self._joins_looked_for = monotonic() - random.uniform(0, _JOINS_EVERY_SECONDS)  # noqa: S311 - no secret

        self._found_nothing_at: float | None = None

    def start(self) -> None:
        _limit_memory(settings.WORKER_MEMORY_MB)
        self._runtime.warm_up()
        self._check_mark()
        while not self._announced() and not stopping.requested():
            sleep(_DATABASE_RETRY_SECONDS)
        logger.info("process %d speaks with %s", os.getpid(), self._who.engine)

    def _check_mark(self) -> None:
        """A mark that a fresh process fills would replace it for ever: it is told, and not followed."""
        fresh = memory.resident_mb()
        if self._memory_mark is not None and fresh >= _FILLED * self._memory_mark:
            logger.warning(
                "VOICEN_MEMORY_MARK_MB=%d is not followed: a fresh process takes %d MB", self._memory_mark, fresh
            )
            self._memory_mark = None

    def _announced(self) -> bool:
        """Whether the database has taken note of this process; a database that is away comes back some time."""
        try:
            presence.bury_dead(self._who.host)
            self._pulse.start()
        except (DatabaseError, InterfaceError) as error:
            logger.warning("the database is away: %s", type(error).__name__)
            connection.close()
            return False
        return True

    def stop(self) -> None:
        self._pulse.stop()
        self._runtime.close()

    def has_looked_since(self, rung: float) -> bool:
        """Whether a nudge of this moment (seconds since the epoch) is old news: a later look has found nothing.

        So a pile of nudges costs one look. A look that is in the future by this host's clock, which was set back, tells
        nothing.
        """
        looked = self._found_nothing_at
        return looked is not None and rung + _CLOCKS_APART_SECONDS < looked <= time()

    def work(self) -> None:
        """Take steps until none is left; ring for a neighbour when there is more than one."""
        rung = False
        try:
            while not stopping.requested() and not self.is_outgrown:
                # Asked for each step anew: operators change voices while books are read.
                cannot_speak = self._runtime.cannot_speak()
                if monotonic() - self._joins_looked_for > _JOINS_EVERY_SECONDS:
                    self._unblock_joins()
                looked = time()
                claimed = queue.claim_batch(self._who.token, cannot_speak, self._runtime.batch_of)
                if not claimed:
                    if self._unblock_joins():
                        continue
                    self._found_nothing_at = looked
                    self._keep_house(cannot_speak)
                    break
                if not rung and queue.more_work(cannot_speak):
                    dispatch.ring()
                    rung = True
                steps.run_all(claimed, self._runtime, self._pulse)
                self._watch_memory()
        except steps.OutgrownError:
            logger.critical("process %d has used up its memory and makes room for another", os.getpid())
            self.is_outgrown = True
        except (DatabaseError, InterfaceError) as error:
            # The next ring finds the work again.
            logger.warning("the database is away: %s", type(error).__name__)
            connection.close()

    def _unblock_joins(self) -> int:
        self._joins_looked_for = monotonic()
        return queue.unblock_joins()

    def _watch_memory(self) -> None:
        if self._memory_mark is None or memory.resident_mb() < self._memory_mark:
            return
        before = memory.resident_mb()
        self._runtime.unload_idle()
        after = memory.resident_mb()
        logger.warning("process %d took %d MB, and %d MB without what is idle", os.getpid(), before, after)
        self.is_outgrown = after >= _FILLED * self._memory_mark

    def _keep_house(self, cannot_speak: frozenset[int]) -> None:
        now = monotonic()
        if now - self._last_tidied > _TIDY_EVERY_SECONDS:
            self._last_tidied = now
            housekeeping.tidy(cannot_speak)


def _limit_memory(megabytes: int) -> None:
    """Beyond it an allocation fails, so that one text cannot starve the host; 0: no limit.

    Of data, and not of all addresses: weights that are mapped from a file take no memory of their own.
    """
    if megabytes:
        resource.setrlimit(resource.RLIMIT_DATA, (megabytes << 20, megabytes << 20))
