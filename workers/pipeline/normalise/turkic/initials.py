"""Initials before and after a name ("A.S. Puşkin", "Mustafa K. Atatürk") and acronyms with full stops ("A.B.D.")."""

import re
from collections.abc import Mapping

from workers.pipeline.normalise.draft import Rule, substitution
from workers.pipeline.normalise.inline import sparing
from workers.pipeline.normalise.turkic.grammar import Grammar
from workers.pipeline.normalise.turkic.suffixes import lower

_CAPITAL = "A-ZÇƏĞİÖŞÜ"
# Azerbaijani and Russian names have initials of two letters: "Yu. Qaqarin".
_INITIAL = rf"(?:Yu|Ya|Yo|Ye|Ch|Sh|Zh|Kh|Th|[{_CAPITAL}])\."
_INITIALS = re.compile(
    rf"(?<![\w.])(?P<letters>{_INITIAL}(?:[ -]?{_INITIAL}){{0,5}})(?:['-](?P<suffix>[^\W\d_]{{1,12}})(?!\w))?"
)
# What is left: a short word with a full stop inside a sentence is an abbreviation that nobody knows.
_UNKNOWN = re.compile(r"(?<![^\W_])(?P<word>[^\W\d_]{1,4}+)\.(?= [^\W_]|[,:;])")
_STOP = re.compile(rf"\.(?!\Z)|(?<![\w])[{_CAPITAL}]\.")
_LETTERS = re.compile(r"[^\W\d_]++")


def initials(names: Mapping[str, str], grammar: Grammar) -> Rule:
    """The rule that says the names of the letters; the sentence keeps its own full stop."""

    def read(found: re.Match[str]) -> str:
        spoken = " ".join(names.get(lower(letter), lower(letter)) for letter in _LETTERS.findall(found["letters"]))
        if found["suffix"]:
            return grammar.inflect(spoken, found["suffix"])
        rest = found.string[found.end() : found.end() + 1]
        return spoken + ("." if not rest else " " if rest.isalnum() else "")

    return _with_stops(substitution(_INITIALS, read))


def unknown_abbreviations() -> Rule:
    """The rule that drops the full stops that end nothing, last of all rules for abbreviations."""
    return _with_stops(substitution(_UNKNOWN, lambda found: found["word"]))


def _with_stops(rule: Rule) -> Rule:
    """`rule`, for texts that have a full stop before a capital letter or inside; most sentences have only their own."""
    spared = sparing(rule)
    return lambda text: spared(text) if _STOP.search(text) else ()
