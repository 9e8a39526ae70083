import pytest

from workers.pipeline.normalise.azerbaijani.abbreviations import ABBREVIATIONS as AZERBAIJANI_TABLE
from workers.pipeline.normalise.azerbaijani.numbers import GRAMMAR as AZERBAIJANI
from workers.pipeline.normalise.draft import Draft
from workers.pipeline.normalise.turkic.abbreviations import abbreviations
from workers.pipeline.normalise.turkish.abbreviations import ABBREVIATIONS as TURKISH_TABLE
from workers.pipeline.normalise.turkish.numbers import GRAMMAR as TURKISH


def in_azerbaijani(written: str) -> str:
    draft = Draft(written)
    draft.apply(abbreviations(AZERBAIJANI_TABLE, AZERBAIJANI))
    assert draft.dropped() == []
    return draft.text


def in_turkish(written: str) -> str:
    draft = Draft(written)
    draft.apply(abbreviations(TURKISH_TABLE, TURKISH))
    assert draft.dropped() == []
    return draft.text


@pytest.mark.parametrize(
    ("written", "read"),
    [
        ("Prof. Dr. Əli Məmmədov danışdı.", "professor doktor Əli Məmmədov danışdı."),
        ("Dr Əli və Dos.Vəli", "doktor Əli və dosent Vəli"),
        ("Akad. Yusif Məmmədəliyev", "akademik Yusif Məmmədəliyev"),
        ("Kitab, dəftər və s. aldıq.", "Kitab, dəftər və sair aldıq."),
        ("Kitab, dəftər və s.", "Kitab, dəftər və sair."),
        ("Əli, Vəli və b. gəldi", "Əli, Vəli və başqaları gəldi"),
        ("və i.a.", "və ilaxır."),
        ("M.ə. IV əsrdə", "eramızdan əvvəl IV əsrdə"),
        ("b.e.ə. 5-ci əsr", "eramızdan əvvəl 5-ci əsr"),
        ("e. ə. 3-cü minillik", "eramızdan əvvəl 3-cü minillik"),
        ("Nizami küç. 12, m. 5", "Nizami küçəsi 12, mənzil 5"),
        ("Bakı ş., Nəsimi r-nu", "Bakı şəhəri, Nəsimi rayonu"),
        ("Xətai r-nunda, Pirallahı q., Xınalıq k.", "Xətai rayonunda, Pirallahı qəsəbəsi, Xınalıq kəndi."),
        ("bax: səh. 5, c. 2, s. 14.", "bax: səhifə 5, cild 2, səhifə 14."),
        ("5 m. 12", "5 m. 12"),  # a measure
        ("bir neçə mlrd. dollar", "bir neçə milyard dollar"),
        ("Heydər Əliyev pr. 115", "Heydər Əliyev prospekti 115"),
        ("Məs. bu söz", "məsələn bu söz"),
        ("Prof.-un sözü", "professorun sözü"),
        ("Tel.: 5", "telefon: 5"),
        ("f.e.d., prof. Əli", "filologiya elmləri doktoru, professor Əli"),
        ("Qr. 613-də, 5 qr. un", "qrup 613-də, 5 qr. un"),
        ("1/2 ç.q. duz, 1 x.q. un, 2 st. su", "1/2 çay qaşığı duz, 1 xörək qaşığı un, 2 stəkan su"),
        ("ş/v № 5, ş/v-nin", "şəxsiyyət vəsiqəsi № 5, şəxsiyyət vəsiqəsinin"),
        ("B.e.—Cümə, b.e. 79-cu ili", "bazar ertəsi—Cümə, bizim eranın 79-cu ili"),
        ("x-m Əliyeva", "xanım Əliyeva"),
        # No abbreviations.
        ("M.Ə. Rəsulzadə", "M.Ə. Rəsulzadə"),
        ("Yol qaldı san.", "Yol qaldı san."),
        ("O kimdir? Bax.", "O kimdir? Bax."),
        ("Həmin kor.", "Həmin kor."),
    ],
)
def test_azerbaijani(written: str, read: str) -> None:
    assert in_azerbaijani(written) == read


@pytest.mark.parametrize(
    ("written", "read"),
    [
        ("Prof. Dr. Ayşe Yılmaz konuştu.", "profesör doktor Ayşe Yılmaz konuştu."),
        ("Dr.Öğr.Üyesi Ali ve Arş. Gör. Veli", "doktor öğretim üyesi Ali ve araştırma görevlisi Veli"),
        ("Yrd. Doç. Dr. Kaya", "yardımcı doçent doktor Kaya"),
        ("Kalem, defter vb. malzemeler", "Kalem, defter ve benzeri malzemeler"),
        ("Kalem, defter vs.", "Kalem, defter vesaire."),
        ("Yılmaz vd. (2020)", "Yılmaz ve diğerleri (2020)"),
        ("Bkz. s. 12, c. 3 ve md. 5.", "bakınız sayfa 12, cilt 3 ve madde 5."),
        ("M.Ö. 500 yılında", "milattan önce 500 yılında"),
        ("M.S. Yılmaz geldi", "M.S. Yılmaz geldi"),
        ("T.C. Dışişleri Bakanlığı", "türkiye cumhuriyeti Dışişleri Bakanlığı"),
        ("T.C. Kimlik No: 5", "te ce kimlik No: 5"),
        ("Koç A.Ş.'nin payı", "Koç anonim şirketinin payı"),
        ("Yıldız Ltd. Şti. aldı.", "Yıldız limited şirketi aldı."),
        ("Atatürk Mah. Gül Sok. No: 5 D: 12", "Atatürk mahallesi Gül sokak No: 5 daire 12"),
        ("Atatürk Mah.Gül Sok.No:5 K:3", "Atatürk mahallesi Gül sokak No:5 kat 3"),
        ("İnönü Cad. 15, Bağdat Cd. Kat: 3", "İnönü caddesi 15, Bağdat caddesi kat 3"),
        ("12 Oca. 2024, 3 Haz. 2023, 5 Ara. 1990", "12 ocak 2024, 3 haziran 2023, 5 aralık 1990"),
        ("XIX. yy. sonunda", "XIX. yüzyıl sonunda"),
        ("Hz. Muhammed (s.a.v.) hakkında", "hazreti Muhammed (sallallahu aleyhi ve sellem) hakkında"),
        ("Gn. Müd. Yrd. Ahmet Bey", "genel müdür yardımcısı Ahmet Bey"),
        ("Prof.'un dersi", "profesörün dersi"),
        ("Sn. Bakan, Av. Ali", "sayın Bakan, avukat Ali"),
        ("a.g.e., s. 15", "adı geçen eser, sayfa 15"),
        # No abbreviations.
        ("Onu bul.", "Onu bul."),
        ("Gel de gör.", "Gel de gör."),
        ("Böyle der.", "Böyle der."),
        ("D: 12 cm", "D: 12 cm"),
        ("Dışarı çık.", "Dışarı çık."),
        ("Bu çok ara.", "Bu çok ara."),
    ],
)
def test_turkish(written: str, read: str) -> None:
    assert in_turkish(written) == read


@pytest.mark.parametrize("piece", ["a.", "m.ə.", "A. ", "və s", "Prof. ", "-", "r-n"])
def test_long_runs_take_linear_time(piece: str) -> None:
    in_azerbaijani(piece * 4_000)
    in_turkish(piece * 4_000)
