"""One worker process: its engine, its pulse, and the loop that takes step after step."""

import logging
import os
import random
from time import monotonic, sleep

from django.conf import settings
from django.db import DatabaseError, InterfaceError, connection

from synthesis import dispatch
from synthesis.services import housekeeping, presence, queue
from workers import steps, stopping
from workers.pulse import Pulse
from workers.runtime import Runtime

logger = logging.getLogger("voicen.worker")

_TIDY_EVERY_SECONDS = 3600
_DATABASE_RETRY_SECONDS = 2


class WorkerProcess:
    """Lives as long as its process. `start` returns once the engine has spoken."""

    def __init__(self) -> None:
        self._runtime = Runtime()
        self._who = presence.Presence(presence.this_host(), os.getpid(), settings.ENGINE)
        self._pulse = Pulse(self._who)
        # Not all processes at the same moment.
        self._last_tidied = monotonic() - random.uniform(0, _TIDY_EVERY_SECONDS)  # noqa: S311 - no secret

    def start(self) -> None:
        self._runtime.warm_up()
        while not self._announced() and not stopping.requested():
            sleep(_DATABASE_RETRY_SECONDS)
        logger.info("process %d speaks with engine %s", os.getpid(), settings.ENGINE)

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

    def work(self) -> None:
        """Take steps until none is left; ring for a neighbour when there is more than one."""
        rung = False
        try:
            while not stopping.requested() and (step := queue.claim(self._who.token)) is not None:
                if not rung and queue.more_work():
                    dispatch.ring()
                    rung = True
                steps.run(step, self._runtime, self._pulse)
            self._keep_house()
        except (DatabaseError, InterfaceError) as error:
            # The next ring finds the work again.
            logger.warning("the database is away: %s", type(error).__name__)
            connection.close()

    def _keep_house(self) -> None:
        now = monotonic()
        if now - self._last_tidied > _TIDY_EVERY_SECONDS:
            self._last_tidied = now
            housekeeping.tidy()
