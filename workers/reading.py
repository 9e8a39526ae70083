"""Reading for the web process, by name (settings.READER): the rules and lexicons of the workers, no engine."""

from collections.abc import Sequence

from django.conf import settings

from synthesis.reading import SpokenSentence
from workers.lexicons import Lexicons, everybodys
from workers.pipeline.normalise import How, normalise, paragraphs

_lexicons = Lexicons()


def read(text: str, language: str, owner_id: int | None) -> Sequence[SpokenSentence]:
    """See `synthesis.reading.Reader`."""
    lexicon = everybodys(language) if owner_id is None else _lexicons.of(owner_id, language)
    how = How(lexicon, frozenset(settings.READING_WITHOUT))
    found = []
    for paragraph in paragraphs(text):
        reading = normalise(paragraph.text, language, start=paragraph.start, how=how)
        for sentence in reading.sentences:
            original = text[sentence.start : sentence.end]
            start = sentence.start + len(original) - len(original.lstrip())
            if original.strip():
                found.append(SpokenSentence(start, original.strip(), sentence.spoken))
    return found
