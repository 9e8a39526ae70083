"""Initials and acronyms: by the names of their letters, or as words."""

import re
from collections.abc import Iterator

from workers.pipeline.normalise.draft import Edit, Rule, substitution
from workers.pipeline.normalise.russian.morphology import is_place, is_plain_word
from workers.pipeline.normalise.russian.tables import word_set

LETTER_NAMES = {
    "А": "а", "Б": "бэ", "В": "вэ", "Г": "гэ", "Д": "дэ", "Е": "е", "Ё": "ё", "Ж": "жэ", "З": "зэ", "И": "и",
    "Й": "и краткое",
    "К": "ка", "Л": "эль", "М": "эм", "Н": "эн", "О": "о", "П": "пэ", "Р": "эр", "С": "эс", "Т": "тэ", "У": "у",
    "Ф": "эф",
    "Х": "ха", "Ц": "цэ", "Ч": "че", "Ш": "ша", "Щ": "ща", "Ъ": "твёрдый знак", "Ы": "ы", "Ь": "мягкий знак", "Э": "э",
    "Ю": "ю", "Я": "я",
}  # fmt: skip
_IN_ACRONYMS = LETTER_NAMES | {"Л": "эл"}

# Said otherwise than letter by letter.
_SPECIAL = {
    "США": "сэ шэ а", "ФРГ": "фэ эр гэ", "ГДР": "гэ дэ эр", "ЛДПР": "эл дэ пэ эр", "ГИБДД": "гибэдэдэ", "ИТ": "ай ти",
    "ФИО": "фио", "ЦСКА": "цэ эс ка", "АЭС": "а э эс", "ИИ": "и и", "ФСО": "фэ эс о", "ФСИН": "фсин",
    "ФК": "фэ ка", "РСФСР": "эр эс эф эс эр", "ООО": "о о о",
}  # fmt: skip

# Said as words though they do not look like it, or though a shorter rule would spell them.
_WORDS = word_set(
    "ООН НАТО ЮНЕСКО ЮНИСЕФ ВОЗ МИД ТАСС СПИД ВИЧ ВАЗ ГАЗ КамАЗ УАЗ ЗИЛ ГЭС ТЭЦ ТЭС ГРЭС ГОСТ ГУЛАГ ДОСААФ ЗАГС",
    "ЗАО ОАО ПАО ",
    "НИИ СМИ СНИЛС МКАД КАД БАМ ГАИ ГУМ ЦУМ МХАТ ТЮЗ ОПЕК БРИКС МАГАТЭ ФИФА УЕФА НАСА ИКЕА РИА РАН МАИ СИЗО МРОТ ",
    "КПСС РПЦ РАО ЕЭС СПИД ОБСЕ ШОС СНГ ИНН ОМОН СОБР БИК НЭП ВУЗ ВУЗы ЛЭП ЦИК ДОТ ДЗОТ УЗИ ЭКО ЧАО ОПГ ССУЗ ОРВИ",
    "ОЗУ ЦУП",
    "ГЛОНАСС ",
    "КОВИД МОК ФАС ФАП ЦАО САО ЮАР ЕСПЧ ЕАЭС СВО ЧОП ПОП НДФЛ ОСАГО КАСКО МУП ГУП ФГУП ПВО РЛС НОД БАД БМП ЖЭК",
    "ЖЭУ ТОС РОНО ВОХР ",
    "АТЭС НИОКР САМБО ЦЕРН",
) - word_set(
    "КПСС РПЦ РАО ЕЭС СНГ ОПГ ЕСПЧ ЕАЭС СВО НДФЛ МУП ПВО РЛС БМП ПОП ЧАО ЦАО САО КАД НОД ТОС ЭКО",
)
_SPELLED = word_set(
    "ИП ЕС ТВ ЦБ ЧП ЧС РФ ИТ ИИ ЛС ПО ТО ЭВМ ЕГЭ ОГЭ УВД АО ДК КБ АН ЦК ЦРУ МГУ СПбГУ МЧС НЛО УК ИО ПК ЭКГ ЭЭГ",
    "АТС АПК КПД СВ НАК ОВД ",
    "ОСП ТСЖ АТО ЕАО ЗОЖ",
) - {"ПО", "ТО", "ЗОЖ"}  # fmt: skip
_SMALL_WORDS = word_set(
    "НЕ НА НИ НО ДА НЕТ ИЗ ОТ ДО ЗА КО СО ВО ОБ ПО ТО ИЛИ ОН МЫ ВЫ ТЫ ОНА ОНИ ОНО КАК ЧТО КТО ГДЕ ЭТО ТАК ВСЕ ВСЁ",
    "ЕЩЁ УЖЕ ТАМ ТУТ ",
    "ЖЕ БЫ ЛИ ЕЁ ИХ ЕГО МОЙ ТВОЙ НАШ ВАШ ЧТОБ ПРИ ПОД НАД БЕЗ ДЛЯ ПРО РАЗ ОЙ АХ ОХ ЭХ УХ ЭЙ НУ ВОТ",
)  # fmt: skip

_VOWELS = "АЕЁИОУЫЭЮЯ"
_SAYABLE = re.compile(rf"(?:[^{_VOWELS}ЬЪЙ]{{0,2}}[{_VOWELS}]){{2,4}}[^{_VOWELS}ЬЪ]{{0,2}}")
_ACRONYM = re.compile(r"(?<![\w'])(?P<letters>[А-ЯЁ]{2,6}|СПб[А-Я]{1,4})(?P<suffix>-?[а-яё]{1,8})?(?![\w'])")
_CAPITALS = re.compile(r"(?<!\w)[А-ЯЁ]{2,}(?!\w)")
_SMALL = re.compile(r"(?<!\w)[а-яё]{3,}(?!\w)|(?<!\w)[А-ЯЁ][а-яё]{2,}(?!\w)")


def acronyms(text: str) -> Iterator[Edit]:
    """Edits for the acronyms that are spelled; a headline in capitals is left as it is."""
    matches = list(_ACRONYM.finditer(text))
    if not matches:
        return
    headline = _is_headline(text)
    for found in matches:
        words = _read(found["letters"], headline=headline)
        if words is not None:
            yield Edit(found.start(), found.end(), words + _suffix(found["suffix"] or ""))


def _is_headline(text: str) -> bool:
    """Whether capitals tell nothing: no word has small letters, or they may be numbers that other rules have read."""
    words = _CAPITALS.findall(text)
    plain = [word for word in words if len(word) > 2 and is_plain_word(word)]
    small = len(_SMALL.findall(text))
    return len(words) > 1 and bool(plain) and (not small or (len(plain) > 2 and len(plain) >= small))


def _suffix(written: str) -> str:
    """ "-шник" is said as a word of its own; the ending of a case ("МВД-ом") too."""
    return " " + written.lstrip("-") if written else ""


def _read(letters: str, *, headline: bool) -> str | None:
    if letters.startswith("СПб"):  # the universities of Saint Petersburg
        return spelled(letters.upper())
    if letters in _SPECIAL:
        return _SPECIAL[letters]
    if letters in _SPELLED:
        return None if headline and len(letters) == 2 else spelled(letters)
    if letters in _WORDS or letters in _SMALL_WORDS:
        return None
    if headline and any(letter in _VOWELS for letter in letters):
        return None
    if (len(letters) > 3 and is_plain_word(letters) and any(letter in _VOWELS for letter in letters)) or (
        len(letters) > 3 and _SAYABLE.fullmatch(letters)
    ):
        return None
    if len(letters) == 3 and _SAYABLE.fullmatch(letters) and is_plain_word(letters) and letters not in _SPELLED:
        return None
    return spelled(letters)


def spelled(letters: str) -> str:
    """ "МВД" → "эм вэ дэ"."""
    return " ".join(_IN_ACRONYMS[letter] for letter in letters)


_INITIALS = re.compile(
    r"(?<![\w.])(?P<initials>[А-ЯЁ]\. ?(?:[А-ЯЁ]\. ?)?)(?=[А-ЯЁ][а-яё])"
    r"|(?<=[а-яё] )(?P<after>[А-ЯЁ]\. ?[А-ЯЁ]\.)(?!\w)"
)


def _read_initials(found: re.Match[str]) -> str | None:
    place = found.string[found.end() :].split(" ")[0].rstrip(",.")
    if found[0] in ("Г. ", "Г.") and is_place(place):
        return "город "
    letters = [letter for letter in found[0] if letter.isalpha()]
    names = " ".join(_IN_ACRONYMS[letter] for letter in letters)
    after = found.string[found.end() :]
    return names + (" " if found["initials"] else "" if after else ".")


# A letter alone in the middle of a sentence is named: "план Б", "точка Г". А, В, И, К, О, С, У, Я may be words.
_LETTER = re.compile(r"(?<=[\w,] )(?P<letter>[БГДЖЗЛМНПРТФХЦЧШЩЭЮ])(?![\w'.])|(?<!\w)(?P<item>[а-яё])(?=\) )")


def _read_letter(found: re.Match[str]) -> str:
    return LETTER_NAMES[found[0].upper()]


initials: Rule = substitution(_INITIALS, _read_initials)
RULES: tuple[Rule, ...] = (
    acronyms,
    substitution(_LETTER, _read_letter),
)
