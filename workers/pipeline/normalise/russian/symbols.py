"""Russian names of signs, and of what stands in addresses of the net."""

import re

from workers.pipeline.normalise.links import LinkWords
from workers.pipeline.normalise.russian.letters import ENGLISH_NAMES, NAMES, latin_word
from workers.pipeline.normalise.symbols import RUSSIAN_GREEK, SymbolWords

SYMBOLS = SymbolWords(
    names={
        "%": "процентов", "‰": "промилле", "&": "и", "@": "собака", "+": "плюс", "=": "равно", "×": "умножить на",
        "÷": "разделить на", "±": "плюс-минус", "<": "меньше", ">": "больше", "≤": "меньше или равно",
        "≥": "больше или равно", "≠": "не равно", "≈": "примерно", "√": "корень из", "∞": "бесконечность",
        "№": "номер", "#": "номер", "§": "параграф", "°C": "градусов цельсия", "° C": "градусов цельсия",
        "°F": "градусов фаренгейта", "°": "градусов", "€": "евро", "$": "долларов", "₼": "манатов", "₺": "лир",
        "₽": "рублей", "£": "фунтов", "¥": "иен", "₴": "гривен", "₾": "лари", "₸": "тенге", "₿": "биткоинов",
        "¢": "центов", "©": "авторское право", "®": "зарегистрированный знак", "™": "товарный знак",
        "²": "в квадрате", "³": "в кубе", "½": "половина", "¼": "четверть", "¾": "три четверти",
    },
    greek=RUSSIAN_GREEK,
    number="No|Nr|no",
    keys={"*": "звёздочку", "#": "решётку"},
    key="(?:на клавиатуре|и нажмите)",
    pressed=re.compile("[Нн]ажмите|[Нн]ажать|[Нн]аберите|[Кк]лавиш"),
    alternatives=frozenset(),
)  # fmt: skip


def _word(part: str) -> str:
    """A part of an address in small Cyrillic letters."""
    small = part.lower()
    return latin_word(small) if small.isascii() else small


LINKS = LinkWords(
    point="точка",
    at="собака",
    www="вэ вэ вэ",
    hashtag="хештег",
    signs={
        "/": "слэш", "_": "нижнее подчёркивание", "-": "дефис", "?": "вопросительный знак", "=": "равно",
        "&": "амперсанд", "#": "решётка", ":": "двоеточие", "+": "плюс", "%": "процент", "~": "тильда",
    },
    letters={**NAMES, **ENGLISH_NAMES},
    known={
        "рф": "эр эф", "html": "эйч ти эм эл", "tv": "ти ви", "mos": "мос", "ru": "ру", "bk": "бэ ка", "vk": "вэ ка",
        "xlsx": "эксель", "docx": "док икс", "mp": "эм пэ", "pdf": "пэ дэ эф", "az": "аз", "tr": "тэ эр",
        "kz": "кей зет", "png": "пэ эн гэ", "jpg": "джейпег", "jpeg": "джейпег", "zip": "зип", "uk": "ю кей",
        "us": "ю эс",
    },
    word=_word,
)  # fmt: skip
