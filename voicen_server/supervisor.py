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

# A worker ends after the chunk in hand (longer work is handed back), which takes less than this on a slow host.
GRACE_SECONDS = 30
_WINDOW_SECONDS = 60
_LONGEST_REST_SECONDS = 30
_ENDS_BEFORE_SETTLED = 3
_PR_SET_PDEATHSIG = 1


class GaveUp(Exception):
    """A process ends again and again, or cannot start: the message names it."""


@dataclass
class Program:
    """A command that is to run all the time."""

    name: str
    command: Sequence[str]
    process: subprocess.Popen[bytes] | None = None
    ends: list[float] = field(default_factory=list)
    """When it ended within the last minute."""
    start_at: float = 0.0

    def start(self) -> None:
        self.process = _spawn(self.command)


class Supervisor:
    """Use as a context manager: leaving it ends every program, gently first."""

    def __init__(self, programs: Sequence[Program]) -> None:
        self._programs = programs
        self.settled = False
        """Whether the service has been up: from then on what ends is started again, however often."""

    def __enter__(self) -> "Supervisor":
        for program in self._programs:
            program.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._end(signal.SIGTERM, GRACE_SECONDS)
        self._end(signal.SIGKILL, 5)

    def check(self) -> None:
        """Start again what has ended, after a growing rest. Raises GaveUp when the service does not come up at all."""
        now = time.monotonic()
        for program in self._programs:
            if program.process is not None and program.process.poll() is not None:
                self._note_end(program, program.process.returncode, now)
                program.process = None
            if program.process is None and now >= program.start_at:
                program.start()

    def _note_end(self, program: Program, status: int, now: float) -> None:
        program.ends = [at for at in program.ends if now - at < _WINDOW_SECONDS] + [now]
        # An exit of its own choice at the start (a failed preflight) will not change by itself.
        if not self.settled and (status > 0 or len(program.ends) > _ENDS_BEFORE_SETTLED):
            raise GaveUp(f"The {program.name} process does not start (status {status}): see the lines above.")
        program.start_at = now + min(_LONGEST_REST_SECONDS, 0.1 * 2 ** (len(program.ends) - 1))
        logger.warning("the %s process ended with status %d and is started again", program.name, status)

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
