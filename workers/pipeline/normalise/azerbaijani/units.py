"""Azerbaijani names of units."""

import re

from workers.pipeline.normalise.turkic.units import UnitWords

UNITS = UnitWords(
    units={
        # length
        "nm": "nanometr", "µm": "mikrometr", "μm": "mikrometr", "mkm": "mikrometr", "mm": "millimetr",
        "sm": "santimetr", "cm": "santimetr", "dm": "desimetr", "m": "metr", "km": "kilometr", "″": "düym",
        # area, volume
        "mm²": "kvadrat millimetr", "mm2": "kvadrat millimetr", "sm²": "kvadrat santimetr",
        "sm2": "kvadrat santimetr", "cm²": "kvadrat santimetr", "cm2": "kvadrat santimetr", "m²": "kvadrat metr",
        "m2": "kvadrat metr", "kv.m": "kvadrat metr", "kv. m": "kvadrat metr", "kv m": "kvadrat metr",
        "km²": "kvadrat kilometr", "km2": "kvadrat kilometr", "kv.km": "kvadrat kilometr",
        "kv. km": "kvadrat kilometr", "kv km": "kvadrat kilometr", "ha": "hektar", "sot": "sot",
        "mm³": "kub millimetr",
        "sm³": "kub santimetr", "sm3": "kub santimetr", "cm³": "kub santimetr", "cm3": "kub santimetr",
        "dm³": "kub desimetr", "m³": "kub metr", "m3": "kub metr", "kub.m": "kub metr", "kub. m": "kub metr",
        "km³": "kub kilometr", "km3": "kub kilometr", "ml": "millilitr", "sl": "santilitr", "dl": "desilitr",
        "l": "litr", "L": "litr", "dal": "dekalitr",
        # weight
        "mkq": "mikroqram", "mcg": "mikroqram", "µg": "mikroqram", "μg": "mikroqram", "mq": "milliqram",
        "mg": "milliqram", "q": "qram", "qr": "qram", "g": "qram", "gr": "qram", "kq": "kiloqram",
        "kg": "kiloqram", "sent": "sentner", "t": "ton", "kt": "kiloton",
        # time
        "ns": "nanosaniyə", "ms": "millisaniyə", "msan": "millisaniyə", "s": "saniyə", "san": "saniyə",
        "sn": "saniyə", "dəq": "dəqiqə", "saat": "saat",
        # electricity, energy, power
        "mV": "millivolt", "V": "volt", "kV": "kilovolt", "mA": "milliamper", "A": "amper", "Vt": "vatt",
        "W": "vatt", "kVt": "kilovat", "kW": "kilovat", "MVt": "meqavat", "MW": "meqavat", "GVt": "giqavat",
        "GW": "giqavat", "kVA": "kilovolt amper", "Om": "om", "Ω": "om", "kOm": "kiloom", "kΩ": "kiloom",
        "kVt·saat": "kilovat saat", "kVt·st": "kilovat saat", "kVt⋅saat": "kilovat saat",
        "kVt*saat": "kilovat saat", "kVt-saat": "kilovat saat", "kVt saat": "kilovat saat",
        "kVt/saat": "kilovat saat", "kWh": "kilovat saat", "kWt": "kilovat", "Wh": "vatt saat",
        "MWh": "meqavat saat", "MVt·saat": "meqavat saat", "mA·saat": "milliamper saat", "mAh": "milliamper saat",
        "J": "coul", "kJ": "kilocoul", "kal": "kalori", "kkal": "kilokalori", "a.g.": "at gücü", "a.g": "at gücü",
        "a. g.": "at gücü", "a.q.": "at qüvvəsi", "HP": "at gücü", "hp": "at gücü",
        # pressure, force, sound, frequency
        "Pa": "paskal", "hPa": "hektopaskal", "kPa": "kilopaskal", "MPa": "meqapaskal", "bar": "bar",
        "atm": "atmosfer", "mmHg": "millimetr civə sütunu", "mm Hg": "millimetr civə sütunu",
        "mm c.süt": "millimetr civə sütunu", "mm c. süt": "millimetr civə sütunu",
        "mm c.s": "millimetr civə sütunu", "kN": "kilonyuton", "dB": "desibel", "Hs": "hers", "Hz": "hers",
        "kHs": "kilohers", "kHz": "kilohers", "MHs": "meqahers", "MHz": "meqahers", "QHs": "giqahers",
        "GHz": "giqahers", "THz": "terahers",
        # data
        "bit": "bit", "bayt": "bayt", "kbit": "kilobit", "Kbit": "kilobit", "Mbit": "meqabit", "Gbit": "giqabit",
        "Qbit": "giqabit", "KB": "kilobayt", "kB": "kilobayt", "Kb": "kilobayt", "MB": "meqabayt",
        "Mb": "meqabayt", "GB": "giqabayt", "Gb": "giqabayt", "QB": "giqabayt", "TB": "terabayt", "Tb": "terabayt",
        "PB": "petabayt", "px": "piksel", "Mp": "meqapiksel", "MP": "meqapiksel", "dpi": "di pi ay",
        # temperature, angles, substances
        "°C": "dərəcə selsi", "° C": "dərəcə selsi", "℃": "dərəcə selsi", "C°": "dərəcə selsi",
        "°F": "dərəcə farenheyt", "℉": "dərəcə farenheyt", "°": "dərəcə", "mol": "mol", "mmol": "millimol",
        "mkmol": "mikromol", "BV": "beynəlxalq vahid", "karat": "karat", "ppm": "pi pi em",
        # counted things
        "əd": "ədəd", "ədəd": "ədəd", "nəf": "nəfər", "nəfər": "nəfər", "dövr": "dövr", "vurğu": "vurğu",
        "səh": "səhifə", "mərt": "mərtəbə", "dəst": "dəst", "kvt": "kilovat",
    },
    per={
        "saat": "saatda", "sa": "saatda", "h": "saatda", "s": "saniyədə", "san": "saniyədə", "sn": "saniyədə",
        "saniyə": "saniyədə", "dəqiqə": "dəqiqədə", "dəq": "dəqiqədə", "min": "dəqiqədə", "gün": "gündə",
        "həftə": "həftədə", "ay": "ayda", "il": "ildə",
        "km²": "hər kvadrat kilometrə", "km2": "hər kvadrat kilometrə", "m²": "hər kvadrat metrə",
        "m2": "hər kvadrat metrə", "ha": "hər hektara", "nəfər": "nəfərə",
    },
    rates={
        "Mbps": ("saniyədə", "meqabit"), "Gbps": ("saniyədə", "giqabit"), "Kbps": ("saniyədə", "kilobit"),
        "kbps": ("saniyədə", "kilobit"), "Mb/s": ("saniyədə", "meqabit"), "Mb/san": ("saniyədə", "meqabit"),
        "Gb/s": ("saniyədə", "giqabit"), "MB/s": ("saniyədə", "meqabayt"), "fps": ("saniyədə", "kadr"),
        "rpm": ("dəqiqədə", "dövr"), "kmh": ("saatda", "kilometr"), "mph": ("saatda", "mil"),
        "m/s2": ("", "metr bölü saniyə kvadrat"), "m/s²": ("", "metr bölü saniyə kvadrat"),
        "m/san²": ("", "metr bölü saniyə kvadrat"),
        "l/100 km": ("yüz kilometrə", "litr"), "l/100km": ("yüz kilometrə", "litr"),
    },
    with_suffix={"°C": "dərəcə", "° C": "dərəcə", "℃": "dərəcə", "C°": "dərəcə"},
    above_zero="müsbət",
    times="vur",
    arc=("dəqiqə", "saniyə"),
    directions={"N": "şimal", "S": "cənub", "E": "şərq", "W": "qərb"},
    no_unit=re.compile(r"(?:№|[Nn]o:?|küç\.?|küçəsi,?|prospekti,?|ev|bina|blok|mənzil|korpus|məktəb|[0-9]/) ?$"),
    no_unit_after=re.compile(" (?:sin[ıi]?f|blok|qrup|korpus|şöbə|kateqoriya|bənd|seriya|tip)"),
)  # fmt: skip
