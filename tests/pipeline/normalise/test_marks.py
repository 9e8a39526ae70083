import pytest

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
        ("a…", "a…"),
        ("a-", "a"),
        ("a'", "a"),
        ("?!", ""),
        ("", ""),
    ],
)
def test_one_mark_between_words(written: str, tidied: str) -> None:
    assert tidy(written, "") == tidied


def test_the_ending_follows_words_only() -> None:
    assert tidy("a . ", "\n") == "a.\n"
    assert tidy("...", "\n") == ""
