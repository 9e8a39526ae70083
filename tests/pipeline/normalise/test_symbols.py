from collections.abc import Callable

import pytest

from workers.pipeline.normalise.azerbaijani.numbers import GRAMMAR as AZERBAIJANI
from workers.pipeline.normalise.azerbaijani.symbols import SYMBOLS as AZERBAIJANI_SYMBOLS
from workers.pipeline.normalise.draft import Draft
from workers.pipeline.normalise.russian.symbols import SYMBOLS as RUSSIAN_SYMBOLS
from workers.pipeline.normalise.symbols import SymbolWords, number_signs, symbols
from workers.pipeline.normalise.turkish.numbers import GRAMMAR as TURKISH
from workers.pipeline.normalise.turkish.symbols import SYMBOLS as TURKISH_SYMBOLS

LANGUAGES: dict[str, tuple[SymbolWords, Callable[[str, str], str]]] = {
    "az": (AZERBAIJANI_SYMBOLS, AZERBAIJANI.inflect),
    "tr": (TURKISH_SYMBOLS, TURKISH.inflect),
    "ru": (RUSSIAN_SYMBOLS, "{}-{}".format),
}


def read(written: str, language: str) -> str:
    words, join = LANGUAGES[language]
    draft = Draft(written)
    draft.apply(number_signs(words))
    draft.apply(symbols(words, join))
    return draft.text


@pytest.mark.parametrize(
    ("language", "written", "words"),
    [
        ("az", "a & b", "a və b"),
        ("az", "H&M", "H və M"),
        ("az", "beş ₼", "beş manat"),
        ("az", "№ 5, No 5, No: 5, №5, Nr. 5", "nömrə 5, nömrə 5, nömrə 5, nömrə 5, nömrə 5"),
        ("az", "№-li", "nömrəli"),
        ("az", "iyirmi%-i", "iyirmi faizi"),
        ("az", "və/və ya", "və, və ya"),
        ("az", "giriş/çıxış", "giriş çıxış"),
        ("az", "12/A", "12 A"),
        ("az", "a → b", "a , b"),
        ("az", "a_b | c ~ d • e", "a b c d e"),
        ("az", "π ədədi", "pi ədədi"),
        ("tr", "% beş", "yüzde beş"),
        ("tr", "on °C", "on santigrat derece"),
        ("tr", "on °", "on derece"),
        ("tr", "on $'a", "on dolara"),
        ("tr", "No: 5/A", "numara 5 A"),
        ("tr", "No: on iki bölü beş", "numara on iki bölü beş"),
        ("tr", "#'i tuşlayın", "kareyi tuşlayın"),
        ("az", "*-u basın", "ulduzu basın"),
        ("ru", "нажмите 0 или *.", "нажмите 0 или звёздочку."),
        ("ru", "звёзды * и #", "звёзды   и номер"),
        ("tr", "No yok", "No yok"),
        ("tr", "* tuşuna ve # tuşuna", "yıldız tuşuna ve kare tuşuna"),
        ("az", "# düyməsi, * işarəsi", "diyez düyməsi, işarəsi"),
        ("ru", "№ пять", "номер пять"),
        ("ru", "№5", "номер 5"),
        ("ru", "и/или", "и или"),
        ("ru", "α-частица", "альфа-частица"),
        ("az", "{New_York|nu.jork} & söz", "{New_York|nu.jork} və söz"),
        ("ru", "C++", "C плюс плюс"),
    ],
)
def test_named(language: str, written: str, words: str) -> None:
    assert read(written, language).split() == words.split()
