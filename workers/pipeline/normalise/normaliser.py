"""One paragraph, from written to spoken: the order in which everything else of this package is used."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import cache

from workers.pipeline.normalise.case import lower
from workers.pipeline.normalise.clean import clean
from workers.pipeline.normalise.draft import Draft, Rule
from workers.pipeline.normalise.guard import guard
from workers.pipeline.normalise.inline import sparing
from workers.pipeline.normalise.letters import spell
from workers.pipeline.normalise.lexicon import over_shipped
from workers.pipeline.normalise.marks import tidy
from workers.pipeline.normalise.markup import MarkedDraft, Markup
from workers.pipeline.normalise.reading import Reading, Sentence
from workers.pipeline.normalise.sentences import boundaries
from workers.pipeline.normalise.stages import Stage

LANGUAGES = ("az", "tr", "ru")


@dataclass(frozen=True, slots=True)
class How:
    """What a site or a user has decided about reading.

    `lexicon` is applied before the language's stages, None stands for the one that is shipped. The stages named in
    `without` are passed over.
    """

    lexicon: Rule | None = None
    without: frozenset[str] = frozenset()


AS_SHIPPED = How()


def normalise(
    paragraph: str, language: str, *, start: int = 0, how: How = AS_SHIPPED, markup: Markup | None = None
) -> Reading:
    """Read one paragraph in `language` ("az", "tr" or "ru").

    `start` is the paragraph's place in the whole text, to which all spans refer; with `markup`, which is about that
    whole text, they refer to the document that it was taken from.
    """
    rules = _rules(language, how.without)
    rules = (how.lexicon or over_shipped(language), *rules)
    if markup is not None:
        return Reading(tuple(_marked(paragraph, language, start, rules, markup)))
    sentences = []
    for first, last in boundaries(paragraph, language):
        draft = Draft(paragraph[first:last], start + first)
        _read(draft, language, rules)
        sentences.append(Sentence(start + first, start + last, draft))
    return Reading(tuple(sentences))


def _marked(paragraph: str, language: str, start: int, rules: Sequence[Rule], markup: Markup) -> Iterator[Sentence]:
    lexicon, *rest = rules
    for first, last in markup.whole(boundaries(paragraph, language), start):
        marked = markup.draft(paragraph[first:last], start + first, start + last)
        marked.write_words()
        _read(marked.draft, language, (sparing(lexicon), *rest) if marked.has_sounds else rules, marked)
        yield Sentence(*markup.origin(start + first, start + last), marked.draft)


def stages(language: str) -> tuple[Stage, ...]:
    """What is read in a sentence, in this order. ValueError for an unknown language."""
    return _language(language)[0]


@cache
def _rules(language: str, without: frozenset[str]) -> tuple[Rule, ...]:
    """The stages that are not switched off; what the lexicon has decided is not theirs to change."""
    return tuple(sparing(rule) for name, rule in stages(language) if name not in without)


def _read(draft: Draft, language: str, rules: Sequence[Rule], marked: MarkedDraft | None = None) -> None:
    clean(draft, language)
    if marked is not None:
        marked.write_sounds(language)
    for rule in rules:
        draft.apply(rule)
    guard(draft, language, _language(language)[1])
    lower(draft, language)
    spell(draft, language)
    tidy(draft)


@cache
def _language(language: str) -> tuple[tuple[Stage, ...], Callable[[str], str]]:
    """The stages, and how a digit is read that is left after them. Loaded at first use: Russian needs a dictionary."""
    if language == "az":
        from workers.pipeline.normalise import azerbaijani

        return azerbaijani.STAGES, azerbaijani.GRAMMAR.digits
    if language == "tr":
        from workers.pipeline.normalise import turkish

        return turkish.STAGES, turkish.GRAMMAR.digits
    if language == "ru":
        from workers.pipeline.normalise import russian

        return russian.STAGES, russian.digits
    raise ValueError(f"unknown language {language!r}, known: {', '.join(LANGUAGES)}")
