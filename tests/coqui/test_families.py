"""The contract of models/engines/base.py, held against every family of models."""

from pathlib import Path

import numpy as np
import pytest

from models.catalogue import Voice
from models.engines.base import EngineError
from models.engines.coqui.engine import Coqui
from tests.coqui import makers
from tests.coqui.conftest import a_voice

LOW, HIGH = "references/low.wav", "references/high.wav"
VOICES = {
    "VITS": a_voice("single"),
    "VITS with several speakers": a_voice("several", speaker="can"),
    "MMS": a_voice("mms", language="az"),
    "GlowTTS": a_voice("glow"),
    "FastPitch": a_voice("fast-pitch"),
    "Tacotron 2": a_voice("tacotron"),
    "XTTS, studio speaker": a_voice("xtts", speaker="Ayla Kaya"),
    "XTTS, reference": a_voice("xtts", reference=LOW),
    "VITS through OpenVoice": a_voice("single", converter="openvoice", reference=LOW),
    "VITS through FreeVC": a_voice("single", converter="freevc", reference=LOW),
    "VITS through FreeVC with a speaker encoder": a_voice("single", converter="freevc-spk", reference=LOW),
    "VITS through kNN-VC": a_voice("single", converter="knnvc", reference=LOW),
    "XTTS through OpenVoice": a_voice("xtts", speaker="Ayla Kaya", converter="openvoice", reference=HIGH),
}
every_family = pytest.mark.parametrize("voice", VOICES.values(), ids=VOICES.keys())


@every_family
def test_a_voice_speaks(shared_engine: Coqui, voice: Voice) -> None:
    pcm = shared_engine.speak("Bir iki üç.", voice)
    assert pcm.sample_rate == shared_engine.sample_rate == 24_000
    assert pcm.samples.dtype == np.float32
    assert np.isfinite(pcm.samples).all()
    assert np.abs(pcm.samples).max() > 0.001
    assert 0.05 < pcm.duration < 10


@every_family
def test_the_same_text_gives_the_same_samples(shared_engine: Coqui, voice: Voice) -> None:
    first = shared_engine.speak("Bir iki üç.", voice)
    shared_engine.speak("Başka bir şey.", voice)
    assert np.array_equal(first.samples, shared_engine.speak("Bir iki üç.", voice).samples)


@every_family
def test_nothing_to_speak_is_a_permanent_error(shared_engine: Coqui, voice: Voice) -> None:
    for text in ("", " ", "...", "—", "?!"):
        assert shared_engine.measure(text, voice) == 0
        with pytest.raises(EngineError) as caught:
            shared_engine.speak(text, voice)
        assert (caught.value.code, caught.value.permanent) == ("nothing_to_speak", True)


def test_too_long_a_text_is_refused_and_not_cut(shared_engine: Coqui) -> None:
    text = "gizli " * 50
    assert shared_engine.measure(text, a_voice("single")) > shared_engine.limits.maximum
    with pytest.raises(EngineError) as caught:
        shared_engine.speak(text, a_voice("single"))
    assert (caught.value.code, caught.value.permanent) == ("text_too_long", True)
    assert "gizli" not in str(caught.value)


def test_speakers_differ(shared_engine: Coqui) -> None:
    ayla, can = (shared_engine.speak("Merhaba.", a_voice("several", speaker=name)) for name in ("ayla", "can"))
    assert ayla.samples.shape != can.samples.shape or not np.allclose(ayla.samples, can.samples, atol=1e-4)


@pytest.mark.parametrize("converter", ["openvoice", "freevc", "freevc-spk", "knnvc"])
def test_one_model_gives_different_people(shared_engine: Coqui, converter: str) -> None:
    low, high = (
        shared_engine.speak("Merhaba.", a_voice("single", converter=converter, reference=reference))
        for reference in (LOW, HIGH)
    )
    assert low.samples.shape == high.samples.shape  # the model has spoken the same; what follows differs
    assert np.abs(low.samples - high.samples).max() > 0.001 * np.abs(low.samples).max()


def test_another_seed_is_another_reading(shared_engine: Coqui) -> None:
    first, second = (shared_engine.speak("Merhaba dünya.", a_voice("sdp", seed=seed)) for seed in (0, 1))
    assert first.samples.shape != second.samples.shape or not np.allclose(first.samples, second.samples, atol=1e-4)


@pytest.mark.parametrize("model", ["single", "sdp", "glow", "fast-pitch"])
def test_speed_changes_the_tempo(shared_engine: Coqui, model: str) -> None:
    slow, fast = (shared_engine.speak("Bir iki üç dört beş altı.", a_voice(model, speed=s)) for s in (0.5, 2.0))
    assert slow.duration > fast.duration


def test_a_model_with_one_tempo_says_so(shared_engine: Coqui) -> None:
    with pytest.raises(EngineError, match="one tempo") as caught:
        shared_engine.speak("Merhaba.", a_voice("tacotron", speed=1.5))
    assert caught.value.permanent


@pytest.mark.parametrize(
    ("settings", "reason"),
    [
        ({"model": "several"}, "speaker None"),
        ({"model": "several", "speaker": "nobody"}, "ayla, can"),
        ({"model": "xtts"}, "needs a speaker or a reference"),
        ({"model": "xtts", "speaker": "nobody"}, "Ayla Kaya"),
        ({"model": "xtts", "speaker": "Ayla Kaya", "language": "az"}, "does not speak 'az' but tr, ru"),
        ({"model": "single", "converter": "openvoice"}, "converter needs a reference"),
        ({"model": "single", "speed": 9}, "speed is 9"),
        ({"model": "single", "speed": "fast"}, "speed is 'fast'"),
        ({"model": "single", "seed": 1.5}, "seed is 1.5"),
        ({"model": "single", "speaker": 3}, "speaker is 3"),
        ({"model": ""}, "model is ''"),
        ({}, "model is None"),
    ],
)
def test_settings_that_make_no_sense_are_refused(
    shared_engine: Coqui, settings: dict[str, object], reason: str
) -> None:
    voice = Voice(1, "Deneme", "tr", "female", "MIT", engines={"coqui": settings})
    with pytest.raises(EngineError, match=reason) as caught:
        shared_engine.speak("Merhaba.", voice)
    assert (caught.value.code, caught.value.permanent) == ("voice_not_supported", True)


def test_a_voice_of_another_engine_is_refused(shared_engine: Coqui) -> None:
    with pytest.raises(EngineError) as caught:
        shared_engine.speak("Merhaba.", Voice(1, "Deneme", "tr", "female", "MIT", engines={"kokoro": {}}))
    assert (caught.value.code, caught.value.permanent) == ("voice_not_supported", True)


@pytest.mark.parametrize(("family", "fill"), [("xtts", makers.xtts), ("tacotron2", makers.tacotron2)])
def test_a_network_that_finds_no_end_is_told_and_not_cut(engine: Coqui, voices_dir: Path, family: str, fill) -> None:  # type: ignore[no-untyped-def]
    name = f"endless-{family}"
    makers.pack(voices_dir, name, family, lambda folder: fill(folder, stopping=-100.0))
    with pytest.raises(EngineError) as caught:
        engine.speak("Merhaba.", a_voice(name, speaker="Ayla Kaya" if family == "xtts" else None))
    assert (caught.value.code, caught.value.permanent) == ("runaway_audio", False)


def test_a_word_that_the_model_cannot_write_fails_and_is_not_left_out(shared_engine: Coqui, voices_dir: Path) -> None:
    if not (voices_dir / "short-alphabet").exists():
        makers.pack(voices_dir, "short-alphabet", "mms", lambda folder: makers.mms(folder, letters="abcdeinr -"))
    voice = a_voice("short-alphabet")
    assert shared_engine.speak("Bir!", voice).duration > 0
    with pytest.raises(EngineError) as caught:
        shared_engine.speak("bir 東", voice)
    assert (caught.value.code, caught.value.permanent) == ("characters_not_known", True)
    assert "東" not in str(caught.value)
