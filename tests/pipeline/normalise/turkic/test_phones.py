import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.pipeline.normalise.turkic.tables import LANGUAGES, rewrite, table
from workers.pipeline.normalise.azerbaijani.numbers import GRAMMAR as AZ
from workers.pipeline.normalise.azerbaijani.phones import PHONES as AZERBAIJANI
from workers.pipeline.normalise.turkic.phones import phones
from workers.pipeline.normalise.turkish.numbers import GRAMMAR as TR
from workers.pipeline.normalise.turkish.phones import PHONES as TURKISH

RULES = {"az": phones(AZERBAIJANI, AZ), "tr": phones(TURKISH, TR)}


@pytest.mark.parametrize(("language", "written", "spoken"), table("phones"))
def test_a_sentence(language: str, written: str, spoken: str) -> None:
    assert rewrite(written, RULES[language]).text == spoken


@given(st.text(alphabet="0123456789+()-. *#te", max_size=60), st.sampled_from(LANGUAGES))
def test_no_digit_is_lost(text: str, language: str) -> None:
    """Whatever is read, an edit that holds digits has words for them."""
    dropped = rewrite(text, RULES[language]).dropped()
    assert not any(text[place].isdigit() for place in dropped)


@pytest.mark.parametrize("hostile", ["0", "05", "+1 ", "(1", "1-", "*1", "12 ", "tel ", "050 123 45 67 "])
@pytest.mark.parametrize("language", LANGUAGES)
def test_a_hostile_sentence_ends(hostile: str, language: str) -> None:
    """8000 characters that begin a match again and again; a quadratic pattern would run for minutes."""
    rewrite((hostile * 8000)[:8000], RULES[language])
