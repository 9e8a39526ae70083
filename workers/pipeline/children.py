"""ffmpeg as a child of a worker process: started without a copy of it, and never left behind."""

import ctypes
import shutil
import signal
import subprocess
import sys
from collections.abc import Callable, Sequence
from functools import lru_cache
from typing import IO

_PR_SET_PDEATHSIG = 1
_PROBE_SECONDS = 5.0


def fed(command: Sequence[str], said: IO[bytes]) -> "subprocess.Popen[bytes]":
    """Start a program that is fed through a pipe; what it says on stderr goes to the file `said`. Raises OSError.

    At the end of its input it ends by itself, so also when this process is killed. One that hangs is then killed too.
    """
    if shutil.which(command[0]) is None:  # else it would be setpriv that fails, with a status
        raise FileNotFoundError(f"there is no program {command[0]}")
    setpriv = _setpriv()
    return subprocess.Popen(
        [*setpriv, *command],
        stdin=subprocess.PIPE,
        stdout=subprocess.DEVNULL,
        stderr=said,
        preexec_fn=None if setpriv else _DIE_WITH_PARENT,
    )


def stdin_of(process: "subprocess.Popen[bytes]") -> IO[bytes]:
    """The pipe by which the child is fed."""
    if process.stdin is None:
        raise RuntimeError("the child has no input")
    return process.stdin


@lru_cache
def _setpriv() -> tuple[str, ...]:
    """util-linux's program that has a child killed with its parent and becomes it; empty without one that can.

    With a function of ours between fork and exec Python has to copy the page tables of this process, and each page that
    is written to afterwards is one fault: with the weights of a voice some 17 000 of them for each mp3.
    """
    found = shutil.which("setpriv")
    if found is None:
        return ()
    setpriv = (found, "--pdeathsig", "KILL", "--")
    try:
        probe = subprocess.run([*setpriv, found, "--version"], capture_output=True, timeout=_PROBE_SECONDS, check=False)
    except (OSError, subprocess.TimeoutExpired):
        return ()
    return () if probe.returncode else setpriv  # Busybox has one without this option


def _die_with_parent() -> Callable[[], None] | None:
    if sys.platform != "linux":
        return None
    prctl = ctypes.CDLL(None).prctl
    return lambda: prctl(_PR_SET_PDEATHSIG, signal.SIGKILL, 0, 0, 0)


_DIE_WITH_PARENT = _die_with_parent()
