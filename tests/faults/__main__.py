"""`make test-faults`: every fault on both stacks, one beside the other, since what a fault takes is mostly waiting."""

import sys

from tests.beside import Run, say, status_of

_PRODUCTION = "production"


def main() -> int:
    arguments = ["tests/faults", *sys.argv[1:]]
    with Run([*arguments, "-k", _PRODUCTION]) as production:
        say("SQLite and the embedded broker")
        statuses = [Run([*arguments, "-k", f"not {_PRODUCTION}"]).here()]
        say("PostgreSQL and Redis")
        statuses.append(production.show())
    return status_of(statuses)


if __name__ == "__main__":
    sys.exit(main())
