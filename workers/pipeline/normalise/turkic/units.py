"""Units of measure after a number: 5kg · 10-15 kq-dan · 90 km/saat · 25 m²'lik · -3,5°C'ye · 40°24′.

Only after a number: a lone "m" is a letter. What is counted by the hour or by the litre is said first,
as people say it: "saatda doxsan kilometr".
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field

from workers.pipeline.normalise.draft import Rule, substitution
from workers.pipeline.normalise.turkic.grammar import Grammar
from workers.pipeline.normalise.turkic.numerals import NUMBER, SUFFIX, quantity_pattern, read_quantity, scale_pattern
from workers.pipeline.normalise.turkic.suffixes import SUFFIX_LETTERS
from workers.pipeline.normalise.turkic.within import NUMBER_AHEAD, NUMBER_ENDS, only_with, set_apart


@dataclass(frozen=True)
class UnitWords:
    """The units of a language as they are written, and their names."""

    units: Mapping[str, str]
    per: Mapping[str, str]
    """What is said first for a unit behind a slash, where it is not the unit's name in the locative."""
    rates: Mapping[str, tuple[str, str]]
    """Units that hide a slash: "Mbps": ("saniyədə", "meqabit")."""
    with_suffix: Mapping[str, str]
    """Units that have a shorter name before a suffix: "°C-də" is "dərəcədə"."""
    above_zero: str
    """What "+" is before a temperature."""
    arc: tuple[str, str]
    """Minutes and seconds of an angle."""
    directions: Mapping[str, str]
    """"N", "E" … after an angle."""
    times: str
    """What "x" is between two measures: "2 m x 3 m"."""
    no_unit: re.Pattern[str]
    """Text in front of a number that makes a following capital letter a part of it: "No: 12 A"."""
    no_unit_after: re.Pattern[str]
    """Text behind a capital letter that makes it a name: "10 A sinfi"."""
    capitals: frozenset[str] = field(default=frozenset({"kg", "km", "cm", "mm", "gr", "lt", "kq", "sm", "ml"}))
    """Units that are also written in capitals."""

    def names(self) -> dict[str, str]:
        """`units` and those written in capitals."""
        capitals = {unit.upper(): self.units[unit] for unit in self.capitals & self.units.keys()}
        return {"M": self.units["m"], **capitals, **self.units}


def units(words: UnitWords, grammar: Grammar) -> tuple[Rule, ...]:
    """Angles with minutes, then every quantity with a unit."""
    names = words.names()
    reader = _Reader(words, names, grammar)
    unit = _either(names)
    divisor = _either({**names, **words.per})
    # A divisor in letters may have an ending: "km/saatdan".
    whole = _either({word: word for word in words.per if len(word) > 3})
    # The full stop of an abbreviation goes, unless it ends the sentence; "500 m.ə." is no length.
    per = rf"(?: ?/ ?(?:(?P<word>{whole})(?P<ending>{SUFFIX_LETTERS})?(?!\w)|(?P<per>{divisor})))?"
    stop = r"(?![^\W\dx]|x(?!\d)|\d|\.\w|\. ?ə)(?:\.(?= |[,;:)'-]))?"
    pattern = (
        rf"{NUMBER_AHEAD}(?P<amount>{quantity_pattern(grammar)}) ?"
        rf"(?:(?P<rate>{_either(words.rates)})|(?P<unit>{unit}){per}){stop}(?:(?P<by> ?[x×] ?)(?=[0-9])|{SUFFIX})"
    )
    # Without a number only with a suffix, and only what is no word: "dk'da", "kq-ı".
    lone = _either({name: names[name] for name in names if _NO_WORD.fullmatch(name)})
    lone = rf"(?<![\w.'-])(?P<unit>{lone})['-](?P<suffix>{SUFFIX_LETTERS})(?!\w)"
    sides = "".join(words.directions)
    side = rf"(?: ?(?P<side>[{sides}])(?!\w))"
    angle = (
        rf"(?P<degrees>{NUMBER}) ?° ?(?P<minutes>[0-9]{{1,2}}(?:[.,][0-9]{{1,4}})?) ?['′’]"
        rf"(?: ?(?P<seconds>[0-9]{{1,2}}(?:[.,][0-9]{{1,3}})?) ?(?:″|''|′′|(?= ?[{sides}](?!\w))))?{side}?"
    )
    decimal_angle = rf"(?P<degrees>{NUMBER}) ?°{side}"
    return (
        only_with("°", substitution(re.compile(angle), reader.angle)),
        only_with("°", substitution(re.compile(decimal_angle), reader.angle)),
        only_with(
            rf"{NUMBER_ENDS} ?(?:{scale_pattern(grammar)} ?)?(?:{_either(words.rates)}|{unit})",
            substitution(re.compile(pattern), reader.quantity),
        ),
        substitution(re.compile(lone), reader.lone),
    )


_CODE_GOES_ON = re.compile("-[0-9]")
_NO_WORD = re.compile("(?=.{2})[b-df-hj-np-tv-z]{2,3}[²³]?|m[²³]")


def _either(spellings: Mapping[str, object]) -> str:
    return "|".join(map(re.escape, sorted(spellings, key=lambda spelling: (-len(spelling), spelling))))


@dataclass(frozen=True)
class _Reader:
    words: UnitWords
    names: Mapping[str, str]
    grammar: Grammar

    def quantity(self, found: re.Match[str]) -> str | None:
        suffix = found["suffix"] or found["ending"] or ""
        unit = found["unit"]
        if unit and self._is_a_name(unit, found):
            return None
        amount = self._amount(found["amount"])
        if found["rate"]:
            first, name = self.words.rates[found["rate"]]
        else:
            first, name = self._per(found["word"] or found["per"]), self._name(unit, suffix)
            if unit[0] in "°℃℉":
                amount = amount.replace(self.grammar.plus, self.words.above_zero)
        said = " ".join(filter(None, (first, amount, name)))
        if found["by"]:
            return f"{said} {self.words.times}{' ' if found['by'][-1] == ' ' else ''}"
        return set_apart(self.grammar.inflect(said, suffix), found)

    def lone(self, found: re.Match[str]) -> str:
        return self.grammar.inflect(self._name(found["unit"], found["suffix"]), found["suffix"])

    def angle(self, found: re.Match[str]) -> str:
        parts = found.groupdict()
        said = [read_quantity(parts["degrees"], self.grammar), self.words.units["°"]]
        for part, name in zip(("minutes", "seconds"), self.words.arc, strict=True):
            if parts.get(part):
                said += [read_quantity(parts[part], self.grammar), name]
        if parts["side"]:
            said.append(self.words.directions[parts["side"]])
        return set_apart(" ".join(said), found)

    def _amount(self, written: str) -> str:
        over, _, under = written.partition("/")
        # 120/80 mmHg is no fraction.
        if over.isdecimal() and under.isdecimal() and int(over) > int(under):
            return f"{self.grammar.integer(over)} {self.grammar.integer(under)}"
        return read_quantity(written, self.grammar)

    def _name(self, unit: str, suffix: str) -> str:
        return self.words.with_suffix.get(unit, self.names[unit]) if suffix else self.names[unit]

    def _per(self, divisor: str | None) -> str:
        if divisor is None:
            return ""
        return self.words.per.get(divisor) or self.grammar.inflect(self.names[divisor], "da")

    def _is_a_name(self, unit: str, found: re.Match[str]) -> bool:
        """Whether the letter belongs to a house number or a class: "No: 12 A", "10 A sinfi"."""
        if len(unit) > 1 or not unit.isupper():
            return False
        if unit == "M" and not found.string.isupper():
            return True  # metres in a headline only
        if _CODE_GOES_ON.match(found.string, found.end("unit")):
            return True  # 7A-4521
        before = found.string[max(0, found.start() - 24) : found.start()]
        return bool(self.words.no_unit.search(before) or self.words.no_unit_after.match(found.string, found.end()))
