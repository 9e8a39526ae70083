import pytest

from workers.pipeline.normalise.draft import Draft
from workers.pipeline.normalise.marks import tidy


@pytest.mark.parametrize(
    ("written", "tidied"),
    [
        ("ne?! evet", "ne? evet"),
        ("a!!!!!! b", "a! b"),
        ("a . . . b", "a. b"),
        ("a,b;c:d", "a, b; c: d"),
        ("a ,— b", "a — b"),
        ("a - b -- c", "a — b — c"),
        ("a-b a'b", "a-b a'b"),
        ("a' 'b", "a b"),
        ("— a —", "a —"),
        ("...a.", "a."),
        (", a", "a"),
        ("a…", "a…"),
        ("a-", "a"),
        ("a'", "a"),
        ("a  b ", "a b"),
        ("a (b) c", "a, b, c"),
        ("a [b].", "a, b."),
        ("(a) b", "a, b"),
        ("(a)", "a"),
        ("oxucu(lar) a", "oxucular a"),
        ("a {B|x'y,z} b", "a {B|x'y,z} b"),
        ("?!", ""),
        ("", ""),
    ],
)
def test_one_mark_between_words(written: str, tidied: str) -> None:
    draft = Draft(written)
    tidy(draft)
    assert draft.text == tidied
    tidy(draft)
    assert draft.text == tidied
