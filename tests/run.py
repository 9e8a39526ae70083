"""`make test`: all on the embedded default, and beside it what touches rows or queue on PostgreSQL with Redis.

Both at a time: much of either is waiting for services. What the second says is shown when the first has ended.
"""

import os
import subprocess
import sys
import tempfile

from tests import servers

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
_APART = [f"--ignore=tests/{path}" for path in ("faults", "deploy/test_backup.py", "deploy/test_proxy.py")]
# Voices, starts, and the programs of clients, to whom it is all the same.
_NOT_ON_PRODUCTION = [
    f"--ignore=tests/live/test_{name}.py"
    for name in ("voices", "serve", "examples", "snippets", "openai", "marytts", "wyoming")
]


def main() -> int:
    arguments = sys.argv[1:]
    with servers.postgres() as database, servers.redis() as broker, tempfile.TemporaryFile("w+") as said:
        second = _pytest(
            [*arguments, *_ON_PRODUCTION, *_NOT_ON_PRODUCTION],
            {"DATABASE_URL": database, "CELERY_BROKER_URL": broker},
            stdout=said,
            stderr=subprocess.STDOUT,
        )
        try:
            print("== SQLite and the embedded broker", flush=True)  # noqa: T201
            failed = _pytest([*arguments, *_APART], {}).wait()
            failed = second.wait() or failed
        finally:
            if second.poll() is None:
                second.terminate()
                second.wait()
        print("== PostgreSQL and Redis", flush=True)  # noqa: T201
        said.seek(0)
        sys.stdout.writelines(said)
    return failed


def _pytest(
    arguments: list[str], environment: dict[str, str], stdout: object = None, stderr: object = None
) -> "subprocess.Popen[bytes]":
    inherited = {name: value for name, value in os.environ.items() if name not in {"DATABASE_URL", "CELERY_BROKER_URL"}}
    command = [sys.executable, "-m", "pytest", *arguments]
    return subprocess.Popen(command, env=inherited | environment, stdout=stdout, stderr=stderr)  # type: ignore[call-overload,no-any-return]


if __name__ == "__main__":
    sys.exit(main())
