"""Starts web and worker as child processes, keeps them running, and ends them all."""

import ctypes
import logging
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

logger = logging.getLogger("voicen.supervisor")

# A worker ends after the step in hand; the longest chunk takes less than this on a slow host.
GRACE_SECONDS = 30
_CRASHES_ALLOWED = 10
_CRASH_WINDOW_SECONDS = 60
_PR_SET_PDEATHSIG = 1


class GaveUp(Exception):
    """A process ends again and again, or cannot start: the message names it."""


@dataclass
class Program:
    """A command that is to run all the time."""

    name: str
    command: Sequence[str]
    process: subprocess.Popen[bytes] | None = None
    crashes: list[float] = field(default_factory=list)


class Supervisor:
    """Use as a context manager: leaving it ends every program, gently first."""

    def __init__(self, programs: Sequence[Program]) -> None:
        self._programs = programs

    def __enter__(self) -> "Supervisor":
        for program in self._programs:
            program.process = _spawn(program.command)
        return self

    def __exit__(self, *_: object) -> None:
        self._end(signal.SIGTERM, GRACE_SECONDS)
        self._end(signal.SIGKILL, 5)

    def check(self) -> None:
        """Start again what has ended. Raises GaveUp when that does not help."""
        for program in self._programs:
            if program.process is None or program.process.poll() is None:
                continue
            code = program.process.returncode
            now = time.monotonic()
            program.crashes = [at for at in program.crashes if now - at < _CRASH_WINDOW_SECONDS] + [now]
            # An exit status of its own choice at the start (a failed preflight) will not change by itself.
            if len(program.crashes) > _CRASHES_ALLOWED or (code > 0 and len(program.crashes) > 1):
                raise GaveUp(f"The {program.name} process keeps ending (last with status {code}): see the lines above.")
            logger.warning("the %s process ended with status %d and is started again", program.name, code)
            program.process = _spawn(program.command)

    def wait_for(self, condition: Callable[[], bool], seconds: float) -> bool:
        """Watch over the programs until the condition holds; False when the time is up."""
        end = time.monotonic() + seconds
        while time.monotonic() < end:
            self.check()
            if condition():
                return True
            time.sleep(0.1)
        return False

    def _end(self, with_signal: signal.Signals, seconds: float) -> None:
        running = [p.process for p in self._programs if p.process is not None and p.process.poll() is None]
        for process in running:
            _signal_group(process, with_signal)
        end = time.monotonic() + seconds
        for process in running:
            try:
                process.wait(max(0.0, end - time.monotonic()))
            except subprocess.TimeoutExpired:
                logger.warning("process %d does not end", process.pid)


def _spawn(command: Sequence[str]) -> subprocess.Popen[bytes]:
    # A session of its own: Ctrl-C reaches the supervisor alone, which ends its children in order.
    return subprocess.Popen(command, start_new_session=True, preexec_fn=_die_with_parent)


def _die_with_parent() -> None:
    """On Linux a child gets SIGTERM when its supervisor is killed, so that nothing is left running."""
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, signal.SIGTERM, 0, 0, 0)


def _signal_group(process: subprocess.Popen[bytes], with_signal: signal.Signals) -> None:
    try:
        if with_signal == signal.SIGKILL:
            os.killpg(process.pid, with_signal)  # children of a stuck main process too
        else:
            process.send_signal(with_signal)
    except ProcessLookupError:
        pass  # ended by itself in the meantime
