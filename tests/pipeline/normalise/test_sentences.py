"""Sentence boundaries. In the tables a bar stands where one sentence ends and the next begins."""

import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from workers.pipeline.normalise.paragraphs import paragraphs
from workers.pipeline.normalise.sentences import boundaries

GOLDEN = Path(__file__).parents[2] / "golden"

AZERBAIJANI = """
Nazirlər Kabineti bu gün toplandı.|Qərar axşam açıqlanacaq.
Prezident fərman imzaladı.|Fərman dərc olunduğu gündən qüvvəyə minir.
Nazir dedi: “Biz hazırıq.”|Jurnalistlər razı qaldı.
“Bu, tarixi gündür”, — deyə nazir bildirdi.|O, komandanı təbrik etdi.
“Nə vaxt?” deyə soruşdu.|“Sabah”, cavab verdim.
— Salam! — dedi Aygün.|— Necəsən?
— Salam!|— Sağ ol, sən necəsən?
— Getdi?|— Getdi.|— Tək?
«Hara?» — anam soruşdu.|Dinmədim.
Hə... nə bilim, baxarıq.|Sonra zəng vuraram.
Bəlkə də…|Kim bilir?
O gəldi…və getdi.|Heç kim görmədi.
Nə?!|Sən də?!|İnanmıram!
Bu (!) adam kimdir?|Tanımıram.
Əsgər (1999-cu il təvəllüdlü) qayıtdı.|Anası sevindi.
Görüş baş tutdu (şək. 4).|Sənəd imzalandı.
(Qeyd: qiymətlər dəyişə bilər.)|Ətraflı məlumat üçün zəng edin.
O gəlmədi (xəstə idi.)|Biz getdik.
Yeri: Şəki ş.|Vaxtı: 12 may.
M.s. 79-cu ildə dağılıb.|Şəhər böyük idi.
Bax: cədv. 2.|Nəticə oradadır.
Müğ. Alim Qasımov oxudu.|Zal alqışladı.
Çox gözəldir 😍|Təşəkkür edirəm!|Bakı 🇦🇿 Azərbaycandır.
Əla!|👍🏽 Səni 😊 gözləyirik.
Tərəflər razıdır.|3.2. Müddət 10 gündür.
Bakı ş., Yasamal r-nu, Şərifzadə küç. 12, m. 45.|Zəng işləmir.
O, Bakı ş. Nərimanov r-nunda yaşayır.|İşi də ordadır.
Ünvan: Bakı şəh. Nizami küç. 5.|Poçt indeksi AZ1000.
Mən Xətai pr. 15-də işləyirəm.|Gəl.
Sumqayıt ş. 3-cü mikrorayon.|Bina 5.
Tel.: 012 404 11 22.|Faks yoxdur.
Tel. +994 12 404 11 22.|Zəng gözləyirik.
Mob. (050) 312-45-67.|Gecə zəng etməyin.
Maddə 15.|Tərəflərin hüquqları.
Qanunun 15.2-ci bəndinə bax.|Orada izah var.
Bax: mad. 12, b. 3.|Qərar qətidir.
Konstitusiyanın 25-ci maddəsi belədir.|Hər kəs bərabərdir.
Ora bax.|Maşın gəlir.
Bax, kim gəldi.|Salam!
Bu, mən.|Sən kimsən?
Bu, mən!|Aç qapını.
Prof. Ə. Ə. Məmmədov dərs deyir.|Otaq 214.
Prof.Dr. Nigar Rəfibəyli gəldi.|Tədbir başladı.
Müəl. Həsənova icazə aldı.|Dərs olmadı.
Gen. Mehmandarov məğlub olmadı.|Tarix bunu bilir.
C. Məmmədquluzadə “Molla Nəsrəddin”i yaradıb.|Jurnal Tiflisdə çıxıb.
Kitabın müəllifi İ.Ə.Hüseynovdur.|Redaktor A. Q. Quliyeva.
Bu, H. Əliyev adına hava limanıdır.|Bu isə muzey.
Ə. Cavadın şeiri.|Musiqi Ü. Hacıbəylinindir.
Süd, pendir, qaymaq və s. məhsullar bahalaşıb.|Çörək ucuzdur.
Süd, pendir və s.|Hamısı təbiidir.
Mağazada paltar, ayaqqabı və s. 30% endirimlə satılır.|Tələsin.
İclasda Əli, Vəli və b. 12 nəfər iştirak etdi.|Sədr danışdı.
Qalıq 5 man. 20 qəp. təşkil edir.|Sağ olun.
Qiyməti 5 man.|Alın.
Gəlir 12 mln. AZN oldu.|Xərc azaldı.
Gəlir 12 mln. manat oldu.|Xərc 3 mlrd. ABŞ dolları.
Çəkisi 12 kq.|Boyu 80 sm.
Hündürlüyü 25 m. idi.|Eni bilinmir.
Qutuda 5 əd. qələm var.|Biri yazmır.
Məsafə 12,5 km.|Yol yaxşıdır.
Sürət 90 km/saat.|Bu, çoxdur.
Qiymət 1.250.|Endirim yoxdur.
Hesab 2:1.|Oyun bitdi.
Kurs 1,7.|Dəyişməyib.
Faiz 12,5%.|Müddət 3 il.
Temperatur +5 °C.|Külək güclüdür.
Tarix: 12.05.2024.|Yer: Bakı.
Tarix 12. 05. 2024.|Yer məlum deyil.
O, 1920-ci ildə doğulub.|1990-cı ildə vəfat edib.
Hadisə 1918-ci ilin martında olub.|Sənədlər qalıb.
1. Giriş.|2. Əsas hissə.|3. Nəticə.
1. Alma 2. Armud 3. Heyva
I. Giriş.|II. Nəticə.
1. Dünya müharibəsi 1914-cü ildə başladı.|4 il çəkdi.
II Dünya müharibəsi bitdi.|Sülh gəldi.
XIX əsr bitdi.|XX əsr başladı.
B. e. ə. III əsrdə şəhər salınıb.|Xarabalıqlar durur.
M.ə. 5-ci minillikdə də burada insan yaşayıb.|Qazıntılar bunu göstərir.
Saytımız: www.bank.az.|Müraciət edin.
https://www.e-gov.az/services?id=5.|Daxil olun.
E-poçt: info@bank.az.|Cavab veririk.
Fayl report.v2.docx adlanır.|Açın.
Proqram v3.2.1 çıxdı.|iOS üçün də var.
Telefon aldım.|iPhone bahadır!|eBay-də ucuzdur.
Gəldi.Getdi.|Qaldı.
Əla!|😊 Sabah görüşək.
Sağ ol!!!|Çox sağ ol...|Görüşərik.
Tapıntı qədimdir.[3]|Yaşı 5000 ildir.
Tapıntı qədimdir.³|Yaşı dəqiqləşir.
QƏRAR QƏBUL OLUNDU.|PROF. ƏLİYEV RAZIDIR.
salam.|necəsən?|yaxşıyam.|dərs necə keçdi?
Dedi ki, gələcək.|Amma gəlmədi.
O dedi: “Gəl.|Mən gözləyirəm”.|Getdim.
Həkim gəldi.|“Narahat olmayın”, dedi.
Vitamin C.|Bu vitamin limonda var.
Sual 5.|Cavab verin.
Sual: Paytaxt haradır?|Cavab: Bakı.
A. Bakı B. Gəncə C. Şəki
Kim?|Əli?|Yox?
“Şuşa” mehmanxanası açıldı.|“Neftçi” qalib gəldi.
Firma “Araz” MMC.|Direktor: A. Babayev.
İnş. Əli də gələr.|Gözləyirik.
Hava necədir?|25 dərəcə.|Yaxşıdır.
Özbəkistan Resp. Prezidenti gəldi.|Görüş oldu.
Qatar 10:45-də gəlir; gecikmə yoxdur.
"""

TURKISH = """
Merkez Bankası faizi sabit tuttu.|Karar piyasada olumlu karşılandı.
Bakan, “Okullar 9 Eylül'de açılacak.” dedi.|Veliler rahatladı.
“Kim o?” diye seslendi.|“Benim.” dedim.
“Geç kaldın!” diye çıkıştı.|“Neredeydin?”
— Nasılsın?|— İyiyim.|— Ailen nasıl?
– Gel! – dedi babam.|– Acele et.
Hımm… olabilir.|Bir düşüneyim.
Hayır...|Asla!
Ne dedin?!|Bir daha söyle.
Bu (!) nasıl iş?|Anlamadım.
(Gülerek.)|Hoş geldiniz.
Sayı arttı (bkz. Tablo 3).|Eğilim sürüyor.
Sayı arttı (bkz. s. 45).|Eğilim sürüyor.
Prof. Dr. İ. H. Uzunçarşılı yazdı.|Kitap 1943'te çıktı.
Yrd. Doç. Dr. Ayşe Ak gelmedi.|Ders iptal.
Arş. Gör. Can Er asistan oldu.|Öğrenciler sevindi.
Av. Selin Koç duruşmada.|Davacı yok.
Çok güzel bir av.|Avcı mutlu.
Gel de gör.|Şaşıracaksın.
Bunu bul.|Bana getir.
Alb. Tan ve Yzb. Er geldi.|Tören başladı.
Hz. Ali böyle demiş.|Sözü meşhurdur.
Sn. Vali konuştu.|Alkışlandı.
10 sn. bekle.|Sonra bas.
Süre 10 dk.|Başlayın.
2 sa. 15 dk. sürdü.|Bitti.
Kalem, silgi vb. gereçler getirin.|Defter var.
Kalem, silgi vb.|Hepsi çantada.
Kalem, silgi vs. 3 kutu aldım.|Yeter.
Yılmaz vd. (2018) bunu gösterdi.|Sonuç aynı.
Kaya ve ark. 2020'de yayımladı.|Makale kısa.
Örn. Ankara soğuktur.|İzmir sıcaktır.
Bkz. Ek 2.|Ayrıntılar orada.
Bk. md. 12.|Karar kesindir.
Madde 5.|Sözleşme süresizdir.
TCK md. 157 uygulanır.|Ceza ağırdır.
Yasanın 12. maddesi değişti.|13. madde aynı.
Sayfa 45.|Devamı arkada.
s. 12-15.|Bu sayfalar eksik.
No. 5.|Kapı mavi.
No: 7.|Zil bozuk.
Oda 214.|Sağdan ikinci.
Bağdat Cad. No: 12 Kadıköy.|Posta kodu 34710.
Gül Sok. Papatya Apt. D. 5'te oturuyor.|Kapıcı yok.
Atatürk Mah. 1923. Sok. No. 5.|Site girişi arkada.
Atatürk Blv. Üzerinde bir kaza oldu.|Yol kapandı.
Tel. (0212) 555 44 33.|Dahili 12.
Tel: 0212 555 44 33.|Arayın.
Tutar 1.250 TL.|KDV dâhil.
Tutar 1.250,50 TL. ödendi.|Makbuz alındı.
Fiyat 1250.|Yarın zam var.
Fiyat 50.|Yarın zam var.
Toplam 12.|Herkes burada.
Saat 9.|Sonra görüşürüz.
Yıl 1923.|Cumhuriyet ilan edildi.
Yıl 1938.|10 Kasım sabahı.
Tarih: 29.10.1923.|Yer: Ankara.
29 Ekim 1923.|Cumhuriyet kuruldu.
Tarih 25. 12. 2024 olarak yazıldı.|Yanlıştı.
Saat 14.30'da başladı.|16.00'da bitti.
Pi 3,14.|Kısaca böyle.
Skor 3-1.|Maç bitti.
Oran %12.|Bu iyi.
Hava 25 °C.|Rüzgâr yok.
Hız 90 km/sa.|Yavaşla.
1. Dünya Savaşı 1914'te başladı.|4 yıl sürdü.
Demir Ltd. Şti. (VKN: 123) kapandı.|Borcu vardı.
Süre 2 dk. 30 sn.|Mesaimiz bitti.
Hasan (ö. 2001) şairdi.|Sayfa ss. 12-15.
Uz. Dr. Ece Kurt geldi.|Opr. Dr. Can da geldi.
4.5. Ödeme peşindir.|4.6. Süre bir yıldır.
Ev No: 45.|Daire geniş.|Kira yüksek.
Harika 😍|Teşekkürler.
II. Dünya Savaşı 1945'te bitti.|Avrupa yıkıktı.
Türkiye'nin 9. Cumhurbaşkanı Demirel'di.|10. Cumhurbaşkanı Sezer.
İstanbul 3. Asliye Hukuk Mahkemesi baktı.|Dava düştü.
Ankara 17. Noterliği onayladı.|Vekâlet geçerli.
Bu 54. Antalya Film Festivali.|Ödüller yarın.
Yarış 3. Lig'de.|Takım güçlü.
O, sınıfta 1. oldu.|Ailesi sevindi.
3., 4. ve 5. sınıflar gezide.|Okul boş.
3. 4. ve 5. sınıflar gezide.|Okul boş.
19. yüzyıl bitti.|20. yüzyıl başladı.
XIX. yüzyıl bitti.|XX. yüzyıl başladı.
III. Selim yenilikçiydi.|IV. Mustafa değildi.
Bölüm II.|Savaş başladı.
I. Giriş|
1. Unu eleyin.|2. Sütü ekleyin.|3. Karıştırın.
1. Elma 2. Armut 3. Kiraz
a) Ankara b) Bursa
T.C. Millî Eğitim Bakanlığı duyurdu.|Tatil uzadı.
Kent M.Ö. 300'de kuruldu.|M.S. 60'ta yıkıldı.
Olay İ.Ö. V. yüzyılda geçti.|Kaynak yok.
Demir A.Ş. Genel Müdürü istifa etti.|Yerine Ali Er geldi.
Demir San. ve Tic. Ltd. Şti. kapandı.|Borcu vardı.
Firma Demir A.Ş.|Merkezi İzmir.
O. Pamuk Nobel aldı.|O bir yazar.
A. B. Can geldi.|C. D. Er gelmedi.
Y.K. Karaosmanoğlu yazdı.|Roman uzun.
Cevap A.|Bu doğru.
www.ornek.com.tr.|Girin.
Bilgi: info@ornek.com.|Yazın.
rapor.pdf dosyası.|İndirin.
Sürüm 2.4.1.|Güncelleyin.
Sunucu 10.0.0.1.|Erişim yok.
iPad aldım.|iPhone da alacağım.|e-Devlet'ten baktım.
Gel.Git.|Kal.
Harika!|🎉 Kutlarım.
Bulundu.[1]|Sonra kayboldu.
Bulundu.¹|Sonra kayboldu.
DİKKAT!|PROF. YILMAZ KONUŞACAK.|YER: SALON.
selam.|naber?|iyiyim.|sen?
Dedi ki: “Gel.”|Gittim.
Çarpan 2 idi.|3 kişi vardı.
'Dur!' dedi.|Durdum.
“Adı ne?”|“Ali.”|“Soyadı?”
Eee?|Sonra?
Of, of!|Yine mi?
Ağaç, kuş, ev… ne varsa çizdi.|Kâğıt bitti.
TDK'ye (Türk Dil Kurumu'na) sordum.|Yanıt geldi.
Yeni model: “X 5.”|Fiyatı belli değil.
Yargıtay E. 2019/123, K. 2020/45 sayılı karar.|Kesindir.
Sıcaklık 35 ° C.|Nem yüksek.
Ciro 2 mlr. TL'lik artışla büyüdü.|Kâr azaldı.
Boyum 180.|Kilom 75.|Yaşım 25.
İstanbul 5. Levent metrosu açıldı.|Yolcular memnun.
Satış arttı.|%12 büyüme var.|$5 ucuz.
Kaçıncı?|5.|Emin misin?
"""

RUSSIAN = """
Центробанк сохранил ставку.|Рынок отреагировал спокойно.
«Мы готовы», — сказал министр.|Журналисты ушли.
«Ты где?» — написала она.|— «Я жду».
— Кто там?|— Свои.|— Входите.
— Иди сюда, — позвал отец.|— Смотри.
Он замолчал… и ушёл.|Никто не удивился.
Не знаю...|Посмотрим.
Что?!|Опять?!|Ну и ну.
Это (!) никуда не годится.|Переделайте.
Дом (построен в 1900 г.) снесли.|Жаль.
(См. также рис. 4.)|Далее приведён расчёт.
Проф. А. И. Иванов читал лекцию.|Зал слушал.
Доц. Петрова заболела.|Семинар отменён.
Акад. Павлов получил премию.|Это было в 1904 г.
Инж. Гарин исчез.|Его искали.
Ген. Ермолов командовал корпусом.|Война шла.
Г-н Иванов, прошу.|Садитесь.
Св. Георгий изображён на гербе.|Герб старый.
А. П. Чехов родился в Таганроге.|Там его музей.
Это написал Чехов А. П. в 1895 г.|Пьеса известна.
Вл. Соловьёв — философ.|Его читали все.
Ал. Блок написал поэму.|Её ругали.
Музей им. Пушкина закрыт.|Ремонт.
Верни им.|Пусть сами решают.
Дай это им.|Они разберутся.
Он сел на пол.|Кошка подошла.
В океане живёт кит.|Его длина 30 м.
Сварили рис.|Получилось вкусно.
См. рис. 5 и табл. 12.|Там всё ясно.
Рис. 3.|Схема прибора.
Хлеб, соль и т. д. лежали на столе.|Гости ели.
Хлеб, соль и т.д.|Гости ели.
Хлеб, соль и т. п.|Гости ели.
Иванов, Петров и др. пришли.|Сидоров нет.
Иванов, Петров и др.|Сидорова не было.
Всего, в т. ч. НДС, 100 руб.|Оплатите.
Это, т. е. Москва, столица.|Понятно?
Так наз. элита собралась.|Шумели.
Зарплата 50 тыс. руб. в месяц.|Мало.
Бюджет 3 млрд руб.|Дефицит растёт.
Бюджет 3 млн. долларов.|Дефицит растёт.
Цена 45 руб.|Скидок нет.
Цена 45 руб. 50 коп.|Сдача не нужна.
Вес 5 кг.|Рост 180 см.
Длина 30 м.|Ширина 5 м.
Рост 180 см.|Глаза серые.
Скорость 60 км/ч.|Дождь.
Расход 5 л/мин.|Норма.
Температура 36,6 °C.|Здоров.
На улице +5 °С.|Сыро.
Площадь 50 м².|Окна на юг.
Он родился в 1980 г. в Баку.|Потом уехал.
Он родился в 1980 г.|Мать работала врачом.
В 1941–1945 гг. шла война.|Город выстоял.
В 1990-е гг. всё изменилось.|Цены выросли.
В XIX в. тут жили купцы.|Дом стоит.
Это было в XIX в.|Потом пришла революция.
Рим основан в VIII в. до н. э.|Легенда известна.
В 5 ч. утра выехали.|Было темно.
В 5 ч.|Темно.
Через 5 мин. начнётся.|Ждём.
15 янв. 2024 г. он уехал.|Писем нет.
Встреча в 14.30.|Адрес тот же.
Встреча 12.05.2024.|Не опаздывайте.
Счёт 3:1.|Матч окончен.
Рост 12,5%.|Неплохо.
г. Москва, ул. Ленина, д. 5, кв. 12.|Код 45.
Он живёт в г. Москве.|Работает в школе.
Он живёт на ул. Мира.|Дом старый.
Ст. м. Арбатская закрыта.|Идите пешком.
Респ. Татарстан.|Столица — Казань.
Мы выехали из пос. Лесной в 9 ч.|Дорога пустая.
Ленинградская обл. и Карелия.|Там леса.
Тел. 8 (495) 123-45-67.|Звоните.
Тел.: 123-45-67, доб. 12.|Спросите Олю.
Ст. 15 УК РФ.|Наказание строгое.
Согласно п. 3 ст. 5, срок истёк.|Жалуйтесь.
Подпункт 1.2.3.|Ответственность сторон.
1. Общие положения.|2. Права сторон.
1. Мойте руки.|2. Чистите зубы.
1) Мойте руки.|2) Чистите зубы.
а) чай; б) кофе.|Выбирайте.
I. Введение.|II. Метод.
Глава 5.|Осень.
Пётр I основал город.|Он любил море.
Город основал Пётр I.|Нева широка.
Правил Карл V.|Империя росла.
Правила Екатерина II.|Двор блистал.
Витамин С.|Он полезен.
Героя зовут К.|Он одинок.
www.mail.ru.|Заходите.
Почта: info@mail.ru.|Пишите.
Сайт https://ya.ru/maps?z=5.|Откройте.
Файл otchet.v2.pdf готов.|Скачайте.
Версия 2.1.4.|Обновите.
iPhone дорогой.|iPad дешевле.
Пришёл.Ушёл.|Остался.
Отлично!|😊 До завтра.
Он победил.[12]|Город ликовал.
ВНИМАНИЕ!|ДВЕРИ ЗАКРЫВАЮТСЯ.|ПОЕЗД УХОДИТ.
привет.|как дела?|нормально.|а у тебя?
приехали в г. москву.|погуляли.|поели.
Он сказал: «Иди».|Я пошёл.
Он сказал: «Иди!»|Я пошёл.
“Иди!” — сказал он.|Я пошёл.
"Стой!" - крикнул он.|Я встал.
Кто?|Что?|Где?
И. о. директора уволен.|Коллектив в шоке.
Канд. физ.-мат. наук Иванов выступил.|Аплодисменты.
Чл.-корр. РАН Петров возразил.|Спор продолжался.
К. М. Н. Сидоров.|Приём по средам.
Вышел приказ № 5.|Читайте.
В 1812 г. Наполеон напал на Россию.|Москва сгорела.
5 марта 1953 г. Сталин умер.|Страна замерла.
К 1 января 2030 г. Россия построит мост.|Длина 5 км.
Торговля выросла до 240 млрд долл. США.|Это рекорд.
Соль, сахар и пр.|Хранить в тепле.
Род. 5 мая 1900 г. в Туле.|Отец — врач.
5 тыс. экз. продано.|Ждите тираж.
"""


def cases(table: str, language: str) -> list[object]:
    lines = [line for line in table.strip().split("\n") if line.count("|") or line]
    return [pytest.param(line, language, id=line[:60]) for line in lines]


def split(text: str, language: str) -> list[str]:
    return [text[start:end] for start, end in boundaries(text, language)]


@pytest.mark.parametrize(("line", "language"), cases(AZERBAIJANI, "az") + cases(TURKISH, "tr") + cases(RUSSIAN, "ru"))
def test_sentences(line: str, language: str) -> None:
    sentences = [sentence.strip() for sentence in line.split("|") if sentence.strip()]
    assert split(" ".join(sentences), language) == sentences


def golden() -> list[object]:
    return [
        pytest.param(case["text"], case["sentences"], language, id=f"{language}: {case['text'][:50]!r}")
        for language in ("az", "tr", "ru")
        for case in map(json.loads, (GOLDEN / f"{language}_sentences.jsonl").read_text("utf-8").splitlines())
    ]


@pytest.mark.parametrize(("text", "sentences", "language"), golden())
def test_golden_sentences(text: str, sentences: list[str], language: str) -> None:
    """Through `paragraphs`, as in the pipeline: headings and items are parted there."""
    assert [sentence for piece in paragraphs(text) for sentence in split(piece.text, language)] == sentences


@pytest.mark.parametrize("language", ["az", "tr", "ru"])
@given(text=st.text(alphabet="aБ1 .!?…\"»)(—-XVс\n[]'İ\u0301", max_size=80))
def test_only_white_space_belongs_to_no_sentence(language: str, text: str) -> None:
    places = boundaries(text, language)
    covered = "".join(text[start:end] for start, end in places)
    assert "".join(covered.split()) == "".join(text.split())
    assert all(text[start:end].strip() == text[start:end] != "" for start, end in places)
    flat = [place for pair in places for place in pair]
    assert flat == sorted(flat)


@pytest.mark.parametrize(
    ("text", "language", "sentences"),
    [
        ("", "az", []),
        (" \n\t ", "ru", []),
        ("\xa0Yol uzundur.\xa0Tələsmə.\n", "az", ["Yol uzundur.", "Tələsmə."]),
        ("O gəldi.  Biz\ngetdik.", "az", ["O gəldi.", "Biz\ngetdik."]),
        ("Eve\ngeldi.\nSonra\nuyudu.", "tr", ["Eve\ngeldi.", "Sonra\nuyudu."]),
        ("Он пришёл.\u2028Потом ушёл.", "ru", ["Он пришёл.", "Потом ушёл."]),
        ("2. Çayı dəmləyin.", "az", ["2. Çayı dəmləyin."]),
        ("...", "tr", ["..."]),
    ],
)
def test_white_space(text: str, language: str, sentences: list[str]) -> None:
    assert split(text, language) == sentences


def test_an_unknown_language_is_an_error() -> None:
    with pytest.raises(KeyError):
        boundaries("Salam.", "en")


@pytest.mark.parametrize("language", ["az", "tr", "ru"])
@pytest.mark.parametrize(
    "unit",
    [
        ".",
        ". ",
        '."',
        "a",
        "A. ",
        "1. ",
        "“",
        "a.",
        " ",
        "[1]",
        ".[1] ",
        "a. b",
        "«",
        ":)",
        "?! ",
        "—",
        "- ",
        "№ 5. ",
        "😊",
        "a 😊 ",
    ],
)
def test_a_hostile_paragraph_takes_linear_time(language: str, unit: str) -> None:
    text = unit * (8_000 // len(unit))
    for _ in range(3):
        assert boundaries(text, language)[-1:] != [(0, 0)]
