"""Sounds that cannot be the speech of their text, and sounds that can."""

from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from models.audio import Pcm, Samples
from models.catalogue import Voice, catalogue
from models.engines.base import Engine, EngineError
from tests.pipeline.synthetic import RATE, babble, hiss, silence, sound
from workers.pipeline import render, sanity
from workers.pipeline.sanity import IMPLAUSIBLE, Plausible, fault, plausible

FIGURES = Plausible(fastest=0.04, slowest=0.16)
SENTENCE = "bu gün hava çox gözəldir, gəlin parkda gəzək."  # 36 letters


def found(samples: Samples, text: str = SENTENCE, figures: Plausible = FIGURES) -> str | None:
    """The reason of the fault in these samples."""
    wrong = fault(Pcm(samples, RATE), text, figures)
    assert wrong is None or text not in wrong.reason
    return wrong.reason if wrong else None


@pytest.mark.parametrize("seconds", [1.5, 2.9, 5.5])
def test_speech_of_any_usual_speed_passes(seconds: float) -> None:
    assert found(babble(seconds)) is None


def test_silence_at_the_edges_is_no_length() -> None:
    assert found(sound(silence(2), babble(2.9), silence(20))) is None
    assert found(sound(silence(2), babble(1.2), silence(20))) == "36 letters were spoken in 1.20 s, which is too fast"


@pytest.mark.parametrize(
    ("samples", "code"),
    [
        (silence(0), "empty_audio"),
        (silence(3), "silent_audio"),
        (sound(babble(2), np.array([np.nan])), "broken_audio"),
        (sound(babble(2), np.array([np.inf])), "broken_audio"),
        (babble(0.3), IMPLAUSIBLE),
        (babble(30), IMPLAUSIBLE),
        (sound(babble(1.5), silence(1.7), babble(1.5)), IMPLAUSIBLE),
        (sound(babble(2.5), hiss(2.5)), IMPLAUSIBLE),
    ],
    ids=["empty", "silent", "nan", "infinite", "swallowed", "runaway", "a hole", "a hum at the end"],
)
def test_what_is_no_speech(samples: Samples, code: str) -> None:
    wrong = fault(Pcm(samples, RATE), SENTENCE, FIGURES)
    assert wrong is not None
    assert wrong.code == code
    assert wrong.code in sanity.FAULTS


def test_the_reason_has_the_figures() -> None:
    assert found(babble(30)) == "36 letters were spoken in 30.00 s, which is too slow"
    assert found(sound(babble(1.5), silence(1.7), babble(1.5))) == "there is a silence of 1.7 s inside the speech"
    assert found(sound(babble(2.5), hiss(2.5))) == "the speech ends in a hum of 1.7 s"


def test_a_rest_between_sentences_is_no_hole() -> None:
    assert found(sound(babble(1.5), silence(1.3), babble(1.5))) is None


@pytest.mark.parametrize("text", ["bu gün — hava çox gözəldir", "bu gün… hava çox gözəldir", "bu gün... hava gözəldir"])
def test_a_dash_may_rest_for_longer(text: str) -> None:
    assert found(sound(babble(0.8), silence(2.2), babble(1.2)), text) is None
    assert found(sound(babble(0.8), silence(2.8), babble(1.2)), text) is not None


def test_noise_below_the_speech_is_silence() -> None:
    assert found(sound(babble(1.5), 0.01 * hiss(1.7), babble(1.5))) == "there is a silence of 1.7 s inside the speech"


def test_a_quiet_voice_is_measured_by_itself() -> None:
    assert found(0.01 * babble(2.9)) is None
    assert found(0.01 * sound(babble(2.5), hiss(2.5))) is not None


@pytest.mark.parametrize("text", ["a.", "hə.", "ok", "1"])
def test_a_word_alone_may_be_drawn_out(text: str) -> None:
    assert found(babble(0.6), text) is None


def test_marks_are_rests() -> None:
    alphabet = "a, b, c, d, e, f, g, h"
    assert found(babble(3.5), alphabet) is None
    assert found(babble(3.5), alphabet.replace(",", "")) is not None


def test_a_long_rest_is_no_slow_speech() -> None:
    assert found(sound(*([babble(0.5), silence(1.2)] * 6))) is None
    assert found(sound(*([babble(1.5), silence(0.2)] * 6))) is not None


def test_one_letter_again_and_again_is_spoken_as_a_few_and_may_hum() -> None:
    assert found(babble(0.4), "z" * 40) is None
    assert found(hiss(4), "m" * 40) is None


def test_a_word_that_carries_its_sounds_is_as_long_as_either_reading() -> None:
    abbreviation = "{ABŞ|ɑmeɾikɑ_biɾleʃmiʃ_ʃtɑtlɑɾɯ}"
    assert found(babble(0.5), abbreviation) is None
    assert found(babble(3.5), abbreviation) is None
    assert found(babble(7.5), abbreviation) is not None
    assert found(babble(0.5), abbreviation + " " + SENTENCE) is not None


def test_the_hum_of_the_test_tone_is_its_speech() -> None:
    assert found(hiss(4), figures=replace(FIGURES, steady=True)) is None


def test_engines_have_figures_and_voices_may_have_their_own(voice: Voice) -> None:
    assert plausible(voice, "never heard of").fastest < plausible(voice, "coqui").fastest
    assert plausible(voice, "coqui").seeds > 1
    own = replace(voice, engines={"coqui": {"band": [0.05, 0.1]}})
    assert plausible(own, "coqui") == replace(plausible(voice, "coqui"), fastest=0.05, slowest=0.1)


@pytest.mark.parametrize("band", [0.1, [], [0.1], [0.2, 0.1], [0, 0.1], ["a", "b"], [0.1, float("nan")], [1, 2, 3]])
def test_a_band_that_is_none_is_refused_by_name(voice: Voice, band: Any) -> None:
    with pytest.raises(EngineError, match=r"engines\.coqui\.band") as caught:
        plausible(replace(voice, engines={"coqui": {"band": band}}), "coqui")
    assert caught.value.permanent


ODD = {
    "az": ["a.", "hə!", "aaaaaaaaaaaaaaaaaaaaaaaaa", "mmmmmmmmm", "zzzzzzzzzzzzzzzzz", "abş bmt dqmv", "a, b, c, ç, d"],
    "tr": [
        "a.",
        "yok!",
        "aaaaaaaaaaaaaaaaaaaaaaaaa",
        "mmmmmmmmm",
        "zzzzzzzzzzzzzzzzz",
        "tbmm trt thy",
        "a, b, c, ç, d",
    ],
    "ru": ["а.", "нет!", "ааааааааааааааааааааааааа", "ммммммммм", "ззззззззззззззззз", "сша оон мгу", "а, б, в, г, д"],
}


@pytest.mark.model
@pytest.mark.parametrize("voice_id", catalogue().ids())
def test_no_kokoro_voice_is_refused_for_an_odd_text(voice_id: int, kokoro: Engine) -> None:
    voice = catalogue().get(voice_id)
    figures = plausible(voice, "kokoro")
    for text in ODD[voice.language]:
        for chunk in render.chunks(text, voice, kokoro):
            assert fault(kokoro.speak(chunk.text, voice), chunk.text, figures) is None, text
