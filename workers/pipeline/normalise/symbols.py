"""Signs that have a name are said by it; signs that only part words become a space or a rest."""

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass

from workers.pipeline.normalise.draft import Edit, Rule, substitution
from workers.pipeline.normalise.inline import sparing


@dataclass(frozen=True)
class SymbolWords:
    """Signs and their names in one language."""

    names: Mapping[str, str]
    """A sign may be of several characters ("°C"); № is among them."""
    greek: Mapping[str, str]
    """Greek letters of formulas, which stand alone; in Greek words they are spelled as letters."""
    number: str
    """Regex source of how "number" is written before a number, besides №: "[Nn]o"."""
    keys: Mapping[str, str]
    """Signs of a telephone's keys: read so before `key`, with a suffix ("*-u"), and where keys are `pressed`."""
    key: str
    """Beginning of the word for a key: "* düyməsi"."""
    pressed: re.Pattern[str]
    """Words that ask to press a key."""
    alternatives: frozenset[str]
    """Words after which a slash is a rest: "və/və ya". Other words have a space between them."""


_ARROWS = "→←↔⇒⇐⇔➔➜➡⟶↑↓▸"
_PARTING = re.escape(r"_|~•·*\^`´¬¦†‡‖′″")
_SUFFIX = r"(?:['-](?P<suffix>[^\W\d_]{1,12})(?!\w))?"
_TYPED = re.compile(r"\w#(?!\w)")
_DIGIT = re.compile("[0-9]")
_WORD_BEFORE = re.compile(r"[^\W\d_]{1,12} ?\Z")
_LONGEST_WORD = 13

_GREEK_WORDS = {
    "α": "alfa", "β": "beta", "γ": "qamma", "δ": "delta", "ε": "epsilon", "θ": "teta", "λ": "lambda", "μ": "mü",
    "π": "pi", "σ": "siqma", "τ": "tau", "φ": "fi", "ω": "omeqa", "Δ": "delta", "Σ": "siqma", "Ω": "omeqa",
}  # fmt: skip
AZERBAIJANI_GREEK: Mapping[str, str] = _GREEK_WORDS
TURKISH_GREEK: Mapping[str, str] = _GREEK_WORDS | {"γ": "gama", "σ": "sigma", "Σ": "sigma", "ω": "omega", "Ω": "omega"}
RUSSIAN_GREEK: Mapping[str, str] = {
    "α": "альфа", "β": "бета", "γ": "гамма", "δ": "дельта", "ε": "эпсилон", "θ": "тета", "λ": "лямбда", "μ": "мю",
    "π": "пи", "σ": "сигма", "τ": "тау", "φ": "фи", "ω": "омега", "Δ": "дельта", "Σ": "сигма", "Ω": "омега",
}  # fmt: skip


def number_signs(words: SymbolWords) -> Rule:
    """The rule for "№ 5", "No: 5", "Nr. 5": the sign becomes a word, the number is left to the rules of numbers."""
    before_digits = rf"(?:№|(?:{words.number})(?![^\W\d_]))[.:]{{0,2}}(?= ?[#№]? ?[0-9])"
    # "No: 12/5": the rules of codes may have read the number.
    pattern = re.compile(rf"(?<!\w)(?:{before_digits}|(?:{words.number}):(?= ))")
    every_number = substitution(pattern, lambda found: _apart(found, words.names["№"]))

    def rule(text: str) -> Iterable[Edit]:
        return every_number(text) if ":" in text or _DIGIT.search(text) else ()

    return rule


def symbols(words: SymbolWords, join: Callable[[str, str], str]) -> Rule:
    """The rule for every sign that is left; `join` joins a suffix ("&-nin") to the name."""
    longest_first = "|".join(map(re.escape, sorted(words.names, key=len, reverse=True)))
    pattern = re.compile(
        rf"(?:(?P<key>[*#])(?= {words.key}|['-][^\W\d_]{{1,3}}(?!\w))|(?P<lone>(?<!\S)[*#](?![\w*#]| \w))"
        rf"|(?P<name>{longest_first})|(?<![^\W\d_])(?P<greek>[{''.join(words.greek)}])(?!(?![a-z](?![^\W\d_²³]))[^\W\d_])){_SUFFIX}"
        rf"|(?P<slash> ?/[ /]{{0,3}})|(?P<arrow>[{_ARROWS}]++)|(?P<parting>[{_PARTING}]++)"
    )

    def read(found: re.Match[str]) -> str | None:
        if found["lone"]:
            names = words.keys if words.pressed.search(found.string) else words.names
            return _apart(found, names[found["lone"]]) if found["lone"] in names else " "
        if found["name"] == "#" and _TYPED.search(found.string, max(0, found.start() - 1), found.end() + 1):
            return _apart(found, words.keys["#"])  # "1234#" is typed, "#1234" is a number
        if sign := found["key"] or found["name"] or found["greek"]:
            name = (words.keys if found["key"] else words.names if found["name"] else words.greek)[sign]
            suffix = found["suffix"] or ""
            if found["key"] and len(suffix) == 1 and suffix in "ıiuü":
                suffix = f"y{suffix}"  # press it: the accusative
            return _apart(found, join(name, suffix) if suffix else name)
        if found["slash"]:
            return ", " if _word_before(found) in words.alternatives else " "
        return ", " if found["arrow"] else " "

    every_sign = sparing(substitution(pattern, read))
    # One look for any sign is many times faster than the search for each of them; most sentences have none.
    signs = "".join({name[0] for name in words.names} | set(words.greek) | set(_ARROWS))
    gate = re.compile(rf"[{re.escape(signs)}/{_PARTING}]")

    def rule(text: str) -> Iterable[Edit]:
        return every_sign(text) if gate.search(text) else ()

    return rule


def _word_before(found: re.Match[str]) -> str:
    word = _WORD_BEFORE.search(found.string[max(0, found.start() - _LONGEST_WORD) : found.start()])
    return word[0].strip().lower() if word else ""


def _apart(found: re.Match[str], words: str) -> str:
    """`words` with a space where the match touches a letter, a digit or another sign."""
    before, after = found.string[: found.start()][-1:], found.string[found.end() : found.end() + 1]
    return f"{' ' if before and not before.isspace() else ''}{words}{' ' if after.isalnum() else ''}"
