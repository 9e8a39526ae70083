import re

import pytest

from workers.pipeline.normalise.draft import Draft, substitution
from workers.pipeline.normalise.inline import sparing, translate


@pytest.mark.parametrize(
    ("written", "changed"),
    [
        ("a b", "x b"),
        ("a {a|a} a", "x {a|a} x"),
        ("{a|ba} {b|a}a", "{a|ba} {b|a}x"),
        ("a } a { a", "x } x { x"),  # no pronunciation, only braces
    ],
)
def test_words_with_their_pronunciation_are_spared(written: str, changed: str) -> None:
    by_table, by_rule = Draft(written), Draft(written)
    translate(by_table, {ord("a"): "x"})
    by_rule.apply(sparing(substitution(re.compile("a"), lambda found: "x")))
    assert by_table.text == by_rule.text == changed
