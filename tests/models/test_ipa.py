"""IPA in Kokoro's symbols."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from models import ipa
from models.engines.kokoro import vocabulary
from models.phonemes.text import PAUSE_MARKS


@pytest.mark.parametrize(
    ("written", "symbols"),
    [
        ("ˈɡuɡɯl", "ˈɡuɡɯl"),
        ("gugɫ", "ɡuɡl"),  # the g of a keyboard, the dark l
        ("/ˈɡuːɡl̩/", "ˈɡuːɡᵊl"),
        ("[rɨˈnok]", "rɨˈnok"),
        ("t͡ʃaj", "ʧaj"),
        ("t͜ʃaj", "ʧaj"),
        ("tʃaj", "ʧaj"),
        ("d͡ʒæm", "ʤæm"),
        ("dʒæm", "ʤæm"),
        ("t͡sɛnə", "ʦɛnə"),
        ("ɐtsˈɛk", "ɐtsˈɛk"),  # two sounds without a tie
        ("nʲɪˈt͡ɕevə", "nʲɪˈʨevə"),
        ("ˌnuː ˈjɔːk", "ˌnuː ˈjɔːk"),
        ("'ba:la", "ˈbaːla"),
        ("ba.ˈku", "baˈku"),
        ("ɑ̃ ɔ̃", "ɑ̃ ɔ̃"),
        ("\u00e3", "a\u0303"),
        ("ç", "ç"),
        ("t̪a r̥a i̯a", "ta ra ia"),
        ("ʉ ɵ ʑ ʐ ɝ", "u o ʒ ʒ ɜɹ"),
        ("  a  b ", "a b"),
        ("r ɾ ɹ", "r ɾ ɹ"),
    ],
)
def test_symbols(written: str, symbols: str) -> None:
    assert ipa.kokoro(written) == symbols
    assert ipa.unknown(written) == []
    assert ipa.audible(written)


@pytest.mark.parametrize(
    ("written", "unknown"),
    [
        ("ʘa", ["ʘ"]),
        ("ǃaʘǃ", ["ǃ", "ʘ"]),
        ("баку", ["б", "к", "у"]),  # Cyrillic; its а is not ours either
        ("kAt", ["A"]),  # a symbol of Kokoro's own, no IPA
        ("a,b!", [",", "!"]),
        ("a5", ["5"]),
        ("{a|b}", ["{", "|", "}"]),
        ("a\u0483", ["\u0483"]),
    ],
)
def test_what_cannot_be_spoken_is_named(written: str, unknown: list[str]) -> None:
    found = ipa.unknown(written)
    assert [symbol for symbol in found if symbol != "а"] == unknown


@pytest.mark.parametrize("written", ["", " ", "ˈ", "ˈˌː", "//", "ʲ", "ʘ"])
def test_no_sound(written: str) -> None:
    assert not ipa.audible(written)


@given(st.text(st.one_of(st.characters(), st.sampled_from("ˈtʃdʒ͡sɕl̩ʲːaɡ./[] ")), max_size=40))
def test_nothing_lies_outside_the_vocabulary(written: str) -> None:
    spoken = ipa.kokoro(written)
    assert set(spoken) <= vocabulary().keys() - set(PAUSE_MARKS)
    assert ipa.unknown(spoken) == []
    assert spoken == spoken.strip()
