"""Azerbaijani numbers: words, suffixes and the `GRAMMAR` that all rules of the language share."""

import re
from functools import lru_cache

from aznum2words import num2words

from workers.pipeline.normalise.azerbaijani.letters import NAMES
from workers.pipeline.normalise.draft import Rule
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


# A text repeats its numbers, and a conversion takes 20 microseconds.
@lru_cache(maxsize=4096)
def cardinal(number: int) -> str:
    """25: "iyirmi beş"; for 0 ≤ number < 10**15."""
    return str(num2words(number))


HARMONY = Harmony(
    front_open="ə",
    back_velar="q",
    possessed=frozenset({
        "dolları", "lirəsi", "rublu", "küçəsi", "prospekti", "rayonu", "şəhəri", "kəndi", "qəsəbəsi",
        "universiteti",
        "respublikası", "cəmiyyəti", "nazirliyi", "ili",
    }),
    softened={"qəpik": "qəpiy", "sinif": "sinf"},
)  # fmt: skip

GRAMMAR = Grammar(
    language="az",
    cardinal=cardinal,
    harmony=HARMONY,
    minus="mənfi",
    plus="üstəgəl",
    plus_minus="üstəgəl mənfi",
    comma="vergül",
    point="nöqtə",
    between="",
    scales={
        "min": "min",
        "mln": "milyon",
        "milyon": "milyon",
        "mlrd": "milyard",
        "mld": "milyard",
        "milyard": "milyard",
        "trln": "trilyon",
        "trilyon": "trilyon",
    },
    tenths={1: "onda", 2: "yüzdə", 3: "mində"},
    whole="tam",
)

PERCENTS = PercentWords(names={"%": "faiz", "‰": "promil"}, before=False)

FRACTIONS = FractionWords(
    over="kəsr",
    storey="mərtəbə",
    addresses=frozenset(
        {
            "ev",
            "bina",
            "mənzil",
            "küç",
            "küçəsi",
            "prospekti",
            "pr",
            "kabinet",
            "otaq",
            "nömrə",
            "№",
            "pros",
            "prosp",
            "döngə",
            "döngəsi",
            "dön",
            "məhəlləsi",
            "məh",
            "kvartal",
            "blok",
            "korpus",
        }
    ),
)

RANGES = RangeWords(
    contest=re.compile(
        r"\b(?:hesab|oyun|matç|qol|qələb|məğlub|udu[bz]|uduldu|komanda|heç-heçə|voleybol|basketbol|həndbol|tennis(?!ç)|set)"
    )
)

MATH = MathWords(
    operators={
        "+": "üstəgəl", "-": "çıx", "−": "çıx", "×": "vur", "*": "vur", "·": "vur", "÷": "böl", ":": "böl",
        "/": "böl",
        "^": "üstü", "=": "bərabərdir", "≠": "bərabər deyil", "≈": "təxminən bərabərdir", "<": "kiçikdir",
        ">": "böyükdür", "≤": "kiçik bərabərdir", "≥": "böyük bərabərdir",
    },
    prefixes={
        "~": "təxminən", "≈": "təxminən", "<": "kiçikdir", ">": "böyükdür", "≤": "kiçik bərabərdir",
        "≥": "böyük bərabərdir", "=": "bərabərdir", "≠": "bərabər deyil",
    },
    powers={"²": "kvadratı", "³": "kubu", "√": "kökaltı"},
    letters={**NAMES, "x": "iks", "y": "iqrek", "z": "zet", "π": "pi"},
    times="dəfə",
)  # fmt: skip

ORDINALS = OrdinalWords(
    counted=("əsr", "sinif", "sinf", "dünya"),
    numbered=frozenset({"maddə", "bənd", "səhifə", "səh", "fəsil", "cədvəl", "şəkil"}),
    dotted=False,
)

ROMANS = RomanWords(
    centuries=("əsr", "yüzil", "minillik"),
    counted=(
        "dünya", "sinif", "sinf", "ildönüm", "fəsil", "fəsl", "kurs", "qrup", "dərəcə", "rüb", "yarı", "hissə", "bölmə",
        "bölüm", "cild", "bənd", "mərhələ", "tur", "çağırış", "sessiya", "qurultay", "konqres", "simpozium",
        "konfrans", "festival", "olimpi", "yay", "qış", "beynəlxalq", "respublika", "ümum", "avropa", "islam",
        "asiya", "qarabağ", "dövlət", "duma", "kateqoriya", "növ", "tip", "liqa", "yer", "mövsüm", "korpus", "ordu",
        "blok", "mikrorayon", "məktəb", "pərdə", "şəkil", "səhnə", "əlifba",
        "müsabiqə", "kitab", "nəşr", "instansiya", "ranq", "şöbə", "variant", "mərtəbə", "sıra",
        "növbə", "zona", "region",
    ),
    numbered=frozenset({
        "cild", "fəsil", "bölmə", "hissə", "kitab", "bənd", "maddə", "tip", "variant", "sinif", "qrup", "mərhələ",
        "apollon", "windows", "cədvəl", "şəkil",
    }),
    rulers=(
        "pyotr", "nikolay", "aleksandr", "yekaterina", "yelizaveta", "yelizabet", "karl", "henri", "heinrix",
        "lüdovik", "lui", "filip", "vilhelm", "fridrix", "georq", "corc", "eduard", "riçard", "çarlz", "napoleon",
        "ioann", "iohann", "pavel", "benedikt", "fransisk", "leopold", "frans", "murad", "mehmed", "məhəmməd",
        "səlim", "süleyman", "mahmud", "mustafa", "əhməd", "osman", "əbdülhəmid", "bəyazid", "ibrahim", "abbas",
        "şah", "sultan", "imperator",
        "təhmasib", "ismayıl", "yaqub", "ramzes", "kir", "dara", "axsitan", "mənuçöhr", "toğrul", "məlikşah",
        "tutmos", "otton", "xosrov", "yəzdigərd", "şapur", "ivan", "feodor", "qustav", "kristian", "mixail",
        "konstantin", "yustinian", "roma papası",
    ),
    dotted=False,
)  # fmt: skip

VERSIONED = (
    "şəkil", "cədvəl", "fəsil",
    "maddə", "maddəsi", "maddəsinin", "bənd", "bəndi", "bəndin", "bəndinin", "versiya", "versiyası", "android",
    "ios", "python", "java", "windows",
    "macos", "bluetooth", "usb", "http", "tls", "v", "v.", "ver.", "chatgpt", "gpt", "django", "ubuntu",
    "yarımbənd",
    "paraqraf",
)  # fmt: skip

# What is counted and not measured, by the beginnings of the words.
WHOLE_THINGS = (
    "nəfər", "insan", "adam", "ailə", "şagird", "tələbə", "müəllim", "işçi", "əməkdaş", "abunəçi", "istifadəçi",
    "izləyici", "tamaşaçı", "azarkeş", "turist", "sərnişin", "xəstə", "üzv", "əsgər", "ədəd", "dənə", "avtomobil",
    "maşın", "mənzil", "kitab", "səhifə", "bilet",
)  # fmt: skip

# In this order, with the rules of others between them: see the names.
BEFORE_DATES: tuple[tuple[str, Rule], ...] = (
    ("romans", romans(ROMANS, GRAMMAR)),
    ("versions", versions(VERSIONED, "bənd|maddə|yarımbənd|paraqraf|fəs[ıi]?l|bölmə", GRAMMAR)),
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
    ("dotted_numbers", dotted_numbers(GRAMMAR)),
    ("powers", powers(MATH, GRAMMAR)),
    ("scores", scores(RANGES, GRAMMAR)),
    ("numbers", numbers(GRAMMAR)),
    ("digits", leftover_digits(GRAMMAR)),
)
