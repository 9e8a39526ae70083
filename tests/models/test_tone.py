from dataclasses import replace

import numpy as np
import pytest

from models.catalogue import Voice, catalogue
from models.engines.tone import Tone


def test_a_character_lasts_sixty_milliseconds_between_two_edges() -> None:
    pcm = Tone().speak("x" * 50, catalogue().get(325640))
    assert pcm.duration == pytest.approx(50 * 0.06 + 2 * 0.2)


def test_the_pitch_is_the_voices_own(voice: Voice) -> None:
    samples = Tone().speak("x" * 20, voice).samples
    spectrum = np.abs(np.fft.rfft(samples))
    loudest = np.argmax(spectrum) * Tone.sample_rate / len(samples)
    assert loudest == pytest.approx(voice.engines["tone"]["hertz"], abs=1)


def test_measure_counts_characters() -> None:
    assert Tone().measure("bir, iki", catalogue().get(325647)) == 8


def test_the_limit_is_exact() -> None:
    voice = catalogue().get(325647)
    assert Tone().speak("x" * 300, voice).duration > 18
    with pytest.raises(Exception, match="301 characters are more than 300"):
        Tone().speak("x" * 301, voice)


def test_a_voice_that_is_to_be_fast_takes_less_time() -> None:
    voice = catalogue().get(325640)
    edges = 2 * 0.2
    usual = Tone().speak("salam dünya", voice).duration - edges
    fast = Tone().speak("salam dünya", replace(voice, speed=2.0)).duration - edges
    assert fast == pytest.approx(usual / 2, rel=0.01)
