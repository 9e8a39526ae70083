"""Turkish names of currencies."""

from workers.pipeline.normalise.turkic.money import Currency, MoneyWords

MONEY = MoneyWords(
    currencies=(
        Currency("lira", "kuruş", "₺ TL TRY", "tl Tl YTL", "[Tt]ürk [Ll]irası|(?i:lira)", "krş kr Krş kş"),
        Currency(
            "dolar", "sent", "US$ $ USD", "usd",
            "(?:ABD|Amerikan|Kanada|Avustralya|Hong Kong|Singapur) [Dd]oları|(?i:dolar)",
        ),
        Currency("avro", "sent", "€ EUR", "eur", "(?i:avro|euro)"),
        Currency("manat", "kepik", "₼ AZN", "azn", "(?i:manat)"),
        Currency("ruble", "kapik", "₽ RUB RUR", "rub", "(?i:ruble)"),
        Currency("sterlin", "peni", "£ GBP", "gbp", "(?i:sterlin)"),
        Currency("yen", "", "JPY"),
        Currency("yuan", "", "CNY RMB ¥"),
        Currency("lari", "tetri", "₾ GEL"),
        Currency("grivna", "", "₴ UAH"),
        Currency("tenge", "", "₸ KZT"),
        Currency("frank", "", "CHF"),
        Currency("dirhem", "", "AED"),
        Currency("riyal", "", "IRR SAR"),
        Currency("rupi", "", "₹ INR"),
        Currency("bitcoin", "", "₿ BTC"),
    ),
    each={
        "ay": "ayda", "gün": "günde", "yıl": "yılda", "hafta": "haftada", "saat": "saatte", "sa": "saatte",
        "dk": "dakikada", "dakika": "dakikada", "gece": "gecesi", "kg": "kilogramı", "kilo": "kilosu", "gr": "gramı",
        "g": "gramı", "ton": "tonu", "t": "tonu", "lt": "litresi", "l": "litresi", "L": "litresi", "litre": "litresi",
        "m²": "metrekaresi", "m2": "metrekaresi", "m³": "metreküpü", "m3": "metreküpü", "ha": "hektarı",
        "kWh": "kilovatsaati", "kwh": "kilovatsaati", "adet": "adedi", "ad": "adedi", "kişi": "kişi başı",
        "varil": "varili", "ons": "onsu", "km": "kilometresi", "GB": "gigabaytı", "seans": "seansı",
    },
)  # fmt: skip
