"""Signs that have a name are said by it; the rest is left for `letters`, which drops and counts it."""

import re
from collections.abc import Callable

_NAMES: dict[str, dict[str, str]] = {
    "az": {
        "%": "faiz", "‰": "promil", "&": "və", "@": "et", "+": "üstəgəl", "=": "bərabərdir",
        "×": "vurulsun", "÷": "bölünsün", "±": "artı-əksi", "<": "kiçikdir", ">": "böyükdür",
        "№": "nömrə", "§": "paraqraf", "°": "dərəcə", "°C": "dərəcə selsi", "°F": "dərəcə farenheyt",
        "€": "avro", "$": "dollar", "₼": "manat", "₺": "lirə", "₽": "rubl", "£": "funt", "¥": "yen",
        "₴": "qrivna", "₾": "lari", "©": "müəllif hüququ", "™": "əmtəə nişanı",
    },
    "tr": {
        "%": "yüzde", "‰": "binde", "&": "ve", "@": "et", "+": "artı", "=": "eşittir", "×": "çarpı",
        "÷": "bölü", "±": "artı eksi", "<": "küçüktür", ">": "büyüktür", "№": "numara", "§": "paragraf",
        "°": "derece", "°C": "santigrat derece", "°F": "fahrenhayt derece", "€": "avro", "$": "dolar",
        "₼": "manat", "₺": "lira", "₽": "ruble", "£": "sterlin", "¥": "yen", "₴": "grivna", "₾": "lari",
        "©": "telif hakkı", "™": "tescilli marka",
    },
    "ru": {
        "%": "процентов", "‰": "промилле", "&": "и", "@": "собака", "+": "плюс", "=": "равно",
        "×": "умножить на", "÷": "разделить на", "±": "плюс-минус", "<": "меньше", ">": "больше",
        "№": "номер", "§": "параграф", "°": "градусов", "°C": "градусов цельсия",
        "°F": "градусов фаренгейта", "€": "евро", "$": "долларов", "₼": "манатов", "₺": "лир",
        "₽": "рублей", "£": "фунтов", "¥": "иен", "₴": "гривен", "₾": "лари", "©": "авторское право",
        "™": "товарный знак",
    },
}  # fmt: skip

# Signs that only part words.
_SPACES = dict.fromkeys("/_|~•·", "")


def _reader(names: dict[str, str]) -> Callable[[str], str]:
    """A function that replaces each sign by its name; a suffix ("20%-i", "%20'si") stays at the name."""
    table = names | _SPACES | {"℃": names["°C"], "℉": names["°F"]}
    longest_first = sorted(table, key=len, reverse=True)
    sign = re.compile("(" + "|".join(map(re.escape, longest_first)) + r")(?=([-'])?)")

    def name(found: re.Match[str]) -> str:
        return f" {table[found[1]]}" if found[2] else f" {table[found[1]]} "

    return lambda text: sign.sub(name, text)


_READERS = {language: _reader(names) for language, names in _NAMES.items()}


def read_symbols(text: str, language: str) -> str:
    """`text` with every sign of the language's table said by its name."""
    return _READERS[language](text)
