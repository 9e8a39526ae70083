import pytest

from models.phonemes import phonemes

TABLE = dict(zip("aâbcçdefghıjklmnoöprsştuûüvwyzq", "ɑɑbʤʧdefɡhɯʒklmnoøpɾsʃtuuyvvjzk", strict=True)) | {"x": "ks"}


@pytest.mark.parametrize(("letter", "sound"), TABLE.items())
def test_a_letter_is_the_same_in_every_position(letter: str, sound: str) -> None:
    expected = f"{sound} {sound}o o{sound} o{sound}o {sound * 2}."
    assert phonemes(f"{letter} {letter}o o{letter} o{letter}o {letter * 2}", "tr") == expected


@pytest.mark.parametrize(
    ("word", "sounds"),
    [
        ("bir", "bɪɾ"),  # a consonant, then the end of the word
        ("bira", "biɾɑ"),  # a consonant, then a vowel
        ("birlik", "bɪɾlɪk"),  # a consonant, then another
        ("iki", "iki"),  # the last letter
        ("iyi", "iji"),
        ("evin içi", "evɪn iʧi"),  # the next word does not count
        ("bir, iki", "bɪɾ, iki"),
        ("aile", "ɑile"),  # a vowel follows
        ("millî", "mɪlli"),
    ],
)
def test_i_is_lax_in_a_closed_syllable(word: str, sounds: str) -> None:
    assert phonemes(word, "tr") == f"{sounds}."


def test_i_with_a_circumflex_never_is() -> None:
    assert phonemes("îr", "tr") == "iɾ."


@pytest.mark.parametrize("vowel", "eiöü")
def test_soft_g_after_a_front_vowel_is_a_glide(vowel: str) -> None:
    assert phonemes(f"d{vowel}ğ", "tr").endswith("j.")


@pytest.mark.parametrize(
    ("word", "symbols"),
    [("öğretmen", "øːɾetmen."), ("düğme", "dyːme."), ("iğne", "ɪːne."), ("değil", "dejɪl."), ("öğüt", "øjyt.")],
)
def test_soft_g_after_a_front_vowel_is_length_before_a_consonant(word: str, symbols: str) -> None:
    assert phonemes(word, "tr") == symbols


@pytest.mark.parametrize("vowel", "aıouâû")
def test_soft_g_after_a_back_vowel_makes_it_long(vowel: str) -> None:
    assert phonemes(f"d{vowel}ğ", "tr").endswith("ː.")


def test_soft_g_without_a_vowel_before_it_is_not_lost() -> None:
    assert phonemes("ğ", "tr") == "ɣ."
    assert phonemes("a ğ", "tr") == "ɑ ɣ."


def test_apostrophes_vanish() -> None:
    assert phonemes("İstanbul'da", "tr") == "ɪstɑnbuldɑ."
    assert phonemes("İstanbul’da", "tr") == "ɪstɑnbuldɑ."


def test_an_azerbaijani_name_is_read() -> None:
    assert phonemes("Əliyev", "tr") == "elijev."


def test_doubled_consonants_stay_doubled_and_there_is_no_stress() -> None:
    assert phonemes("İstanbul'da yeni metro hattı hizmete açıldı.", "tr") == (
        "ɪstɑnbuldɑ jeni metɾo hɑttɯ hɪzmete ɑʧɯldɯ."
    )
