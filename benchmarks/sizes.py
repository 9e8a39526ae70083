"""Memory of each process of a service, its start, what is installed: ``.venv/bin/python -m benchmarks.sizes``."""

import sys
import time
from pathlib import Path

from benchmarks.service import memory
from tests.live.service import running


def main() -> None:
    begin = time.monotonic()
    with running("kokoro") as service:
        print(f"from `serve` to its first line “Serving”: {time.monotonic() - begin:.1f} s, the data folder made anew")
        service.speak("salam")
        for name, size in memory(service).items():
            print(f"{name.split()[0]}: {size} MB resident after a word")
        print(f"the data folder: {megabytes(service.data_dir)} MB, of which the parts of the network are most")
    print(f"the environment, with all that tests need: {megabytes(Path(sys.prefix))} MB")
    for name in ("numpy", "onnxruntime", "onnx", "django", "lxml"):
        folder = next(Path(sys.prefix).glob(f"lib/python*/site-packages/{name}"))
        print(f"of that {name}: {megabytes(folder)} MB")


def megabytes(folder: Path) -> int:
    return sum(file.stat().st_size for file in folder.rglob("*") if file.is_file() and not file.is_symlink()) // 10**6


if __name__ == "__main__":
    main()
