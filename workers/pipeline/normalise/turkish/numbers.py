"""Turkish numbers: words, suffixes and the `GRAMMAR` that all rules of the language share."""

import re
from functools import lru_cache

from workers.pipeline.normalise.draft import Rule, substitution
from workers.pipeline.normalise.turkic.cardinals import (
    comma_thousands,
    dotted_numbers,
    leftover_digits,
    numbers,
    versions,
)
from workers.pipeline.normalise.turkic.fractions import FractionWords, slashes
from workers.pipeline.normalise.turkic.grammar import Grammar
from workers.pipeline.normalise.turkic.math import MathWords, comparisons, equations, powers, products
from workers.pipeline.normalise.turkic.ordinals import OrdinalWords, dotted_ordinals, list_numbers
from workers.pipeline.normalise.turkic.percents import PercentWords, percents
from workers.pipeline.normalise.turkic.ranges import RangeWords, scores
from workers.pipeline.normalise.turkic.romans import RomanWords, romans
from workers.pipeline.normalise.turkic.suffixes import Harmony
from workers.pipeline.normalise.turkish.letters import NAMES

_UNITS = ("", "bir", "iki", "üç", "dört", "beş", "altı", "yedi", "sekiz", "dokuz")
_TENS = ("", "on", "yirmi", "otuz", "kırk", "elli", "altmış", "yetmiş", "seksen", "doksan")
_SCALES = ("", "bin", "milyon", "milyar", "trilyon")


@lru_cache(maxsize=4096)
def cardinal(number: int) -> str:
    """25: "yirmi beş"; for 0 ≤ number < 10**15.

    Our own: num2words 0.5.14 glues the words of a Turkish number together and loses "bir".
    """
    if number == 0:
        return "sıfır"
    groups: list[str] = []
    for scale in _SCALES:
        number, group = divmod(number, 1000)
        if group:
            # bin, not bir bin; but bir milyon
            words = "" if (group, scale) == (1, "bin") else _below_thousand(group)
            groups.append(f"{words} {scale}".strip())
    return " ".join(reversed(groups))


def _below_thousand(number: int) -> str:
    hundreds, rest = divmod(number, 100)
    tens, units = divmod(rest, 10)
    hundred = "" if hundreds == 0 else "yüz" if hundreds == 1 else f"{_UNITS[hundreds]} yüz"
    return " ".join(filter(None, (hundred, _TENS[tens], _UNITS[units])))


HARMONY = Harmony(
    front_open="e",
    hardening="fstkçşhp",
    invariable=frozenset({"ki", "ke"}),
    softened={"dört": "dörd", "sokak": "sokağ"},
    front_words=frozenset({"saat", "kilovatsaat", "santigrat", "petrol", "gol", "rol", "kontrol"}),
    possessed=frozenset({
        "lirası", "doları", "şirketi", "cumhuriyeti", "caddesi", "mahallesi", "sokağı", "bulvarı", "apartmanı",
        "üniversitesi",
        "bakanlığı", "müdürlüğü", "yüzyılı", "yılı",
    }),
)  # fmt: skip

GRAMMAR = Grammar(
    language="tr",
    cardinal=cardinal,
    harmony=HARMONY,
    minus="eksi",
    plus="artı",
    plus_minus="artı eksi",
    comma="virgül",
    point="nokta",
    between="ila",
    scales={
        "bin": "bin",
        "mn": "milyon",
        "mln": "milyon",
        "milyon": "milyon",
        "mlr": "milyar",
        "mlyr": "milyar",
        "mlrd": "milyar",
        "milyar": "milyar",
        "trl": "trilyon",
        "trn": "trilyon",
        "trilyon": "trilyon",
    },
    tenths={},
    whole="tam",
    half="buçuk",
)

PERCENTS = PercentWords(names={"%": "yüzde", "‰": "binde"}, before=True)

FRACTIONS = FractionWords(
    over="bölü",
    storey="katta",
    addresses=frozenset(
        {
            "no",
            "numara",
            "numarası",
            "№",
            "daire",
            "d",
            "kat",
            "sok",
            "sk",
            "sokak",
            "sokağı",
            "cad",
            "cd",
            "caddesi",
            "mah",
            "mh",
            "mahallesi",
            "bulvarı",
            "blv",
            "bulv",
            "apt",
            "apartmanı",
            "blok",
            "kapı",
            "md",
            "madde",
        }
    ),
)

RANGES = RangeWords(
    contest=re.compile(
        r"\b(?:maç|skor|gol|yendi|yenil|galibiyet|galip|mağlu|mağlup|berabere|set|kazandı|kaybet|öne geç"
        r"|voleybol|basketbol|hentbol|tenis(?!ç)|rövanş)"
    ),
    span=" aras",
    within_span="ile",
    scale="bölü",
)

MATH = MathWords(
    operators={
        "+": "artı", "-": "eksi", "−": "eksi", "×": "çarpı", "*": "çarpı", "·": "çarpı", "÷": "bölü", ":": "bölü",
        "/": "bölü", "^": "üzeri", "=": "eşittir", "≠": "eşit değildir", "≈": "yaklaşık eşittir", "<": "küçüktür",
        ">": "büyüktür", "≤": "küçük eşittir", "≥": "büyük eşittir",
    },
    prefixes={
        "~": "yaklaşık", "≈": "yaklaşık", "<": "küçüktür", ">": "büyüktür", "≤": "küçük eşittir",
        "≥": "büyük eşittir", "=": "eşittir", "≠": "eşit değildir",
    },
    powers={"²": "kare", "³": "küp", "√": "karekök"},
    letters={**NAMES, "π": "pi"},
    times="kat",
)  # fmt: skip

_COUNTED = (
    "dünya", "bölüm", "yüzyıl", "yy", "asır", "asr", "sınıf", "cilt", "cild", "kısım", "kısm", "hafta", "gün",
    "ders", "ünite", "kat", "sokak", "cadde", "etap", "tur", "olağan", "ulusal", "uluslararası", "geleneksel",
    "cumhurbaşkan", "dönem", "perde", "sahne", "aşama", "grup", "bölge", "asliye", "ağır ceza", "sulh", "icra",
    "idare", "hukuk", "ceza", "noter", "ordu", "kolordu", "lig", "meclis", "meşrutiyet", "viyana", "balkan",
    "körfez", "haçlı", "derece", "seviye", "türk", "avrupa", "olimpiyat", "yaz", "kış", "festival", "kongre",
    "kurultay", "sempozyum", "çeyrek", "yarıyıl", "yıl", "yarı", "köprü", "boğaz", "istanbul", "ankara", "antalya",
    "izmir", "altın", "inönü", "levent", "basım", "baskı", "madde", "fıkra", "fasıl", "kuşak", "nesil", "sıra",
    "daire", "peron", "uygulama", "kademe", "tip", "dalga", "cephe", "selim", "sezon", "oturum", "tertip",
    "abdülhamid", "abdülhamit", "abdülmecid", "abdülaziz", "mehmed", "mehmet", "murad", "murat", "bayezid",
    "beyazıt", "mahmud", "mahmut", "mustafa", "ahmed", "osman", "süleyman", "ibrahim",
)  # fmt: skip

_RULERS = (
    "charles", "louis", "henry", "elizabeth", "george", "edward", "philip", "felipe", "friedrich", "wilhelm",
    "karl", "nikola", "aleksandr", "petro", "katerina", "napolyon", "napoléon", "richard", "william", "james",
    "ramses", "leopold", "franz", "benedikt", "benedictus", "johannes", "pius", "gregorius", "françois", "ivan",
    "justinianus", "konstantin", "kılıç arslan", "kılıçarslan", "keyhüsrev", "keykavus", "keykubad",
    "gıyaseddin", "izzeddin", "alaeddin", "tuğrul", "gustav", "carl", "otto", "darius", "kiros", "hüsrev",
    "şapur", "mithridates", "antiochos", "tutmosis", "ptolemaios", "jean", "juan", "carlos", "alfonso", "papa",
)  # fmt: skip

ORDINALS = OrdinalWords(
    counted=_COUNTED + _RULERS,
    numbered=frozenset({"madde", "soru", "tablo", "şekil", "sayfa", "no", "ek", "adım", "not", "örnek", "grafik"}),
    dotted=True,
)

ROMANS = RomanWords(
    centuries=("yüzyıl", "yy", "asır", "asr", "binyıl"),
    counted=_COUNTED,
    numbered=frozenset({
        "cilt", "bölüm", "kısım", "kitap", "ünite", "madde", "tip", "sınıf", "grup", "evre", "faz", "apollo",
        "tablo", "şekil", "ek", "soru",
    }),
    rulers=_RULERS,
    dotted=True,
)  # fmt: skip

VERSIONED = (
    "şekil", "tablo", "grafik", "madde",
    "sürüm", "sürümü", "versiyon", "versiyonu", "android", "ios", "python", "java", "windows", "macos", "bluetooth",
    "usb", "http", "tls", "v", "v.", "ver.", "chatgpt", "gpt", "django", "ubuntu", "maddesi", "bölüm",
)  # fmt: skip

# What is counted and not measured, by the beginnings of the words.
WHOLE_THINGS = (
    "kişi", "öğrenci", "öğretmen", "çalışan", "işçi", "personel", "abone", "takipçi", "kullanıcı", "ziyaretçi",
    "seyirci", "taraftar", "turist", "yolcu", "hasta", "üye", "asker", "hane", "adet", "tane", "araç", "otomobil",
    "konut", "kitap", "sayfa", "kelime", "bilet", "koltuk", "vaka",
)  # fmt: skip

# "2021/4567 E., 2022/123 K.": the numbers of a case and of its judgement.
_CASE = re.compile(r"(?<![\w./])(?P<number>(?:19|20)[0-9]{2}/[0-9]{1,6}) (?P<kind>[EK])\.?(?=[ ,;)]|\Z)")
_CASE_KINDS = {"E": "esas", "K": "karar"}


def _read_case(found: re.Match[str]) -> str:
    return f"{found['number']} {_CASE_KINDS[found['kind']]}"


# In this order, with the rules of others between them: see the names.
BEFORE_DATES: tuple[tuple[str, Rule], ...] = (
    ("romans", romans(ROMANS, GRAMMAR)),
    ("abbreviations", substitution(_CASE, _read_case)),
    ("versions", versions(VERSIONED, "madde|bent|bend|bölüm|paragraf|kısm", GRAMMAR)),
)
BEFORE_UNITS: tuple[tuple[str, Rule], ...] = (
    ("numbers", comma_thousands(WHOLE_THINGS)),
    ("list_numbers", list_numbers(ORDINALS, GRAMMAR)),
    ("equations", equations(MATH)),
    ("products", products(MATH)),
    ("comparisons", comparisons(MATH)),
    ("percents", percents(PERCENTS, GRAMMAR)),
    ("slashes", slashes(FRACTIONS, GRAMMAR)),
)
AFTER_UNITS: tuple[tuple[str, Rule], ...] = (
    ("ordinals", dotted_ordinals(ORDINALS, GRAMMAR)),
    ("dotted_numbers", dotted_numbers(GRAMMAR, stop_is_ordinal=True)),
    ("powers", powers(MATH, GRAMMAR)),
    ("scores", scores(RANGES, GRAMMAR)),
    ("numbers", numbers(GRAMMAR)),
    ("digits", leftover_digits(GRAMMAR)),
)
