"""When each sentence and word is heard: against engines whose audio is known, and against what Kokoro says."""

import io
import itertools
from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from models.audio import Pcm
from models.catalogue import Voice, catalogue
from models.engines.base import Engine
from models.engines.tone import Tone
from workers.pipeline import loudness, render, timing
from workers.pipeline.timing import ChunkSound, Place, Recorder, places, timed

AZ = catalogue().get(325640)
TEXT = (
    (
        "Birinci cümlə qısadır. İkinci cümlə 12% və 3,5 manat haqqındadır, bir az uzundur!\n\n"
        "BAŞLIQ\n\n  Üçüncü abzas gəlir… Qonaqlar gəldilər? 😀 Bəli.\n"
    )
    + "Bu, çox uzun bir cümlədir ki, onu heç bir mühərrik bir dəfəyə deyə bilməz, " * 9
    + "vəssalam. Son."
)


def spoken(text: str, voice: Voice, engine: Engine) -> tuple[list[dict[str, Any]], list[ChunkSound]]:
    file = io.BytesIO()
    chunks = list(render.chunks(text, voice, engine, record=Recorder(text, file)))
    sounds = [ChunkSound(chunk.text, render.speak_chunk(chunk, voice, engine)) for chunk in chunks]
    file.seek(0)
    return list(timed(sounds, places(file), text, engine.sample_rate)), sounds


def test_the_words_are_those_of_the_original() -> None:
    found, _ = spoken(TEXT, AZ, Tone())
    assert [sentence["text"] for sentence in found[:6]] == [
        "Birinci cümlə qısadır.",
        "İkinci cümlə 12% və 3,5 manat haqqındadır, bir az uzundur!",
        "BAŞLIQ",
        "Üçüncü abzas gəlir…",
        "Qonaqlar gəldilər?",
        "😀 Bəli.",
    ]
    for sentence in found:
        assert sentence["text"] == TEXT[sentence["offset"] :][: sentence["length"]]
        assert sentence["start"] <= sentence["words"][0]["start"] + 0.001
    words = [TEXT[word["offset"] :][: word["length"]] for word in found[1]["words"]]
    assert words == ["İkinci", "cümlə", "12%", "və", "3,5 manat", "haqqındadır", "bir", "az", "uzundur"]


def test_times_never_go_back() -> None:
    found, sounds = spoken(TEXT, AZ, Tone())
    for timings in (found, *(sentence["words"] for sentence in found)):
        for one in timings:
            assert one["start"] <= one["end"]
        for one, following in itertools.pairwise(timings):
            assert one["end"] <= following["start"] + 0.001
    total = sum(len(sound.frames) for sound in sounds) / 2 / Tone.sample_rate
    assert found[0]["start"] >= 0
    assert found[-1]["end"] <= total


@pytest.mark.parametrize("speed", [1.0, 1.7])
def test_exactly_with_tones(speed: float) -> None:
    """The tone engine gives every character 60 ms: where each sentence begins is known."""
    voice = replace(AZ, speed=speed)
    found, sounds = spoken(TEXT, voice, Tone())
    file = io.BytesIO()
    list(render.chunks(TEXT, voice, Tone(), record=Recorder(TEXT, file)))
    file.seek(0)
    starts = [0]
    for sound in sounds:
        starts.append(starts[-1] + len(sound.text))
    begins = [0.0, *itertools.accumulate(len(sound.frames) / 2 / Tone.sample_rate for sound in sounds)]
    for sentence, place in zip(found, places(file), strict=True):
        number = max(number for number, start in enumerate(starts[:-1]) if start <= place.start)
        # 30 ms of quiet are kept before the hum.
        truth = begins[number] + 0.03 + (place.start - starts[number]) * 0.06 / speed
        assert sentence["start"] == pytest.approx(truth, abs=0.05), sentence["text"]


class Bursts(Tone):
    """Speaks letters at a pace that changes from sentence to sentence, with rests after marks, as people do."""

    def speak(self, text: str, voice: Voice) -> Pcm:
        pieces, paces = [np.zeros(4800, np.float32)], itertools.cycle([0.05, 0.085, 0.065])
        self.starts, position, pace = [], 4800, next(paces)
        for character, before in zip(text, " " + text, strict=False):
            if before in " \n" and character not in " \n" and len(pieces) > 0 and self._begins:
                self.starts.append(position)
                self._begins = False
            if character in ".!?":
                length, loud, pace, self._begins = 0.35, False, next(paces), True
            elif character == ",":
                length, loud = 0.15, False
            elif character in " \n":
                length, loud = 0.03, False
            else:
                length, loud = pace, True
            wave = 0.2 * np.sin(np.arange(round(length * 24_000)) * 0.05) * loud
            pieces.append(wave.astype(np.float32))
            position += len(wave)
        pieces.append(np.zeros(4800, np.float32))
        return Pcm(np.concatenate(pieces), 24_000)

    _begins = True
    starts: list[int]


def test_rests_of_the_voice_are_found() -> None:
    """Paces differ by half: by characters alone the starts would be off by more than the 0.2 s that are promised."""
    text = "Birinci, ikinci gəldi. Üçüncü cümlə isə bir az daha uzun alındı. Dördüncü, beşinci, son. Bitdi."
    engine = Bursts()
    found, sounds = spoken(text, AZ, engine)
    assert len(sounds) == 1, "all sentences are in one chunk"
    truth = [start / 24_000 - (0.2 - 0.03) for start in engine.starts]
    assert len(truth) == len(found) == 4
    for sentence, start in zip(found, truth, strict=True):
        assert sentence["start"] == pytest.approx(start, abs=0.03)


def test_silence_and_nothing() -> None:
    silent = [ChunkSound("bir iki ", bytes(48_000))]
    place = Place(0, 7, 0, 7, [(0, 3, 0, 3), (4, 7, 4, 3)])
    found = list(timed(silent, [place], "bir iki", 24_000))
    assert 0 <= found[0]["words"][0]["start"] < found[0]["words"][1]["start"] <= 1.0
    assert list(timed([], [], "", 24_000)) == []


def test_sounds_of_a_word_take_no_time_of_their_own() -> None:
    loud = (np.sin(np.arange(24_000)) * 9000).astype("<i2").tobytes()
    text = "ab {cd|sˈiːdiːsiːdiː} ef "
    place = Place(0, 24, 0, 8, [(0, 2, 0, 2), (3, 21, 3, 2), (22, 24, 6, 2)])
    words = next(timed([ChunkSound(text, loud)], [place], "ab cd ef", 24_000))["words"]
    assert words[2]["start"] == pytest.approx(6 / 9, abs=0.05)


@given(st.lists(st.floats(0, 10), max_size=6).map(sorted), st.lists(st.floats(0.1, 1.5), max_size=8))
def test_rests_are_taken_once_and_in_order(expected: list[float], gaps: list[float]) -> None:
    rests, at = [], 0.0
    for gap in gaps:
        at += gap
        rests.append(timing._Rest(at, at + gap / 5, at))
    found = [rest for rest in timing._best_rests(expected, rests) if rest is not None]
    assert found == sorted(set(found))


@pytest.mark.model
@pytest.mark.parametrize(
    ("voice_id", "text"),
    [
        (
            325640,
            "Salam, əziz dinləyicilər. Bu gün hava buludludur. Axşam yağış yağacaq! Siz nə fikirləşirsiniz? Çətir "
            "götürün. Yollar sürüşkəndir, ehtiyatlı olun. Sabah isə günəşli olacaq, temperatur 25 dərəcəyə çatacaq.",
        ),
        (
            325642,
            "Merhaba değerli dinleyiciler. Bugün hava bulutlu. Akşam yağmur yağacak! Siz ne düşünüyorsunuz? Şemsiye "
            "alın. Yollar kaygan, dikkatli olun. Yarın güneşli olacak, sıcaklık 25 dereceye ulaşacak.",
        ),
    ],
)
def test_sentences_of_kokoro_begin_after_its_rests(kokoro: Any, voice_id: int, text: str) -> None:
    """What a listener takes for the beginning of a sentence: the end of a rest, within 0.2 s."""
    voice = catalogue().get(voice_id)
    found, sounds = spoken(text, voice, kokoro)
    assert len(sounds) < len(found), "some chunk holds several sentences"
    pcm = Pcm(
        np.frombuffer(b"".join(s.frames for s in sounds), "<i2").astype(np.float32) / np.float32(32768),
        kokoro.sample_rate,
    )
    loud = loudness.loud_frames(pcm) * loudness.FRAME
    onsets = [after for before, after in itertools.pairwise(loud) if after - before >= 0.08]
    onsets.insert(0, loud[0])
    taken = []
    for sentence in found:
        nearest = min(onsets, key=lambda onset: abs(onset - sentence["start"]))
        assert abs(nearest - sentence["start"]) <= 0.2, sentence["text"]
        taken.append(nearest)
    assert len(set(taken)) == len(taken), "each has a rest of its own"
