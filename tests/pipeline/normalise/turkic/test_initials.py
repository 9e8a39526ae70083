import pytest

from workers.pipeline.normalise.azerbaijani.letters import NAMES as AZERBAIJANI_NAMES
from workers.pipeline.normalise.azerbaijani.numbers import GRAMMAR as AZERBAIJANI
from workers.pipeline.normalise.draft import Draft
from workers.pipeline.normalise.turkic.initials import initials, unknown_abbreviations
from workers.pipeline.normalise.turkish.letters import NAMES as TURKISH_NAMES
from workers.pipeline.normalise.turkish.numbers import GRAMMAR as TURKISH

RULES = {"az": initials(AZERBAIJANI_NAMES, AZERBAIJANI), "tr": initials(TURKISH_NAMES, TURKISH)}


@pytest.mark.parametrize(
    ("language", "written", "read"),
    [
        ("az", "A.S. Puşkin", "a es Puşkin"),
        ("az", "H.Ə. Əliyev", "he ə Əliyev"),
        ("az", "M.Ə.Rəsulzadə", "em ə Rəsulzadə"),
        ("az", "Puşkin A.S.", "Puşkin a es."),
        ("az", "Yu. Qaqarin", "yu Qaqarin"),
        ("tr", "Mustafa K. Atatürk", "Mustafa ka Atatürk"),
        ("tr", "A.B.D.'de", "a be dede"),
        ("tr", "J. K. Rowling", "je ka Rowling"),
        ("tr", "Geldi.", "Geldi."),
        ("tr", "Plan B.", "Plan be."),
    ],
)
def test_initials(language: str, written: str, read: str) -> None:
    draft = Draft(written)
    draft.apply(RULES[language])
    assert draft.text == read


@pytest.mark.parametrize(
    ("written", "read"),
    [
        ("Bu xyz. sözdür.", "Bu xyz sözdür."),
        ("uzunsöz. Sonra", "uzunsöz. Sonra"),
        ("qıs.", "qıs."),
        ("xx., yy", "xx, yy"),
    ],
)
def test_unknown_abbreviations_lose_their_stop(written: str, read: str) -> None:
    draft = Draft(written)
    draft.apply(unknown_abbreviations())
    assert draft.text == read
