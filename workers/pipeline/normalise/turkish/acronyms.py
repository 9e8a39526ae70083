"""Turkish acronyms that do not follow the rule."""

from workers.pipeline.normalise.turkic.acronyms import Acronyms
from workers.pipeline.normalise.turkish.letters import NAMES

ACRONYMS = Acronyms(
    letters=NAMES,
    known={
        "BRICS": "briks", "FIFA": "fifa", "VIP": "vip", "SIM": "sim", "PIN": "pin", "IBAN": "iban", "IKEA": "ikea",
        "INTERPOL": "interpol", "INTEL": "intel", "ISO": "iso", "IFRS": "ay ef ar es", "IOS": "ay o es",
        "BBC": "bi bi si", "CNN": "si en en", "FBI": "ef bi ay", "IBM": "ay bi em", "USB": "yu es bi",
        "DVD": "di vi di", "CD": "si di", "IT": "ay ti", "AI": "ey ay", "PR": "pi ar", "CEO": "si i o", "IP": "ay pi",
        "NBA": "en bi ey", "LG": "el ci", "HP": "eyç pi", "DJ": "di cey", "OK": "okey", "BP": "bi pi",
        "VPN": "vi pi en", "SMS": "es em es", "HTML": "he te me le", "QR": "kare kod", "API": "api",
        "CIA": "si ay ey", "UFC": "yu ef si", "MMA": "em em ey", "UNICEF": "yunisef", "UNESCO": "unesko",
        "COVID": "kovid", "OPEC": "opek", "SOCAR": "sokar", "WC": "ve ce", "ODTÜ": "odtü", "İTÜ": "i te ü",
        "YÖK": "yök", "IMF": "ay em ef", "UNHCR": "u ne he ce re", "DJI": "di ci ay", "FM": "fe me",
        "BMW": "be em ve", "PTT": "pe te te", "IQ": "ay kyu", "ID": "ay di", "CV": "si vi", "PC": "pi si",
        "WHO": "dabılyu eyç o", "ABC": "a be ce", "GPS": "ci pi es", "SOS": "es o es", "THY": "te he ye",
        "HD": "he de", "BIST": "bist", "MÖ": "milattan önce", "Yİ": "yi", "YKS": "ye ke se", "AZN": "manat",
        "USD": "dolar", "EUR": "avro",
    },
    fronted={"k": "ke"},
    spelled=frozenset({
        "ABD", "AKP", "AB", "AYM", "İETT", "AİHM", "AÖF", "İHA",
    }),
    words=frozenset({
        # Acronyms.
        "NATO", "UNESCO", "UEFA", "NASA", "AFAD", "TÜBİTAK", "ASELSAN", "TÜİK", "TOKİ", "TOBB",
        "TÜSİAD", "ÜFE", "MÜSİAD", "MİT", "MEB", "UYAP", "DASK", "OYAK", "BOTAŞ", "TEDAŞ", "TEİAŞ", "TÜPRAŞ", "ERDEMİR",
        "İSKİ", "ASKİ", "İGDAŞ", "İSPARK", "KOBİ", "AKUT", "TEMA", "TÜBA", "YÖK", "RTÜK", "TUSAŞ", "HAVELSAN",
        "ROKETSAN", "AGİT", "OPEC", "ASEAN", "LED", "YEDAŞ", "KOSGEB",
        "ÇAYKUR", "DİSK", "KESK", "HAK", "TİKA", "TOGG", "SİHA", "İHA", "TANAP", "ODA", "EFE", "PİSA", "ALES", "İDO",
        "İYİ", "AK", "SET",
        # Plain words that are stressed by capitals.
        "VE", "BU", "O", "BİR", "İKİ", "ÜÇ", "ON", "EVET", "YOK", "NE", "KİM", "HER", "ÇOK", "AZ", "EN", "İLK", "SON",
        "YENİ", "TEK", "DE", "DA", "Kİ", "MI", "Mİ", "MU", "MÜ", "BEN", "SEN", "BİZ", "SİZ", "ONU", "ONA", "ANA",
        "ATA", "AD", "YIL", "AY", "GÜN", "SU", "EV", "YOL", "İŞ", "PARA", "CAN", "GÖZ", "EL", "DİL", "SÖZ", "AĞ",
        "KARA", "İLE", "İÇİN", "AMA", "VAR", "YAZ", "KIŞ", "ÖZ", "HAYIR", "GEL", "GİT", "AL", "VER", "ET", "OL",
        "DUR", "STOP", "ACİL", "DİKKAT", "NOT", "GİBİ", "HİÇ", "DAHA", "SES", "BÖL", "TÜRK", "RUS", "İRAN", "IRAK",
        "ÇİN", "BAŞ", "İÇ", "DIŞ", "ALT", "ÜST", "ÖN", "SAĞ", "SOL", "DÜN", "YARIN", "ŞİMDİ", "NASIL", "NEDEN",
        "BURA", "BAK", "KAR", "GÜZ", "SAAT", "BÖYLE", "ÖYLE", "DEĞİL", "KENDİ",
    }),
)  # fmt: skip
