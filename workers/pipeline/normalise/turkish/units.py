"""Turkish names of units."""

import re

from workers.pipeline.normalise.turkic.units import UnitWords

UNITS = UnitWords(
    units={
        # length
        "nm": "nanometre", "µm": "mikrometre", "μm": "mikrometre", "mm": "milimetre", "cm": "santimetre",
        "sm": "santimetre", "dm": "desimetre", "m": "metre", "mt": "metre", "km": "kilometre", "″": "inç",
        # area, volume
        "mm²": "milimetrekare", "mm2": "milimetrekare", "cm²": "santimetrekare", "cm2": "santimetrekare",
        "m²": "metrekare", "m2": "metrekare", "km²": "kilometrekare", "km2": "kilometrekare", "ha": "hektar",
        "da": "dekar", "mm³": "milimetreküp", "mm3": "milimetreküp", "cm³": "santimetreküp", "cm3": "santimetreküp",
        "dm³": "desimetreküp", "m³": "metreküp", "m3": "metreküp", "sm³": "standart metreküp", "km³": "kilometreküp",
        "cc": "santimetreküp", "ml": "mililitre", "mL": "mililitre", "cl": "santilitre", "cL": "santilitre",
        "dl": "desilitre", "dL": "desilitre", "l": "litre", "L": "litre", "lt": "litre", "Lt": "litre",
        # weight
        "mcg": "mikrogram", "µg": "mikrogram", "μg": "mikrogram", "mg": "miligram", "g": "gram", "gr": "gram",
        "kg": "kilogram", "Kg": "kilogram", "kq": "kilogram", "t": "ton", "kt": "kiloton",
        # time
        "ns": "nanosaniye", "ms": "milisaniye", "s": "saniye", "sn": "saniye", "san": "saniye", "dk": "dakika",
        "dak": "dakika", "sa": "saat", "saat": "saat",
        # electricity, energy, power
        "mV": "milivolt", "V": "volt", "kV": "kilovolt", "mA": "miliamper", "A": "amper", "W": "vat",
        "kW": "kilovat", "KW": "kilovat", "kw": "kilovat", "MW": "megavat", "GW": "gigavat", "kVA": "kilovolt amper",
        "Ω": "om", "kΩ": "kiloom", "kWh": "kilovatsaat", "KWh": "kilovatsaat", "kwh": "kilovatsaat",
        "kW·h": "kilovatsaat", "kW-saat": "kilovatsaat", "kWsa": "kilovatsaat", "Wh": "vatsaat",
        "MWh": "megavatsaat", "GWh": "gigavatsaat", "TWh": "teravatsaat", "mAh": "miliamper saat", "J": "jul",
        "kJ": "kilojul", "cal": "kalori", "kal": "kalori", "kcal": "kilokalori", "kkal": "kilokalori",
        "bg": "beygir gücü", "BG": "beygir gücü", "hp": "beygir gücü", "HP": "beygir gücü", "Nm": "nevton metre",
        # pressure, force, sound, frequency
        "Pa": "paskal", "hPa": "hektopaskal", "kPa": "kilopaskal", "MPa": "megapaskal", "bar": "bar",
        "atm": "atmosfer", "mb": "milibar", "mmHg": "milimetre cıva", "mm Hg": "milimetre cıva", "kN": "kilonevton",
        "dB": "desibel", "Hz": "hertz", "kHz": "kilohertz", "MHz": "megahertz", "GHz": "gigahertz",
        "THz": "terahertz",
        # data
        "bit": "bit", "bayt": "bayt", "kbit": "kilobit", "Kbit": "kilobit", "Mbit": "megabit", "Gbit": "gigabit",
        "KB": "kilobayt", "kB": "kilobayt", "Kb": "kilobayt", "MB": "megabayt", "Mb": "megabayt", "GB": "gigabayt",
        "Gb": "gigabayt", "TB": "terabayt", "Tb": "terabayt", "PB": "petabayt", "px": "piksel", "MP": "megapiksel",
        "dpi": "di pi ay",
        # temperature, angles, substances
        "°C": "santigrat derece", "° C": "santigrat derece", "℃": "santigrat derece", "C°": "santigrat derece",
        "°F": "fahrenhayt derece", "℉": "fahrenhayt derece", "°": "derece", "mol": "mol", "mmol": "milimol",
        "IU": "ünite", "ppm": "pi pi em",
        # counted things
        "ad": "adet", "adet": "adet", "kişi": "kişi", "devir": "devir", "dev": "devir", "kşi": "kişi",
    },
    per={
        "saat": "saatte", "sa": "saatte", "s": "saniyede", "h": "saatte", "sn": "saniyede", "san": "saniyede",
        "saniye": "saniyede", "dakika": "dakikada", "dk": "dakikada", "dak": "dakikada", "min": "dakikada",
        "gün": "günde", "hafta": "haftada", "ay": "ayda",
        "yıl": "yılda", "km²": "kilometrekareye", "km2": "kilometrekareye", "m²": "metrekareye", "m2": "metrekareye",
        "ha": "hektara", "da": "dekara", "kişi": "kişi başına",
    },
    rates={
        "Mbps": ("saniyede", "megabit"), "Gbps": ("saniyede", "gigabit"), "Kbps": ("saniyede", "kilobit"),
        "kbps": ("saniyede", "kilobit"), "mbps": ("saniyede", "megabit"), "Mb/s": ("saniyede", "megabit"),
        "Mb/sn": ("saniyede", "megabit"), "Gb/s": ("saniyede", "gigabit"), "MB/s": ("saniyede", "megabayt"),
        "MB/sn": ("saniyede", "megabayt"), "fps": ("saniyede", "kare"), "rpm": ("dakikada", "devir"),
        "d/d": ("dakikada", "devir"), "kmh": ("saatte", "kilometre"), "mph": ("saatte", "mil"),
        "m/s2": ("", "metre bölü saniye kare"), "m/s²": ("", "metre bölü saniye kare"),
        "m/sn²": ("", "metre bölü saniye kare"),
        "l/100 km": ("yüz kilometrede", "litre"), "l/100km": ("yüz kilometrede", "litre"),
        "lt/100 km": ("yüz kilometrede", "litre"),
    },
    with_suffix={},
    above_zero="artı",
    times="çarpı",
    arc=("dakika", "saniye"),
    directions={
        "N": "kuzey", "S": "güney", "E": "doğu", "W": "batı", "K": "kuzey", "G": "güney", "D": "doğu",
        "B": "batı",
    },
    no_unit=re.compile(r"(?:№|[Nn]o:?|[Ss]okak,?|[Ss]ok\.?|[Cc]ad\.?|[Cc]addesi,?|[Dd]aire|[Bb]lok|D:|[0-9]/) ?$"),
    no_unit_after=re.compile(" (?:sınıf|şube|blok|grup|bend|grub|tip|kapı|peron|milli|koltu|hat|otobüs)"),
)  # fmt: skip
