import subprocess
import sys
from pathlib import Path

import pytest

from models.catalogue import catalogue
from models.engines.loader import EngineOptions, load, names, ruler
from models.engines.tone import Tone
from models.weights import WeightsMissing


def test_an_engine_is_loaded_by_name(options: EngineOptions) -> None:
    assert isinstance(load("tone", options), Tone)


def test_every_engine_answers_to_its_name(options: EngineOptions) -> None:
    assert load("tone", options).name == "tone"
    assert set(names()) == {"coqui", "kokoro", "tone"}


def test_every_engine_has_a_ruler_that_needs_no_weights() -> None:
    turkish = next(voice for voice in catalogue() if voice.language == "tr")
    for name in names():
        assert ruler(name).measure("merhaba dünya", turkish) >= len("merhabadünya")
        assert ruler(name).limits.target <= ruler(name).limits.maximum
    with pytest.raises(ValueError, match="unknown engine 'espeak'"):
        ruler("espeak")


def test_an_unknown_name_is_refused_with_the_known_ones(options: EngineOptions) -> None:
    with pytest.raises(ValueError, match="unknown engine 'espeak'; known are coqui, kokoro, tone"):
        load("espeak", options)


def test_an_engine_has_at_least_one_thread(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="threads"):
        EngineOptions(data_dir=tmp_path, weights_dir=None, threads=0)


def test_kokoro_looks_in_the_operators_folder(tmp_path: Path) -> None:
    with pytest.raises(WeightsMissing, match=str(tmp_path / "mine")):
        load("kokoro", EngineOptions(data_dir=tmp_path, weights_dir=tmp_path / "mine", threads=1))


def test_an_engine_is_imported_only_when_asked_for() -> None:
    script = "import sys, models.engines.loader; print({'onnxruntime', 'models.engines.kokoro'} & set(sys.modules))"
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "set()"
