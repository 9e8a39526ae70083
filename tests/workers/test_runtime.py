"""The engines of a worker: each voice by its own, only those that are spoken here, warm before the first step."""

from collections.abc import Callable
from typing import Any

import pytest
from pytest_django import Settings

from models.catalogue import Voice, catalogue
from models.engines import loader
from models.engines.base import Engine, EngineError
from models.engines.loader import EngineOptions
from models.engines.tone import Tone
from synthesis.metrics import counters
from synthesis.services import own_voices, voices
from tests.synthesis.test_own_voices import make
from workers.runtime import Runtime

pytestmark = pytest.mark.django_db


class Recorded(Tone):
    """A tone that notes which voices it has spoken, and cannot speak some."""

    def __init__(self, name: str, spoken: list[tuple[str, int]], mute: set[int]) -> None:
        self.name = name
        self._spoken = spoken
        self._mute = mute

    def _pitch(self, voice: Voice) -> float:
        return 200.0

    def speak(self, text: str, voice: Voice) -> Any:
        if voice.id in self._mute:
            raise EngineError(
                f"the pack of voice {voice.id} is not installed", code="voice_not_installed", permanent=True
            )
        self._spoken.append((self.name, voice.id))
        return super().speak(text, voice)


class Studio:
    """What was spoken, and which voices cannot be."""

    def __init__(self) -> None:
        self.spoken: list[tuple[str, int]] = []
        self.mute: set[int] = set()


@pytest.fixture
def studio(monkeypatch: pytest.MonkeyPatch, settings: Settings) -> Studio:
    it = Studio()
    settings.WORKER_ENGINES = ["tone", "coqui"]

    def build(name: str) -> Callable[[EngineOptions], Engine]:
        return lambda options: Recorded(name, it.spoken, it.mute)

    monkeypatch.setattr(loader, "_ENGINES", {name: build(name) for name in ("tone", "coqui", "kokoro")})
    monkeypatch.setattr("workers.pipeline.sanity._BY_ENGINE", {})
    monkeypatch.setattr("workers.pipeline.sanity._STEADY_DB", 0.0)
    return it


def test_each_voice_is_spoken_by_its_engine(studio: Studio) -> None:
    make(900_001, engine="coqui", settings={"model": "xtts-v2"})
    runtime = Runtime()
    with runtime.engine(runtime.voice(900_001)) as own, runtime.engine(runtime.voice(325640)) as shipped:
        assert (own.name, shipped.name) == ("coqui", "tone")
    runtime.close()


def test_a_change_reaches_a_running_worker(studio: Studio) -> None:
    runtime = Runtime()
    row = make(900_001)
    with runtime.engine(runtime.voice(900_001)) as engine:
        assert engine.name == "tone"
    row.engine, row.settings = "coqui", {"model": "xtts-v2"}
    own_voices.save(row)
    with runtime.engine(runtime.voice(900_001)) as engine:
        assert engine.name == "coqui"
    runtime.close()


def test_an_engine_of_another_host_is_not_loaded(studio: Studio, settings: Settings) -> None:
    settings.WORKER_ENGINES = ["tone"]
    make(900_001, engine="coqui", settings={"model": "xtts-v2"})
    runtime = Runtime()
    assert runtime.cannot_speak() == {900_001}
    with pytest.raises(EngineError, match="coqui is not spoken here") as caught, runtime.engine(runtime.voice(900_001)):
        pass
    assert not caught.value.permanent
    runtime.close()


# --- Warming up ------------------------------------------------------------------------------------------------------


def test_the_first_voice_of_each_language_and_engine(studio: Studio) -> None:
    make(900_001, language="ru", engine="coqui", settings={"model": "xtts-v2"})
    make(900_002, language="ru", engine="coqui", settings={"model": "xtts-v2"})
    Runtime().warm_up()
    assert sorted(studio.spoken) == [("coqui", 900_001), ("tone", 325640), ("tone", 325645), ("tone", 325647)]


def test_the_voices_that_are_named(studio: Studio, settings: Settings) -> None:
    settings.WARM_VOICES = [325648, 325640]
    Runtime().warm_up()
    assert studio.spoken == [("tone", 325648), ("tone", 325640)]


def test_a_voice_without_its_pack_does_not_stop_the_others(studio: Studio, caplog: pytest.LogCaptureFixture) -> None:
    studio.mute = {325640, *(voice.id for voice in catalogue() if voice.language == "ru")}
    Runtime().warm_up()
    assert sorted(studio.spoken) == [("tone", 325641), ("tone", 325647)]
    assert "voice 325640 cannot be spoken here" in caplog.text


def test_no_voice_at_all_is_no_worker(studio: Studio) -> None:
    studio.mute = set(catalogue().ids())
    with pytest.raises(EngineError, match="the pack of voice"):
        Runtime().warm_up()


@pytest.mark.parametrize(
    ("number", "reason"), [(325640, "pack of voice 325640"), (7, "VOICEN_WARM_VOICES: .* no voice 7")]
)
def test_a_named_voice_has_to_be_spoken(studio: Studio, settings: Settings, number: int, reason: str) -> None:
    studio.mute = {325640}
    settings.WARM_VOICES = [number]
    with pytest.raises(EngineError, match=reason):
        Runtime().warm_up()


def test_a_worker_for_an_engine_that_no_voice_needs_yet(studio: Studio, settings: Settings) -> None:
    settings.WORKER_ENGINES = ["coqui"]
    Runtime().warm_up()
    assert studio.spoken == []
    assert voices.not_spoken_by(["coqui"]) == set(catalogue().ids())


# --- What computes them ----------------------------------------------------------------------------------------------


class Choosing(Tone):
    """An engine that has a choice of what computes it."""

    runtime, reason = "winograd", "fastest"


def test_what_computes_an_engine_is_counted_each_time_that_it_is_loaded(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(loader, "_ENGINES", {"tone": lambda options: Choosing()})
    count = counters.engine_loads.labels("tone", "winograd", "fastest")
    before = count._value.get()
    for loaded in (1, 2):
        runtime = Runtime()
        assert runtime.computed_by() == []
        for _ in range(3):
            with runtime.engine(runtime.voice(325640)):
                pass
        assert runtime.computed_by() == ["tone by winograd (fastest)"]
        assert count._value.get() - before == loaded
        runtime.close()


def test_an_engine_without_a_choice_is_not_counted() -> None:
    runtime = Runtime()
    with runtime.engine(runtime.voice(325640)):
        assert runtime.computed_by() == []
    runtime.close()
