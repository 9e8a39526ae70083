import pytest

from tests.pipeline.normalise.test_clean import cleaned


@pytest.mark.parametrize(
    ("written", "expected"),
    [
        ('диагональ 6,1"', "диагональ 6,1″"),
        ('Экран 27" и "Модель 5".', "Экран 27″ и Модель 5."),
        ('27" monitör', "27″ monitör"),
        ('"Otaq 5" filmi', "Otaq 5 filmi"),
        ('Biz gəldik, otaq 5" dedi.', "Biz gəldik, otaq 5 dedi."),  # the quotation began in the sentence before
        ("“Televizor 55” kitabı", "Televizor 55 kitabı"),
    ],
)
def test_straight_marks_after_numbers(written: str, expected: str) -> None:
    assert cleaned(written, "tr") == expected
