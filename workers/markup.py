"""What a document in SSML says of its words, in the terms of the pipeline.

Loads no numerical library: the web process reads with it.
"""

from collections.abc import Callable, Mapping

from synthesis.domain.ssml import Edit, Run, Say
from workers.pipeline.normalise import Markup, Said, say_as

_WORDS: Mapping[Say, Callable[[str, str], str]] = {
    Say.CHARACTERS: say_as.characters,
    Say.DIGITS: say_as.digits,
    Say.CARDINAL: say_as.cardinal,
    Say.ORDINAL: say_as.ordinal,
}


def of(run: Run, language: str) -> Markup:
    """Where the run's text comes from, and what is said otherwise in it, by the words of the language."""
    return Markup(run.starts, run.ends, [_said(edit, language) for edit in run.edits])


def _said(edit: Edit, language: str) -> Said:
    words = _WORDS.get(edit.say)
    return Said(edit.start, edit.end, words(edit.value, language) if words else edit.value, edit.say == Say.IPA)
