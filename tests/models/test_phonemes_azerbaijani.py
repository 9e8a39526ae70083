import pytest

from models.phonemes import phonemes

TABLE = dict(
    zip(
        "abcçdeəfgğhxıijkqlmnoöprsştuüvyz",
        "abʤʧdeæfɡɣhxɯiʒkɡlmnoøpɾsʃtuyvjz",
        strict=True,
    )
)


@pytest.mark.parametrize(("letter", "sound"), TABLE.items())
def test_a_letter_is_one_sound_in_every_position(letter: str, sound: str) -> None:
    expected = f"{sound} {sound}a a{sound} a{sound}a {sound * 2}."
    assert phonemes(f"{letter} {letter}a a{letter} a{letter}a {letter * 2}", "az") == expected


def test_w_is_v() -> None:
    assert phonemes("Wilson", "az") == "vilson."


def test_capital_i_without_a_dot_is_the_back_vowel() -> None:
    assert phonemes("Iİıi", "az") == "ɯiɯi."


def test_there_is_no_stress_length_or_softness() -> None:
    symbols = phonemes("Müəllim şagirdlərə çətin bir məsələ izah etdi.", "az")
    assert not set(symbols) & set("ˈˌːʲ")
    assert symbols == "myællim ʃaɡiɾdlæɾæ ʧætin biɾ mæsælæ izah etdi."


def test_final_consonants_keep_their_voice() -> None:
    assert phonemes("kitab qanad uşaq", "az") == "kitab ɡanad uʃaɡ."
