"""Jobs in SSML: the runs of their document become chunks, and what is special of a chunk goes with its row.

A job's voice, language and speed are those of its row; `Step.delivery` keeps what differs in one chunk:
`voice_id`, `language`, `speed`, `gain_db` (beside the voice's own) and `lead_ms` (the rest before it).
"""

from collections import deque
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import replace
from functools import cache
from itertools import chain
from typing import Any

from models.catalogue import Voice
from models.engines.base import Ruler
from synthesis.domain.errors import InvalidInput
from synthesis.domain.ssml import NO_TEXT, Closes, Delivery, Document, Mark, Run
from synthesis.services import ssml
from workers import markup
from workers.pipeline import render
from workers.pipeline.chunking import Rest
from workers.pipeline.errors import PipelineError
from workers.pipeline.normalise import How, Sentence
from workers.pipeline.passages import Passage, Portion
from workers.runtime import Runtime

Timed = dict[str, Any]

_RESTS = {Closes.SENTENCE: Rest.SENTENCE, Closes.PARAGRAPH: Rest.PARAGRAPH}


def document(text: str, voice: Voice, speed: float) -> Document:
    """The document of a job of this voice. Raises PipelineError: it was checked, but voices and rules may change."""
    try:
        return ssml.document(text, voice.language, voice, speed)
    except InvalidInput as error:
        message = "the SSML cannot be read any more: one of its voices has changed, or the rules have"
        raise PipelineError(message, code="invalid_ssml", permanent=True) from error


def portions(
    document: Document,
    voice: Voice,
    ruler: Ruler,
    runtime: Runtime,
    how: Callable[[str], How],
    pauses: float,
    record: Callable[[Sentence], None] | None,
) -> Iterator[Portion]:
    """The document in chunks. `voice` is the job's, at the job's speed; `how` a language is read."""

    @cache
    def spoken_by(delivery: Delivery) -> Voice:
        speaker = voice if delivery.voice_id is None else runtime.voice(delivery.voice_id)
        gain_db = speaker.gain_db + delivery.gain_db
        return replace(speaker, language=delivery.language, speed=delivery.speed, gain_db=gain_db)

    how = cache(how)
    passages = (_passage(run, spoken_by(run.delivery), how(run.delivery.language)) for run in document.runs)
    return render.passage_chunks(passages, ruler, document.lead_ms, pauses, record)


def _passage(run: Run, voice: Voice, how: How) -> Passage:
    return Passage(run.text, markup.of(run, voice.language), voice, how, _RESTS.get(run.closes), run.break_ms)


def delivery(portion: Portion, voice: Voice, runtime: Runtime) -> dict[str, Any] | None:
    """What a chunk's row keeps; None when it is spoken as the job says. `voice` is the job's, at the job's speed."""
    spoken = portion.voice
    own = voice if spoken.id == voice.id else runtime.voice(spoken.id)
    kept = {
        "voice_id": (spoken.id, voice.id),
        "language": (spoken.language, voice.language),
        "speed": (spoken.speed, voice.speed),
        "gain_db": (round(spoken.gain_db - own.gain_db, 3), 0.0),
        "lead_ms": (portion.chunk.lead_ms, 0),
    }
    return {name: value for name, (value, usual) in kept.items() if value != usual} or None


def delivered(kept: Mapping[str, Any] | None, voice: Voice, runtime: Runtime) -> Voice:
    """The voice that speaks a chunk of a job of `voice`. Raises UnknownVoice."""
    if not kept:
        return voice
    speaker = runtime.voice(kept["voice_id"]) if "voice_id" in kept else voice
    return replace(
        speaker,
        language=kept.get("language", voice.language),
        speed=kept.get("speed", voice.speed),
        gain_db=speaker.gain_db + kept.get("gain_db", 0.0),
    )


def lead_ms(kept: Mapping[str, Any] | None) -> int:
    """The rest before a chunk."""
    return int((kept or {}).get("lead_ms", 0))


def subtitles(sentences: Iterable[Timed], marks: Iterable[Mark]) -> Iterator[Timed]:
    """The timed sentences without markup in their text, and with `marks` where there are some: name, time, offset."""
    coming = deque(marks)
    held: Timed | None = None
    for sentence in chain(sentences, (None,)):
        if held is not None:
            found = []
            while coming and (sentence is None or _belongs(coming[0], held, sentence)):
                mark = coming.popleft()
                found.append({"name": mark.name, "time": _time(mark, held), "offset": mark.offset})
            text = held["text"].replace(NO_TEXT, "")
            yield {**held, "text": text, "marks": found} if found else {**held, "text": text}
        held = sentence


def _belongs(mark: Mark, sentence: Timed, following: Timed) -> bool:
    """Whether a word at or after the mark is heard in the sentence, or the mark is its end."""
    last = sentence["words"][-1]["offset"] if sentence["words"] else sentence["offset"]
    return mark.offset <= last or (mark.ends and mark.offset <= following["offset"])


def _time(mark: Mark, sentence: Timed) -> float:
    if not mark.ends:
        for word in sentence["words"]:
            if word["offset"] >= mark.offset:
                return float(word["start"])
    ends = [word["end"] for word in sentence["words"] if word["offset"] < mark.offset]
    return float(ends[-1] if ends else sentence["end"])
