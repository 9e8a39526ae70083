import pytest

from workers.pipeline.normalise.draft import Draft
from workers.pipeline.normalise.guard import guard


def guarded(written: str) -> Draft:
    draft = Draft(written)
    guard(draft, "az", lambda digits: " ".join(["rəqəm"] * len(digits)))
    return draft


@pytest.mark.parametrize(
    ("written", "read"),
    [
        ("a 12 b", "a rəqəm rəqəm b"),
        ("a1b", "a rəqəm b"),
        ("a٣", "a rəqəm"),
        ("söz, (söz) - 'söz…", "söz, (söz) - 'söz…"),
    ],
)
def test_digits_are_read(written: str, read: str) -> None:
    assert guarded(written).text == read
    assert guarded(written).dropped() == []


@pytest.mark.parametrize(
    ("written", "kept", "dropped"),
    [
        ("a😀b", "a b", 1),
        ("a 👨👩👧 b", "a   b", 3),
        ("a 👍🏽 b", "a   b", 1),  # a skin tone is a modifier and not missed
        ("a 🇦🇿", "a  ", 2),
        ("a ☂ ⌘ b", "a   b".replace("   ", "     "), 2),
    ],
)
def test_signs_are_dropped_and_counted(written: str, kept: str, dropped: int) -> None:
    draft = guarded(written)
    assert draft.text == kept
    assert len(draft.dropped()) == dropped


def test_a_word_with_its_pronunciation_is_left_alone() -> None:
    assert guarded("{Wi-Fi_6|ˈvaj1} 1").text == "{Wi-Fi_6|ˈvaj1} rəqəm"
