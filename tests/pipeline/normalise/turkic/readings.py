"""Sentences and how they are said, one a line: "written => spoken"."""

from collections.abc import Iterable
from pathlib import Path

from workers.pipeline.normalise.draft import Draft, Rule


def readings(test_file: str) -> list[tuple[str, str]]:
    """The lines of `numbers.txt` beside the test."""
    lines = (Path(test_file).parent / "numbers.txt").read_text(encoding="utf-8").splitlines()
    pairs = (line.partition(" => ") for line in lines if line)
    return [(written, spoken) for written, _, spoken in pairs]


def read(written: str, stages: Iterable[tuple[str, Rule]]) -> str:
    """The sentence after all stages."""
    draft = Draft(written)
    for _, rule in stages:
        draft.apply(rule)
    return draft.text
