"""How a text will be read, for those who want to see it before they hear it.

The rules of reading belong to the workers' side, which this side may not import: the setting READER names the function,
and it is loaded at the first question. A web host that has only its own packages says that it cannot tell.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cache
from typing import cast

from django.conf import settings
from django.utils.module_loading import import_string

from synthesis.domain.errors import VoicenError
from synthesis.domain.ssml import Document


@dataclass(frozen=True, slots=True)
class SpokenSentence:
    """A sentence of the text, `length` characters from `offset` on, and how it is spoken ("" when nothing can be).

    `original` is what stands there; of SSML it lacks the markup, and is shorter.
    """

    offset: int
    length: int
    original: str
    spoken: str


Reader = Callable[[str | Document, str, int | None], Sequence[SpokenSentence]]
"""Text or SSML, language, and the user whose lexicon counts (None: only everybody's) to sentences."""


class CannotRead(VoicenError):
    """This host has no rules of reading."""

    http_status = 503
    code = "unavailable"

    def __init__(self) -> None:
        super().__init__("How a text is read can be asked only where the packages of a worker are installed.")


def read(text: str | Document, language: str, owner_id: int | None) -> Sequence[SpokenSentence]:
    """The sentences of the text. Raises CannotRead."""
    return _reader()(text, language, owner_id)


@cache
def _reader() -> Reader:
    try:
        return cast("Reader", import_string(settings.READER))
    except ImportError as error:
        raise CannotRead from error
