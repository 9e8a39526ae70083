import pytest

from workers.pipeline.normalise.draft import Draft
from workers.pipeline.normalise.homoglyphs import homoglyphs


@pytest.mark.parametrize(
    ("language", "written", "repaired"),
    [
        ("az", "Аzərbаycаn", "Azərbaycan"),
        ("az", "Әlavә mәlumat", "Əlavə məlumat"),
        ("tr", "Тürkiye", "Türkiye"),
        ("az", "СОCAR", "SOCAR".replace("S", "C")),
        ("az", "Москва", "Москва"),  # not mixed
        ("ru", "cпорт", "спорт"),
        ("ru", "Mосква", "Москва"),
        ("ru", "Windows", "Windows"),
        ("ru", "VIP-зал", "VIP-зал"),
        ("ru", "OOO и ЗАO", "OOO и ЗАО"),
    ],
)
def test_mixed_words_are_repaired(language: str, written: str, repaired: str) -> None:
    draft = Draft(written)
    draft.apply(homoglyphs(language))
    assert draft.text == repaired
