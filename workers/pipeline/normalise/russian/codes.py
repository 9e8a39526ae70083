"""Numbers that count nothing: telephones, cards, accounts, codes, plates, addresses of machines; models of things."""

import re
from collections.abc import Iterator

from workers.pipeline.normalise.draft import Edit, Rule, substitution
from workers.pipeline.normalise.russian.numerals import cardinal, digits, grouped

_DIGITS = re.compile(r"\d+")

# Telephone numbers: the country, the code in brackets or not, three groups; or all digits together.
_PHONE = re.compile(
    r"(?<![\w+.,-])(?P<plus>\+ ?)?(?P<rest>"
    r"(?:\d{1,3}[ -]?)?\(\d{2,5}\)[ -]?\d{1,3}(?:[ -]?\d{2,3}){1,2}"
    r"|(?:(?<=\+)|(?<=\+ )|8[ -])(?:7[ -])?\d{3,4}[ -]\d{2,3}[ -]\d{2}[ -]\d{2}"
    r"|(?<=\+)\d{1,3}[ -]\d{2,3}[ -]\d{3}[ -]?\d{2}[ -]?\d{2}"
    r"|8[ -]800(?:[ -]\d{1,4}){2,4}|\d{3}-\d{2}-\d{2}"
    r"|8[ -]\d{3}[ -]\d{3}[ -]\d{4}|8[ -]\d{3}[ -]\d{3}[ -]\d{2}[ -]\d{2}"
    r")(?![\w-])(?!,\d)"
)
_TOGETHER = re.compile(
    r"(?<![\w.,-])(?:\+(?P<country>994|375|380|998|996|995|90|7)|(?P<eight>8)(?=9))(?P<number>\d{9,10})(?!\w)(?!,\d)"
)


def _read_phone(found: re.Match[str]) -> str:
    groups = [_group(group) for group in _DIGITS.findall(found["rest"])]
    return ("плюс " if found["plus"] else "") + ", ".join(groups)


def _group(written: str) -> str:
    """Groups of four digits and more are read by twos, of three as a number."""
    if len(written) <= 3:
        return grouped(written)
    first = len(written) % 2 + 2 if len(written) % 2 else 2
    parts = [written[:first], *(written[place : place + 2] for place in range(first, len(written), 2))]
    return " ".join(map(grouped, parts))


def _read_together(found: re.Match[str]) -> str:
    number = found["number"]
    code = len(number) - 7
    parts = (number[:code], number[code : code + 3], number[code + 3 : code + 5], number[code + 5 :])
    country = f"плюс {grouped(found['country'])}" if found["country"] else "восемь"
    return ", ".join((country, *map(grouped, parts)))


# After these words a number is a row of digits. Between them may stand a few words: "код подтверждения: 0071".
_LABEL = re.compile(
    r"\b(?:инн|кпп|огрнип|огрн|снилс|бик|окпо|окато|октмо|оквэд|имей|imei|isbn|vin|пин|pin|cvv|cvc|swift|iban"
    r"|р/с|к/с|л/с|расч[её]тн\w{1,3} сч[её]т\w{0,2}|лицев\w{1,3} сч[её]т\w{0,2}|сч[её]т(?= \d{9})"
    r"|код(?:а|ом|у|е)?|пин-код\w{0,2}|парол\w{1,3}|паспорт\w{0,2}|полис\w{0,2}|карт[аыуео]\w?|карт"
    r"|индекс\w{0,2}|оканчива\w{2,9}|последни\w{1,2} (?:четыре )?цифр\w?|удостоверени\w{1,2}"
    r"|водительск\w{1,3}|трек-номер\w{0,2})\b"
    r"(?P<between>(?:[: ,№*x•.-]|\b(?:серии|серия|номер|на|подтверждения|доступа|безопасности|клиента"
    r"|заканчивается|сотрудника"
    r"|оканчивающаяся|входа|РФ|России|страны|ваш|для|из|смс|СМС|банка|подразделения|вашей|карты|с|цифры|цифрами)\b){0,12}+)"
    r"(?P<code>(?<!\d)\d(?:[ -]?\d){2,30}+)(?![\w%])(?!,\d| (?:руб|₽|тыс|млн|раз))",
    re.IGNORECASE,
)


def labelled(text: str) -> Iterator[Edit]:
    """Edits for the rows of digits after words such as ИНН, паспорт, код."""
    for found in _LABEL.finditer(text):
        between = found.start("between") + len(found["between"].rstrip("*x• "))
        start = found.start("code") if "*" not in found["between"] and "•" not in found["between"] else between
        yield Edit(start, found.end("code"), ("" if start == found.start("code") else " ") + _by_digits(found["code"]))


def _by_digits(written: str) -> str:
    return ", ".join(digits(group) for group in re.split(r"[ -]", written) if group)


_SHORT_PHONE = re.compile(r"(?<![\w.,:/-])\d{2}-\d{2}-\d{2}(?![\w/-]|[.,:]\d)")
_MASKED = re.compile(r"(?<!\w)[*•xXхХ]{1,4}(?: ?[*•]{1,4}){0,3} ?(?P<tail>\d{4})(?!\w)")
_LONG = re.compile(r"(?<![\w.,])\d{4}(?:[ -]\d{4}){3}(?!\w)|(?<![\w.,])\d{10,40}+(?![\w%])(?!,\d)")
_NOUGHT_FIRST = re.compile(r"(?<![\w.,:/-])(?<!\d )0\d{1,20}+(?![\w/-]|[.,:]\d)")
_PLATE = re.compile(r"(?<!\w)([АВЕКМНОРСТУХ])(\d{3})([АВЕКМНОРСТУХ]{2}) ?(\d{2,3})?(?!\w)")
# "*100#": a request to the operator.
_SERVICE = re.compile(r"(?<![\w*])\*(?P<numbers>\d{2,15}(?:\*\d{1,15}){0,3})(?P<end>#)?(?![\w*#])")
_IP = re.compile(r"(?<![\w.,])\d{1,3}(?:\.\d{1,3}){3}(?::(\d{1,5}))?(?!\w)(?!\.\d)")
_VERSION = re.compile(
    r"(?<=[\w,:] )(?<![\w.,])(?!\d{1,3}(?:\.\d{3})+(?![\w.]))\d{1,4}(?:\.\d{1,4}){2,4}(?!\w)(?!\.\d)"
    r"|(?<=[Вв]ерси[яиюей] )\d{1,3}\.\d{1,4}(?!\w)"
)
_LETTER_NAMES = {
    "А": "а", "В": "вэ", "Е": "е", "К": "ка", "М": "эм", "Н": "эн", "О": "о", "Р": "эр", "С": "эс", "Т": "тэ",
    "У": "у", "Х": "ха",
}  # fmt: skip


def _read_plate(found: re.Match[str]) -> str:
    letter, number, letters, region = found.groups()
    words = [_LETTER_NAMES[letter], grouped(number), *(_LETTER_NAMES[other] for other in letters)]
    return " ".join(words + ([grouped(region)] if region else []))


def _read_service(found: re.Match[str]) -> str:
    numbers = " звёздочка ".join(_group(number) for number in found["numbers"].split("*"))
    return f"звёздочка {numbers}" + (" решётка" if found["end"] else "")


def _read_points(found: re.Match[str]) -> str:
    address, colon, port = found[0].partition(":")
    words = " точка ".join(grouped(part) for part in address.split("."))
    return f"{words} порт {cardinal(int(port))}" if colon else words


_LETTERS = _LETTER_NAMES | {
    "Б": "бэ",
    "Г": "гэ",
    "Д": "дэ",
    "Ж": "жэ",
    "З": "зэ",
    "И": "и",
    "Л": "эль",
    "П": "пэ",
    "Ф": "эф",
    "Ц": "цэ",
    "Ч": "че",
    "Ш": "ша",
    "Э": "э",
    "Ю": "ю",
    "Я": "я",
}
_VOWEL_PREPOSITIONS = frozenset(("в", "с", "к", "о", "у", "и"))

# "Ту-154", "А4", "5G": a short word or letters and a number are one name.
_NAMED = {
    "3D": "три дэ", "2D": "два дэ", "3д": "три дэ", "4K": "четыре ка", "4К": "четыре ка", "8K": "восемь ка",
    "5G": "пять джи", "4G": "четыре джи", "3G": "три джи", "2G": "два джи",
}  # fmt: skip
_NAME = re.compile(rf"(?<!\w)(?:{'|'.join(_NAMED)})(?!\w)")
_MODEL = re.compile(
    r"(?<![\w.-])([A-Za-zА-ЯЁ][A-Za-zА-ЯЁа-яё]{0,7})-?(\d{1,6})(?![\w.,:-]*\d)(?=([A-ZА-Яа-я]?))(?!\w{2})"
)
_FLIGHT = re.compile(r"(?<!\w)([A-Z]{2}|[А-Я]{2})[- ]?(\d{2})(\d{2})(?!\w)")
_SPLIT = re.compile(r"(?<![\w.,:-])(\d{1,5})([A-ZА-ЯЁ]{1,2}|[абвгдеж]|-[бвгдзклпрстфцчшА-ЯЁ])(?!\w)")
_AGE = re.compile(r"(?<![\w.,:-])(\d{1,4})\+(?!\d)")
_VITAMIN = re.compile(r"(?<=[Вв]итамин)([а-я]{0,3}) ([ABCDEKPАВСЕКР])(?!\w*[a-zа-я])(-?\d{1,2})?")
_VITAMINS = {
    "A": "а",
    "А": "а",
    "B": "бэ",
    "В": "бэ",
    "C": "цэ",
    "С": "цэ",
    "D": "дэ",
    "E": "е",
    "Е": "е",
    "K": "ка",
    "К": "ка",
    "P": "пэ",
    "Р": "пэ",
}
_SIZE_LETTERS = re.compile(r"(?<=[Рр]азмер)([а-я]{0,3}) (X{0,4})([SML])(?!\w)")
_SIZE_NAMES = {"S": "эс", "M": "эм", "L": "эль"}
_CHROMOSOME = re.compile(r"(?<!\w)([XYХУ])(?=-хромосом)")
_INDEX = re.compile(r"^\d{6}(?=,)|(?<=: )\d{6}(?=, [А-ЯЁг])")
_NUMBERED = re.compile(r"^\d{1,2}(?:\.\d{1,2}){1,3}\.?(?= [А-ЯЁ])")


def _read_model(found: re.Match[str]) -> str | None:
    name, number = _LETTERS.get(found[1], found[1]), found[2]
    if not name.isascii() and name[-1].islower() and len(name) > 3 and "-" not in found[0]:
        return None
    if name in _VOWEL_PREPOSITIONS:
        return None
    words = digits(number) if number[0] == "0" and len(number) > 1 else cardinal(int(number))
    return f"{name} {words}" + (" " if found[3] else "")


def _read_flight(found: re.Match[str]) -> str:
    return f"{found[1]} {grouped(found[2])} {grouped(found[3])}"


def _read_age(found: re.Match[str]) -> str:
    return f"{cardinal(int(found[1]))} плюс" + (" " if found.string[found.end() : found.end() + 1].isalpha() else "")


def _read_split(found: re.Match[str]) -> str:
    letters = " ".join(_LETTERS.get(letter.upper(), letter) for letter in found[2].lstrip("-"))
    return f"{cardinal(int(found[1]))} {letters}"


def _read_row(found: re.Match[str]) -> str:
    return _by_digits(found[0])


def _read_masked(found: re.Match[str]) -> str:
    return digits(found["tail"])


PHONES: tuple[Rule, ...] = (
    substitution(_PHONE, _read_phone),
    substitution(_TOGETHER, _read_together),
    substitution(_SERVICE, _read_service),
    labelled,
)
CODES: tuple[Rule, ...] = (
    substitution(_SHORT_PHONE, lambda found: ", ".join(map(grouped, found[0].split("-")))),
    substitution(_MASKED, _read_masked),
    substitution(_INDEX, lambda found: digits(found[0])),
    substitution(_NUMBERED, lambda found: " ".join(map(grouped, _DIGITS.findall(found[0]))) + ","),
    substitution(_IP, _read_points),
    substitution(_VERSION, _read_points),
    substitution(_LONG, _read_row),
    substitution(_PLATE, _read_plate),
)
"""Before everything else that reads numbers (dates are no versions: they come before these)."""

DESIGNATIONS: tuple[Rule, ...] = (
    substitution(_AGE, _read_age),
    substitution(_NOUGHT_FIRST, _read_row),
    substitution(_NAME, lambda found: _NAMED[found[0]]),
    substitution(_FLIGHT, _read_flight),
    substitution(_MODEL, _read_model),
    substitution(_SPLIT, _read_split),
)
"""After what is measured ("220В", "5А")."""
LETTERS: tuple[Rule, ...] = (
    substitution(
        _VITAMIN,
        lambda found: (
            f"{found[1]} {_VITAMINS[found[2]]}" + (f" {cardinal(int(found[3].lstrip('-')))}" if found[3] else "")
        ),
    ),
    substitution(_SIZE_LETTERS, lambda found: f"{found[1]} {'икс ' * len(found[2])}{_SIZE_NAMES[found[3]]}"),
    substitution(_CHROMOSOME, lambda found: "икс" if found[1] in "XХ" else "игрек"),
)
"""Names of one letter; most have no digit."""
