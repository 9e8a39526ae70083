"""Whether this worker is being shut down: known to every process of it, and to the signal handler that sets it."""

import multiprocessing

# Shared memory without a lock, made before any child is forked: a process that is killed while it looks would take a
# lock with it, and a signal handler that interrupts a look would wait for itself.
_flag = multiprocessing.RawValue("b", 0)


class Stopping(Exception):
    """Long work breaks off here and is handed back."""


def request() -> None:
    _flag.value = 1


def requested() -> bool:
    return bool(_flag.value)
