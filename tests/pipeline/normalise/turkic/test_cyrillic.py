import pytest

from workers.pipeline.normalise.draft import Draft
from workers.pipeline.normalise.turkic.cyrillic import AZERBAIJANI, RUSSIAN, cyrillic

RULES = {"az": cyrillic(AZERBAIJANI, soft_e=False), "tr": cyrillic(RUSSIAN, soft_e=True)}


@pytest.mark.parametrize(
    ("language", "written", "latin"),
    [
        ("az", "Бакы шәһәри", "Bakı şəhəri"),
        ("az", "Азәрбајҹан Республикасы", "Azərbaycan Respublikası"),
        ("az", "ҜӨЗӘЛ ИШЫГ", "GÖZƏL İŞIQ"),
        ("az", "Ғ ғ", "Ğ ğ"),
        ("az", "щётка, Юрий", "şyotka, Yuriy"),
        ("tr", "Москва, Ельцин, поезд", "Moskva, Yeltsin, poyezd"),
        ("tr", "Хрущёв объект", "Hruşyov obyekt"),
        ("tr", "Ankara", "Ankara"),
    ],
)
def test_transliterated(language: str, written: str, latin: str) -> None:
    draft = Draft(written)
    draft.apply(RULES[language])
    assert draft.text == latin
    assert draft.dropped() == []  # a silent letter belongs to its word
