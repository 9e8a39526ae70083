"""The two yardsticks measure what they say: a benchmark that cannot fail would hide every mistake."""

import json

import pytest

from benchmarks.intelligibility.scoring import character_error_rate, edit_distance, score
from benchmarks.reading.scoring import Case, fold, golden


@pytest.mark.parametrize(
    ("said", "heard", "language", "rate"),
    [
        ("Salam!", "salam", "az", 0.0),
        ("IŞIQ", "ışıq", "az", 0.0),  # lower case the Turkic way
        ("IŞIQ", "işiq", "az", 0.5),
        ("мир", "мор", "ru", 1 / 3),
        ("да", "да да да да да", "ru", 1.0),  # a recogniser that loops counts as one whole miss
        ("kitap", "", "tr", 1.0),
    ],
)
def test_character_error_rate(said: str, heard: str, language: str, rate: float) -> None:
    assert character_error_rate(said, heard, language) == pytest.approx(rate)


def test_edit_distance_counts_each_kind_of_edit_once() -> None:
    assert edit_distance("kitab", "kitab") == 0
    assert edit_distance("kitab", "kitap") == 1
    assert edit_distance("kitab", "kita") == 1
    assert edit_distance("kitab", "kitabı") == 1


def test_mean_and_standard_error() -> None:
    result = score([0.1, 0.3])
    assert (result.mean, result.standard_error) == pytest.approx((0.2, 0.1))
    assert result.count == 2


def test_a_reading_is_judged_without_case_marks_stress_and_dots() -> None:
    assert fold("Всё, — за\u0301мок!", "ru") == "все замок"
    assert fold("IŞIQ, Türkiyə'də", "az") == "ışıq türkiyə də"
    case = Case("tr", "ordinal", "3. kat", ("^üçüncü kat$",))
    assert case.accepts("üçüncü kat.")
    assert not case.accepts("üç. kat.")


@pytest.mark.parametrize("language", ["az", "tr", "ru"])
def test_a_golden_file_has_three_hundred_different_texts(language: str) -> None:
    cases = list(golden(language))
    assert len({case.text for case in cases}) == len(cases) >= 300
    assert all(case.accept and "" not in case.accept for case in cases), json.dumps(language)
