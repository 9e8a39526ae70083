"""What holds for the number rules of both languages, whatever the text."""

import re
import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.pipeline.normalise.turkic.readings import read
from workers.pipeline.normalise.azerbaijani import numbers as azerbaijani
from workers.pipeline.normalise.draft import Draft
from workers.pipeline.normalise.turkic.numerals import SUFFIX, quantity_pattern, read_quantity
from workers.pipeline.normalise.turkish import numbers as turkish

STAGES = {
    language.GRAMMAR.language: (*language.BEFORE_DATES, *language.BEFORE_UNITS, *language.AFTER_UNITS)
    for language in (azerbaijani, turkish)
}
GRAMMARS = {"az": azerbaijani.GRAMMAR, "tr": turkish.GRAMMAR}
ALPHABET = "0123456789.,:;/-—+=×x%‰'()½²√≥~<XVIMCLab cdəıiuünlsy"


@given(st.text(alphabet=ALPHABET, max_size=60), st.sampled_from(["az", "tr"]))
def test_no_digit_stays_and_none_is_lost(text: str, language: str) -> None:
    draft = Draft(text)
    for _, rule in STAGES[language]:
        draft.apply(rule)
    assert not re.search("[0-9½]", draft.text)
    digits = {place for place, character in enumerate(text) if character in "0123456789½"}
    assert not digits & set(draft.dropped())


@given(st.text(alphabet=ALPHABET, max_size=60), st.sampled_from(["az", "tr"]))
def test_words_that_were_read_are_not_read_again(text: str, language: str) -> None:
    once = read(text, STAGES[language][-2:])
    assert read(once, STAGES[language][-2:]) == once


@pytest.mark.parametrize(
    "piece",
    ["9", "9.", "1 ", "123 ", "123.", "1-", "X", "X-", "I, ", "XIX. ", "II və ", "MCM", "1 + ", "+1", "x=", "(", "(1",
     "1/", "%1", "-5 ", "5'", "5-lar", "1:", "1,", "½", "1 ½ ", "<", "larlar", " ", "a²+"],
)  # fmt: skip
@pytest.mark.parametrize("language", ["az", "tr"])
def test_time_is_linear(piece: str, language: str) -> None:
    text = piece * (8000 // len(piece))
    start = time.process_time()
    read(text, STAGES[language])
    assert time.process_time() - start < 2


@pytest.mark.parametrize(
    ("written", "az", "tr"),
    [
        ("1250", "min iki yüz əlli", "bin iki yüz elli"),
        ("1.250.000", "bir milyon iki yüz əlli min", "bir milyon iki yüz elli bin"),
        ("1 250 000", "bir milyon iki yüz əlli min", "bir milyon iki yüz elli bin"),
        ("1.250,50", "min iki yüz əlli tam yüzdə əlli", "bin iki yüz elli virgül elli"),
        ("1,250.50", "min iki yüz əlli tam yüzdə əlli", "bin iki yüz elli virgül elli"),
        ("3,14", "üç tam yüzdə on dörd", "üç virgül on dört"),
        ("3.14", "üç tam yüzdə on dörd", "üç virgül on dört"),
        ("-3,5", "mənfi üç tam onda beş", "eksi üç virgül beş"),
        ("−3", "mənfi üç", "eksi üç"),
        ("+3", "üstəgəl üç", "artı üç"),
        ("±3", "üstəgəl mənfi üç", "artı eksi üç"),
        ("10-15", "on on beş", "on ila on beş"),
        ("10—15", "on on beş", "on ila on beş"),
        ("10 - 15", "on on beş", "on ila on beş"),
        ("-10…-5", "mənfi on mənfi beş", "eksi on ila eksi beş"),
        ("3/4", "dörddə üç", "dörtte üç"),
        ("2 1/2", "iki tam ikidə bir", "iki buçuk"),
        ("2½", "iki tam ikidə bir", "iki buçuk"),
        ("¾", "dörddə üç", "dörtte üç"),
        ("3,5 mln.", "üç tam onda beş milyon", "üç virgül beş milyon"),
        ("2 milyon", "iki milyon", "iki milyon"),
        ("007", "sıfır sıfır yeddi", "sıfır sıfır yedi"),
    ],
)
def test_quantity(written: str, az: str, tr: str) -> None:
    for language, words in (("az", az), ("tr", tr)):
        found = re.match(quantity_pattern(GRAMMARS[language]), f"{written} və"[: len(written) + 3])
        assert found is not None
        assert found[0] == written
        assert read_quantity(found[0], GRAMMARS[language]) == words


@pytest.mark.parametrize(
    ("written", "suffix"),
    [("'dan", "dan"), ("-cü", "cü"), ("-CÜ", "CÜ"), ("'ündeki", "ündeki"), ("-aylıq", None), ("-dana", None),
     ("-saniyə", None), ("'", None), ("-15", None), (" dan", None), ("dan", None)],
)  # fmt: skip
def test_suffix_pattern(written: str, suffix: str | None) -> None:
    found = re.match(SUFFIX, written)
    assert found is not None
    assert found["suffix"] == suffix
