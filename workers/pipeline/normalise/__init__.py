"""Written text to spoken text: digits, signs and foreign letters become words of the voice's language.

A text is cut into paragraphs, a paragraph into sentences, and each sentence goes through the stages of its language
(`azerbaijani`, `turkish` and `russian` list theirs). What comes out holds, between two letters, nothing but one
space, apostrophe, hyphen or mark, and every word of it knows the stretch of the original that it stands for.

    paragraphs ─► sentences ─► clean ─► lexicon ─► the language's stages ─► guard ─► case ─► letters ─► marks
"""

from workers.pipeline.normalise.lexicon import Lexicon, over_shipped
from workers.pipeline.normalise.markup import Markup, Said
from workers.pipeline.normalise.normaliser import AS_SHIPPED, LANGUAGES, How, normalise, stages
from workers.pipeline.normalise.paragraphs import Kind, Paragraph, paragraphs
from workers.pipeline.normalise.reading import Reading, Sentence

__all__ = [
    "AS_SHIPPED",
    "LANGUAGES",
    "How",
    "Kind",
    "Lexicon",
    "Markup",
    "Paragraph",
    "Reading",
    "Said",
    "Sentence",
    "normalise",
    "over_shipped",
    "paragraphs",
    "stages",
]
