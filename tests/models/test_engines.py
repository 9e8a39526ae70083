"""The contract of models/engines/base.py, held against every engine."""

from dataclasses import replace

import numpy as np
import pytest

from models.catalogue import Voice, catalogue
from models.engines.base import Engine, EngineError

SENTENCES = {"az": "Salam, dünya.", "tr": "Merhaba dünya.", "ru": "Здравствуй, мир."}


def a_voice(language: str) -> Voice:
    return next(voice for voice in catalogue() if voice.language == language)


def test_every_voice_speaks(engine: Engine, voice: Voice) -> None:
    pcm = engine.speak(SENTENCES[voice.language], voice)
    assert pcm.sample_rate == engine.sample_rate == 24_000
    assert pcm.samples.dtype == np.float32
    assert np.isfinite(pcm.samples).all()
    assert 0.5 < pcm.duration < 4
    loud = pcm.samples[np.abs(pcm.samples) > 0.01]
    level = 20 * np.log10(np.sqrt(np.mean(loud**2))) + (voice.gain_db if engine.name == "kokoro" else 0)
    assert -24 < level < -16


def test_the_same_text_gives_the_same_samples(engine: Engine) -> None:
    voice = a_voice("tr")
    first, second = (engine.speak("Bir iki üç.", voice) for _ in range(2))
    assert np.array_equal(first.samples, second.samples)


def test_more_text_takes_more_time(engine: Engine) -> None:
    voice = a_voice("az")
    assert engine.speak("Bir iki üç dörd beş altı.", voice).duration > engine.speak("Bir iki.", voice).duration


def test_the_edges_are_silent(engine: Engine) -> None:
    """The pipeline trims silence; an engine must not begin or end within a sound."""
    samples = engine.speak("Salam.", a_voice("az")).samples
    edge = engine.sample_rate // 50
    assert np.abs(samples[:edge]).max() < 0.01
    assert np.abs(samples[-edge:]).max() < 0.01


def test_measure_grows_with_the_text(engine: Engine) -> None:
    voice = a_voice("ru")
    words = ["Наш", "дом", "находится", "совсем", "близко", "от", "моря"]
    lengths = [engine.measure(" ".join(words[:count]), voice) for count in range(1, len(words) + 1)]
    assert lengths == sorted(set(lengths))


@pytest.mark.parametrize("text", ["", " ", "...", "—", "?!", "\n"])
def test_nothing_to_speak_is_a_permanent_error(engine: Engine, voice: Voice, text: str) -> None:
    assert engine.measure(text, voice) == 0
    with pytest.raises(EngineError) as caught:
        engine.speak(text, voice)
    assert (caught.value.code, caught.value.permanent) == ("nothing_to_speak", True)


def test_a_voice_of_another_engine_is_refused(engine: Engine) -> None:
    stranger = replace(a_voice("tr"), engines={"other": {}})
    with pytest.raises(EngineError) as caught:
        engine.speak("Merhaba.", stranger)
    assert (caught.value.code, caught.value.permanent) == ("voice_not_supported", True)


@pytest.mark.parametrize("settings", [{}, {"style": "nobody", "hertz": "high"}, {"style": None, "hertz": -5}])
def test_settings_that_make_no_sense_are_refused(engine: Engine, settings: dict[str, object]) -> None:
    stranger = replace(a_voice("tr"), engines={engine.name: settings})
    with pytest.raises(EngineError) as caught:
        engine.speak("Merhaba.", stranger)
    assert (caught.value.code, caught.value.permanent) == ("voice_not_supported", True)


def test_too_long_a_text_is_refused_and_not_cut(engine: Engine) -> None:
    text = "salam " * 200
    assert engine.measure(text, a_voice("az")) > engine.limits.maximum
    with pytest.raises(EngineError) as caught:
        engine.speak(text, a_voice("az"))
    assert (caught.value.code, caught.value.permanent) == ("text_too_long", True)


def test_an_error_does_not_quote_the_text(engine: Engine) -> None:
    with pytest.raises(EngineError) as caught:
        engine.speak("gizli " * 200, a_voice("tr"))
    assert "gizli" not in str(caught.value)


def test_the_limits_leave_room(engine: Engine) -> None:
    assert 0 < engine.limits.target < engine.limits.maximum
