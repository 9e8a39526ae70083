"""Tables beside the tests: `money.az.txt` has a sentence and how it is written after the rule, parted by " => "."""

from collections.abc import Iterable
from pathlib import Path

import pytest

from workers.pipeline.normalise.draft import Draft, Rule

LANGUAGES = ("az", "tr")


def table(name: str) -> list[object]:
    """One parameter set (language, written, spoken) for every line of the tables of both languages."""
    return [
        pytest.param(language, *line.split(" => "), id=f"{language} {line}")
        for language in LANGUAGES
        for line in (Path(__file__).parent / f"{name}.{language}.txt").read_text(encoding="utf-8").splitlines()
    ]


def rewrite(written: str, rules: Iterable[Rule]) -> Draft:
    """The draft of `written` after all the rules."""
    draft = Draft(written)
    for rule in rules:
        draft.apply(rule)
    return draft
