import pytest

from workers.pipeline.normalise.stops import drop_stops


@pytest.mark.parametrize(
    ("language", "written", "stops"),
    [
        ("tr", "Prof. Dr. Ayşe geldi. Sonra gitti.", 2),
        ("tr", "Kalem vb. aldık. Eve döndük.", 2),
        ("tr", "Kalem, defter vb. Eve döndük.", 2),
        ("az", "Kitab və s. aldıq.", 1),
        ("az", "Kitab və s. Sonra getdik.", 2),
        ("ru", "А. С. Пушкин и др. пришли. Хорошо.", 2),
        ("ru", "Хлеб, молоко и т. д. Потом ушёл.", 2),
        ("ru", "Он родился в тысяча г. в Баку.", 1),
        ("ru", "Завтра, т.е. в среду.", 1),
        ("tr", "salam. necə. yaxşı.", 3),  # a text without capitals keeps its sentences
        ("tr", "Geldi.Sonra gitti.", 2),
        ("tr", "T.C. Dışişleri", 0),
        ("tr", "Dr.Öğr.Üyesi geldi.", 1),
        ("tr", "Son sözü dr.", 1),
        ("tr", "Bekle... Geldi.", 4),
    ],
)
def test_a_full_stop_is_a_sentence_end(language: str, written: str, stops: int) -> None:
    assert drop_stops(written, language).count(".") == stops


def test_addresses_are_said() -> None:
    assert drop_stops("www.mail.az saytı", "az") == "www nöqtə mail nöqtə az saytı"
    assert drop_stops("yandex.ru", "ru") == "yandex точка ru"
