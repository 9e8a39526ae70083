"""Digits with a full stop: ordinal numbers ("21. yüzyıl") and the numbers of lists and sections ("1. Giriş")."""

import re
from dataclasses import dataclass

from workers.pipeline.normalise.draft import Rule, substitution
from workers.pipeline.normalise.turkic.grammar import Grammar
from workers.pipeline.normalise.turkic.suffixes import SUFFIX_LETTERS, lower
from workers.pipeline.normalise.turkic.within import only_with


@dataclass(frozen=True)
class OrdinalWords:
    """What tells an ordinal number from the number of a list."""

    counted: tuple[str, ...]
    """Beginnings of words, in small letters, that have an ordinal number before them: "bölüm", "dünya"."""
    numbered: frozenset[str]
    """Words, in small letters, that have a cardinal number after them: "madde"."""
    dotted: bool
    """Whether a full stop after digits is the usual way to write an ordinal number."""


def list_numbers(words: OrdinalWords, grammar: Grammar) -> Rule:
    """The number at the start of a sentence, "1)", "(1)", "1.", "1-", "2.3.1", with a rest after it."""
    pattern = re.compile(
        r"\A(?P<open>\()?(?P<number>[0-9]{1,3}(?:\.[0-9]{1,3}){0,5})(?P<mark>[.-]\)|[.)]|-(?= ))? ?"
        r"(?=(?P<next>[^\W\d_]{1,40}|[^\w\s.,)'—-])(?P<after> [^\W\d_])?)"
    )

    def read(found: re.Match[str]) -> str | None:
        if not _is_list_number(found):
            return None
        spoken = f" {grammar.point} ".join(grammar.integer(part) for part in found["number"].split("."))
        return f"{spoken}, "

    def _is_list_number(found: re.Match[str]) -> bool:
        parts = found["number"].split(".")
        following = found["next"]
        if found["open"] and found["mark"] != ")":
            return False
        if len(parts) == 1 and found["mark"] == ".":
            return not _is_ordinal(found)
        if found["mark"]:
            # 4.5. maddeye göre
            return not (words.dotted and found["mark"] == "." and following[:1].islower())
        # 2.3 Bölmə, but 2.5 GB and 1.250 nəfər
        spaced = found[0].endswith(" ")
        return spaced and len(parts) > 1 and len(parts[-1]) < 3 and following.istitle() and len(following) > 2

    def _is_ordinal(found: re.Match[str]) -> bool:
        if not words.dotted:
            return False
        following = found["next"]
        # 12. Yargı Paketi: two names with a capital are a title, but few lists are that long.
        title = len(found["number"]) > 1 and following[:1].isupper() and (found["after"] or "")[1:].isupper()
        return title or following[:1].islower() or lower(following).startswith(words.counted)

    return substitution(pattern, read)


def dotted_ordinals(words: OrdinalWords, grammar: Grammar) -> Rule:
    """ "3. baskı", "1., 2. ve 3. sıra", "5-6. sınıf", "3.sü": a full stop within a sentence ends none."""
    suffix = rf"(?P<suffix>(?i:{SUFFIX_LETTERS}))(?<=[^\W\d]{{2}})(?!\w)"
    following = r"(?= ?(?P<next>[^\W\d_]{1,40})|, ?[0-9]{1,4}\.|-[0-9]{1,4}\.|,? [0-9]{1,4}\.[ ,]|,)"
    pattern = re.compile(
        rf"(?<![\w:/])(?<![0-9][.,-])(?P<sign>(?<![^\s(\[])-)?(?:(?P<first>[0-9]{{1,4}})-)?"
        rf"(?P<number>[0-9]{{1,3}}\.[0-9]{{3}}|[0-9]{{1,4}})\.(?:'?{suffix}|{following}(?P<range>-)?)"
    )

    def read(found: re.Match[str]) -> str | None:
        digits = found["number"].replace(".", "")
        number = grammar.ordinal(int(digits))
        if not found["suffix"] and not _is_ordinal(found):
            return _with_rest(grammar.integer(digits), found) if found["next"] else None
        sign = f"{grammar.minus} " if found["sign"] else ""
        first = f"{grammar.integer(found['first'])} " if found["first"] else ""
        spoken = grammar.inflect(sign + first + number, found["suffix"] or "")
        touching = found["range"] or found.string[found.end() : found.end() + 1].isalnum()
        return f"{spoken} " if touching else spoken

    def _with_rest(spoken: str, found: re.Match[str]) -> str:
        return f"{spoken}," if found.string[found.end()] == " " else f"{spoken}, "

    def _is_ordinal(found: re.Match[str]) -> bool:
        following = found["next"] or "x"
        if words.dotted:
            return following[0].islower() or not _is_numbered(found)
        return following[0].islower() and found["next"] is not None and found.start() > 0

    def _is_numbered(found: re.Match[str]) -> bool:
        before = found.string[max(0, found.start() - 20) : found.start()].split()
        return bool(before) and lower(before[-1]) in words.numbered

    return only_with(r"[0-9]\.", substitution(pattern, read))
