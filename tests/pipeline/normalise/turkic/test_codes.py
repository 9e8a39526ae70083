import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.pipeline.normalise.turkic.tables import LANGUAGES, rewrite, table
from workers.pipeline.normalise.azerbaijani.codes import CODES as AZERBAIJANI
from workers.pipeline.normalise.azerbaijani.numbers import GRAMMAR as AZ
from workers.pipeline.normalise.turkic.codes import codes, designations, spell_out
from workers.pipeline.normalise.turkish.codes import CODES as TURKISH
from workers.pipeline.normalise.turkish.numbers import GRAMMAR as TR

RULES = {"az": codes(AZERBAIJANI, AZ), "tr": codes(TURKISH, TR)}


@pytest.mark.parametrize(("language", "written", "spoken"), table("codes"))
def test_a_sentence(language: str, written: str, spoken: str) -> None:
    assert rewrite(written, RULES[language]).text == spoken


@given(st.text(alphabet="0123456789ABIZ-./ #*№:", max_size=60), st.sampled_from(LANGUAGES))
def test_no_digit_is_lost(text: str, language: str) -> None:
    """Whatever is read, an edit that holds digits has words for them."""
    dropped = rewrite(text, RULES[language]).dropped()
    assert not any(text[place].isdigit() for place in dropped)


@pytest.mark.parametrize(
    "hostile", ["1", "A1", "A-", "1A", "**** ", "1.1.", "00:", "kod 12345 ", "№1/", "AZ12 ", "ISBN 1-", "FIN "]
)
@pytest.mark.parametrize("language", LANGUAGES)
def test_a_hostile_sentence_ends(hostile: str, language: str) -> None:
    """8000 characters that begin a match again and again; a quadratic pattern would run for minutes."""
    rewrite((hostile * 8000)[:8000], RULES[language])


def test_spell_out() -> None:
    assert spell_out("AB-12", AZ, AZERBAIJANI.letters) == "a be bir iki"


@pytest.mark.parametrize(
    ("language", "written", "spoken"),
    [
        ("az", "Printerə A4 kağız qoyun, B12-nin", "Printerə a dörd kağız qoyun, be on ikinin"),
        ("az", "Yeni 5G-yə keçid, 9-A sinfi, F-16", "Yeni beş geyə keçid, doqquz a sinfi, ef on altı"),
        ("az", "SAAT 5-Ə QƏDƏR", "SAAT 5-Ə QƏDƏR"),
        ("az", "COVID-19, 5-a, TU-154, 12 A", "COVID-19, 5-a, TU-154, 12 A"),
        ("tr", "B001, E05", "be sıfır sıfır bir, e sıfır beş"),
        ("tr", "14A koltuğu, 500T hattı, E-5'te", "on dört a koltuğu, beş yüz te hattı, e beşte"),
    ],
)
def test_a_designation(language: str, written: str, spoken: str) -> None:
    rule = {"az": designations(AZERBAIJANI, AZ), "tr": designations(TURKISH, TR)}[language]
    assert rewrite(written, [rule]).text == spoken
