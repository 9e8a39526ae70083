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
