"""Which runtime computes Kokoro, what is made for it, and that both say the same."""

import os
import shutil
import subprocess
from pathlib import Path

import numpy as np
import pytest

from models.audio import Samples
from models.catalogue import catalogue
from models.engines import kernels, kokoro_networks, kokoro_parts
from models.engines.base import EngineError
from models.engines.kokoro import Kokoro
from models.engines.loader import EngineOptions
from models.weights import kokoro_model

TEXTS = [(325643, "Salam."), (325646, "Lütfen pencereyi açın, içerisi çok sıcak."), (325645, "Привет, как дела?")]


@pytest.fixture(scope="module")
def model(options: EngineOptions) -> Path:
    return kokoro_model(options.data_dir)


@pytest.fixture(scope="module")
def parts(model: Path, options: EngineOptions) -> Path:
    return kokoro_parts.parts_of(model, options.data_dir)


@pytest.fixture
def own(parts: Path, model: Path, tmp_path: Path) -> tuple[Path, Path]:
    """A data folder with a copy of the parts, and the parts in it."""
    folder = tmp_path / "weights" / parts.name
    shutil.copytree(parts, folder)
    return tmp_path, folder


def spectrum(samples: Samples) -> Samples:
    """Levels in dB of 24 bands of frames of 1 024 samples."""
    frames = np.lib.stride_tricks.sliding_window_view(samples, 1024)[::256] * np.hanning(1024)
    power = np.abs(np.fft.rfft(frames)) ** 2
    edges = np.unique(np.geomspace(2, 512, 25).astype(int))
    bands: Samples = 10 * np.log10(np.add.reduceat(power, edges[:-1], axis=1) + 1e-3)
    return bands


@pytest.mark.model
@pytest.mark.parametrize("threads", [1, 2])
def test_both_runtimes_say_the_same(model: Path, options: EngineOptions, threads: int) -> None:
    fast = Kokoro(model, threads, options.data_dir, "winograd")
    plain = Kokoro(model, threads, options.data_dir, "onnxruntime")
    for voice, text in TEXTS:
        one, other = (engine.speak(text, catalogue().get(voice)).samples for engine in (fast, plain))
        assert len(one) == len(other)
        assert np.corrcoef(one, other)[0, 1] > 0.97
        assert np.abs(spectrum(one) - spectrum(other)).mean() < 1.5
    for engine in (fast, plain):
        engine.close()


@pytest.mark.model
def test_the_same_text_gives_the_same_bytes(model: Path, options: EngineOptions) -> None:
    voice, text = TEXTS[0]
    spoken = set()
    for threads in (1, 2):
        engine = Kokoro(model, threads, options.data_dir, "winograd")
        assert (engine.runtime, engine.reason) == ("winograd", "set")
        spoken |= {engine.speak(text, catalogue().get(voice)).samples.tobytes() for _ in range(2)}
        engine.close()
    assert len(spoken) == 1


@pytest.mark.model
@pytest.mark.parametrize("damage", ["cut", "changed", "gone", "contents", "format"])
def test_damaged_parts_are_made_anew(own: tuple[Path, Path], model: Path, damage: str) -> None:
    data_dir, folder = own
    file = folder / "middle.onnx"
    good = file.read_bytes()
    if damage == "cut":
        os.truncate(file, 100)
    elif damage == "changed":
        file.write_bytes(bytes(len(good)))
    elif damage == "gone":
        file.unlink()
    elif damage == "contents":
        (folder / "contents.json").write_text("{")
    else:
        (folder / "contents.json").write_text(
            (folder / "contents.json").read_text().replace('"format": 1', '"format": 0')
        )
    assert not kokoro_parts._is_good(folder)
    assert kokoro_parts.parts_of(model, data_dir) == folder
    assert file.read_bytes() == good


@pytest.mark.model
def test_parts_that_were_copied_are_taken(own: tuple[Path, Path]) -> None:
    """With other time stamps they are hashed, not made again."""
    for file in own[1].glob("*.onnx"):
        os.utime(file, ns=(1, 1))
    assert kokoro_parts._is_good(own[1])


@pytest.mark.model
def test_what_a_killed_process_left_goes(own: tuple[Path, Path], model: Path) -> None:
    data_dir, folder = own
    leftover = folder.with_suffix(".parts.making")
    folder.rename(leftover)
    (leftover / "contents.json").unlink()
    (leftover / "stray").write_text("half")
    kokoro_parts.parts_of(model, data_dir)
    assert {file.name for file in folder.iterdir()} == {*kokoro_parts._FILES, "contents.json"}
    assert not leftover.exists()


def test_a_full_disk_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(kokoro_parts, "BYTES", 1 << 60)
    with pytest.raises(OSError, match="MB are needed"):
        kokoro_parts.make(tmp_path / "unused.onnx", tmp_path / "weights" / "model.parts")
    assert [file.name for file in (tmp_path / "weights").iterdir()] == ["model.parts.lock"]


def test_a_model_that_is_none_is_an_engine_error(tmp_path: Path) -> None:
    (tmp_path / "model.onnx").write_bytes(b"not a network")
    with pytest.raises(EngineError) as caught:
        kokoro_parts.parts_of(tmp_path / "model.onnx", tmp_path)
    assert caught.value.code == "parts_missing"
    assert not (tmp_path / "weights" / "model.parts").exists()


@pytest.mark.model
def test_without_a_compiler_onnxruntime_computes(
    own: tuple[Path, Path], model: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr(shutil, "which", lambda name: None)
    with caplog.at_level("WARNING", logger="voicen.kokoro"):
        engine = Kokoro(model, 1, own[0])
    assert (engine.runtime, engine.reason) == ("onnxruntime", "kernels_missing")
    assert "there is no C compiler" in caplog.text
    with pytest.raises(EngineError, match="no C compiler"):
        Kokoro(model, 1, own[0], "winograd")


def test_a_compiler_that_fails_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(kernels, "_FLAGS", ("--no-such-flag",))
    with pytest.raises(EngineError, match="the C compiler failed"):
        kernels.kernels_in(tmp_path)
    assert not list(tmp_path.iterdir())


def test_a_library_that_is_none_is_told(tmp_path: Path) -> None:
    (tmp_path / "kernels.so").write_bytes(b"no library")
    with pytest.raises(EngineError) as caught:
        kernels.Kernels(tmp_path / "kernels.so")
    assert caught.value.code == "kernels_missing"


def test_the_kernels_are_compiled_once(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    kernels.kernels_in(tmp_path)
    (library,) = tmp_path.iterdir()
    before = library.stat().st_mtime_ns
    monkeypatch.setattr(subprocess, "run", None)
    kernels.kernels_in(tmp_path)
    assert library.stat().st_mtime_ns == before


def test_a_processor_with_amx_keeps_onnxruntime(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(kokoro_networks, "_multiplies_tiles", lambda: True)
    monkeypatch.setattr(kokoro_networks, "Whole", lambda model, threads, runtime, reason: (runtime, reason))
    monkeypatch.setattr(kokoro_networks, "_split", None)
    assert kokoro_networks.load(Path("unused"), Path("unused"), 1, "auto") == ("onnxruntime", "amx")  # type: ignore[comparison-overlap]


@pytest.mark.parametrize("runtime", ["cuda", "tensorrt"])
def test_a_gpu_that_onnxruntime_cannot_use_is_told(runtime: str) -> None:
    with pytest.raises(EngineError) as caught:
        kokoro_networks.load(Path("unused"), None, 1, runtime)
    assert caught.value.code == "runtime_missing"
