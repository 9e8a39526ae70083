from collections.abc import Callable
from dataclasses import dataclass, replace

import numpy as np
import pytest

from models.audio import Pcm, Samples
from models.catalogue import Voice
from models.engines.base import ChunkLimits, Engine, EngineError
from tests.pipeline.synthetic import RATE, babble, hiss, silence
from tests.pipeline.synthetic import sound as joined
from workers.pipeline.speech import LEAD_KEPT, TAIL_KEPT, speak, trim


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

    def version(self, voice: Voice) -> str:
        return ""

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


# --- Engines that stumble -------------------------------------------------------------------------------------------


class Stumbles:
    """An engine that speaks a text as a test says: by the seed of the voice and what it was asked for."""

    name = "coqui"
    sample_rate = RATE
    limits = ChunkLimits(160, 300)

    def __init__(self, says: Callable[[str, int], Samples]) -> None:
        self.says = says
        self.asked: list[tuple[str, int]] = []

    def measure(self, text: str, voice: Voice) -> int:
        return len(text)

    def version(self, voice: Voice) -> str:
        return ""

    def speak(self, text: str, voice: Voice) -> Pcm:
        seed = voice.engines["coqui"].get("seed", 0)
        self.asked.append((text, seed))
        return Pcm(self.says(text, seed), RATE)

    def close(self) -> None: ...


class Repeats(Stumbles):
    """The same, but another seed changes nothing."""

    name = "kokoro"

    def speak(self, text: str, voice: Voice) -> Pcm:
        self.asked.append((text, 0))
        return Pcm(self.says(text, 0), RATE)


def well(text: str) -> Samples:
    return babble(0.08 * len(text))


FAULTS: dict[str, Callable[[str], Samples]] = {
    "not a number": lambda text: joined(well(text), np.array([np.nan])),
    "silence inside": lambda text: joined(well(text), silence(3), well(text)),
    "runaway": lambda text: babble(60),
    "a hum after it": lambda text: joined(well(text), hiss(6)),
    "too short": lambda text: babble(0.2),
    "nothing": lambda text: silence(0),
    "no sound": lambda text: silence(3),
}
SENTENCES = "bu gün hava çox gözəldir. gəlin parkda gəzək və çay içək."
CLAUSES = "bu gün hava çox gözəldir, gəlin parkda gəzək və çay içək."
WORDS = "bu gün hava çox gözəldir gəlin parkda gəzək və çay içək"


@pytest.fixture
def coqui_voice(voice: Voice) -> Voice:
    return replace(voice, gain_db=0.0, engines={"coqui": {"model": "a"}})


@pytest.mark.parametrize("fault", FAULTS.values(), ids=FAULTS)
def test_another_seed_is_tried(fault: Callable[[str], Samples], coqui_voice: Voice) -> None:
    engine = Stumbles(lambda text, seed: well(text) if seed else fault(text))
    spoken = speak(SENTENCES, coqui_voice, engine)
    assert engine.asked == [(SENTENCES, 0), (SENTENCES, 1)]
    assert spoken.duration == pytest.approx(0.08 * len(SENTENCES), abs=0.05)


def test_seeds_follow_the_voice_s_own(coqui_voice: Voice) -> None:
    engine = Stumbles(lambda text, seed: well(text) if seed == 43 else babble(60))
    speak(SENTENCES, replace(coqui_voice, engines={"coqui": {"seed": 41}}), engine)
    assert [seed for _, seed in engine.asked] == [41, 42, 43]


@pytest.mark.parametrize("fault", FAULTS.values(), ids=FAULTS)
@pytest.mark.parametrize("make", [Stumbles, Repeats])
@pytest.mark.parametrize(("text", "rest"), [(SENTENCES, 0.25), (CLAUSES, 0.1), (WORDS, 0)])
def test_then_it_is_spoken_in_two_parts(
    make: type[Stumbles], fault: Callable[[str], Samples], text: str, rest: float, coqui_voice: Voice
) -> None:
    engine = make(lambda part, seed: fault(part) if part == text else well(part))
    spoken = speak(text, coqui_voice, engine)
    tries = 3 if make is Stumbles else 1
    assert [asked for asked, _ in engine.asked[:tries]] == [text] * tries
    parts = [asked for asked, _ in engine.asked[tries:]]
    assert len(parts) == 2
    assert "".join(parts).rstrip() == text
    assert all(part.strip() for part in parts)
    assert all(0.3 < len(part) / len(text) < 0.7 for part in parts)
    assert spoken.duration == pytest.approx(0.08 * len("".join(parts)) + rest, abs=0.05)
    assert len(text.split()) == sum(len(part.split()) for part in parts), "no word is cut"


@pytest.mark.parametrize(
    ("fault", "code"), [(FAULTS["runaway"], "implausible_speech"), (FAULTS["nothing"], "empty_audio")]
)
def test_what_stays_wrong_is_refused(fault: Callable[[str], Samples], code: str, coqui_voice: Voice) -> None:
    engine = Stumbles(lambda text, seed: fault(text))
    with pytest.raises(EngineError) as caught:
        speak(SENTENCES, coqui_voice, engine)
    assert (caught.value.code, caught.value.permanent) == (code, False)
    assert len(engine.asked) == 6, "three seeds for the whole, three for its first part"


@pytest.mark.parametrize("text", ["salam.", "salam", "salam!!! …", "a"])
def test_one_word_is_never_cut(text: str, coqui_voice: Voice) -> None:
    engine = Repeats(lambda text, seed: babble(60))
    with pytest.raises(EngineError, match="too slow"):
        speak(text, coqui_voice, engine)
    assert engine.asked == [(text, 0)]


def test_an_engine_that_finds_its_own_sound_bad(coqui_voice: Voice) -> None:
    def says(text: str, seed: int) -> Samples:
        if not seed:
            raise EngineError("the network gave no usable sound", code="bad_output")
        return well(text)

    engine = Stumbles(says)
    speak(SENTENCES, coqui_voice, engine)
    assert len(engine.asked) == 2


def test_another_failure_is_no_stumble(coqui_voice: Voice) -> None:
    def says(text: str, seed: int) -> Samples:
        raise EngineError("the file is broken", code="broken_model", permanent=True)

    engine = Stumbles(says)
    with pytest.raises(EngineError, match="the file is broken"):
        speak(SENTENCES, coqui_voice, engine)
    assert len(engine.asked) == 1


def test_retries_are_logged_without_the_text(coqui_voice: Voice, caplog: pytest.LogCaptureFixture) -> None:
    engine = Stumbles(lambda text, seed: well(text) if text != SENTENCES else babble(60))
    speak(SENTENCES, coqui_voice, engine)
    assert [record.getMessage().partition("; ")[2] for record in caplog.records] == [
        "another seed is tried (1 of 2)",
        "another seed is tried (2 of 2)",
        "it is spoken in 2 parts",
    ]
    assert f"voice {coqui_voice.id}: 45 letters were spoken in 60.00 s, which is too slow" in caplog.text
    assert "hava" not in caplog.text
