"""Where the sentences of a paragraph begin and end, told from the text as it was written."""

from collections.abc import Callable, Iterable

from workers.pipeline.normalise.sentences import russian, turkic

_ENDS: dict[str, Callable[[str], Iterable[int]]] = {
    "az": turkic.azerbaijani,
    "tr": turkic.turkish,
    "ru": russian.ends,
}


def boundaries(text: str, language: str) -> list[tuple[int, int]]:
    """[start, end) of each sentence of one paragraph, in order; white space between them belongs to none.

    Line breaks inside the paragraph count as spaces. Raises KeyError for a language other than az, tr, ru.
    """
    sentences: list[tuple[int, int]] = []
    start = 0
    for end in (*_ENDS[language](text), len(text)):
        sentence = text[start:end]
        first = end - len(sentence.lstrip())
        last = start + len(sentence.rstrip())
        if first < last:
            sentences.append((first, last))
        start = end
    return sentences
