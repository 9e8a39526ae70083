"""What is special to Kokoro; the network itself is replaced by a stand-in wherever its answer does not matter."""

from pathlib import Path
from typing import Any

import numpy as np
import onnxruntime
import pytest

from models.catalogue import catalogue
from models.engines import kokoro, kokoro_networks
from models.engines.base import EngineError
from models.engines.kokoro import MAXIMUM_IDS, Kokoro, styles, vocabulary
from models.phonemes import phonemes
from models.phonemes.stress import StressUnavailable

AYTAC, ANNA = catalogue().get(325640), catalogue().get(325645)


class FakeSession:
    """Remembers what it was given and answers with ``output``."""

    def __init__(self, output: Any) -> None:
        self.output = output
        self.inputs: dict[str, Any] = {}

    def run(self, names: None, inputs: dict[str, Any]) -> list[Any]:
        self.inputs = inputs
        if isinstance(self.output, Exception):
            raise self.output
        return [self.output]


def engine_with(monkeypatch: pytest.MonkeyPatch, output: Any) -> tuple[Kokoro, FakeSession]:
    session = FakeSession(output)
    monkeypatch.setattr(kokoro_networks, "open_session", lambda model, threads, providers: session)
    return Kokoro(Path("unused.onnx")), session


def test_ids_are_framed_and_choose_the_row_of_the_style(monkeypatch: pytest.MonkeyPatch) -> None:
    engine, session = engine_with(monkeypatch, np.zeros(10, dtype=np.float32))
    engine.speak("Salam", AYTAC)
    expected = [vocabulary()[symbol] for symbol in "salam."]
    assert session.inputs["tokens"].tolist() == [[0, *expected, 0]]
    assert session.inputs["tokens"].dtype == np.int64
    assert np.array_equal(session.inputs["style"], styles()["aytac"][6:7])
    assert session.inputs["speed"].tolist() == [1.0]


def test_measure_counts_the_ids_that_are_sent(monkeypatch: pytest.MonkeyPatch) -> None:
    engine, session = engine_with(monkeypatch, np.zeros(10, dtype=np.float32))
    text = "Сегодня хорошая погода"
    engine.speak(text, ANNA)
    assert session.inputs["tokens"].shape == (1, engine.measure(text, ANNA) + 2)


@pytest.mark.parametrize("length", [1, MAXIMUM_IDS])
def test_all_lengths_up_to_the_window_are_taken(monkeypatch: pytest.MonkeyPatch, length: int) -> None:
    engine, session = engine_with(monkeypatch, np.zeros(10, dtype=np.float32))
    monkeypatch.setattr(kokoro, "phonemes", lambda text, language: "a" * length)
    engine.speak("…", AYTAC)
    assert session.inputs["tokens"].shape == (1, length + 2)


def test_one_id_more_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    engine, session = engine_with(monkeypatch, np.zeros(10, dtype=np.float32))
    monkeypatch.setattr(kokoro, "phonemes", lambda text, language: "a" * (MAXIMUM_IDS + 1))
    with pytest.raises(EngineError) as caught:
        engine.speak("…", AYTAC)
    assert caught.value.code == "text_too_long"
    assert session.inputs == {}


@pytest.mark.parametrize("output", [[np.nan], [0.5, np.inf], []])
def test_broken_sound_may_be_tried_again(monkeypatch: pytest.MonkeyPatch, output: list[float]) -> None:
    engine, _ = engine_with(monkeypatch, np.array(output, dtype=np.float32))
    with pytest.raises(EngineError) as caught:
        engine.speak("Salam", AYTAC)
    assert (caught.value.code, caught.value.permanent) == ("bad_output", False)


@pytest.mark.parametrize(
    "failure", [onnxruntime.capi.onnxruntime_pybind11_state.RuntimeException("x"), MemoryError(), RuntimeError()]
)
def test_a_failing_runtime_may_be_tried_again(monkeypatch: pytest.MonkeyPatch, failure: Exception) -> None:
    engine, _ = engine_with(monkeypatch, failure)
    with pytest.raises(EngineError) as caught:
        engine.speak("Salam", AYTAC)
    assert caught.value.permanent is False


def test_a_missing_stress_source_is_an_engine_error(monkeypatch: pytest.MonkeyPatch) -> None:
    engine, _ = engine_with(monkeypatch, np.zeros(10, dtype=np.float32))

    def unavailable(text: str, language: str) -> str:
        raise StressUnavailable("espeak-ng cannot be loaded")

    monkeypatch.setattr(kokoro, "phonemes", unavailable)
    for call in (engine.measure, engine.speak):
        with pytest.raises(EngineError) as caught:
            call("Привет", ANNA)
        assert (caught.value.code, caught.value.permanent) == ("stress_unavailable", False)


def test_a_closed_engine_refuses(monkeypatch: pytest.MonkeyPatch) -> None:
    engine, _ = engine_with(monkeypatch, np.zeros(10, dtype=np.float32))
    engine.close()
    engine.close()
    with pytest.raises(EngineError, match="closed"):
        engine.speak("Salam", AYTAC)


@pytest.mark.parametrize("content", [None, b"", b"not a network"])
def test_a_file_that_is_no_network_is_an_engine_error(tmp_path: Path, content: bytes | None) -> None:
    model = tmp_path / "model.onnx"
    if content is not None:
        model.write_bytes(content)
    with pytest.raises(EngineError, match=r"cannot load model\.onnx"):
        Kokoro(model)


def test_phonemes_are_one_id_each() -> None:
    symbols = phonemes("Uşaqlar bağçada top oynayır.", "az")
    assert all(symbol in vocabulary() for symbol in symbols)
