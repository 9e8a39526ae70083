"""Numbers as they are written: the pattern, its parts, and its words with what is counted."""

import re
from dataclasses import dataclass

from workers.pipeline.normalise.russian import morphology, numerals
from workers.pipeline.normalise.russian.tables import word_set

NUMBER = (
    r"(?:\d{1,3}(?: \d{3}){1,4}+(?:,\d{1,6}+)?+|\d{1,3}(?:\.\d{3}){2,4}+(?:,\d{1,6}+)?+"
    r"|\d{1,3}(?:,\d{3}){2,4}+(?:\.\d{1,6}+)?+"
    r"|\d{1,15}+(?:[.,]\d{1,30}+)?+)"
)
"""One number without a sign; no group."""
BEFORE = r"(?<![\w.,:/+-])"
AFTER = r"(?!\w)(?![.,:/]\d)"
DASH = r" ?(?:[-—–]|…|\.\.\.) ?"
SIGN = r"[-−+±]"

_SCALES = {
    "тыс": "тысяча", "тысяч": "тысяча", "тысячи": "тысяча", "тысяча": "тысяча", "тысячу": "тысяча", "млн": "миллион",
    "миллион": "миллион", "миллиона": "миллион", "миллионов": "миллион", "млрд": "миллиард", "миллиард": "миллиард",
    "миллиарда": "миллиард", "миллиардов": "миллиард", "трлн": "триллион", "триллион": "триллион",
    "триллиона": "триллион", "триллионов": "триллион",
}  # fmt: skip
SCALE = rf"(?:{'|'.join(sorted(_SCALES, key=len, reverse=True))})\b\.?"
_SIGNS = {"-": "минус ", "−": "минус ", "+": "плюс ", "±": "плюс-минус "}


@dataclass(frozen=True)
class Number:
    """A written number."""

    whole: int
    fraction: str = ""
    sign: str = ""
    """The spoken sign with a space after it, or ""."""

    @property
    def is_half_more(self) -> bool:
        """1,5: "полтора"."""
        return self.whole == 1 and self.fraction == "5"

    def words(self, case: str, gender: str = "masc", animate: bool = False) -> str:
        """The number's words in a case."""
        if self.fraction:
            return self.sign + numerals.decimal(self.whole, self.fraction, case)
        return self.sign + numerals.cardinal(self.whole, case, gender, animate)


_THOUSANDS = re.compile(r"\d{1,3}(?:([ .,])\d{3})(?:\1\d{3})*+")


def number(written: str) -> Number:
    """What `NUMBER` with an optional sign has matched."""
    sign = _SIGNS.get(written[:1], "")
    written = written[1:].lstrip() if sign else written
    grouped = _THOUSANDS.match(written)
    if grouped and (grouped[1] == " " or written.count(grouped[1]) > 1 or grouped[0].endswith(".000")):
        whole, rest = grouped[0], written[grouped.end() :]
        return Number(int(re.sub(r"\D", "", whole)), rest[1:], sign)
    whole, _, fraction = written.replace(",", ".").partition(".")
    return Number(int(whole), fraction, sign)


def scaled(quantity: Number, scale: str, case: str, counted: str = "") -> str:
    """ "5 тыс." in a case; `counted` (a phrase for `morphology`) follows in the genitive plural."""
    name = _SCALES[scale.rstrip(".")]
    rest = " " + morphology.declined(counted, "gent", "plur") if counted else ""
    return measured(quantity, name, case) + rest


def measured(quantity: Number, counted: str, case: str) -> str:
    """ "пяти рублей": the number's words and what it counts in the right form."""
    gender = morphology.gender_of(counted)
    if quantity.is_half_more and (half := _one_and_a_half(counted, gender, case)):
        return quantity.sign + half
    words = quantity.words(case, gender)
    if quantity.fraction:
        return f"{words} {morphology.declined(counted, 'gent')}"
    if gender == "femn" and counted == "тысяча" and quantity.whole == 1:
        return quantity.sign + morphology.declined(counted, case)
    return f"{words} {morphology.counted(counted, quantity.whole, case)}"


# Where "полтора" is what everybody says; "одна целая пять десятых процента" stays.
_HALVED = word_set(
    "тысяча миллион миллиард триллион час год минута сутки месяц метр километр литр килограмм тонна",
)


def _one_and_a_half(counted: str, gender: str, case: str) -> str | None:
    if counted not in _HALVED:
        return None
    if case in ("nomn", "accs"):
        return f"{'полторы' if gender == 'femn' else 'полтора'} {morphology.declined(counted, 'gent')}"
    return f"полутора {morphology.declined(counted, case, 'plur')}"
