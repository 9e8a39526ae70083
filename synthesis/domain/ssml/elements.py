"""The elements, their attributes, and what the values of these may be. Every function raises Refused."""

import re
from collections.abc import Mapping
from datetime import date

from models import ipa
from models.pronunciations import LONGEST_ALIAS, LONGEST_GRAPHEME, LONGEST_IPA
from synthesis.domain import language
from synthesis.domain.options import SPEEDS
from synthesis.domain.ssml.records import Say
from synthesis.domain.text import one_line

ATTRIBUTES: Mapping[str, tuple[str, ...]] = {
    "speak": ("version", "xmlns", "xmlns:xsi", "xsi:schemaLocation", "xml:lang"),
    "p": ("xml:lang",),
    "s": ("xml:lang",),
    "break": ("time", "strength"),
    "prosody": ("rate", "volume"),
    "sub": ("alias",),
    "say-as": ("interpret-as", "format"),
    "phoneme": ("alphabet", "ph"),
    "lang": ("xml:lang",),
    "voice": ("name",),
    "mark": ("name",),
}
EMPTY = frozenset({"break", "mark"})
EDITING = frozenset({"sub", "say-as", "phoneme"})
"""Those that say how their text is read; nothing else is in it."""

LONGEST_BREAK_MS = 10_000
SILENT_DB = -120.0
VOLUMES_DB = (-40.0, 6.0)
LANGUAGES = ("az", "tr", "ru")
CURRENCIES = ("AZN", "TRY", "RUB", "USD", "EUR", "GBP", "GEL", "UAH", "KZT", "CHF", "JPY", "CNY")
"""What the rules of all three languages say in words."""

_NAMESPACE = "http://www.w3.org/2001/10/synthesis"
_SIGNS = {"₼": "AZN", "₺": "TRY", "₽": "RUB", "$": "USD", "€": "EUR", "£": "GBP", "₾": "GEL", "₴": "UAH", "₸": "KZT"}
_MOST_DIGITS = 40
_LONGEST_NAME = 200

_STRENGTHS_MS = {"none": 0, "x-weak": 150, "weak": 250, "medium": 400, "strong": 750, "x-strong": 1200}
_RATES = {"x-slow": 0.5, "slow": 0.75, "medium": 1.0, "default": 1.0, "fast": 1.25, "x-fast": 1.75}
_VOLUMES = {
    "silent": SILENT_DB,
    "x-soft": -12.0,
    "soft": -6.0,
    "medium": 0.0,
    "default": 0.0,
    "loud": 3.0,
    "x-loud": 6.0,
}

_DURATION = re.compile(r"\+?([0-9]{1,6}(?:\.[0-9]{1,6})?|\.[0-9]{1,6})(ms|s)")
_PERCENT = re.compile(r"([+-]?)([0-9]{1,4}(?:\.[0-9]{1,4})?)%")
_NUMBER = re.compile(r"[0-9]{1,3}(?:\.[0-9]{1,4})?")
_DECIBEL = re.compile(r"([+-]?[0-9]{1,3}(?:\.[0-9]{1,3})?)dB", re.IGNORECASE)

_GROUPS = re.compile("[ \u00a0\u202f]")
_CARDINAL = re.compile(r"[-−]?[0-9]{1,15}")
_ORDINAL = re.compile(r"([0-9]{1,9})\.?")
_DIGITS = re.compile(r"[0-9+()./ \u00a0-]+")
_SPELLED = re.compile(r"(?:[^\W_]|[\u0300-\u036f ./_?=&#:+%~@-])+")
_DATE = re.compile(r"([0-9]{1,4})([-./ ])([0-9]{1,2})\2([0-9]{1,4})|([0-9]{4})([0-9]{2})([0-9]{2})")
_TIME = re.compile(r"([0-9]{1,2})[:.]([0-5][0-9])(?:[:.]([0-5][0-9]))? ?([ap]\.?m\.?)?", re.IGNORECASE)
_AMOUNT = r"(?P<{0}whole>[0-9]{{1,12}})(?:[.,](?P<{0}part>[0-9]{{2}}))?"
_CURRENCY = r"(?P<{0}unit>[A-Za-z]{{3}}|[₼₺₽$€£₾₴₸])"
_MONEY = re.compile(
    f"{_CURRENCY.format('a')} ?{_AMOUNT.format('a')}|{_AMOUNT.format('b')} ?{_CURRENCY.format('b')}", re.ASCII
)
# Positions of day, month and year.
_FORMATS = {"dmy": (0, 1, 2), "mdy": (1, 0, 2), "ymd": (2, 1, 0)}


class Refused(Exception):
    """What cannot be taken; the message names the element.

    `template` is the message with names for `values`, so that our own pages can say it in other languages. Where the
    template ends with `{but}`, that is what stands in the document instead, or None.
    """

    def __init__(self, template: str, **values: object) -> None:
        instead = f", not {values['but']!r}" if values.get("but") else ""
        super().__init__(template.format(**{**values, "but": instead}))
        self.template = template
        self.values = values


def check_attributes(name: str, attributes: Mapping[str, str]) -> None:
    """Whether the element is known, and each of its attributes."""
    if name not in ATTRIBUTES:
        raise Refused("<{element}> is not supported. Use: {known}", element=one_line(name), known=", ".join(ATTRIBUTES))
    known = ATTRIBUTES[name]
    for attribute in attributes:
        if attribute not in known:
            raise Refused(
                "<{element}>: {attribute} is not supported. Use: {known}",
                element=name,
                attribute=one_line(attribute),
                known=", ".join(known),
            )


def check_speak(attributes: Mapping[str, str]) -> None:
    """The version and the name space of the document, where it tells them."""
    if attributes.get("version", "1.1") not in ("1.0", "1.1"):
        raise Refused("<speak>: version is 1.0 or 1.1")
    if attributes.get("xmlns", _NAMESPACE) != _NAMESPACE:
        raise Refused("<speak>: xmlns is {namespace}", namespace=_NAMESPACE)


def language_of(name: str, attributes: Mapping[str, str]) -> str | None:
    """The language that `xml:lang` asks for, None where it is not there."""
    tag = attributes.get("xml:lang")
    if tag is None and name != "lang":
        return None
    code = language.primary(tag or "")
    if code not in LANGUAGES:
        raise Refused(
            "<{element}>: xml:lang is one of {known}{but}", element=name, known=", ".join(LANGUAGES), but=_not(tag)
        )
    return code


def break_ms(attributes: Mapping[str, str]) -> int:
    """Milliseconds that a break is heard."""
    strength = attributes.get("strength", "medium")
    if strength not in _STRENGTHS_MS:
        raise Refused("<break>: strength is one of {known}{but}", known=", ".join(_STRENGTHS_MS), but=_not(strength))
    if "time" not in attributes:
        return _STRENGTHS_MS[strength]
    found = _DURATION.fullmatch(attributes["time"].strip())
    milliseconds = round(float(found[1]) * (1 if found[2] == "ms" else 1000)) if found else -1
    if not 0 <= milliseconds <= LONGEST_BREAK_MS:
        raise Refused("<break>: time is such as 500ms or 1.5s, up to {most}s", most=LONGEST_BREAK_MS // 1000)
    return milliseconds


def is_no_break(attributes: Mapping[str, str]) -> bool:
    """Whether the break says that there is to be none."""
    return "time" not in attributes and attributes.get("strength") == "none"


def prosody(attributes: Mapping[str, str], speed: float, gain_db: float) -> tuple[float, float]:
    """Speed and gain inside the element, which change those around it."""
    if not attributes:
        raise Refused("<prosody>: rate or volume is required")
    if "rate" in attributes:
        speed = round(speed * _rate(attributes["rate"].strip()), 4)
        if not SPEEDS[0] <= speed <= SPEEDS[1]:
            raise Refused(
                "<prosody>: with what is around it, rate gives {speed} times the usual speed; {least} to {most} "
                "are possible",
                speed=f"{speed:g}",
                least=f"{SPEEDS[0]:g}",
                most=f"{SPEEDS[1]:g}",
            )
    if "volume" in attributes:
        volume = _volume(attributes["volume"].strip())
        gain_db = SILENT_DB if SILENT_DB in (volume, gain_db) else round(gain_db + volume, 3)
        if gain_db != SILENT_DB and not VOLUMES_DB[0] <= gain_db <= VOLUMES_DB[1]:
            raise Refused(
                "<prosody>: with what is around it, volume gives {gain}dB; {least}dB to {most}dB are possible",
                gain=f"{gain_db:+g}",
                least=f"{VOLUMES_DB[0]:+g}",
                most=f"{VOLUMES_DB[1]:+g}",
            )
    return speed, gain_db


def _rate(value: str) -> float:
    if value in _RATES:
        return _RATES[value]
    if percent := _PERCENT.fullmatch(value):
        # "120%" is 1.2 times the rate, "+20%" a fifth more: the two versions of SSML.
        share = float(percent[2]) / 100
        return share if not percent[1] else 1 + share if percent[1] == "+" else 1 - share
    if _NUMBER.fullmatch(value):
        return float(value)
    raise Refused(
        "<prosody>: rate is one of {known}, or such as 120%, +20% or 1.2{but}",
        known=", ".join(_RATES),
        but=_not(value),
    )


def _volume(value: str) -> float:
    if value in _VOLUMES:
        return _VOLUMES[value]
    if decibel := _DECIBEL.fullmatch(value):
        return float(decibel[1])
    raise Refused(
        "<prosody>: volume is one of {known}, or such as +3dB or -6dB{but}",
        known=", ".join(_VOLUMES),
        but=_not(value),
    )


def name(element: str, attributes: Mapping[str, str]) -> str:
    """The name of a mark or a voice."""
    found = attributes.get("name", "").strip()
    if not found or len(found) > _LONGEST_NAME or not found.isprintable():
        raise Refused("<{element}>: a name of one line is required", element=element)
    return found


def check_editing(element: str, attributes: Mapping[str, str]) -> None:
    """What can be told of an element before its text is known."""
    if element == "sub":
        if not attributes.get("alias", "").strip() or len(attributes["alias"]) > LONGEST_ALIAS:
            raise Refused("<sub>: an alias of at most {most} characters is required", most=LONGEST_ALIAS)
    elif element == "phoneme":
        _check_phoneme(attributes)
    elif attributes.get("interpret-as") not in _READINGS:
        raise Refused(
            "<say-as>: interpret-as is one of {known}{but}",
            known=", ".join(_READINGS),
            but=_not(attributes.get("interpret-as")),
        )


def _check_phoneme(attributes: Mapping[str, str]) -> None:
    if attributes.get("alphabet", "ipa") != "ipa":
        raise Refused("<phoneme>: alphabet is ipa")
    sounds = attributes.get("ph", "")
    if not sounds or len(sounds) > LONGEST_IPA:
        raise Refused("<phoneme>: ph of at most {most} characters is required", most=LONGEST_IPA)
    if unknown := ipa.unknown(sounds):
        raise Refused("<phoneme>: ph holds {unknown}, which no voice can say", unknown=one_line(" ".join(unknown)))
    if not ipa.audible(sounds):
        raise Refused("<phoneme>: ph holds no sound")


def said(element: str, attributes: Mapping[str, str], text: str) -> tuple[Say, str]:
    """What is said in place of the element's text, which has no white space around it."""
    if not text:
        raise Refused("<{element}>: the text that it is about is missing", element=element)
    if element == "sub":
        return Say.WORDS, attributes["alias"].strip()
    if element == "phoneme":
        if len(text) > LONGEST_GRAPHEME or not any(map(str.isalnum, text)):
            raise Refused("<phoneme>: a word of at most {most} characters is required inside", most=LONGEST_GRAPHEME)
        return Say.IPA, attributes["ph"]
    kind = attributes["interpret-as"]
    written = attributes.get("format")
    if written is not None and kind not in ("date", "time"):
        raise Refused("<say-as>: {kind} has no format", kind=kind)
    return _READINGS[kind](text, written)


def _characters(text: str, _: str | None) -> tuple[Say, str]:
    if len(text) > LONGEST_GRAPHEME or not _SPELLED.fullmatch(text) or not any(map(str.isalnum, text)):
        raise Refused(
            "<say-as>: characters are up to {most} letters, digits and . / _ ? = & # : + % ~ @ -",
            most=LONGEST_GRAPHEME,
        )
    return Say.CHARACTERS, text


def _digits(text: str, _: str | None) -> tuple[Say, str]:
    if not _DIGITS.fullmatch(text) or not 0 < sum(map(str.isdigit, text)) <= _MOST_DIGITS:
        raise Refused(
            "<say-as>: digits are up to {most} of 0-9, parted by spaces, brackets or any of + - . /", most=_MOST_DIGITS
        )
    return Say.DIGITS, text


def _cardinal(text: str, _: str | None) -> tuple[Say, str]:
    number = _GROUPS.sub("", text)
    if not _CARDINAL.fullmatch(number):
        raise Refused("<say-as>: a cardinal is a whole number of up to 15 digits")
    return Say.CARDINAL, number.replace("−", "-")


def _ordinal(text: str, _: str | None) -> tuple[Say, str]:
    found = _ORDINAL.fullmatch(_GROUPS.sub("", text))
    if not found:
        raise Refused("<say-as>: an ordinal is a whole number of up to 9 digits")
    return Say.ORDINAL, found[1]


def _date(text: str, written: str | None) -> tuple[Say, str]:
    """As all three languages write a date: 28.05.1918."""
    found = _DATE.fullmatch(text)
    if written is not None and written not in _FORMATS:
        raise Refused(
            "<say-as>: the format of a date is one of {known}{but}", known=", ".join(_FORMATS), but=_not(written)
        )
    if found is None:
        raise Refused("<say-as>: a date is day, month and year in digits, such as 28.05.1918")
    if written is None:
        if not (found[5] or len(found[1]) == 4):
            raise Refused("<say-as>: this date needs a format, one of {known}", known=", ".join(_FORMATS))
        written = "ymd"
    if found[5] and written != "ymd":
        raise Refused("<say-as>: a date without signs between is written as ymd")
    parts = found.group(5, 6, 7) if found[5] else found.group(1, 3, 4)
    day, month, year = (parts[place] for place in _FORMATS[written])
    try:
        if len(year) != 4 or len(day) > 2 or int(year) < 1000 or int(year) > 2999:
            raise ValueError
        date(int(year), int(month), int(day))
    except ValueError:
        raise Refused(
            "<say-as>: the calendar has no such date of the years 1000 to 2999 in the format {format}", format=written
        ) from None
    return Say.WORDS, f"{int(day):02d}.{int(month):02d}.{year}"


def _time(text: str, written: str | None) -> tuple[Say, str]:
    """With a colon: 14:30, 14:30:15."""
    if written not in (None, "hms12", "hms24"):
        raise Refused("<say-as>: the format of a time is hms12 or hms24{but}", but=_not(written))
    found = _TIME.fullmatch(text)
    hour = int(found[1]) if found else 24
    twelve = bool(found and found[4]) or written == "hms12"
    if (
        found is None
        or hour > 23
        or (twelve and not (1 <= hour <= 12 and found[4]))
        or (found[4] and written == "hms24")
    ):
        raise Refused("<say-as>: a time is such as 14:30, 14:30:15 or 2:30 pm")
    if twelve:
        hour = hour % 12 + (12 if found[4].lower().startswith("p") else 0)
    seconds = f":{found[3]}" if found[3] else ""
    return Say.WORDS, f"{hour:02d}:{found[2]}{seconds}"


def _currency(text: str, _: str | None) -> tuple[Say, str]:
    """With the code behind it: 12,50 AZN."""
    found = _MONEY.fullmatch(_GROUPS.sub("", text))
    which = "a" if found and found["aunit"] else "b"
    unit = found[f"{which}unit"].upper() if found else ""
    code = _SIGNS.get(unit, unit)
    if found is None or code not in CURRENCIES:
        raise Refused(
            "<say-as>: a currency is an amount such as 12.50 with one of {known}", known=", ".join(CURRENCIES)
        )
    whole, part = int(found[f"{which}whole"]), found[f"{which}part"]
    return Say.WORDS, f"{whole},{part} {code}" if part and int(part) else f"{whole} {code}"


_READINGS = {
    "characters": _characters,
    "spell-out": _characters,
    "digits": _digits,
    "telephone": _digits,
    "cardinal": _cardinal,
    "number": _cardinal,
    "ordinal": _ordinal,
    "date": _date,
    "time": _time,
    "currency": _currency,
}


def _not(value: str | None) -> str | None:
    return one_line(value) if value else None
