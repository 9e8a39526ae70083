"""`make test`: everything on the embedded default, and what touches rows or queue on PostgreSQL with Redis too.

In three parts beside each other, since much of each is waiting for services: what the second and third say is shown
when the first has ended.
"""

import sys
from contextlib import ExitStack

from tests import servers
from tests.beside import Run, say, status_of

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
        second = stack.enter_context(Run([*_WITH_SERVICES, *arguments]))
        third = stack.enter_context(
            Run([*_ON_PRODUCTION, *_without(_NOT_ON_PRODUCTION), *_WITHOUT_VOICES, *arguments], production)
        )
        say("SQLite and the embedded broker")
        statuses = [Run([*_without([*_APART, *_WITH_SERVICES]), *arguments]).here()]
        say("SQLite and the embedded broker: whole services, their clients and pages")
        statuses.append(second.show())
        say("PostgreSQL and Redis")
        statuses.append(third.show())
    return status_of(statuses)


def _without(paths: list[str]) -> list[str]:
    return [f"--ignore={path}" for path in paths]


if __name__ == "__main__":
    sys.exit(main())
