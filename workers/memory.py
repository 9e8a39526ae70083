"""How much memory this process takes, and giving back what it no longer needs."""

import ctypes
import gc
import os
import resource
import sys
from pathlib import Path

_STATM = Path("/proc/self/statm")


def resident_mb() -> float:
    """MiB of memory that are this process's now; where the system does not tell, the most it ever took."""
    try:
        pages = int(_STATM.read_text(encoding="ascii").split()[1])
    except OSError:
        peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
        return peak / 1024 if sys.platform == "linux" else peak / 1024**2  # macOS counts in bytes
    return pages * os.sysconf("SC_PAGE_SIZE") / 1024**2


def give_back() -> None:
    """Return freed memory to the system: glibc keeps it otherwise, and the process looks as large as before."""
    gc.collect()
    if sys.platform == "linux":
        trim = getattr(ctypes.CDLL(None), "malloc_trim", None)  # musl has none
        if trim is not None:
            trim(0)
