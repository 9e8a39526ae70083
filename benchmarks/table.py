"""All that is measured, in one table: what `make bench` runs.

    make bench                                  # some fifteen minutes on two idle cores
    make bench BENCH="--only api list"          # some of the parts
    .venv/bin/python -m benchmarks.table --list

Each part is a short form of a benchmark of this folder, in a process of its own and within a time of its own; what does
not end in it, or needs what is not there, is told as such. Peers are run in turn with ours (A B A B) and come by pip in
an environment of their own. The table is printed, and written with the machine's description to benchmarks/results/.
"""

import argparse
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

ROOT = Path(__file__).resolve().parents[1]
# Inside of the other, where no linter and no test of the documentation looks.
PEERS = ROOT / ".venv" / "peers"
REQUIREMENTS = ROOT / "benchmarks" / "requirements-peers.txt"
COQUI = ROOT / ".venv-coqui" / "bin" / "python"
TABLE = ROOT / "benchmarks" / "results" / "table.md"
TOO_LATE = 900.0


class Part(NamedTuple):
    """One part: its letter in the list of what is measured, what it asks, its program, and its seconds."""

    letter: str
    question: str
    command: list[str]
    seconds: float
    needs: Path | None = None


def parts() -> dict[str, Part]:
    ours, peers = sys.executable, str(PEERS / "bin" / "python")
    scratch = str(ROOT / "benchmarks" / ".scratch.md")

    def module(name: str, *arguments: str, python: str = ours) -> list[str]:
        return [python, "-m", f"benchmarks.{name}", *arguments]

    short = ["--rounds", "5", "--limit", "1", "--output", scratch]
    return {
        "synthesis": Part(
            "a",
            "audio seconds a second, beside kokoro-onnx with the same weights",
            module("synthesis", "--peer", peers, *short),
            240,
        ),
        "piper": Part("a", "the same beside Piper, whose model is smaller", module("piper", "--peer", peers), 90),
        "coqui": Part(
            "a",
            "Coqui beside its own Synthesizer",
            module("coqui", "--sentences", "20", "--threads", "1", python=str(COQUI)),
            150,
            COQUI,
        ),
        "first-audio": Part(
            "b", "first audio and ready, cold and warm: 5, 50, 300 characters", module("latency", "--repeats", "3"), 180
        ),
        "overhead": Part(
            "c", "a job beside the bare engine", module("overhead", "--engine", "tone", "--rounds", "5"), 120
        ),
        "overhead-kokoro": Part(
            "c", "the same with Kokoro", module("overhead", "--engine", "kokoro", "--rounds", "3", "--chunks", "5"), 150
        ),
        "api": Part("d", "requests a second", module("api", "--seconds", "2", "--jobs", "0"), 120),
        "api-one-core": Part(
            "d",
            "one web process alone on a core",
            module("api", "--seconds", "2", "--jobs", "0", "--clients", "16", "--one-core"),
            60,
        ),
        "list": Part("e", "pages of a million jobs", module("api", "--clients", "--jobs", "1000000"), 240),
        "sizes": Part("f", "memory, start, size of what is installed", module("sizes"), 60),
        "text": Part("g", "characters and audio seconds a second of normaliser and encoder", module("text"), 60),
        "queue": Part("h", "claims a second", module("scaling", "--workers", "1", "--seconds", "5"), 120),
    }


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--only", nargs="+", choices=sorted(parts()), help="these parts")
    parser.add_argument("--list", action="store_true", help="say what there is")
    parser.add_argument("--output", type=Path, default=TABLE)
    options = parser.parse_args()
    chosen = {name: part for name, part in parts().items() if not options.only or name in options.only}
    if options.list:
        for name, part in chosen.items():
            print(f"{name:16} ({part.letter}) {part.question}, {part.seconds:.0f} s at most")
        return
    if {"synthesis", "piper"} & set(chosen):
        peers()
    text = "\n".join(report(chosen))
    options.output.parent.mkdir(parents=True, exist_ok=True)
    options.output.write_text(text + "\n", encoding="utf-8")
    print(f"\n{text}\n\nwritten to {options.output}")


def peers() -> None:
    """The environment of the peers, made once."""
    mark = PEERS / ".installed"
    if mark.exists() and mark.stat().st_mtime > REQUIREMENTS.stat().st_mtime:
        return
    subprocess.run([sys.executable, "-m", "venv", str(PEERS)], check=True)
    pip = [str(PEERS / "bin" / "python"), "-m", "pip", "install", "--disable-pip-version-check", "--quiet"]
    subprocess.run([*pip, "-r", str(REQUIREMENTS)], check=True)
    mark.touch()


def report(chosen: dict[str, Part]) -> Iterator[str]:
    """The lines of the report."""
    from benchmarks.synthesis import machine

    end = time.monotonic() + TOO_LATE
    yield from (*machine(), "", "| | part | figures |", "|---|---|---|")
    for name, part in chosen.items():
        print(f"{name}: {part.question} …", file=sys.stderr, flush=True)
        left = end - time.monotonic()
        figures = measured(part, min(part.seconds, left)) if left > 1 else ["not measured: fifteen minutes were over"]
        for number, line in enumerate(figures):
            question = f"{part.question} (load {os.getloadavg()[0]:.0f})" if number == 0 else ""
            yield f"| {part.letter if number == 0 else ''} | {question} | {line.replace('|', '·')} |"


def measured(part: Part, seconds: float) -> list[str]:
    """The lines that the part's program has printed, and why they are not all."""
    if part.needs is not None and not part.needs.exists():
        return [f"not measured: {part.needs.relative_to(ROOT)} is not there"]
    process = subprocess.Popen(
        part.command, cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, start_new_session=True
    )
    try:
        out, error = process.communicate(timeout=seconds)
        ending = "" if process.returncode == 0 else f"failed: {(error.strip().splitlines() or ['?'])[-1]}"
    except subprocess.TimeoutExpired:
        os.killpg(process.pid, signal.SIGTERM)  # the part's own processes, in a group of their own
        try:
            out, _ = process.communicate(timeout=30)
        except subprocess.TimeoutExpired:
            os.killpg(process.pid, signal.SIGKILL)
            out, _ = process.communicate()
        ending = f"not to the end: {seconds:.0f} s were over"
    lines = [" ".join(line.split()) for line in out.splitlines() if line.strip() and not line.startswith("|--")]
    return [*lines, *([ending] if ending else [])] or ["printed nothing"]


if __name__ == "__main__":
    main()
