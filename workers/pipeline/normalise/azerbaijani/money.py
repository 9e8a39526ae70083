"""Azerbaijani names of currencies."""

from workers.pipeline.normalise.turkic.money import Currency, MoneyWords

MONEY = MoneyWords(
    currencies=(
        Currency("manat", "qəpik", "₼ AZN", "azn Azn man", "(?i:manat)", "qəp qep"),
        Currency(
            "dollar", "sent", "US$ $ USD", "usd",
            "(?:ABŞ|Amerika|Kanada|Avstraliya|Honkonq|Sinqapur) [Dd]olları|(?i:dollar)",
        ),
        Currency("avro", "sent", "€ EUR", "eur", "(?i:avro|euro)"),
        Currency("lirə", "quruş", "₺ TRY TL", "tl Tl", "[Tt]ürk(?:iyə)? [Ll]irəsi|(?i:lirə)"),
        Currency("rubl", "qəpik", "₽ RUB RUR", "rub", "(?:Rusiya|Belarus) [Rr]ublu|(?i:rubl)"),
        Currency("funt sterlinq", "pens", "£ GBP", "gbp", "(?i:funt(?: sterlinq)?)"),
        Currency("yen", "", "JPY"),
        Currency("yuan", "", "CNY RMB ¥"),
        Currency("lari", "tetri", "₾ GEL", "", "(?<!-)[Ll]ari(?!ngi)"),
        Currency("qrivna", "", "₴ UAH"),
        Currency("tenge", "", "₸ KZT"),
        Currency("frank", "", "CHF"),
        Currency("dirhəm", "", "AED"),
        Currency("rial", "", "IRR SAR"),
        Currency("rupi", "", "₹ INR"),
        Currency("bitkoin", "", "₿ BTC"),
    ),
    each={
        "ay": "ayda", "gün": "gündə", "il": "ildə", "həftə": "həftədə", "saat": "saatda", "st": "saatda",
        "dəq": "dəqiqədə", "dəqiqə": "dəqiqədə", "gecə": "gecəsi", "kq": "kiloqramı", "kg": "kiloqramı",
        "t": "tonu", "ton": "tonu", "l": "litri", "litr": "litri", "m²": "kvadrat metri", "m2": "kvadrat metri",
        "m³": "kub metri", "m3": "kub metri", "ha": "hektarı", "kVt·saat": "kilovat saatı", "kVt·st": "kilovat saatı",
        "kVt*saat": "kilovat saatı", "kWh": "kilovat saatı", "ədəd": "ədədi", "nəfər": "nəfərə", "barel": "bareli",
        "unsiya": "unsiyası", "km": "kilometri", "GB": "giqabaytı", "dərs": "dərsi", "seans": "seansı",
    },
)  # fmt: skip
