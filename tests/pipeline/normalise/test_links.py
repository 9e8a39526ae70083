from collections.abc import Callable

import pytest

from workers.pipeline.normalise.azerbaijani.numbers import GRAMMAR as AZERBAIJANI
from workers.pipeline.normalise.azerbaijani.symbols import LINKS as AZERBAIJANI_LINKS
from workers.pipeline.normalise.draft import Draft
from workers.pipeline.normalise.links import LinkWords, links
from workers.pipeline.normalise.russian.symbols import LINKS as RUSSIAN_LINKS
from workers.pipeline.normalise.turkish.numbers import GRAMMAR as TURKISH
from workers.pipeline.normalise.turkish.symbols import LINKS as TURKISH_LINKS

LANGUAGES: dict[str, tuple[LinkWords, Callable[[str], str], Callable[[str, str], str]]] = {
    "az": (AZERBAIJANI_LINKS, AZERBAIJANI.integer, AZERBAIJANI.inflect),
    "tr": (TURKISH_LINKS, TURKISH.integer, TURKISH.inflect),
    "ru": (RUSSIAN_LINKS, lambda digits: f"число{len(digits)}", "{}-{}".format),
}


@pytest.mark.parametrize(
    ("language", "written", "spoken"),
    [
        ("az", "Sayt www.azerbaijan.az.", "Sayt ve ve ve nöqtə azerbaijan nöqtə az."),
        ("az", "Bizə info@mail.az yazın.", "Bizə info et mail nöqtə az yazın."),
        ("az", "https://www.e-gov.az/az/", "ve ve ve nöqtə e tire gov nöqtə az sləş az"),
        ("az", "mail.az-da, MAIL.AZ", "mail nöqtə azda, mail nöqtə az"),
        ("az", "http://site.com:80/a_b", "site nöqtə kom iki nöqtə səksən sləş a alt xətt be"),
        ("az", "axtar.az/?id=5", "axtar nöqtə az sləş sual işarəsi id bərabər beş"),
        ("az", "@ali_99 yazdı", "et ali alt xətt doxsan doqquz yazdı"),
        ("az", "#QarabağAzərbaycandır #bakı", "heşteq qarabağ azərbaycandır heşteq bakı"),
        ("az", "#5 #A-10293", "#5 #A-10293"),
        ("az", "report.pdf-i", "report nöqtə pe de efi"),
        (
            "tr",
            "Başvuru www.turkiye.gov.tr adresinden",
            "Başvuru ve ve ve nokta turkiye nokta gov nokta te re adresinden",
        ),
        ("tr", "Bize bilgi@ornek.com.tr yazın.", "Bize bilgi et ornek nokta com nokta te re yazın."),
        ("tr", "ali.veli-99@firma.com'a", "ali nokta veli tire doksan dokuz et firma nokta coma"),
        ("tr", "(index.html)", "(index nokta he te me le)"),
        ("tr", "bbc.com", "be be ce nokta com"),
        ("ru", "Сайт www.gosuslugi.ru открыт.", "Сайт вэ вэ вэ точка госуслуги точка ру открыт."),
        ("ru", "Пишите на info@yandex.ru.", "Пишите на инфо собака яндекс точка ру."),
        ("ru", "госуслуги.рф", "госуслуги точка эр эф"),
        ("ru", "t.me/durov", "ти точка ме слэш дуров"),
        # Not addresses.
        ("tr", "Geldi.Sonra gitti. Prof.Dr.Ali T.C. 3.5 M.Ö.", "Geldi.Sonra gitti. Prof.Dr.Ali T.C. 3.5 M.Ö."),
        ("az", "b.e.ə. və s. 12.05.2024", "b.e.ə. və s. 12.05.2024"),
    ],
)
def test_said(language: str, written: str, spoken: str) -> None:
    words, read_digits, join = LANGUAGES[language]
    draft = Draft(written)
    draft.apply(links(words, read_digits, join))
    assert draft.text == spoken
    assert draft.dropped() == []


@pytest.mark.parametrize("piece", ["a.", "a@", "a-", "a/", "www.", "http://", "#a", "a_", "@a.", "1.a"])
def test_long_runs_take_linear_time(piece: str) -> None:
    """Each takes minutes if a pattern goes back and forth."""
    words, read_digits, join = LANGUAGES["az"]
    list(links(words, read_digits, join)(piece * 4_000))
