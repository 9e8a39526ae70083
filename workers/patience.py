"""How long a worker process waits with a step for a storage that is away, before the wait counts as a failed attempt.

An outage of minutes is no fault of a job, and a job must not wait for ever: one object may be unreadable for good while
all others are fine. Kept in the process: after a restart the wait begins anew, which costs nothing but time.
"""

from time import monotonic


class Patience:
    def __init__(self, seconds: float) -> None:
        self._seconds = seconds
        self._since: dict[int, float] = {}

    def lasts(self, step_id: int) -> bool:
        """Whether this step, for which the storage was away just now, may wait once more."""
        now = monotonic()
        since = self._since.setdefault(step_id, now)
        if now - since <= self._seconds:
            return True
        # Steps of jobs that were deleted meanwhile go too.
        self._since = {step: first for step, first in self._since.items() if now - first <= 2 * self._seconds}
        return False

    def forget(self, step_id: int) -> None:
        self._since.pop(step_id, None)
