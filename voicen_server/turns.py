"""Short requests for rows of the database take turns: a process has one interpreter, however many threads it has.

Each thread that works on such a request lets the interpreter go at every look at the database and at every piece that
goes over the wire, and has to wait for it again. With eight clients a process they spend a third of the processor on
that, and one of a hundred waits for ten others. In turns a request is done in one go, in the order of their coming.
"""

import re
import threading
from collections import deque
from collections.abc import Iterable
from wsgiref.types import StartResponse, WSGIApplication, WSGIEnvironment

# They ask the database twice and answer from memory. Whatever waits for files, speech or a slow client is none of them.
_SHORT = re.compile(r"/api/v1/jobs(?:/[0-9]+)?/?", re.ASCII)
_READING = frozenset({"GET", "HEAD"})

# Many times what sixteen of them take. Who waits longer stands behind a database that hangs: alone it is told sooner.
_PATIENCE_SECONDS = 1.0
# By its name or address: none, or the folder of a socket, is this host's own.
_HERE = re.compile(r"$|/|localhost$|127\.|::1$")


def at_a_time(database_host: str | None) -> int:
    """How many short requests a process best works on at a time, with its database on this host.

    Another host's is waited for long enough that a second one can be worked on meanwhile, and a third.
    """
    return 1 if _HERE.match(database_host or "") else 3


class Turns:
    """So many threads at a time, first come, first served: a thread that goes hands its turn to the one next in line.

    A semaphore of the standard library gives it to whoever asks at that moment, and those in line wait on.
    """

    def __init__(self, count: int) -> None:
        self._free = count
        self._line: deque[threading.Lock] = deque()
        self._lock = threading.Lock()

    def take(self, patience: float) -> bool:
        """Wait for a turn for so many seconds; False when none came."""
        with self._lock:
            if self._free:
                self._free -= 1
                return True
            called = threading.Lock()
            called.acquire()
            self._line.append(called)
        if called.acquire(timeout=patience):
            return True
        with self._lock:
            if called not in self._line:  # called at that very moment
                return True
            self._line.remove(called)
        return False

    def give(self) -> None:
        """Hand the turn on."""
        with self._lock:
            if self._line:
                self._line.popleft().release()
            else:
                self._free += 1


def in_turns(inner: WSGIApplication, count: int, patience: float = _PATIENCE_SECONDS) -> WSGIApplication:
    """Let so many short requests in at a time; the others as they come, and who has waited for so many seconds too.

    The turn ends with the answer in memory, so that no client who takes it in slowly holds anybody up.
    """
    turns = Turns(count)

    def serve(environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        if environ.get("REQUEST_METHOD") not in _READING or not _SHORT.fullmatch(environ.get("PATH_INFO", "")):
            return inner(environ, start_response)
        has_turn = turns.take(patience)
        try:
            return inner(environ, start_response)
        finally:
            if has_turn:
                turns.give()

    return serve
