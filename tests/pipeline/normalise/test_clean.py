import pytest

from workers.pipeline.normalise.clean import clean
from workers.pipeline.normalise.draft import Draft


def cleaned(written: str, language: str) -> str:
    draft = Draft(written)
    clean(draft, language)
    return draft.text


@pytest.mark.parametrize(
    ("written", "expected"),
    [
        ("g\u0306o\u0308z", "ğöz"),  # composed
        ("I\u0307zmir", "İzmir"),
        ("sö\u00adz\u200b\u200d\ufeff", "söz"),  # invisible
        ("söz\u00ad\nlər", "sözlər"),
        ("a\x00b\x1bc", "abc"),
        ("a\ufe0fb", "ab"),
        ("5\ufe0f\u20e3", "5"),  # a keycap
        ("a\u00a0b\u2009\tc\r\nd", "a b c d"),
        ("١٢ १२ ５", "12 12 5"),
        ("ﬁdan ｍａｎ 𝐀𝐁", "fidan man AB"),
        ("，。？", ",.?"),
        ("ǝsas", "əsas"),
        ("a𗀀1", "a\ufffd1"),  # a letter without a name
        ("{a}", "(a)"),  # braces are the lexicon's
    ],
)
def test_characters(written: str, expected: str) -> None:
    assert cleaned(written, "az") == expected


@pytest.mark.parametrize(
    ("written", "expected"),
    [
        ("25 m² 3 m³ x² 5²", "25 m² 3 m³ x² 5²"),
        ("10⁶ 10⁻³", "10^6 10^-3"),
        ("H₂O", "H2O"),
        ("½ 2⅓", "½ 2 1/3"),
        ("XⅫ Ⅳ", "X XII  IV".replace("  ", " ")),
        ("①", "1"),
        ("5℃ 25㎡ 36.6ºC", "5°C 25m² 36.6°C"),
    ],
)
def test_numerals(written: str, expected: str) -> None:
    assert cleaned(written, "tr").strip() == expected


@pytest.mark.parametrize(
    ("written", "expected"),
    [
        ("kitab[1] və dəftər[2, 3].", "kitab və dəftər."),
        ("yazır.[4][5] Sonra", "yazır. Sonra"),
        ("yazır [6].", "yazır."),
        ("kitab¹ və dəftər.²", "kitab və dəftər."),
        ("qiymət* artdı", "qiymət artdı"),
        ("**vacib** söz", "vacib söz"),
        ("2*3 *1234#", "2*3 *1234#"),
    ],
)
def test_footnote_marks_are_not_read_and_not_missed(written: str, expected: str) -> None:
    draft = Draft(written)
    clean(draft, "az")
    assert draft.text == expected
    assert draft.dropped() == []


@pytest.mark.parametrize(
    ("written", "expected"),
    [
        ("Bakı’nın “sözü” «söz» „söz“", "Bakı'nın sözü söz söz"),
        ('dedi:"Gəl"', "dedi:Gəl"),
        ('"Qarabağ"ın oyunu', "Qarabağın oyunu"),  # Azerbaijani joins the suffix to the quotation mark
        ('"BMT"nin sözü', "BMT'nin sözü"),
        ("'gel' dedi, 'söz'ün", "gel dedi, söz'ün"),
        ("Ali'nin %20'si $'a T.C.'nin m²'lik", "Ali'nin %20'si $'a T.C.'nin m²'lik"),
        ("(TÜİK)'in verisi", "(TÜİK'in) verisi"),
        ("'90'lar", "90'lar"),
    ],
)
def test_quotes_and_apostrophes(written: str, expected: str) -> None:
    assert cleaned(written, "az") == expected


@pytest.mark.parametrize(
    ("written", "expected"),
    [
        ("10–15 ‑ −5", "10-15 — -5"),
        ("hava –5 dərəcə", "hava -5 dərəcə"),
        ("10%–15%", "10%-15%"),
        ("1990 – 2000", "1990 — 2000"),
        ("5 - 3", "5 - 3"),
        ("söz - söz -- söz", "söz — söz — söz"),
        ("Ankara–İstanbul", "Ankara-İstanbul"),
        ("- Gəl, - dedi.", "— Gəl, — dedi."),
        ("XX–XXI", "XX-XXI"),
    ],
)
def test_dashes(written: str, expected: str) -> None:
    assert cleaned(written, "tr") == expected


@pytest.mark.parametrize(
    ("language", "written", "expected"),
    [
        ("az", "kom-\npüter", "kompüter"),
        ("az", "Azərbaycan-\nTürkiyə", "Azərbaycan-Türkiyə"),
        ("az", "2019-\ncu ildə", "2019-cu ildə"),
        ("az", "uzun sətir\nburada  bitir", "uzun sətir burada bitir"),
        ("ru", "кто-\nто сло-\nво", "кто-то слово"),
    ],
)
def test_line_breaks(language: str, written: str, expected: str) -> None:
    assert cleaned(written, language) == expected


@pytest.mark.parametrize(
    ("written", "expected"),
    [
        ("Nə?!! Ay... yox. . . .", "Nə?! Ay… yox…"),
        ("a,, b;; c!!!!", "a, b; c!"),
        ("və s. və i.a.", "və s. və i.a."),
    ],
)
def test_repeated_marks(written: str, expected: str) -> None:
    assert cleaned(written, "az") == expected


@pytest.mark.parametrize("written", ["salam :)", "salam:)", "salam :-D", "salam <3", "salam ;)))", "salam xD"])
def test_emoticons(written: str) -> None:
    assert cleaned(written, "az").strip() == "salam"


def test_what_only_looks_like_an_emoticon() -> None:
    assert cleaned("(bax: a:b) 8:30 5:3", "az") == "(bax: a:b) 8:30 5:3"
    assert cleaned("(məs.:)", "az") == "(məs.:)"


@pytest.mark.parametrize(
    ("written", "expected"),
    [("з+амок", "за\u0301мок"), ("5+а", "5+а"), ("2+2", "2+2"), ("+7", "+7"), ("+анна", "а\u0301нна"), ("а+б", "а+б")],
)
def test_plus_as_stress_mark_in_russian(written: str, expected: str) -> None:
    assert cleaned(written, "ru") == expected
    assert cleaned(written, "tr").startswith(written[:1])


@pytest.mark.parametrize(
    "piece", ["\u0301", "[1]", "'", "-", "–", '"', ".", "*", ":)", "⁵", "а", "\u00ad", "+а", "\n-"]
)
def test_long_runs_take_linear_time(piece: str) -> None:
    """Each takes minutes if a pattern goes back and forth."""
    for language in ("az", "ru"):
        cleaned("söz" + piece * 40_000, language)
