"""What an SSML document says, without its markup."""

from array import array
from collections.abc import Sequence
from dataclasses import dataclass
from enum import IntEnum, StrEnum

NO_TEXT = "\0"
"""Stands for a character of the markup in `Document.written`. No text holds it: `text.check` refuses it."""


class Say(StrEnum):
    """What `Edit.value` is."""

    WORDS = "words"
    """Text that is read in place of what is written, by all rules of reading."""
    IPA = "ipa"
    CHARACTERS = "characters"
    """Said one after another by their names."""
    DIGITS = "digits"
    """Said one after another, with a rest where they are parted."""
    CARDINAL = "cardinal"
    """Digits, which may follow a minus."""
    ORDINAL = "ordinal"
    """Digits."""


class Closes(IntEnum):
    """What ends with a run."""

    NOTHING = 0
    SENTENCE = 1
    PARAGRAPH = 2


@dataclass(frozen=True, slots=True)
class Delivery:
    """How a run is spoken. `voice_id` None: by the job's voice. `gain_db` is added to the voice's own."""

    voice_id: int | None
    language: str
    speed: float
    gain_db: float = 0.0


@dataclass(frozen=True, slots=True)
class Edit:
    """`value` is said in place of the characters of a run's text from `start` to before `end`."""

    start: int
    end: int
    say: Say
    value: str


@dataclass(slots=True)
class Run:
    """Text in one delivery. Each of its characters is what the document has from `starts[i]` to before `ends[i]`.

    The arrays hold code points. White space of any kind is spaces. `break_ms` is the rest that is asked for after it,
    None: as its last mark and `closes` have it.
    """

    text: str
    starts: "array[int]"
    ends: "array[int]"
    delivery: Delivery
    edits: Sequence[Edit] = ()
    closes: Closes = Closes.NOTHING
    break_ms: int | None = None


@dataclass(frozen=True, slots=True)
class Mark:
    """A name whose time is wanted. `offset`: where it stands in the document.

    `ends`: nothing is read after it in its sentence, so its time is the end of the word before it; else it is the
    beginning of the next one.
    """

    name: str
    offset: int
    ends: bool


@dataclass(frozen=True, slots=True)
class Document:
    """A whole document. `lead_ms` is the rest before its first word."""

    runs: Sequence[Run]
    marks: Sequence[Mark]
    lead_ms: int
    length: int

    def written(self) -> str:
        """The text at its places in the document, with `NO_TEXT` for every character of the markup."""
        characters = [NO_TEXT] * self.length
        for run in self.runs:
            for place, character in zip(run.starts, run.text, strict=True):
                characters[place] = character
        return "".join(characters)
