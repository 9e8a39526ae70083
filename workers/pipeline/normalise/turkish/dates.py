"""Turkish words of dates and times."""

from workers.pipeline.normalise.turkic.dates import DateWords
from workers.pipeline.normalise.turkic.times import TimeWords

DATES = DateWords(
    months=(
        "ocak", "şubat", "mart", "nisan", "mayıs", "haziran", "temmuz", "ağustos", "eylül", "ekim", "kasım", "aralık",
    ),
    short={
        "oca": 1, "şub": 2, "mar": 3, "nis": 4, "may": 5, "haz": 6, "tem": 7, "ağu": 8, "ağus": 8, "eyl": 9, "eki": 10,
        "kas": 11, "ara": 12,
    },
    dated="tarih",
    dating=r"tarih(?:i|te)?",
    yearly="eğitim|öğretim|sezon|akademik|mali|yayın dönemi",
)  # fmt: skip

TIMES = TimeWords(
    hour="saat",
    leaving="vapur|feribot|tren|uçağ|uçak|otobüs|sefer|seans|matine|bülten|haber",
    hours_follow="saat|arası|kadar|dek",
    day=(
        "ocak|şubat|mart|nisan|mayıs|haziran|temmuz|ağustos|eylül|ekim|kasım|aralık|pazar|pazartesi|salı|çarşamba"
        "|perşembe|cuma|cumartesi|bugün|yarın|dün|akşam|gece|öğle|sabah|maç|film|konser|toplantı|seans|başlangıç|açılış"
        "|kapanış|kalkış|varış"
    ),
)
