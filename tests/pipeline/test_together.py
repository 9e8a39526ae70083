"""Several chunks in one go: what the engine is asked for, and what comes of each chunk."""

from collections.abc import Sequence
from dataclasses import replace

import pytest

from models.audio import Pcm
from models.catalogue import Voice, catalogue
from models.engines.base import EngineError
from models.engines.tone import Tone
from workers.pipeline import render
from workers.pipeline.chunking import Chunk

VOICE = catalogue().get(325640)
VOICES = [VOICE, catalogue().get(325646), replace(VOICE, gain_db=-6.0), VOICE]
CHUNKS = [Chunk(number, "salam " * size, 100) for number, size in enumerate([5, 1, 9, 3])]


class Together(Tone):
    on_gpu = False

    def __init__(self, answers: int = 64) -> None:
        self.asked: list[list[str]] = []
        self.answers = answers

    def batch_key(self, voice: Voice) -> str:
        return "tone"

    def batch_gains(self, voice: Voice) -> bool:
        return True

    def speak_batch(self, texts: Sequence[str], voices: Sequence[Voice]) -> list[Pcm]:
        self.asked.append(list(texts))
        return [self.speak(text, voice) for text, voice in zip(texts, voices, strict=True)][: self.answers]


def spoken(engine: Tone) -> dict[int, bytes | Exception]:
    return dict(render.speak_chunks(CHUNKS, VOICES, engine, lambda: None))


@pytest.mark.parametrize("answers", [64, 1, 0])
def test_the_same_as_one_by_one(answers: int) -> None:
    """Also from an engine that gives fewer sounds than it was given texts."""
    alone = {place: render.speak_chunk(chunk, VOICES[place], Tone()) for place, chunk in enumerate(CHUNKS)}
    assert spoken(Together(answers)) == spoken(Tone()) == alone


def test_sorted_by_length() -> None:
    engine = Together()
    spoken(engine)
    assert engine.asked == [[CHUNKS[place].text for place in (1, 3, 0, 2)]]


def test_one_that_cannot_be_spoken() -> None:
    engine = Together()
    chunks = [*CHUNKS, Chunk(4, "…", 0)]
    outcome = dict(render.speak_chunks(chunks, [*VOICES, VOICE], engine, lambda: None))
    fault = outcome.pop(4)
    assert isinstance(fault, EngineError)
    assert fault.code == "nothing_to_speak"
    assert outcome == spoken(Tone())
    assert [len(texts) for texts in engine.asked] == [5, 2, 3]


def test_it_can_be_ended_between_two_works_of_the_engine() -> None:
    engine = Together(answers=2)
    came: list[int] = []

    def stop_at_the_third() -> None:
        if len(engine.asked) == 2:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        came.extend(place for place, _ in render.speak_chunks(CHUNKS, VOICES, engine, stop_at_the_third))
    assert [len(texts) for texts in engine.asked] == [4, 2]
    assert came == [1, 3]
