"""A text in passages, each in a voice of its own, into chunks: none of them spans two deliveries or a break.

A stream like `chunking`: memory holds one sentence and two chunks beside the passages.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import partial
from typing import NamedTuple

from models.catalogue import Voice
from models.engines.base import Ruler
from workers.pipeline.chunking import Chunk, Rest, Utterance, is_spoken, packed, rest_of_mark, utterances
from workers.pipeline.normalise import How, Markup, Sentence, normalise, paragraphs
from workers.pipeline.speech import LEAD_KEPT, TAIL_KEPT

_LEAD_MS = round(1000 * LEAD_KEPT)
_QUIET_MS = round(1000 * (LEAD_KEPT + TAIL_KEPT))
"""What `speech` leaves around every chunk: a part of each break that is heard."""

Record = Callable[[Sentence], None]


@dataclass(frozen=True, slots=True)
class Passage:
    """Text in one voice, which carries language, speed and gain. `rest` follows it; None: as its last mark has it.

    `break_ms` is how long nothing is heard after it, in the place of any other rest.
    """

    text: str
    markup: Markup
    voice: Voice
    how: How
    rest: Rest | None = None
    break_ms: int | None = None


class Portion(NamedTuple):
    """A chunk, and the voice that speaks it."""

    chunk: Chunk
    voice: Voice


def recorded(sentences: Iterable[Sentence], record: Record | None) -> Iterator[str]:
    """The sentences as they are spoken; `record` is told of each that has something to speak."""
    for sentence in sentences:
        if record is not None and is_spoken(sentence.spoken):
            record(sentence)
        yield sentence.spoken


def portions(
    passages: Iterable[Passage], ruler: Ruler, lead_ms: int = 0, pauses: float = 1.0, record: Record | None = None
) -> Iterator[Portion]:
    """The passages in the portions of the ruler's engine, as `render.chunks` gives those of a plain text.

    `lead_ms` is the break before the first; `pauses` multiplies the rests that nobody has asked for.
    """
    held: Portion | None = None
    asked: int | None = None
    index = 0
    for group in _groups(passages):
        voice = group[0].voice
        sentences = (utterance for passage in group for utterance in _utterances(passage, record))
        for text, rest in packed(sentences, ruler.limits, partial(ruler.measure, voice=voice), voice.language):
            if held is not None:
                yield _rested(held, asked)
            before = max(0, lead_ms - _LEAD_MS) if held is None else 0
            held, asked = Portion(Chunk(index, text, round(rest.value * pauses), before), voice), None
            index += 1
        if group[-1].break_ms is not None:
            if held is None:
                lead_ms += group[-1].break_ms
            else:
                asked = (asked or 0) + group[-1].break_ms
    if held is not None:
        yield _rested(held, asked or 0)


def _rested(portion: Portion, asked: int | None) -> Portion:
    """With the rest that was asked for, if one was."""
    if asked is None:
        return portion
    return portion._replace(chunk=replace(portion.chunk, pause_ms=max(0, asked - _QUIET_MS)))


def _groups(passages: Iterable[Passage]) -> Iterator[Sequence[Passage]]:
    """Passages that may share a chunk."""
    group: list[Passage] = []
    for passage in passages:
        if group and (group[-1].break_ms is not None or group[-1].voice != passage.voice):
            yield group
            group = []
        group.append(passage)
    if group:
        yield group


def _utterances(passage: Passage, record: Record | None) -> Iterator[Utterance]:
    last = None
    for paragraph in paragraphs(passage.text):
        reading = normalise(
            paragraph.text, passage.voice.language, start=paragraph.start, how=passage.how, markup=passage.markup
        )
        for utterance in utterances(recorded(reading.sentences, record), paragraph.kind):
            if last is not None:
                yield last
            last = utterance
    if last is not None:
        yield Utterance(last.text, passage.rest or rest_of_mark(last.text))
