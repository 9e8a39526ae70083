"""The Russian alphabet, and words in Latin letters written in it: by their sound, not letter by letter."""

import re
import unicodedata
from collections.abc import Iterator, Mapping

from workers.pipeline.normalise.draft import Edit
from workers.pipeline.normalise.inline import PRONOUNCED

ALPHABET = "абвгдеёжзийклмнопрстуфхцчшщъыьэюя"

NAMES: Mapping[str, str] = {
    "а": "а", "б": "бэ", "в": "вэ", "г": "гэ", "д": "дэ", "е": "е", "ё": "ё", "ж": "жэ", "з": "зэ", "и": "и",
    "й": "и краткое", "к": "ка", "л": "эл", "м": "эм", "н": "эн", "о": "о", "п": "пэ", "р": "эр", "с": "эс",
    "т": "тэ", "у": "у", "ф": "эф", "х": "ха", "ц": "цэ", "ч": "че", "ш": "ша", "щ": "ща", "ъ": "твёрдый знак",
    "ы": "ы", "ь": "мягкий знак", "э": "э", "ю": "ю", "я": "я",
}  # fmt: skip
"""How each letter is called in an acronym, a code or an initial."""

LATIN_NAMES: Mapping[str, str] = {
    "a": "а", "b": "бэ", "c": "цэ", "d": "дэ", "e": "е", "f": "эф", "g": "джи", "h": "аш", "i": "и", "j": "йот",
    "k": "ка", "l": "эль", "m": "эм", "n": "эн", "o": "о", "p": "пэ", "q": "ку", "r": "эр", "s": "эс", "t": "тэ",
    "u": "у", "v": "вэ", "w": "дубль вэ", "x": "икс", "y": "игрек", "z": "зет",
}  # fmt: skip
"""How a Latin letter that stands alone is called: a variable, a vitamin, a size of paper."""

ENGLISH_NAMES: Mapping[str, str] = {
    "a": "эй", "b": "би", "c": "си", "d": "ди", "e": "и", "f": "эф", "g": "джи", "h": "эйч", "i": "ай", "j": "джей",
    "k": "кей", "l": "эл", "m": "эм", "n": "эн", "o": "о", "p": "пи", "q": "кью", "r": "ар", "s": "эс", "t": "ти",
    "u": "ю", "v": "ви", "w": "дабл ю", "x": "икс", "y": "уай", "z": "зет",
}  # fmt: skip
"""How the letters of a foreign acronym are called."""

SPELLINGS: Mapping[str, str] = {
    "ѐ": "е", "ѝ": "и", "і": "и", "ї": "йи", "є": "е", "ґ": "г", "ў": "у", "ә": "э", "ө": "о", "ү": "ю", "ұ": "у",
    "һ": "х", "ғ": "г", "қ": "к", "ң": "н", "ҹ": "дж", "ҝ": "г", "ј": "й", "љ": "ль", "њ": "нь", "ћ": "ч",
    "ђ": "дж", "џ": "дж", "ѣ": "е", "ѳ": "ф", "ѵ": "и",
}  # fmt: skip
"""Cyrillic letters of other languages."""

# Words whose spelling does not tell their sound. Brands are the lexicon's; these are what it must not miss.
_WORDS: Mapping[str, str] = {
    "adobe": "адоби", "airbnb": "эйрбиэнби", "airpods": "эйрподс", "amazon": "амазон", "android": "андроид",
    "angeles": "анджелес", "app": "апп", "apple": "эпл", "asus": "асус", "audi": "ауди", "beatles": "битлз",
    "bluetooth": "блютуз", "bmw": "бэ эм вэ", "bot": "бот", "brand": "бренд", "business": "бизнес",
    "charles": "чарльз", "chatgpt": "чат джи пи ти", "chrome": "хром", "club": "клуб", "coca": "кока",
    "coffee": "кофе", "cola": "кола", "com": "ком", "covid": "ковид", "david": "дэвид", "deadline": "дедлайн",
    "design": "дизайн", "designer": "дизайнер", "dvd": "ди ви ди", "ebay": "ибэй", "edu": "эду", "email": "имейл",
    "excel": "эксель", "facebook": "фейсбук", "fi": "фай", "fifa": "фифа", "forbes": "форбс", "george": "джордж",
    "gmail": "джимейл", "google": "гугл", "gosuslugi": "госуслуги", "gov": "гов", "home": "хоум", "hub": "хаб",
    "hyundai": "хёндэ", "iban": "ибан", "id": "ай ди", "ikea": "икея", "inbox": "инбокс", "info": "инфо",
    "instagram": "инстаграм", "intel": "интел", "internet": "интернет", "ios": "айос", "ipad": "айпад",
    "iphone": "айфон", "jackson": "джексон", "james": "джеймс", "jane": "джейн", "java": "джава",
    "javascript": "джаваскрипт", "kz": "кей зет", "led": "лед", "lexus": "лексус", "linkedin": "линкедин",
    "linux": "линукс", "live": "лайв", "mac": "мак", "macbook": "макбук", "mail": "мейл", "manager": "менеджер",
    "mercedes": "мерседес", "michael": "майкл", "microsoft": "майкрософт", "mr": "мистер", "mrs": "миссис",
    "musk": "маск", "nasa": "наса", "nato": "нато", "net": "нет", "netflix": "нетфликс", "nike": "найк",
    "nokia": "нокиа", "office": "офис", "ok": "окей", "online": "онлайн", "org": "орг", "outlook": "аутлук",
    "ozon": "озон", "pdf": "пэ дэ эф", "photoshop": "фотошоп", "pin": "пин", "player": "плеер", "plus": "плюс",
    "porsche": "порше", "python": "пайтон", "rambler": "рамблер", "real": "реал", "renault": "рено",
    "reuters": "рейтер", "ru": "ру", "samsung": "самсунг", "shakespeare": "шекспир", "sim": "сим", "site": "сайт",
    "skype": "скайп", "smart": "смарт", "sms": "эс эм эс", "spotify": "спотифай", "starbucks": "старбакс",
    "steam": "стим", "support": "саппорт", "telegram": "телеграм", "tesla": "тесла", "the": "зэ", "tiktok": "тикток",
    "toyota": "тойота", "trump": "трамп", "twitter": "твиттер", "uber": "убер", "uefa": "уефа", "unesco": "юнеско",
    "unicef": "юнисеф", "up": "ап", "versace": "версаче", "viber": "вайбер", "vip": "вип", "visa": "виза",
    "vk": "вэ ка", "volkswagen": "фольксваген", "volvo": "вольво", "wc": "вэ цэ", "web": "веб", "whatsapp": "ватсап",
    "wi": "вай", "wifi": "вайфай", "wikipedia": "википедия", "william": "уильям", "windows": "виндовс",
    "word": "ворд", "xiaomi": "сяоми", "yahoo": "яху", "yandex": "яндекс", "you": "ю", "your": "ёр",
    "youtube": "ютуб", "zoom": "зум",
}  # fmt: skip

_FRONT = "(?=[eiyéèê])"
_VOWELS = "aeiouyéèêáàâäöüıə"
_CONSONANT = "[bcdfghjklmnpqrstvwxzçşğñ]"
_BEGIN, _END = r"\A", r"s?\Z"

# English habits first, then pairs, then letters; the first that fits at a place is taken. The lookarounds are of
# fixed width, so a word is read in one pass.
_ENGLISH: tuple[tuple[str, str], ...] = (
    (rf"phone(?={_END})", "фон"), (rf"ware(?={_END})", "вер"), (rf"shion(?={_END})", "шн"), (r"ness\Z", "нес"),
    (r"\Aup(?=[dglt])", "ап"), ("ow(?=n|se|d)", "ау"), ("a(?=ck)", "э"), (r"a(?=tch|sh\Z)", "э"), (r"all\Z", "олл"),
    ("a(?=[cdkmnptvz]ing)", "ей"), (rf"y(?=[bdklmnptvz]e{_END})", "ай"), (rf"(?<=[lnr])ge(?={_END})", "дж"),
    ("eau(?=t)", "ью"), (rf"ai(?=[lnd](?:e|i|{_END}))", "ей"), (r"(?<=l)ue\Z", "ю"), (r"(?<=r)ue\Z", "у"),
    ("gu(?=[aei])", "г"), ("ul(?=t)", "уль"), ("(?<=ow)s(?=e)", "з"), (r"zz\Z", "з"), ("zza", "цца"),
    (r"a(?=tion)", "ей"), (r"\Auni", "юни"), ("ower", "ауэр"), (r"\Ajohn", "джон"), (r"ies\Z", "ис"),
    ("(?<=[aeiou])s(?=[aeiou])", "з"),
    (rf"tion(?={_END})", "шн"), (rf"sion(?={_END})", "жн"), (rf"ture(?={_END})", "чер"), (rf"ough(?={_END})", "оу"),
    (rf"ight(?={_END})", "айт"), (rf"eau(?={_END})", "о"), (r"que\Z", "к"), (r"ey\Z", "и"), (r"ie\Z", "и"),
    (rf"are(?={_END})", "эр"), (rf"ore(?={_END})", "ор"), (rf"ure(?={_END})", "ур"), (rf"ire(?={_END})", "айр"),
    (rf"a(?=[bdklmnptvz]e{_END})", "ей"), (rf"i(?=[bdfklmnptvz]e{_END})", "ай"), (rf"o(?=[bdklnptz]e{_END})", "оу"),
    (rf"a(?=ce{_END})", "ей"), (rf"i(?=ce{_END})", "ай"), (rf"a(?=ge{_END})", "ей"),
    (rf"(?<={_CONSONANT})u(?=[bdklnt]e{_END})", "ью"),
    (rf"(?<=[aeiouyéy]{_CONSONANT})e(?=s?\Z)", ""), (r"(?<=[a-z][lrsn][tsckgv])e\Z", ""), (r"(?<=[bcdfgkpst]l)e\Z", ""),
    (rf"(?<=\A{_CONSONANT})y\Z", "ай"), (rf"(?<=\A{_CONSONANT}{_CONSONANT})y\Z", "ай"),
    ("tch", "тч"), ("sch", "ш"), ("sh", "ш"), ("chr", "хр"), ("ch", "ч"), ("th", "т"), ("ph", "ф"), ("wh", "у"),
    ("kh", "х"), ("zh", "ж"), ("gh", "г"), (r"\Akn", "н"), (r"\Awr", "р"), ("ck", "к"), ("qu", "кв"), ("dge", "дж"),
    ("oo", "у"), ("ee", "и"), ("ea(?=[lr])", "и"), ("ea", "и"), ("ou", "ау"), ("ow", "оу"), ("oa", "оу"), ("oy", "ой"),
    ("oi", "ой"), ("ay", "эй"), ("ai(?=r)", "эй"), ("ai", "ай"), ("ew", "ью"), ("aw", "о"), ("eu", "ев"), ("ei", "ей"),
    ("ya", "я"), ("yu", "ю"), ("yo", "йо"), ("ye", "е"), ("ia", "иа"), ("io", "ио"),
    ("ja", "джа"), ("j", "дж"), (f"cc{_FRONT}", "кс"), (f"sc{_FRONT}", "с"), (f"c{_FRONT}", "с"),
    (r"\Ag(?=e)", "дж"), (r"g(?=e?s?\Z)(?<=[aou]g)(?=e)", "дж"), ("mc", "мак"), ("ts", "тс"),
    (r"\Ae", "э"), (rf"(?<=[{_VOWELS}])e", "э"), (rf"\Ay(?=[{_VOWELS}])", "й"), (rf"(?<=[{_VOWELS}])y", "й"),
)  # fmt: skip

_LETTERS: Mapping[str, str] = {
    "a": "а", "b": "б", "c": "к", "d": "д", "e": "е", "f": "ф", "g": "г", "h": "х", "i": "и", "j": "дж", "k": "к",
    "l": "л", "m": "м", "n": "н", "o": "о", "p": "п", "q": "к", "r": "р", "s": "с", "t": "т", "u": "у", "v": "в",
    "w": "в", "x": "кс", "y": "и", "z": "з",
    "ç": "ч", "ş": "ш", "ğ": "г", "ı": "ы", "ə": "э", "ö": "ё", "ü": "ю", "ä": "э", "č": "ч", "ć": "ч", "š": "ш",
    "ś": "щ", "ž": "ж", "ż": "ж", "ź": "зь", "ñ": "нь", "ł": "л", "ß": "сс", "ø": "ё", "œ": "ё", "æ": "э", "å": "о",
    "é": "е", "è": "е", "ê": "е", "ë": "е", "â": "а", "î": "и", "û": "ю",
}  # fmt: skip

# In a word with one of these letters the others have their Turkic sound.
_TURKIC = re.compile("[əğışç]")
_TURKIC_PAIRS: tuple[tuple[str, str], ...] = (
    ("ya", "я"), ("yə", "е"), ("yu", "ю"), ("yü", "ю"), ("yo", "йо"), ("yö", "йо"), ("ye", "е"), ("c", "дж"),
    ("j", "ж"), ("q", "г"), ("x", "х"), ("y", "й"), (r"\Ae", "э"), (r"\Aö", "о"), (r"\Aə", "а"),
    (r"(?<=[aıoueəiöü])e", "э"),
)  # fmt: skip


def _transliterator(rules: tuple[tuple[str, str], ...]) -> tuple[re.Pattern[str], tuple[str, ...]]:
    sources = [f"(?P<rule{number}>{source})" for number, (source, _) in enumerate(rules)]
    return re.compile("|".join([*sources, "(?P<letter>.)"])), tuple(written for _, written in rules)


# "e", and the "mc" of "E = mc²": what no one can say as a word.
_NAMED_LETTERS = re.compile("[a-z]|[b-df-hj-np-tv-xz]{2}")
_ENGLISH_RULES = _transliterator(_ENGLISH)
_TURKIC_RULES = _transliterator(_TURKIC_PAIRS)


def latin_word(word: str) -> str:
    """A word in small Latin letters, written in Russian letters: "photoshop" is "фотошоп"."""
    if word in _WORDS:
        return _WORDS[word]
    if _NAMED_LETTERS.fullmatch(word):
        return " ".join(LATIN_NAMES[letter] for letter in word)
    pattern, written = _TURKIC_RULES if _TURKIC.search(word) else _ENGLISH_RULES

    def read(found: re.Match[str]) -> str:
        if found["letter"]:
            return _letter(found[0])
        return written[(found.lastindex or 1) - 1]

    return pattern.sub(read, word)


def _letter(letter: str) -> str:
    if letter in _LETTERS:
        return _LETTERS[letter]
    plain = unicodedata.normalize("NFD", letter)[0]
    return _LETTERS.get(plain, "")


_LATIN_WORD = re.compile(rf"{PRONOUNCED}|(?P<word>[A-Za-z\u00c0-\u00d6\u00d8-\u00f6\u00f8-\u024f\u0259]++)")
_HUMPS = re.compile(r"[A-Z]+(?=[A-Z][^A-Z]|\Z)|[A-Z]?[^A-Z]++")
_PRONOUNCEABLE = re.compile(r"[^aeiouy]{0,2}(?:[aeiouy]{1,2}[^aeiouy]{1,2}){1,4}[aeiouy]{0,2}")


def latin(text: str) -> Iterator[Edit]:
    """The rule that writes Latin words in Russian letters; acronyms by the names of their letters."""
    for found in _LATIN_WORD.finditer(text):
        if found["word"]:
            elided = len(found[0]) == 1 and text[found.end() : found.end() + 1] == "'"  # "L'Oréal"
            yield Edit(found.start(), found.end(), _letter(found[0].lower()) if elided else latin_name(found["word"]))


def latin_name(word: str) -> str:
    """A word in Latin letters with its capitals, which tell an acronym ("IT": "ай ти") from a word ("It")."""
    small = word.replace("İ", "i").lower()
    if small in _WORDS:
        return _WORDS[small]
    if (
        word.isupper()
        and 1 < len(word) <= 5
        and word.isascii()
        and not (len(word) > 3 and _PRONOUNCEABLE.fullmatch(small))
    ):
        return " ".join(ENGLISH_NAMES[letter] for letter in small)
    humps = _HUMPS.findall(word)
    if len(humps) > 1 and len(humps) < 6 and not word.isupper():
        return _humps(humps)
    return latin_word(small)


def _humps(humps: list[str]) -> str:
    """ "PowerPoint", "iCloud", "PyPI": each part by itself, as one word unless letters are named."""
    first = {"i": "ай", "e": "и"}.get(humps[0])
    words = [first] if first else [latin_name(humps[0])]
    words += map(latin_name, humps[1:])
    return (" " if any(" " in word for word in words) else "").join(words)
