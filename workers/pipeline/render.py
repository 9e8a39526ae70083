"""The pipeline as a table of contents: text to chunks, a chunk to audio, a text to an mp3."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import partial
from itertools import chain
from pathlib import Path

from models.catalogue import Voice
from models.engines.base import Engine, Ruler
from workers.pipeline.chunking import Chunk, split, utterances
from workers.pipeline.encoding import Tags
from workers.pipeline.errors import NothingToSpeak
from workers.pipeline.joining import encode_chunk
from workers.pipeline.mp3 import BITRATE_KBPS, Mp3Encoder
from workers.pipeline.normalise import AS_SHIPPED, How, Sentence, normalise, paragraphs
from workers.pipeline.passages import Passage, Portion, portions, recorded
from workers.pipeline.speech import speak
from workers.pipeline.together import speak_together


@dataclass(frozen=True, slots=True)
class Rendered:
    """What was written: samples at `sample_rate`, from this many chunks."""

    samples: int
    sample_rate: int
    chunks: int


def chunks(
    text: str,
    voice: Voice,
    ruler: Ruler,
    how: How = AS_SHIPPED,
    pauses: float = 1.0,
    record: Callable[[Sentence], None] | None = None,
    *,
    early: bool = False,
) -> Iterator[Chunk]:
    """The text as it is spoken, in the portions of the ruler's engine; none when there is nothing to speak.

    `pauses` multiplies the rests between the chunks. `record` is told of each sentence that is spoken, in order, before
    the chunk with its end is given: the chunks' texts are these sentences, each followed by one character. `early` is
    for somebody who hears the first chunks while the others are spoken: they are short (`chunking`).
    """
    sentences = (
        utterance
        for paragraph in paragraphs(text)
        for utterance in utterances(
            recorded(normalise(paragraph.text, voice.language, start=paragraph.start, how=how).sentences, record),
            paragraph.kind,
        )
    )
    measure = partial(ruler.measure, voice=voice)
    for chunk in split(sentences, ruler.limits, measure, voice.language, early=early):
        yield replace(chunk, pause_ms=round(chunk.pause_ms * pauses))


def passage_chunks(
    passages: Iterable[Passage],
    ruler: Ruler,
    lead_ms: int = 0,
    pauses: float = 1.0,
    record: Callable[[Sentence], None] | None = None,
) -> Iterator[Portion]:
    """What `chunks` gives for a plain text, for one that changes its voice, speed or gain, and each with its voice.

    `lead_ms` is the rest before the first. `pauses` does not touch the rests that a passage asks for.
    """
    return portions(passages, ruler, lead_ms, pauses, record)


def speak_chunk(chunk: Chunk, voice: Voice, engine: Engine) -> bytes:
    """The chunk's audio and the rests around it: s16le mono at the engine's sample rate. Raises EngineError."""
    return encode_chunk(speak(chunk.text, voice, engine), chunk.pause_ms, chunk.lead_ms)


def speak_chunks(
    chunks: Sequence[Chunk], voices: Sequence[Voice], engine: Engine, before_each: Callable[[], None]
) -> Iterator[tuple[int, bytes | Exception]]:
    """What `speak_chunk` gives for each chunk in its voice, or raises, with its place, as soon as it is spoken.

    In one go where the engine can, to which the voices are alike (`batch_key`). `before_each` is called before each
    work of the engine, and may end it by raising.
    """
    return speak_together(chunks, voices, engine, before_each)


def render(
    text: str,
    voice: Voice,
    engine: Engine,
    path: Path,
    tags: Tags | None = None,
    bitrate_kbps: int = BITRATE_KBPS,
    how: How = AS_SHIPPED,
) -> Rendered:
    """Speak the whole text into an mp3 at `path`, in memory that does not grow with its length.

    Raises NothingToSpeak, EngineError, EncoderFailed; nothing is left at `path` then.
    """
    portions = chunks(text, voice, engine, how)
    first = next(portions, None)
    if first is None:
        raise NothingToSpeak
    count = 0
    tags = tags or Tags(language=voice.language)
    with Mp3Encoder(path, engine.sample_rate, tags, bitrate_kbps=bitrate_kbps) as encoder:
        for chunk in chain([first], portions):
            encoder.write(speak_chunk(chunk, voice, engine))
            count += 1
    return Rendered(samples=encoder.samples, sample_rate=engine.sample_rate, chunks=count)
