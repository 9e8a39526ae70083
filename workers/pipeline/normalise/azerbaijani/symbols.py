"""Azerbaijani names of signs, and of what stands in addresses of the net."""

import re

from workers.pipeline.normalise.azerbaijani.letters import NAMES
from workers.pipeline.normalise.links import LinkWords
from workers.pipeline.normalise.symbols import AZERBAIJANI_GREEK, SymbolWords
from workers.pipeline.normalise.turkic.suffixes import lower

SYMBOLS = SymbolWords(
    names={
        "%": "faiz", "‰": "promil", "&": "və", "@": "et", "+": "üstəgəl", "=": "bərabərdir", "×": "vurulsun",
        "÷": "bölünsün", "±": "üstəgəl mənfi", "<": "kiçikdir", ">": "böyükdür", "≤": "kiçik bərabərdir",
        "≥": "böyük bərabərdir", "≠": "bərabər deyil", "≈": "təxminən", "√": "kökaltı", "∞": "sonsuzluq",
        "№": "nömrə", "#": "nömrə", "§": "paraqraf", "°C": "dərəcə selsi", "° C": "dərəcə selsi",
        "°F": "dərəcə farenheyt", "°": "dərəcə", "€": "avro", "$": "dollar", "₼": "manat", "₺": "lirə", "₽": "rubl",
        "£": "funt", "¥": "yen", "₴": "qrivna", "₾": "lari", "₸": "tenge", "₿": "bitkoin", "¢": "sent",
        "©": "müəllif hüququ", "®": "qeydiyyatdan keçmiş nişan", "™": "əmtəə nişanı", "²": "kvadrat", "³": "kub",
        "½": "yarım", "¼": "dörddə bir", "¾": "dörddə üç",
    },
    greek=AZERBAIJANI_GREEK,
    number="[Nn][oO]|[Nn]r|[Nn]öm",
    keys={"*": "ulduz", "#": "diyez"},
    key="düymə",
    pressed=re.compile("düymə|basın|sıxın"),
    alternatives=frozenset({"və", "ya"}),
)  # fmt: skip

LINKS = LinkWords(
    point="nöqtə",
    at="et",
    www="ve ve ve",
    hashtag="heşteq",
    signs={
        "/": "sləş", "_": "alt xətt", "-": "tire", "?": "sual işarəsi", "=": "bərabər", "&": "və", "#": "diyez",
        ":": "iki nöqtə", "+": "üstəgəl", "%": "faiz", "~": "tilda",
    },
    letters=NAMES,
    known={
        "com": "kom", "html": "haş te em el", "htm": "haş te em", "jpg": "jipeq", "jpeg": "jipeq", "png": "pi en ci",
        "mp3": "em pe üç", "tv": "ti vi", "gmail": "cimeyl", "youtube": "yutub", "google": "quqıl",
        "facebook": "feysbuk", "whatsapp": "vatsap", "instagram": "instaqram", "yahoo": "yahu", "outlook": "autluk",
        "xlsx": "iks el es iks", "docx": "dok iks", "zip": "zip",
    },
    word=lower,
)  # fmt: skip
