"""Reading for the web process, by name (settings.READER): the rules and lexicons of the workers, no engine."""

from collections.abc import Sequence

from django.conf import settings

from synthesis.domain.ssml import NO_TEXT, Document
from synthesis.reading import SpokenSentence
from workers import markup
from workers.lexicons import Lexicons, everybodys
from workers.pipeline.normalise import How, normalise, paragraphs

_lexicons = Lexicons()


def read(text: str | Document, language: str, owner_id: int | None) -> Sequence[SpokenSentence]:
    """See `synthesis.reading.Reader`."""
    if isinstance(text, Document):
        return _read_document(text, owner_id)
    how = _how(language, owner_id)
    found = []
    for paragraph in paragraphs(text):
        reading = normalise(paragraph.text, language, start=paragraph.start, how=how)
        for sentence in reading.sentences:
            original = text[sentence.start : sentence.end]
            start = sentence.start + len(original) - len(original.lstrip())
            if original.strip():
                found.append(SpokenSentence(start, len(original.strip()), original.strip(), sentence.spoken))
    return found


def _how(language: str, owner_id: int | None) -> How:
    lexicon = everybodys(language) if owner_id is None else _lexicons.of(owner_id, language)
    return How(lexicon, frozenset(settings.READING_WITHOUT))


def _read_document(document: Document, owner_id: int | None) -> Sequence[SpokenSentence]:
    written = document.written()
    found = []
    for run in document.runs:
        language = run.delivery.language
        places = markup.of(run, language)
        for paragraph in paragraphs(run.text):
            reading = normalise(
                paragraph.text, language, start=paragraph.start, how=_how(language, owner_id), markup=places
            )
            for sentence in reading.sentences:
                original = written[sentence.start : sentence.end].replace(NO_TEXT, "")
                length = sentence.end - sentence.start
                found.append(SpokenSentence(sentence.start, length, original, sentence.spoken))
    return found
