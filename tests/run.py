"""`make test`: everything on the embedded default, and what touches rows or queue on PostgreSQL with Redis too.

In three parts beside each other, since much of each is waiting for services: what the second and third say is shown
when the first has ended.
"""

import os
import subprocess
import sys
import tempfile
from contextlib import ExitStack

import pytest

from tests import servers

# Each starts services of its own and waits for them.
_WITH_SERVICES = ["tests/browser", "tests/client", "tests/live"]
# What does not know the database runs once; so do the voices, and what an operator sees at the start.
_ON_PRODUCTION = [
    "tests/api",
    "tests/synthesis",
    "tests/workers",
    "tests/metrics",
    "tests/security",
    "tests/pages",
    "tests/webhooks",
    "tests/live",
]
# These start a service for each case and take minutes: `make test-faults`, `make test-deploy`.
_APART = ["tests/faults", "tests/deploy/test_backup.py", "tests/deploy/test_proxy.py"]
# Voices, starts, requests before they reach a row, and the programs of clients, to whom it is all the same.
_NOT_ON_PRODUCTION = [
    f"tests/live/test_{name}.py"
    for name in (
        *("voices", "serve", "supervision", "bad_requests", "slow_requests"),
        *("examples", "snippets", "openai", "marytts", "wyoming", "clients"),
    )
]
# What speaks with the weights.
_WITHOUT_VOICES = ["-m", "not model"]


def main() -> int:
    arguments = sys.argv[1:]
    with ExitStack() as stack:
        production = {
            "DATABASE_URL": stack.enter_context(servers.postgres(fsync=False)),
            "CELERY_BROKER_URL": stack.enter_context(servers.redis()),
        }
        second = stack.enter_context(_Part([*_WITH_SERVICES, *arguments], {}))
        third = stack.enter_context(
            _Part([*_ON_PRODUCTION, *_without(_NOT_ON_PRODUCTION), *_WITHOUT_VOICES, *arguments], production)
        )
        _say("SQLite and the embedded broker")
        statuses = [_pytest([*_without([*_APART, *_WITH_SERVICES]), *arguments], {}).wait()]
        _say("SQLite and the embedded broker: whole services, their clients and pages")
        statuses.append(second.show())
        _say("PostgreSQL and Redis")
        statuses.append(third.show())
    # A choice of tests (-k) may leave a part without any.
    failed = [status for status in statuses if status not in (pytest.ExitCode.OK, pytest.ExitCode.NO_TESTS_COLLECTED)]
    return failed[0] if failed else min(statuses)


class _Part:
    """Tests that run in the background; what they say is kept."""

    def __init__(self, arguments: list[str], environment: dict[str, str]) -> None:
        self._said = tempfile.TemporaryFile("w+")  # noqa: SIM115 - closed in __exit__
        self._process = _pytest(arguments, environment, stdout=self._said, stderr=subprocess.STDOUT)

    def __enter__(self) -> "_Part":
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


def _say(title: str) -> None:
    print(f"== {title}", flush=True)  # noqa: T201


def _without(paths: list[str]) -> list[str]:
    return [f"--ignore={path}" for path in paths]


def _pytest(
    arguments: list[str], environment: dict[str, str], stdout: object = None, stderr: object = None
) -> "subprocess.Popen[bytes]":
    inherited = {name: value for name, value in os.environ.items() if name not in {"DATABASE_URL", "CELERY_BROKER_URL"}}
    command = [sys.executable, "-m", "pytest", *arguments]
    return subprocess.Popen(command, env=inherited | environment, stdout=stdout, stderr=stderr)  # type: ignore[call-overload,no-any-return]


if __name__ == "__main__":
    sys.exit(main())
