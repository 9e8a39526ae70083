"""Texts in several voices: no chunk spans two of them or a break, and every rest is as long as it should be."""

from array import array
from dataclasses import replace

import numpy as np
import pytest

from models.catalogue import Voice
from models.engines.base import Engine
from tests.pipeline.conftest import voice_of
from workers.pipeline.chunking import Rest
from workers.pipeline.normalise import AS_SHIPPED, Markup, Sentence
from workers.pipeline.passages import Passage, Portion
from workers.pipeline.render import chunks, passage_chunks, speak_chunk

AZ, RU = voice_of("az"), voice_of("ru")
LONG = "Bu, birinci cümlədir, kifayət qədər uzundur. " * 12


def passage(text: str, voice: Voice = AZ, rest: Rest | None = None, break_ms: int | None = None) -> Passage:
    places = array("I", range(len(text))), array("I", range(1, len(text) + 1))
    return Passage(text, Markup(*places), voice, AS_SHIPPED, rest, break_ms)


def portions(tone: Engine, *passages: Passage, lead_ms: int = 0, pauses: float = 1.0) -> list[Portion]:
    return list(passage_chunks(passages, tone, lead_ms, pauses))


def rests(found: list[Portion]) -> list[int]:
    return [portion.chunk.pause_ms for portion in found]


def test_one_passage_is_read_as_a_plain_text(tone: Engine) -> None:
    found = portions(tone, passage(LONG, rest=Rest.PARAGRAPH))
    assert [portion.chunk for portion in found] == list(chunks(LONG, AZ, tone))
    assert {portion.voice for portion in found} == {AZ}


def test_voices_part_chunks(tone: Engine) -> None:
    slow = replace(AZ, speed=0.5)
    found = portions(
        tone, passage("Bir, "), passage("два", RU), passage(" iki."), passage("Üç."), passage("dörd", slow)
    )
    assert [(portion.chunk.index, portion.chunk.text.strip(), portion.voice) for portion in found] == [
        (0, "bir,", AZ),
        (1, "два", RU),
        (2, "iki. üç.", AZ),
        (3, "dörd", slow),
    ]
    assert rests(found) == [Rest.CLAUSE.value, Rest.WORD.value, Rest.SENTENCE.value, 0]


def test_rests_that_are_asked_for(tone: Engine) -> None:
    """A chunk has 150 ms of quiet around it, which are a part of a break; rests of paragraphs are beside it."""
    found = portions(
        tone,
        passage("bir", break_ms=500),
        passage("iki", break_ms=100),
        passage("…", break_ms=1000),
        passage("üç", rest=Rest.PARAGRAPH),
        passage("dörd", RU, rest=Rest.SENTENCE),
        passage("beş", break_ms=2000),
        lead_ms=300,
        pauses=2.0,
    )
    assert len(found) == 5
    assert rests(found) == [350, 950, 2 * Rest.PARAGRAPH.value, 2 * Rest.SENTENCE.value, 1850]
    assert [portion.chunk.lead_ms for portion in found] == [270, 0, 0, 0, 0]


def test_a_break_is_as_long_as_it_is_heard(tone: Engine) -> None:
    found = portions(tone, passage("salam dünya", break_ms=700), passage("salam dünya"), lead_ms=400)
    frames = b"".join(speak_chunk(portion.chunk, portion.voice, tone) for portion in found)
    loud = np.flatnonzero(np.abs(np.frombuffer(frames, "<i2").astype(int)) > 300) / tone.sample_rate
    gaps = np.diff(loud)
    assert loud[0] == pytest.approx(0.4, abs=0.02)
    assert gaps.max() == pytest.approx(0.7, abs=0.02)


def test_breaks_around_nothing(tone: Engine) -> None:
    assert portions(tone) == portions(tone, passage("…", break_ms=500)) == []
    (only,) = portions(tone, passage("…", break_ms=500), passage("bir"), lead_ms=100)
    assert (only.chunk.lead_ms, only.chunk.pause_ms) == (570, 0)


def test_every_sentence_is_recorded_before_its_chunk(tone: Engine) -> None:
    told: list[Sentence] = []
    spoken = passage_chunks([passage(LONG), passage("да", RU), passage("…")], tone, record=told.append)
    position = 0
    for portion in spoken:
        position += len(portion.chunk.text)
        assert sum(len(sentence.spoken) + 1 for sentence in told) >= position
    assert sum(len(sentence.spoken) + 1 for sentence in told) == position
