"""Runs of pytest beside each other: much of what the tests do is waiting for services."""

import os
import subprocess
import sys
import tempfile
from collections.abc import Iterable, Mapping
from typing import IO, Self

import pytest

# The services of a test are named by whoever starts the run, never by the shell that it is typed in.
_SERVICES = {"DATABASE_URL", "CELERY_BROKER_URL"}


class Run:
    """One run of pytest; in a `with`, in the background, and what it says is kept until `show`."""

    def __init__(self, arguments: list[str], environment: Mapping[str, str] | None = None) -> None:
        self._arguments, self._environment = arguments, environment or {}
        self._said = tempfile.TemporaryFile("w+")  # noqa: SIM115 - closed in __exit__

    def here(self) -> int:
        """Run it in the foreground; pytest's status."""
        return self._start(None).wait()

    def __enter__(self) -> Self:
        self._process = self._start(self._said)
        return self

    def __exit__(self, *_: object) -> None:
        if self._process.poll() is None:
            self._process.terminate()
            self._process.wait()
        self._said.close()

    def show(self) -> int:
        """Wait for the end and print it all; pytest's status."""
        status = self._process.wait()
        self._said.seek(0)
        sys.stdout.writelines(self._said)
        sys.stdout.flush()
        return status

    def _start(self, output: IO[str] | None) -> "subprocess.Popen[bytes]":
        inherited = {name: value for name, value in os.environ.items() if name not in _SERVICES}
        command = [sys.executable, "-m", "pytest", *self._arguments]
        error = None if output is None else subprocess.STDOUT
        return subprocess.Popen(command, env={**inherited, **self._environment}, stdout=output, stderr=error)


def say(title: str) -> None:
    print(f"== {title}", flush=True)  # noqa: T201


def status_of(statuses: Iterable[int]) -> int:
    """The first failure of several runs, else success. A choice of tests (-k) may leave a run without any."""
    found = list(statuses)
    failed = [status for status in found if status not in (pytest.ExitCode.OK, pytest.ExitCode.NO_TESTS_COLLECTED)]
    return failed[0] if failed else min(found)
