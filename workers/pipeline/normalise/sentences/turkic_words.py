"""The words by which Azerbaijani and Turkish full stops are told apart, in small letters unless said otherwise."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Words:
    """What a full stop after, or before, these words means."""

    leading: frozenset[str]
    """Abbreviations that stand before a name or a number and never end a sentence: "prof."."""
    leading_capital: frozenset[str]
    """The same, as they are written: in small letters they are words of their own ("Av." but "av")."""
    places: frozenset[str]
    """Abbreviations in an address, which end a sentence only before a word that begins one: "şəh."."""
    labels: frozenset[str]
    """Abbreviations and words that stand before a number: "səh. 45"; the number is then no ordinal."""
    units: frozenset[str]
    """Abbreviations after a number, which go on before a small letter or a number: "5 man. 20 qəp."."""
    scales: frozenset[str]
    """Units that go on before a currency in capitals, too: "5 mln. AZN"."""
    lists: frozenset[str]
    """Abbreviations at the end of a list: they end a sentence before a capital letter."""
    eras: frozenset[str]
    """What stands before a number or a Roman numeral: "m.ə. IV əsr"."""
    companies: frozenset[str]
    """What ends the name of a firm, as initials may: "a.ş"."""
    offices: frozenset[str]
    """Words that go on after the name of a firm: "A.Ş. Genel Müdürü"."""
    starters: frozenset[str]
    """Words in capitals that begin sentences and are no names: "Bu", "Sonra"."""
    counted: frozenset[str]
    """Nouns written with a capital after an ordinal: "1. Dünya Savaşı"."""
    points_ordinals: bool
    """Whether a full stop after digits writes an ordinal."""


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


AZERBAIJANI = Words(
    leading=_words(
        "prof dos dr akad müəl məs inş cən xan qr böl hörm möht müh mem gen polk leyt kap ser müd red tər nəşr"
        " təxm təq azərb iqt fəls tex filol bk bkz yəqin çev tərc dip müəll ass ak lab fak kaf mr mrs ms st resp müğ"
        " nüm"
    ),
    leading_capital=_words("Bax"),
    places=_words("ş şəh r ray qəs mkr mik küç pr pros prosp döng məh bul xiy kənd kv"),
    labels=_words(
        "s səh şək cəd cədv rəs öl nöm no nö tel mob faks c m mən md mad maddə bax b mərt otaq ev küç pr bina blok"
        " səhifə nömrə sayı qiyməti dərs fəsil cild bənd cavab sual hesab məktəb № il ili"
    ),
    units=_words(
        "kq q mq t m km sm mm l ml man qəp ha kv kub dəq san saat sa st il gün ədəd faiz kVt vt mln mlrd trln min"
    ),
    scales=_words("mln mlrd trln min"),
    lists=_words("s b i.a i.ə d s.b və.s"),
    eras=_words("m.ə m.s e.ə b.e.ə b.e m.ö e.ə.b y.e"),
    companies=_words("a.ş mmc asc qsc"),
    offices=_words("Baş İdarə Müşahidə İcra Direktoru Rəhbəri Sədri"),
    starters=_words(
        "O Bu Onun Onu Ona Onda Ondan Onlar Onların Bunlar Bunun Bunu Buna Bunda Biz Bizim Bizə Siz Sizin Sizə Sən"
        " Sənin Mən Mənim Mənə Sonra Daha Lakin Amma Ancaq Və Həm Hər Heç İndi Burada Orada Bura Ora Beləliklə Çünki"
        " Bəs Bəli Xeyr Yox Hə Belə Elə Eyni Həmin Hamı Əgər Hətta Yalnız Artıq Yenə Səhər Axşam Sabah Dünən Nəhayət"
        " Deməli Məsələn Kim Nə Niyə Necə Harada İlk Əvvəlcə Bir Çox Bəzi Digər Başqa Eləcə Halbuki Nəticədə Həmçinin"
        " Axı Gəlin"
    ),
    counted=_words("Dünya"),
    points_ordinals=False,
)

TURKISH = Words(
    leading=_words(
        "prof doç dr yrd öğr uzm müh mim alb yzb tğm ütğm bnb gen org korg tümg tuğg kur sn hz bkz bk örn ör çev haz"
        " yay ltd san tic nak tel inş paz dış müd bşk arş asst ecz vet dipl psk fzt hem ast üstğm onb çvş"
        " mr mrs ms st opr uz yakl bay bayan krş karş başk yard oca şub nis ağu eyl"
    ),
    leading_capital=_words("Av Gn Md Yrd Gör Op Yb Alb Sok Bul Ed Şef Müf Ord Müt"),
    places=_words("cad cd sk mah mh apt blv bulv mey mevk köy ilç sit blok"),
    labels=_words(
        "s ss sf ö m ort sayfa no nr nu tel faks c cilt md madde kat d daire oda kapı hat şb bl böl bölüm ünite fasıl"
        " paragraf numara sayı şekil şek tablo tab resim res örnek puan fiyat fiyatı tutar yıl yaş yaşı saat saati not"
        " soru cevap grup kod sürüm peron koltuk otobüs toplam skor"
    ),
    units=_words(
        "kg gr g mg t ton m km cm mm lt l ml cl tl kr krş ha da dk sn sa st saat ad adet mln mlr mlrd trl bin kw mw"
    ),
    scales=_words("mln mlr mlrd trl bin milyon milyar"),
    lists=_words("vb vs vd v.b v.s v.d ve.ark ark b"),
    eras=_words("m.ö m.s i.ö i.s mö ms"),
    companies=_words("a.ş şti a.o a.s a.ş.nin koop"),
    offices=_words(
        "Genel Yönetim Müdürü Müdürlüğü Başkanı İcra Hukuk İnsan Basın Kurumsal Satış Pazarlama Bölge İdare CEO"
        " Kurucusu Sözcüsü Denetim Finans Mali Üretim Yetkilisi"
    ),
    starters=_words(
        "O Bu Şu Onun Onu Ona Onda Ondan Onlar Onların Bunlar Bunun Bunu Buna Bunda Biz Bizim Bize Siz Sizin Size Sen"
        " Senin Ben Benim Bana Sonra Daha Ama Fakat Ancak Lakin Ve Veya Hem Her Hiç Şimdi Burada Orada Böylece Çünkü"
        " Peki Evet Hayır Böyle Şöyle Öyle Aynı Herkes Eğer Hatta Yalnız Sadece Artık Yine Sabah Akşam Yarın Dün"
        " Nihayet Demek Örneğin Kim Ne Neden Nasıl Nerede İlk Önce Bir Çok Bazı Diğer Başka Ayrıca Oysa Sonuçta Hadi"
        " Devamı Detaylar Ayrıntılar Bugün Acaba Belki Üstelik Zaten Haydi Lütfen"
    ),
    counted=_words(
        "Dünya Asliye Ağır Sulh İcra İdare Vergi İş Aile Hukuk Ceza Noter Noterliği Kat Katta Cadde Caddesi Cad Sokak"
        " Sok Sk Bölge Ulusal Uluslararası Dönem Olağan Geleneksel Sınıf Lig Lig'de Ligi Hafta Tur Ordu Kolordu Tümen"
        " Daire Dairesi Yüzyıl Yüzyılda Cumhurbaşkanı Yıl Yılı Yılında Gün Kolej Mahalle Mahallesi Etap Kısım Blok Apt"
        " Bölüm Ünite Madde Fıkra Sayfa Baskı Cilt Sezon Kongre Kongresi Zirve Zirvesi Toplantı Oturum Festival"
        " Festivali Köprü Köprüsü Peron Salon Levent Organize Genel Büyük Tertip Meclis Hükümet Ocak Şubat Mart Nisan"
        " Mayıs Haziran Temmuz Ağustos Eylül Ekim Kasım Aralık Murat Selim Mehmet Mustafa Ahmet Derece Kademe Grup"
        " HD CD HGK CGK"
    ),
    points_ordinals=True,
)
