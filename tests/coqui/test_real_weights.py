"""Real weights: Piper's English voice, converted, sounds as it does under onnxruntime, and is understood."""

import io
import json
import wave
from collections.abc import Callable
from pathlib import Path

import numpy as np
import onnxruntime
import pytest
import torch

from benchmarks import english
from benchmarks.intelligibility.recogniser import Recogniser
from benchmarks.intelligibility.scoring import character_error_rate
from models.audio import Pcm, to_int16
from models.engines.coqui import device, vits
from models.engines.coqui.engine import Coqui
from models.engines.coqui.settings import Settings
from models.engines.loader import EngineOptions, load
from tests.coqui import makers
from tests.coqui.conftest import a_voice
from tools import piper_to_coqui

Speak = Callable[[str], Pcm]
NO_CHANCE = (0.0, 1.0, 0.0)
AS_SHIPPED = (0.667, 1.0, 0.8)
"""Piper's own: noise of the sound, tempo, noise of the durations."""


@pytest.fixture(scope="module")
def packs_dir(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("packs")
    makers.pack(folder, "joe", "vits", lambda target: piper_to_coqui.convert(english.voice(), target))
    return folder


class Piper:
    """The voice as it comes, under onnxruntime."""

    def __init__(self) -> None:
        stated = json.loads(Path(f"{english.voice()}.json").read_text(encoding="utf-8"))
        self._rows: dict[str, list[int]] = stated["phoneme_id_map"]
        self._session = onnxruntime.InferenceSession(english.voice(), providers=["CPUExecutionProvider"])

    def speak(self, phonemes: str, scales: tuple[float, float, float]) -> Pcm:
        blank = self._rows["_"]
        ids = [*self._rows["^"], *blank]
        for symbol in phonemes:
            ids += [*self._rows[symbol], *blank]
        ids += self._rows["$"]
        given = {
            "input": np.array([ids], dtype=np.int64),
            "input_lengths": np.array([len(ids)], dtype=np.int64),
            "scales": np.array(scales, dtype=np.float32),
        }
        return Pcm(self._session.run(None, given)[0].reshape(-1), 22_050)


def test_converted_weights_give_the_same_samples(packs_dir: Path) -> None:
    sounds = english.Phonemes().of(english.SENTENCES[0])
    expected = Piper().speak(sounds, NO_CHANCE).samples
    model = vits.load(packs_dir / "joe", device.choose("cpu"))
    model._network.inference_noise_scale = model._network.inference_noise_scale_dp = 0.0
    with torch.inference_mode():
        (wave_,) = model.speak(makers.lines([sounds], Settings("joe", "en"), [0]))
    np.testing.assert_allclose(wave_.samples.numpy(), expected, atol=1e-4)


def test_it_is_understood_as_well_as_under_onnxruntime(packs_dir: Path, tmp_path: Path) -> None:
    phonemes, recogniser, piper = english.Phonemes(), Recogniser(tmp_path), Piper()
    engine = engine_for(packs_dir, tmp_path)
    voice = a_voice("joe", language="en")
    rates = {
        "coqui": mean_rate(recogniser, lambda sounds: engine.speak(sounds, voice), phonemes),
        "onnxruntime": mean_rate(recogniser, lambda sounds: piper.speak(sounds, AS_SHIPPED), phonemes),
    }
    print(f"CER over {len(english.SENTENCES)} sentences: {rates}")  # noqa: T201 - the figure for docs/voices.md
    assert rates["coqui"] < 0.08
    assert rates["coqui"] < rates["onnxruntime"] + 0.03


def engine_for(packs_dir: Path, data_dir: Path) -> Coqui:
    engine = load("coqui", EngineOptions(data_dir, None, threads=1, device="cpu", voices_dir=packs_dir))
    assert isinstance(engine, Coqui)
    return engine


def mean_rate(recogniser: Recogniser, speak: Speak, phonemes: english.Phonemes) -> float:
    rates = [
        character_error_rate(text, recogniser.hear(wav(speak(phonemes.of(text))), "en"), "en")
        for text in english.SENTENCES
    ]
    return sum(rates) / len(rates)


def wav(pcm: Pcm) -> bytes:
    target = io.BytesIO()
    with wave.open(target, "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(2)
        file.setframerate(pcm.sample_rate)
        file.writeframes(to_int16(pcm.samples).tobytes())
    return target.getvalue()
