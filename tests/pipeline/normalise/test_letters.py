import pytest

from workers.pipeline.normalise.draft import Draft
from workers.pipeline.normalise.letters import spell


def spelled(written: str, language: str) -> Draft:
    draft = Draft(written)
    spell(draft, language)
    return draft


@pytest.mark.parametrize(
    ("language", "written", "letters"),
    [
        ("az", "çə ğı öşü qx âîû", "çə ğı öşü qx âîû"),
        ("az", "бакы гөзәл ҹан", "bakı qözəl can"),
        ("az", "щука", "şuka"),
        ("az", "café ñandú straße windows", "cafe nandu strasse vindovs"),
        ("az", "αθήνα", "athina"),
        ("az", "ärzurum", "ərzurum"),
        ("tr", "əliyev", "eliyev"),
        ("tr", "qatar xan windows", "katar ksan vindovs"),
        ("tr", "москва хорошо", "moskva horoşo"),
        ("tr", "北京", "beijing"),
        ("tr", "თბილისი", "tbilisi"),
        ("ru", "шоу ёж", "шоу ёж"),
        ("ru", "photoshop windows", "фотошоп виндовс"),
        ("ru", "çəş", "чэш"),
        ("ru", "київ", "кийив"),
        ("ru", "за\u0301мок т\u0301", "за\u0301мок т"),
        ("ru", "שלום", "слвм"),
        ("ru", "café", "кафе"),
        ("tr", "bir {Google|ɡuɡɫ} xan", "bir {Google|ɡuɡɫ} ksan"),
    ],
)
def test_spelled(language: str, written: str, letters: str) -> None:
    draft = spelled(written, language)
    assert draft.text == letters
    assert draft.dropped() == []


def test_a_script_that_nobody_can_spell_is_counted() -> None:
    draft = spelled("a \U00012000", "az")
    assert draft.text == "a "
    assert draft.dropped() == [2]


def test_a_letter_keeps_its_place() -> None:
    draft = spelled("bir xan", "tr")
    assert [draft.origin(place, place + 1) for place in range(4, 8)] == [(4, 5), (4, 5), (5, 6), (6, 7)]
