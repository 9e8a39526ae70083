"""SSML, the subset that the service speaks: a document becomes runs of text, each in one voice at one speed and volume.

Pure. Everything is checked here, before a job is made: what is not supported is refused by its name and place.

    document ─► parsing (expat's events) ─► elements (attributes) ─► records (runs, edits, breaks, marks)
"""

from synthesis.domain.ssml.elements import Refused
from synthesis.domain.ssml.parsing import Misplaced, VoiceOf, parse, reread
from synthesis.domain.ssml.records import NO_TEXT, Closes, Delivery, Document, Edit, Mark, Run, Say

__all__ = [
    "NO_TEXT",
    "Closes",
    "Delivery",
    "Document",
    "Edit",
    "Mark",
    "Misplaced",
    "Refused",
    "Run",
    "Say",
    "VoiceOf",
    "parse",
    "reread",
]
