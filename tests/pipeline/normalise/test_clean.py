import pytest

from workers.pipeline.normalise.clean import clean


@pytest.mark.parametrize(
    ("written", "cleaned"),
    [
        ("g\u0306o\u0308z", "ğöz"),  # composed
        ("I\u0307zmir", "İzmir"),
        ("sö\u00adz\u200b\u200d\ufeff", "söz"),  # invisible
        ("a\x00b\x1bc", "abc"),
        ("a\u00a0b\u2009\tc\r\nd", "a b c d"),
        ("Bakı’nın “sözü” «söz»", "Bakı'nın sözü söz"),
        ("10–15 ‑ −5", "10—15 - -5"),
        ("(bax)[1]", ", bax, , 1, "),
        ("٣٤ १२ ５", "34 12 5"),
        ("x² ½ Ⅻ", "x 2 1/2 XII "),
        ("a\ufe0fb", "ab"),
        ("，。？", ",.?"),
    ],
)
def test_same_reading(written: str, cleaned: str) -> None:
    assert clean(written, "az") == cleaned


@pytest.mark.parametrize(
    ("written", "cleaned"),
    [("з+амок", "за\u0301мок"), ("5+а", "5+а"), ("2+2", "2+2"), ("+7", "+7"), ("+анна", "а\u0301нна")],
)
def test_plus_as_stress_mark_in_russian(written: str, cleaned: str) -> None:
    assert clean(written, "ru") == cleaned
    assert clean(written, "tr") == written
