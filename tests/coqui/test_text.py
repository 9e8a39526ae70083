"""Text in the characters that a model knows."""

import pytest

from models.engines.coqui.text import lower, readable
from models.engines.errors import EngineError

KNOWN = set("abcçdefgğhıijklmnoöprsştuüvyzəx ,.-'?!")


@pytest.mark.parametrize(
    ("text", "language", "small"),
    [
        ("IĞDIR İzmir", "tr", "ığdır izmir"),
        ("İSMAYILLI", "az", "ismayıllı"),
        ("ISTANBUL", "en", "istanbul"),
        ("İ", "ru", "i"),
        ("МОСКВА Ё", "ru", "москва ё"),
    ],
)
def test_small_letters_are_those_of_the_language(text: str, language: str, small: str) -> None:
    assert lower(text, language) == small


@pytest.mark.parametrize(
    ("text", "written"),
    [
        ("bir iki", "bir iki"),
        ("Bir", "bir"),
        ("IRAK İL", "ırak il"),
        ("kâğıt", "kağıt"),
        ("ka\u0302ğıt", "kağıt"),  # the accent as a character of its own
        ("bir—iki", "bir-iki"),
        ("“bir” «iki»", "bir iki"),
        ("bir ; iki", "bir, iki"),
        ("bir…", "bir..."),
        ("bir\u00a0iki\tüç\n", "bir iki üç"),
        ("bir ☃ iki", "bir iki"),
        ("bir☃iki", "bir iki"),
        ("за́мок", "zamok"),
        ("bir !", "bir!"),
        ("q", "q" if "q" in KNOWN else None),
    ],
)
def test_text_is_written_with_what_is_known(text: str, written: str | None) -> None:
    if written is None:
        with pytest.raises(EngineError, match="1 of the 1 characters"):
            readable(text, KNOWN, "tr")
    else:
        assert readable(text, KNOWN, "tr") == written


def test_capitals_stay_where_the_model_knows_them() -> None:
    assert readable("Bir İki", {*KNOWN, "B", "İ"}, "tr") == "Bir İki"


def test_a_model_of_capitals_gets_capitals() -> None:
    assert readable("abc", set("ABC "), "ru") == "ABC"


def test_letters_that_cannot_be_written_are_counted_and_not_quoted() -> None:
    with pytest.raises(EngineError) as caught:
        readable("gizli 東京", set("gizl "), "tr")
    assert (caught.value.code, caught.value.permanent) == ("characters_not_known", True)
    assert str(caught.value) == "the model has no way to write 2 of the 8 characters"
