"""The process that reads one document: `python child.py KIND FILE` writes its text to stdout, in UTF-8.

It limits itself before it looks at the file, and imports neither Django nor anything of the service but its neighbours.
Status 0: done; `REFUSED`: stderr holds one sentence for the sender; any other: the file broke the reader.
"""

import resource
import sys
from pathlib import Path

REFUSED = 3
_MEMORY_BYTES = 1 << 30
_CPU_SECONDS = 60
# The text goes through a pipe; of files it may write its reason only.
_REASON_BYTES = 64 << 10


def _limit() -> None:
    resource.setrlimit(resource.RLIMIT_AS, (_MEMORY_BYTES, _MEMORY_BYTES))
    resource.setrlimit(resource.RLIMIT_CPU, (_CPU_SECONDS, _CPU_SECONDS))
    resource.setrlimit(resource.RLIMIT_FSIZE, (_REASON_BYTES, _REASON_BYTES))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


def main(kind: str, path: Path) -> int:
    # As a file of its own, without the package: importing `synthesis` from an isolated interpreter needs its parent.
    sys.path.insert(0, str(Path(__file__).resolve().parent.parent.parent))
    from synthesis.documents import readers

    try:
        for piece in readers.READERS[kind](path):
            sys.stdout.buffer.write(piece.encode("utf-8", errors="replace"))
        sys.stdout.buffer.flush()
    except readers.Refused as refusal:
        sys.stderr.write(f"{refusal}\n")
        return REFUSED
    return 0


if __name__ == "__main__":
    _limit()
    sys.exit(main(sys.argv[1], Path(sys.argv[2])))
