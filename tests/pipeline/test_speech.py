from dataclasses import dataclass, replace

import numpy as np
import pytest

from models.audio import Pcm, Samples
from models.catalogue import Voice
from models.engines.base import ChunkLimits, Engine, EngineError
from workers.pipeline.speech import LEAD_KEPT, TAIL_KEPT, speak, trim

RATE = 24_000


@dataclass
class Says:
    """An engine that returns these samples for every text."""

    samples: Samples
    name: str = "says"
    sample_rate: int = RATE

    @property
    def limits(self) -> ChunkLimits:
        return ChunkLimits(160, 300)

    def measure(self, text: str, voice: Voice) -> int:
        return len(text)

    def speak(self, text: str, voice: Voice) -> Pcm:
        return Pcm(self.samples, RATE)

    def close(self) -> None: ...


def between_silences(lead: float, sound: Samples, tail: float) -> Samples:
    return np.concatenate(
        [np.zeros(round(lead * RATE), np.float32), sound, np.zeros(round(tail * RATE), np.float32)]
    ).astype(np.float32)


def sound(amplitude: float) -> Samples:
    """Half a second that starts and ends at full amplitude."""
    wave: Samples = (amplitude * np.cos(np.pi * np.arange(RATE // 2))).astype(np.float32)
    return wave


@pytest.mark.parametrize("amplitude", [0.02, 0.5, 1.4])
def test_edges_are_trimmed_whatever_the_level(amplitude: float) -> None:
    trimmed = trim(Pcm(between_silences(0.4, sound(amplitude), 0.5), RATE))
    assert len(trimmed.samples) == round(LEAD_KEPT * RATE) + RATE // 2 + round(TAIL_KEPT * RATE)
    assert np.flatnonzero(trimmed.samples)[0] == round(LEAD_KEPT * RATE)


def test_what_is_not_there_is_not_added() -> None:
    assert len(trim(Pcm(sound(0.5), RATE)).samples) == RATE // 2


def test_noise_below_the_threshold_is_silence() -> None:
    noise = np.full(RATE, 0.002, np.float32)  # -48 dB of the peak
    trimmed = trim(Pcm(np.concatenate([noise, sound(0.5), noise]), RATE))
    assert trimmed.duration == pytest.approx(0.5 + LEAD_KEPT + TAIL_KEPT)


def test_a_quiet_consonant_is_kept() -> None:
    consonant = np.full(RATE // 10, 0.016, np.float32)  # -30 dB of the peak
    trimmed = trim(Pcm(np.concatenate([consonant, sound(0.5)]), RATE))
    assert trimmed.duration == pytest.approx(0.6)


def test_a_hiss_after_the_last_word_is_not() -> None:
    hiss = np.full(RATE // 2, 0.007, np.float32)  # -37 dB of the peak
    trimmed = trim(Pcm(np.concatenate([sound(0.5), hiss]), RATE))
    assert trimmed.duration == pytest.approx(0.5 + TAIL_KEPT)


def test_the_voice_s_gain_is_applied(voice: Voice) -> None:
    spoken = speak("a", replace(voice, gain_db=-6.0), Says(sound(0.5)))
    assert np.abs(spoken.samples).max() == pytest.approx(0.5 * 10 ** (-6 / 20))
    assert spoken.samples.dtype == np.float32


@pytest.mark.parametrize(
    ("samples", "code"),
    [
        (np.zeros(0, np.float32), "empty_audio"),
        (np.zeros(RATE, np.float32), "silent_audio"),
        (np.full(RATE, 1e-5, np.float32), "silent_audio"),
        (np.array([0.5, np.nan], np.float32), "broken_audio"),
        (np.array([0.5, -np.inf], np.float32), "broken_audio"),
    ],
)
def test_what_is_no_speech_is_refused(samples: Samples, code: str, voice: Voice) -> None:
    with pytest.raises(EngineError) as caught:
        speak("a", voice, Says(samples))
    assert (caught.value.code, caught.value.permanent) == (code, False)


def test_the_tone_engine_s_silence_is_cut(voice: Voice, tone: Engine) -> None:
    raw, spoken = tone.speak("salam dünya", voice), speak("salam dünya", voice, tone)
    assert raw.duration - spoken.duration == pytest.approx(0.4 - LEAD_KEPT - TAIL_KEPT, abs=0.02)
