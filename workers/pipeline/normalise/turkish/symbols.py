"""Turkish names of signs, and of what stands in addresses of the net."""

import re

from workers.pipeline.normalise.links import LinkWords
from workers.pipeline.normalise.symbols import TURKISH_GREEK, SymbolWords
from workers.pipeline.normalise.turkic.suffixes import lower
from workers.pipeline.normalise.turkish.letters import NAMES

SYMBOLS = SymbolWords(
    names={
        "%": "yüzde", "‰": "binde", "&": "ve", "@": "et", "+": "artı", "=": "eşittir", "×": "çarpı", "÷": "bölü",
        "±": "artı eksi", "<": "küçüktür", ">": "büyüktür", "≤": "küçük eşittir", "≥": "büyük eşittir",
        "≠": "eşit değildir", "≈": "yaklaşık", "√": "karekök", "∞": "sonsuz", "№": "numara", "#": "numara",
        "§": "paragraf", "°C": "santigrat derece", "° C": "santigrat derece", "°F": "fahrenhayt derece", "°": "derece",
        "€": "avro", "$": "dolar", "₼": "manat", "₺": "lira", "₽": "ruble", "£": "sterlin", "¥": "yen", "₴": "grivna",
        "₾": "lari", "₸": "tenge", "₿": "bitkoin", "¢": "sent", "©": "telif hakkı", "®": "tescilli",
        "™": "tescilli marka", "²": "kare", "³": "küp", "½": "yarım", "¼": "çeyrek", "¾": "dörtte üç",
    },
    greek=TURKISH_GREEK,
    number="[Nn][oOuU]|[Nn]r",
    keys={"*": "yıldız", "#": "kare"},
    key="tuş",
    pressed=re.compile("tuşla|bas[ıa]n"),
    alternatives=frozenset({"ve", "veya"}),
)  # fmt: skip

LINKS = LinkWords(
    point="nokta",
    at="et",
    www="ve ve ve",
    hashtag="etiket",
    signs={
        "/": "bölü", "_": "alt çizgi", "-": "tire", "?": "soru işareti", "=": "eşittir", "&": "ve", "#": "kare",
        ":": "iki nokta", "+": "artı", "%": "yüzde", "~": "tilde",
    },
    letters=NAMES,
    known={
        "html": "he te me le", "jpg": "jipeg", "jpeg": "jipeg", "png": "pi en ci", "tv": "ti vi", "gmail": "cimeyl",
        "youtube": "yutup", "google": "gugıl", "facebook": "feysbuk", "whatsapp": "vatsap", "twitter": "tvitır",
        "yahoo": "yahu", "outlook": "autluk", "xlsx": "iks le se iks", "docx": "dok iks",
    },
    word=lower,
)  # fmt: skip
