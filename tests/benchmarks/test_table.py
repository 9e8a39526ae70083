"""The table of `make bench` tells what was measured, and why something was not."""

import sys
from pathlib import Path

import pytest

from benchmarks import table
from benchmarks.table import Part


def part(program: str, needs: Path | None = None) -> Part:
    return Part("a", "a question", [sys.executable, "-c", program], 60, needs)


def test_what_a_part_prints() -> None:
    assert table.measured(part("print('one   1'); print(); print('two')"), 60) == ["one 1", "two"]


def test_a_part_that_fails_tells_why_after_what_it_found() -> None:
    lines = table.measured(part("print('one', flush=True); raise SystemExit('no such peer')"), 60)
    assert lines == ["one", "failed: no such peer"]


def test_a_part_that_does_not_end_is_ended_with_its_own_processes() -> None:
    sleeper = "s.run([sys.executable, '-c', 'import time; time.sleep(600)'])"
    program = f"import subprocess as s, sys; print('one', flush=True); {sleeper}"
    assert table.measured(part(program), 5) == ["one", "not to the end: 5 s were over"]


def test_a_part_whose_environment_is_not_there() -> None:
    (line,) = table.measured(part("raise SystemExit(1)", table.ROOT / "benchmarks" / "nowhere"), 60)
    assert line == "not measured: benchmarks/nowhere is not there"


def test_the_whole_report_and_a_spent_budget(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(table, "TOO_LATE", 0.0)
    lines = list(table.report({"some": part("print(1)")}))
    assert lines[0].startswith("Machine: ")
    assert lines[-1].endswith("| not measured: fifteen minutes were over |")


def test_every_letter_of_what_is_measured_has_a_part() -> None:
    assert {each.letter for each in table.parts().values()} == set("abcdefgh")
