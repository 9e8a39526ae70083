import pytest

from workers.pipeline.normalise.letters import spell


@pytest.mark.parametrize(
    ("language", "written", "spelled"),
    [
        ("az", "çə ğı öşü qxw âîû", "çə ğı öşü qxw âîû"),
        ("az", "бакы гөзәл ҹан", "bakı qözəl can"),
        ("az", "щука", "şuka"),
        ("az", "café ñandú straße", "cafe nandu strasse"),
        ("az", "αθήνα", "athina"),
        ("tr", "əliyev", "eliyev"),
        ("tr", "москва хорошо", "moskva horoşo"),
        ("tr", "北京", "beijing"),
        ("ru", "шоу ёж", "шоу ёж"),
        ("ru", "photoshop windows", "фотошоп виндовс"),
        ("ru", "çəş", "чэш"),
        ("ru", "київ", "кийив"),
        ("ru", "за\u0301мок т\u0301", "за\u0301мок т"),
        ("ru", "שלום", "слвм"),
    ],
)
def test_spelled(language: str, written: str, spelled: str) -> None:
    assert spell(written, language) == (spelled, 0)


def test_signs_are_dropped_counted_and_leave_a_gap() -> None:
    assert spell("a😀b*c", "az") == ("a b c", 2)


def test_a_script_that_nobody_can_spell_is_counted() -> None:
    assert spell("\U00012000", "az") == (" ", 1)
