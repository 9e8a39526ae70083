import pytest

from workers.pipeline.normalise.case import lower
from workers.pipeline.normalise.draft import Draft


@pytest.mark.parametrize(
    ("language", "written", "lowered"),
    [
        ("az", "İLHAM IŞIQ Əli", "ilham ışıq əli"),
        ("tr", "ISPARTA İZMİR", "ısparta izmir"),
        ("ru", "ЁЖИК Щи IBM İzmir", "ёжик щи ibm izmir"),
        ("tr", "Bir {Google|ɡuˈɡIl} Iki", "bir {Google|ɡuˈɡIl} ıki"),
    ],
)
def test_lower(language: str, written: str, lowered: str) -> None:
    draft = Draft(written)
    lower(draft, language)
    assert draft.text == lowered
    assert draft.dropped() == []
