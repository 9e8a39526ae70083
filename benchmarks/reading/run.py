"""Read the golden files, count what is read right by kind and language. See README.md."""

import argparse
import json
import subprocess
import sys
import time
from collections import defaultdict
from pathlib import Path

HERE = Path(__file__).parent
sys.path.insert(0, str(HERE.parents[1]))  # the checkout

from benchmarks.reading.scoring import Case, golden  # noqa: E402
from workers.pipeline.normalise import LANGUAGES, normalise  # noqa: E402

OURS = "this project"


def main() -> None:
    arguments = read_arguments()
    cases = [case for language in arguments.languages for case in golden(language)]
    readings, seconds = ours(cases)
    if arguments.rivals:
        others, other_seconds = rivals(cases, arguments.rivals)
        readings = [mine | theirs for mine, theirs in zip(readings, others, strict=True)]
        seconds |= other_seconds
    for language in arguments.languages:
        chosen = [(case, reading) for case, reading in zip(cases, readings, strict=True) if case.language == language]
        print(table(language, chosen, seconds))
        if arguments.failures:
            for case, reading in chosen:
                if not case.accepts(reading[OURS]):
                    print(f"  {case.kind}: {case.text}\n    {reading[OURS]}\n    wanted {' | '.join(case.accept)}")


def read_arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--languages", nargs="+", choices=LANGUAGES, default=LANGUAGES)
    parser.add_argument("--rivals", type=Path, help="the Python of an environment made from requirements.txt")
    parser.add_argument("--failures", action="store_true", help="show what is read wrong")
    return parser.parse_args()


def ours(cases: list[Case]) -> tuple[list[dict[str, str]], dict[str, float]]:
    """A reading of each case, and the seconds that each language took."""
    for language in {case.language for case in cases}:
        normalise("1 a.", language)  # what is loaded at first use is not reading
    seconds: dict[str, float] = defaultdict(float)
    readings = []
    for case in cases:
        start = time.perf_counter()
        readings.append({OURS: normalise(case.text, case.language).spoken})
        seconds[f"{case.language} {OURS}"] += time.perf_counter() - start
    return readings, dict(seconds)


def rivals(cases: list[Case], python: Path) -> tuple[list[dict[str, str]], dict[str, float]]:
    """The same by the libraries of another environment."""
    lines = "".join(json.dumps({"language": case.language, "text": case.text}) + "\n" for case in cases)
    run = subprocess.run([python, HERE / "rivals.py"], input=lines, capture_output=True, text=True, check=True)
    *readings, seconds = map(json.loads, run.stdout.splitlines())
    return readings, seconds


def table(language: str, cases: list[tuple[Case, dict[str, str]]], seconds: dict[str, float]) -> str:
    """Right readings by kind, a column for each reader."""
    names = list(cases[0][1])
    kinds: dict[str, list[tuple[Case, dict[str, str]]]] = defaultdict(list)
    for case, reading in cases:
        kinds[case.kind].append((case, reading))
    header = f"| {language} | cases | " + " | ".join(names) + " |"
    lines = [header, "|---" * (len(names) + 2) + "|"]
    for kind in sorted(kinds):
        right = (str(sum(case.accepts(reading[name]) for case, reading in kinds[kind])) for name in names)
        lines.append(f"| {kind} | {len(kinds[kind])} | " + " | ".join(right) + " |")
    totals = (sum(case.accepts(reading[name]) for case, reading in cases) / len(cases) for name in names)
    lines.append(f"| **all** | {len(cases)} | " + " | ".join(f"**{total:.1%}**" for total in totals) + " |")
    spent = (seconds[f"{language} {name}"] / len(cases) * 1000 for name in names)
    lines.append("| ms a text | | " + " | ".join(f"{milliseconds:.2f}" for milliseconds in spent) + " |")
    return "\n".join(lines) + "\n"


if __name__ == "__main__":
    main()
