"""The places where a sentence may end, with all that tells whether it does."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

_CLOSING = "\"'’”»›)\\]}*_⁰¹²³⁴-⁹"
_OPENING = "\"'“„«‹‘’”(\\[{*_¿¡#"

PICTURES = "[\u2600-\u2767\ufe0f\u200d\U0001f300-\U0001f6ff\U0001f900-\U0001faff]"
"""Regex source: smileys, hearts, hands; no flags and no arrows, which stand between words."""

# One attempt at each run of marks and none inside it: linear also in a text of full stops only.
_STOP = re.compile(
    rf"(?:(?<![.!?…])(?P<marks>[.!?…]++)(?P<closing>(?:[{_CLOSING}]|\[\d{{1,3}}\])*+)"
    rf"|(?<=\w)\s?(?P<pictures>{PICTURES}++))\s++(?=\S)"
)
_NEXT = re.compile(
    rf"(?P<opening>[{_OPENING}]{{0,6}})(?P<dash>[-–—]{{1,3}}(?=\s)|)\s{{0,9}}(?P<again>[{_OPENING}]{{0,6}})"
    r"(?P<word>[^\W_][\w'’-]{0,40}|)(?P<mark>\S?)(?P<second>\s{1,9}[^\W_]|)"
)
# How far back the two words before a stop are looked for.
_BACK = 60
_IN_FRONT = "\"'“„«‹‘’”([{*_¿¡#—–-/"


@dataclass(frozen=True, slots=True)
class Stop:
    """A run of `.!?…` or emoji with white space after it, between what stands before and after it."""

    start: int
    """Place of the first mark."""
    end: int
    """Place after the marks with closing quotes, brackets and footnotes: where the sentence ends if it does."""
    marks: str
    closing: str
    pictures: str
    """Emoji instead of marks."""
    prior: str
    """The word before `word`, as it is written."""
    after_name: bool
    """Whether `prior` has a capital letter for another reason than that it begins the sentence."""
    word: str
    """The word before the marks without quotes and brackets in front; may hold stops ("T.C", "12.05.2026")."""
    sign: str
    """The first character after the white space."""
    opening: str
    dash: bool
    """A dialogue dash stands before the next word."""
    next: str
    """The next word; "" when something else than a letter or digit follows."""
    next_mark: str
    """What touches the end of the next word: "." in "A. Kaya. B. Can" """
    second: str
    """The first letter of the word after the next, when only a space parts them."""

    @property
    def is_point(self) -> bool:
        """Whether it is a single full stop: any other run ends a sentence or is an interjection."""
        return self.marks == "."

    @property
    def before_small(self) -> bool:
        return self.next[:1].islower()

    @property
    def before_capital(self) -> bool:
        return self.next[:1].isupper()

    @property
    def before_number(self) -> bool:
        return self.next[:1].isdigit() or (not self.next and self.sign in "+№#%-−°")

    @property
    def last_part(self) -> str:
        """What stands after the last stop inside `word`: "Dr" in "Prof.Dr"."""
        return self.word.rpartition(".")[2]


def stops(text: str) -> Iterator[Stop]:
    """Every place of `text`, but its end, where a sentence may end."""
    for found in _STOP.finditer(text):
        if follows := _NEXT.match(text, found.end()):  # it always does: every part of it may be empty
            yield _stop(text, found, follows)


def _stop(text: str, found: re.Match[str], follows: re.Match[str]) -> Stop:
    words = text[max(0, found.start() - _BACK) : found.start()].split()[-3:]
    return Stop(
        start=found.start(),
        end=max(found.end("closing"), found.end("pictures")),
        marks=found["marks"] or "",
        closing=found["closing"] or "",
        pictures=found["pictures"] or "",
        prior=words[-2] if len(words) > 1 else "",
        after_name=len(words) > 2 and words[-2][0].isupper() and words[-3][-1] not in ".!?…:",
        word=words[-1].lstrip(_IN_FRONT) if words else "",
        sign=text[found.end()],
        opening=follows["opening"] + follows["again"],
        dash=bool(follows["dash"]),
        next=follows["word"],
        next_mark=follows["mark"],
        second=follows["second"].strip(),
    )
