"""Azerbaijani acronyms that do not follow the rule."""

from workers.pipeline.normalise.azerbaijani.letters import NAMES
from workers.pipeline.normalise.turkic.acronyms import Acronyms

ACRONYMS = Acronyms(
    letters=NAMES,
    known={
        "BRICS": "briks", "FIFA": "fifa", "VIP": "vip", "SIM": "sim", "IBAN": "iban", "IKEA": "ikea",
        "FIN": "fin", "INTERPOL": "interpol", "INTEL": "intel", "ISO": "iso", "IFRS": "ay ef ar es", "IOS": "ay o es",
        "BBC": "bi bi si", "CNN": "si en en", "FBI": "ef bi ay", "IBM": "ay bi em", "USB": "yu es bi",
        "DVD": "di vi di", "CD": "si di", "IT": "ay ti", "AI": "ey ay", "PR": "pi ar", "HR": "eyç ar",
        "CEO": "si i o", "IP": "ay pi", "NBA": "en bi ey", "LG": "el ci", "HP": "eyç pi", "DJ": "di cey",
        "GPS": "ci pi es", "OK": "okey", "TV": "ti vi", "BP": "bi pi", "UFC": "yu ef si", "MMA": "em em ey",
        "VPN": "vi pi en", "HTML": "haş te em el", "SQL": "es kyu el", "QR": "kyu ar", "API": "ey pi ay",
        "IELTS": "ayelts", "TOEFL": "toyfl", "SAT": "es ey ti", "SEO": "si i o", "UI": "yu ay", "UX": "yu iks",
        "ID": "ay di", "URL": "yu ar el", "PC": "pi si", "CV": "si vi", "PIN": "pin", "SOCAR": "sokar",
        "UNICEF": "yunisef", "UNESCO": "yunesko", "COVID": "kovid", "NASA": "nasa", "OPEC": "opek",
        "ICESCO": "aysesko", "İSESCO": "isesko", "TRACECA": "traseka", "WC": "ve se", "WHO": "dabl yu eyç o",
        "CIA": "si ay ey", "MIT": "em ay ti", "BMW": "be em ve", "SMS": "es em es", "FAQ": "fak",
        "AZN": "manat", "USD": "dollar", "EUR": "avro",
    },
    spelled=frozenset({
        "ABŞ", "ADU", "AES", "İES", "HES", "DİN", "BDU", "AFR", "ÇXR", "MDB", "SSRİ", "AXC", "ATM", "AİHM", "İKT",
        "UAFA", "ABB", "ADNSU", "ADPU", "ATİB", "AİB",
    }),
    words=frozenset({
        # Acronyms.
        "NATO", "YUNESKO", "YUNİSEF", "UEFA", "ADA", "BAKU", "ASAN", "DOST", "AZAL", "TANAP", "TAP",
        "ATƏT", "TÜRKSOY", "TÜRKPA", "GUAM", "AMEA", "COP", "MİT", "AFAD", "TÜBİTAK", "ASELSAN", "LED",
        "AZAN", "DOSAAF", "BAM", "QUAM", "EKO", "YAP", "QULAQ", "SAM", "KİV", "TASS",
        # Plain words that are stressed by capitals.
        "VƏ", "BU", "O", "BİR", "İKİ", "ÜÇ", "ON", "HƏ", "YOX", "NƏ", "KİM", "NECƏ", "HARA", "HƏR", "ÇOX", "AZ", "ƏN",
        "İLK", "SON", "YENİ", "TƏK", "BÜTÜN", "DA", "DƏ", "KI", "Kİ", "MƏN", "SƏN", "BİZ", "SİZ", "ONU", "ONA",
        "BUNU", "ANA", "ATA", "AD", "İL", "AY", "MAY",
        "GÜN", "SAAT", "SU", "EV", "YOL", "İŞ", "PUL", "CAN", "GÖZ", "EL",
        "DİL", "SÖZ", "AĞ", "QARA", "BÖYÜK", "YA", "İLƏ", "ÜÇÜN", "AMMA", "VAR", "YAZ", "QIŞ", "PAYIZ", "ÖZ", "BƏLİ",
        "XEYR", "GƏL", "GET", "AL", "VER", "ET", "OL", "DUR", "STOP", "TƏCİLİ", "DİQQƏT", "VACİB", "QEYD", "SALAM",
        "BAX", "NÖ", "AXI", "ARTIQ", "YALNIZ", "HEÇ", "İNDİ", "SABAH", "DÜNƏN", "BAKI", "ŞƏKİ", "QUBA", "ŞUŞA", "RUS",
        "TÜRK", "İRAN", "İRAQ", "ÇİN", "MƏHZ", "BELƏ", "ELƏ", "DEYİL", "HANI", "NİYƏ",
    }),
)  # fmt: skip
