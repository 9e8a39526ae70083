import pytest

from workers.pipeline.normalise.case import lower


@pytest.mark.parametrize(
    ("language", "written", "lowered"),
    [
        ("az", "İLHAM IŞIQ Əli", "ilham ışıq əli"),
        ("tr", "ISPARTA İZMİR", "ısparta izmir"),
        ("ru", "ЁЖИК Щи IBM İzmir", "ёжик щи ibm izmir"),
    ],
)
def test_lower(language: str, written: str, lowered: str) -> None:
    assert lower(written, language) == lowered
