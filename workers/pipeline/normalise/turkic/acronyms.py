"""Words in capital letters: acronyms by the names of their letters, all others as words; and single consonants."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from workers.pipeline.normalise.draft import Edit, Rule, substitution
from workers.pipeline.normalise.inline import sparing
from workers.pipeline.normalise.turkic.grammar import Grammar
from workers.pipeline.normalise.turkic.suffixes import lower


@dataclass(frozen=True)
class Acronyms:
    """What must be known of acronyms one by one; all keys in capitals."""

    letters: Mapping[str, str]
    """Small letters and their names."""
    known: Mapping[str, str]
    """Acronyms that are said in their own way."""
    spelled: frozenset[str]
    """Read by their letters although they look like words, also in a headline."""
    words: frozenset[str]
    """Read as a word although short; among them plain words that a writer may stress by capitals."""
    fronted: Mapping[str, str] = field(default_factory=dict)
    """Other names of letters, which a suffix with front vowels tells: "TDK'nin" is "te de kenin"."""


_CAPITAL = "A-ZÇƏĞİÖŞÜÂ"
_SMALL = "a-zçəğıöşüâîû"
_VOWELS = "AEƏIİOÖUÜÂ"
_CONSONANTS = "BCÇDFGĞHJKLMNPQRSŞTVWXYZ"
_PATTERN = re.compile(
    rf"(?<![\w{{'°])(?<!\|)(?:(?P<capitals>[{_CAPITAL}]{{2,30}}+)"
    rf"(?:(?P<mark>['-])(?P<suffix>[{_SMALL}]{{1,12}}|(?<=')[{_CAPITAL}]{{1,12}})(?![\w|])|(?![\w|]|'\w))"
    rf"|(?P<letter>[{_CONSONANTS}{_CONSONANTS.lower()}])"
    rf"(?:['-](?P<ending>[{_SMALL}]{{1,12}})(?![\w|])|(?![\w|]|'\w|\.(?!\Z))))"
)
_GATE = re.compile(rf"[{_CAPITAL}{_CONSONANTS.lower()}](?:(?<=[{_CAPITAL}])[{_CAPITAL}]|(?<![\w'].)(?!\w))")
_CAPITALS = re.compile(rf"(?<![\w'])[{_CAPITAL}]{{2,30}}(?![\w])")
_SMALL_WORD = re.compile(rf"(?<![\w'-])[{_CAPITAL}]?[{_SMALL}]{{2,}}")

_C, _V = f"[{_CONSONANTS}]", f"[{_VOWELS}]"
# The clusters with which a Turkic word, or a word that came into the language, begins and ends.
_ONSET = f"(?:{_C}|[BDGKPT]R|[BFGKPS]L|S[TPKM])"
_CODAS = (
    "[LRNSŞYV][TKDÇS] [KPFX]T [TSZŞD]N",  # kənd, vaxt, mətn
    "N[CZQG] Y[NBFZ] V[ZCF] L[MFBZ] R[MNPCFŞQBZĞ]",  # genç, meyl, zülm, hərf
    "[SBDTQKFXMHYVC]R [QKFY]L",  # səbr, əql
    "KS SM ZM ŞQ FS MB",  # faks, qism, eşq
)
_CODA = f"(?:{_C}|{'|'.join(' '.join(_CODAS).split())})?"
_SYLLABLES = f"(?:{_C}{{1,3}}{_V}{{1,2}}){{0,12}}{_CODA}"
_PRONOUNCEABLE = re.compile(f"(?:{_V}|{_ONSET}{_V}{{1,2}}){_SYLLABLES}")
# INTERNET, SƏRHƏDI: among front vowels an I can only be an İ without its dot.
_FRONT_WORD = re.compile(f"(?=[^EƏÖÜ]*[EƏÖÜ])(?=[^I]*I)[{_CONSONANTS}IEƏÖÜ]+")
_FRONT = re.compile(r"[^\W\d_aıouâ]*[eəiöü]")
_LONGEST_ACRONYM = 6


def acronyms(table: Acronyms, grammar: Grammar) -> Rule:
    """The rule; a suffix ("BMT-nin") fits the name of the last letter."""
    in_headline = sparing(substitution(_PATTERN, _Reader(table, grammar, headline=True)))
    elsewhere = sparing(substitution(_PATTERN, _Reader(table, grammar, headline=False)))

    def rule(text: str) -> Iterable[Edit]:
        if not _GATE.search(text):
            return ()
        return in_headline(text) if _is_headline(text) else elsewhere(text)

    return rule


class _Reader:
    """Says what is read for one match."""

    def __init__(self, table: Acronyms, grammar: Grammar, *, headline: bool) -> None:
        self._table = table
        self._grammar = grammar
        self._headline = headline

    def __call__(self, found: re.Match[str]) -> str | None:
        if found["letter"]:
            return self._letter(found)
        spoken = self._word(found["capitals"])
        if spoken and found["suffix"] and _FRONT.match(found["suffix"]):
            spoken = self._fronted(spoken)
        if spoken is None and found["mark"] == "-" and self._grammar.harmony.knows(found["suffix"]):
            return lower(found["capitals"] + found["suffix"])  # a word, as it is written: "VÖEN-inizi"
        return self._joined(spoken, found["mark"], found["suffix"]) if spoken and found["suffix"] else spoken

    def _word(self, capitals: str) -> str | None:
        """What is said; None for a plain word."""
        table = self._table
        if capitals in table.words:
            return lower(capitals)
        # A keyboard of these languages makes "İT" of "IT".
        if known := table.known.get(capitals) or table.known.get(capitals.replace("İ", "I")):
            return known
        if capitals not in table.spelled and _is_word(capitals, headline=self._headline):
            return lower(capitals.replace("I", "İ")) if _FRONT_WORD.fullmatch(capitals) else None
        return " ".join(table.letters.get(lower(letter), lower(letter)) for letter in capitals)

    def _fronted(self, spoken: str) -> str:
        for letter, name in self._table.fronted.items():
            usual = f" {self._table.letters[letter]}"
            if spoken.endswith(usual):
                return spoken.removesuffix(usual) + f" {name}"
        return spoken

    def _letter(self, found: re.Match[str]) -> str | None:
        name, ending = self._table.letters[lower(found["letter"])], found["ending"]
        if not ending:
            return name
        if len(ending) == 1 and ending in self._table.letters and ending.upper() in _CONSONANTS:
            return f"{name} {self._table.letters[ending]}"  # 125/D-g
        if found["letter"].islower() and not self._grammar.harmony.knows(ending):
            return None  # "b-bəli": a stammer
        return self._joined(name, "-", ending)

    def _joined(self, spoken: str, mark: str, suffix: str) -> str:
        """A suffix becomes part of the word; another word ("TV-şou") keeps what parts it."""
        knows = self._grammar.harmony.knows
        if mark == "'" or knows(suffix) or knows(suffix[:-1]):  # "SMS-lərim": an m of "mine" may come last
            return self._grammar.inflect(spoken, suffix)
        return f"{spoken}{mark}{lower(suffix)}"


def _is_headline(text: str) -> bool:
    """Whether everything is in capitals, which then tell nothing; what is in small letters may have been a number."""
    words = sum(len(word) > 3 and _PRONOUNCEABLE.fullmatch(word) is not None for word in _CAPITALS.findall(text))
    small = sum(len(word) > 2 for word in _SMALL_WORD.findall(text))
    return words > small if words > 1 else words == 1 and small == 0 and len(_CAPITALS.findall(text)) > 1


def _is_word(capitals: str, *, headline: bool) -> bool:
    if len(capitals) > _LONGEST_ACRONYM:
        return any(letter in _VOWELS for letter in capitals)
    return (headline or len(capitals) > 3) and _PRONOUNCEABLE.fullmatch(capitals) is not None
