"""`make test`: everything on the embedded default, then all that touches rows or queue on PostgreSQL with Redis."""

import os
import subprocess
import sys

from tests import servers

# What does not know the database runs once; so do the voices, and what an operator sees at the start.
_ON_PRODUCTION = [
    "tests/api",
    "tests/synthesis",
    "tests/workers",
    "tests/metrics",
    "tests/security",
    "tests/pages",
    "tests/live",
]
# These start a service for each case and take minutes: `make test-faults`, `make test-deploy`.
_APART = [f"--ignore=tests/{path}" for path in ("faults", "deploy/test_backup.py", "deploy/test_proxy.py")]
_NOT_ON_PRODUCTION = ["--ignore=tests/live/test_voices.py", "--ignore=tests/live/test_serve.py"]


def main() -> int:
    arguments = sys.argv[1:]
    print("== SQLite and the embedded broker", flush=True)  # noqa: T201
    status = _pytest([*arguments, *_APART], {})
    if status:
        return status
    print("== PostgreSQL and Redis", flush=True)  # noqa: T201
    with servers.postgres() as database, servers.redis() as broker:
        return _pytest(
            [*arguments, *_ON_PRODUCTION, *_NOT_ON_PRODUCTION], {"DATABASE_URL": database, "CELERY_BROKER_URL": broker}
        )


def _pytest(arguments: list[str], environment: dict[str, str]) -> int:
    inherited = {name: value for name, value in os.environ.items() if name not in {"DATABASE_URL", "CELERY_BROKER_URL"}}
    return subprocess.run(
        [sys.executable, "-m", "pytest", *arguments], env=inherited | environment, check=False
    ).returncode


if __name__ == "__main__":
    sys.exit(main())
