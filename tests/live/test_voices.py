"""The nine voices through the whole service, with the weights: level, as long as speech is, and nine people."""

import itertools
from collections.abc import Iterator

import numpy as np
import pytest
from numpy.typing import NDArray

from models.catalogue import Voice, catalogue
from tests.live.audio import RATE, samples
from tests.live.service import Service, running

pytestmark = [pytest.mark.live, pytest.mark.model]

SENTENCES = {
    "az": "Bu gün hava çox gözəldir, gəlin parkda gəzək.",
    "tr": "Bugün hava çok güzel, parka gidelim mi?",
    "ru": "Сегодня прекрасная погода, пойдёмте в парк.",
}


@pytest.fixture(scope="module")
def spoken() -> Iterator[dict[Voice, NDArray[np.float32]]]:
    with running("kokoro") as service:
        yield {voice: samples(speak(service, voice)) for voice in catalogue()}


def speak(service: Service, voice: Voice) -> bytes:
    return service.speak(SENTENCES[voice.language], voice.language, voice.id)


def pitch(audio: NDArray[np.float32]) -> float:
    """Median fundamental frequency in Hz over the loud frames, by autocorrelation."""
    frames = np.lib.stride_tricks.sliding_window_view(audio, RATE // 25)[:: RATE // 50]
    loud = frames[np.sqrt((frames**2).mean(axis=1)) > 0.05]
    found = []
    for frame in loud:
        centred = frame - frame.mean()
        correlation = np.correlate(centred, centred, "full")[frame.size - 1 :]
        shortest, longest = RATE // 400, RATE // 60
        lag = shortest + int(correlation[shortest:longest].argmax())
        if correlation[lag] > 0.5 * correlation[0]:
            found.append(RATE / lag)
    return float(np.median(found))


def test_nine_voices_speak(spoken: dict[Voice, NDArray[np.float32]]) -> None:
    assert len(spoken) == 9
    for voice, audio in spoken.items():
        seconds = audio.size / RATE
        assert 0.04 < seconds / len(SENTENCES[voice.language]) < 0.13, f"{voice.name}: {seconds:.2f} s"


def test_levels_are_alike_and_nothing_clips(spoken: dict[Voice, NDArray[np.float32]]) -> None:
    for voice, audio in spoken.items():
        assert np.abs(audio).max() < 0.999, voice.name
        level = 20 * np.log10(np.sqrt((audio[np.abs(audio) > 0.01] ** 2).mean()))
        assert -24 < level < -16, f"{voice.name}: {level:.1f} dBFS"


def test_no_long_silence(spoken: dict[Voice, NDArray[np.float32]]) -> None:
    for voice, audio in spoken.items():
        loud = np.flatnonzero(np.abs(audio) > 0.01)
        assert loud[0] < 0.2 * RATE, voice.name
        assert audio.size - loud[-1] < 0.3 * RATE, voice.name
        assert np.diff(loud).max() < 0.8 * RATE, voice.name


def test_women_and_men(spoken: dict[Voice, NDArray[np.float32]]) -> None:
    """Women of one language speak higher than its men; across languages the ranges of these nine overlap."""
    for language in ("az", "tr"):
        heights = {voice: pitch(audio) for voice, audio in spoken.items() if voice.language == language}
        women = [hertz for voice, hertz in heights.items() if voice.gender == "female"]
        men = [hertz for voice, hertz in heights.items() if voice.gender == "male"]
        assert min(women) > max(men), {voice.name: round(hertz) for voice, hertz in heights.items()}


def test_nobody_sounds_like_another(spoken: dict[Voice, NDArray[np.float32]]) -> None:
    """The same sentence in two voices gives different long-term spectra."""
    for one, other in itertools.combinations(spoken, 2):
        if one.language != other.language:
            continue
        difference = np.abs(spectrum(spoken[one]) - spectrum(spoken[other])).mean()
        assert difference > 1.5, f"{one.name} and {other.name}: {difference:.2f} dB"


def spectrum(audio: NDArray[np.float32]) -> NDArray[np.float64]:
    """Mean power in 40 bands up to 8 kHz, in dB, its own mean taken away."""
    frames = np.lib.stride_tricks.sliding_window_view(audio, 1024)[::512] * np.hanning(1024)
    power = (np.abs(np.fft.rfft(frames, axis=1)) ** 2).mean(axis=0)[: 1024 * 8000 // RATE]
    bands = 10 * np.log10(np.array([band.mean() for band in np.array_split(power, 40)]) + 1e-12)
    return np.asarray(bands - bands.mean())
