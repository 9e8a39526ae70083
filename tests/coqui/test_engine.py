"""What the engine does around its models: share, unload, batch, halve, refuse and name what is wrong."""

import json
import shutil
import threading
from collections.abc import Sequence
from itertools import chain
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import soundfile
import torch

from models.catalogue import Voice
from models.engines.base import EngineError
from models.engines.coqui import device, library, references, vits
from models.engines.coqui.engine import Coqui
from models.engines.coqui.model import Line, Wave
from models.engines.loader import EngineOptions, load
from models.packs import LicenceNotAccepted
from tests.coqui import makers
from tests.coqui.conftest import a_voice

TEXTS = ("Bu biraz daha uzun, iki parçalı bir cümledir.", "Evet.", "Yarın sabah gidiyorum.", "Hayır, istemiyorum.")


# --- Models in memory ------------------------------------------------------------------------------------------------


def test_two_voices_of_a_pack_share_one_model(engine: Coqui, monkeypatch: pytest.MonkeyPatch) -> None:
    loads: list[Path] = []
    real = vits.load

    def counted(folder: Path, where: device.Device) -> vits.VitsModel:
        loads.append(folder)
        return real(folder, where)

    monkeypatch.setattr(vits, "load", counted)
    threads = [
        threading.Thread(target=engine.speak, args=("Merhaba.", a_voice("several", speaker=name)))
        for name in ("ayla", "can", "ayla")
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert [folder.name for folder in loads] == ["several"]
    assert engine.loaded() == ("several",)


def test_models_are_unloaded_by_name_and_by_age(engine: Coqui) -> None:
    for model in ("single", "sdp", "mms"):
        engine.speak("Merhaba.", a_voice(model))
    assert engine.loaded() == ("single", "sdp", "mms")
    engine.speak("Merhaba.", a_voice("single"))
    assert engine.unload("sdp")
    assert not engine.unload("sdp")
    assert engine.loaded() == ("mms", "single")
    assert engine.unload_idle(60) == ()
    assert set(engine.unload_idle(0)) == {"mms", "single"}
    assert engine.speak("Merhaba.", a_voice("single")).duration > 0  # loaded again


def test_a_model_that_is_being_loaded_is_not_unloaded(engine: Coqui, monkeypatch: pytest.MonkeyPatch) -> None:
    loads: list[Path] = []
    begun, may_end = threading.Event(), threading.Event()
    real = vits.load

    def slow(folder: Path, where: device.Device) -> vits.VitsModel:
        loads.append(folder)
        begun.set()
        assert may_end.wait(60)
        return real(folder, where)

    monkeypatch.setattr(vits, "load", slow)
    first = threading.Thread(target=engine.speak, args=("Merhaba.", a_voice("single")))
    first.start()
    assert begun.wait(60)
    assert not engine.unload("single")
    may_end.set()
    engine.speak("Merhaba.", a_voice("single"))  # waits for the same loading
    first.join()
    assert len(loads) == 1
    assert engine.loaded() == ("single",)


def test_a_closed_engine_says_so(options: EngineOptions) -> None:
    engine = load("coqui", options)
    engine.close()
    engine.close()
    with pytest.raises(EngineError) as caught:
        engine.speak("Merhaba.", a_voice("single"))
    assert caught.value.code == "engine_closed"


# --- Batches ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("model", ["sdp", "mms"])
def test_threads_with_a_text_each_say_what_one_thread_says(
    options: EngineOptions, shared_engine: Coqui, model: str
) -> None:
    voice = a_voice(model)
    wide = load("coqui", EngineOptions(options.data_dir, None, 2, device="cpu", voices_dir=options.voices_dir))
    assert isinstance(wide, Coqui)
    try:
        assert wide.batch_gains(voice)
        assert not wide.batch_gains(a_voice("glow"))
        together = wide.speak_batch(TEXTS * 2, [voice] * 8)
    finally:
        wide.close()
        device.set_threads(1)
    for text, pcm in zip(TEXTS * 2, together, strict=True):
        alone = shared_engine.speak(text, voice)
        assert pcm.samples.shape == alone.samples.shape
        np.testing.assert_allclose(pcm.samples, alone.samples, atol=1e-5)


def test_one_thread_gains_nothing_by_a_batch(shared_engine: Coqui) -> None:
    assert not shared_engine.batch_gains(a_voice("single"))


class TooLarge:
    """A model on a GPU whose memory takes two texts at once."""

    batch_gains = True
    is_independent = True

    def __init__(self, room: int) -> None:
        self.room = room
        self.calls: list[tuple[str, ...]] = []

    def speak(self, lines: Sequence[Line]) -> list[Wave]:
        self.calls.append(tuple(line.text for line in lines))
        if len(lines) > self.room:
            raise torch.OutOfMemoryError("CUDA out of memory")
        return [Wave(torch.full((len(line.text) * 10,), 0.5), 24_000) for line in lines]


def on_a_gpu(engine: Coqui, monkeypatch: pytest.MonkeyPatch, model: TooLarge) -> Voice:
    monkeypatch.setattr(engine, "_load_model", lambda pack: model)
    return a_voice("single")


def test_a_batch_that_does_not_fit_is_halved(engine: Coqui, monkeypatch: pytest.MonkeyPatch) -> None:
    model = TooLarge(room=2)
    voice = on_a_gpu(engine, monkeypatch, model)
    spoken = engine.speak_batch(TEXTS, [voice] * 4)
    assert [len(pcm.samples) for pcm in spoken] == [len(text) * 10 for text in TEXTS]
    assert [len(call) for call in model.calls] == [4, 2, 2]


def test_batches_are_of_one_length_and_not_too_large(engine: Coqui, monkeypatch: pytest.MonkeyPatch) -> None:
    model = TooLarge(room=99)
    voice = on_a_gpu(engine, monkeypatch, model)
    texts = ["a" * (1 + number * 7 % 40) for number in range(40)]
    engine.speak_batch(texts, [voice] * 40)
    lengths = [[len(text) for text in call] for call in model.calls]
    assert [len(call) for call in lengths] == [16, 16, 8]
    assert list(chain.from_iterable(lengths)) == sorted(map(len, texts), reverse=True)


def test_one_text_that_does_not_fit_may_be_tried_again(engine: Coqui, monkeypatch: pytest.MonkeyPatch) -> None:
    voice = on_a_gpu(engine, monkeypatch, TooLarge(room=0))
    with pytest.raises(EngineError) as caught:
        engine.speak_batch(TEXTS, [voice] * 4)
    assert (caught.value.code, caught.value.permanent) == ("out_of_memory", False)


def test_what_torch_says_is_not_passed_on(engine: Coqui, monkeypatch: pytest.MonkeyPatch) -> None:
    class Broken(TooLarge):
        def speak(self, *_: Any) -> list[Wave]:
            raise RuntimeError("gizli metin")

    with pytest.raises(EngineError) as caught:
        engine.speak("gizli metin", on_a_gpu(engine, monkeypatch, Broken(1)))
    assert str(caught.value) == "voice pack single failed: RuntimeError"


def test_samples_that_are_no_numbers_are_no_sound(engine: Coqui, monkeypatch: pytest.MonkeyPatch) -> None:
    class Broken(TooLarge):
        def speak(self, *_: Any) -> list[Wave]:
            return [Wave(torch.tensor([0.0, torch.nan]), 24_000)]

    with pytest.raises(EngineError) as caught:
        engine.speak("Merhaba.", on_a_gpu(engine, monkeypatch, Broken(1)))
    assert (caught.value.code, caught.value.permanent) == ("bad_output", False)


# --- The device ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", ["cuda", "cuda:3", "cuda:x", "mps", "gpu", ""])
def test_a_device_that_is_not_there_is_named(options: EngineOptions, name: str) -> None:
    if torch.cuda.is_available() and name == "cuda":
        pytest.skip("it is there")
    with pytest.raises(EngineError, match=f"VOICEN_DEVICE is '{name}'") as caught:
        load("coqui", EngineOptions(options.data_dir, None, 1, device=name, voices_dir=options.voices_dir))
    assert caught.value.permanent


# --- Packs that are not as they should be ----------------------------------------------------------------------------


def copy_of(voices_dir: Path, pack: str, target: Path) -> Path:
    folder = target / pack
    shutil.copytree(voices_dir / pack, folder)
    return folder


def refusal(options: EngineOptions, voices_dir: Path, voice: Voice, *accepted: str) -> EngineError:
    engine = load(
        "coqui",
        EngineOptions(
            options.data_dir, None, 1, device="cpu", voices_dir=voices_dir, accepted_licences=frozenset(accepted)
        ),
    )
    try:
        with pytest.raises(EngineError) as caught:
            engine.speak("Merhaba.", voice)
    finally:
        engine.close()
    assert caught.value.permanent
    assert "\n" not in str(caught.value)
    return caught.value


FILES = [
    ("single", "best_model.pth"),
    ("single", "config.json"),
    ("mms", "G_100000.pth"),
    ("mms", "config.json"),
    ("glow", "model_file.pth"),
    ("glow", "vocoder/model.pth"),
    ("glow", "vocoder/config.json"),
    ("xtts", "model.pth"),
    ("xtts", "vocab.json"),
    ("xtts", "speakers_xtts.pth"),
]


@pytest.mark.parametrize(
    ("pack", "name", "damage"),
    [
        (pack, name, damage)
        for pack, name in FILES
        for damage in ("cut", "rubbish", "gone")
        if (name, damage) != ("speakers_xtts.pth", "gone")  # XTTS speaks without studio speakers too
    ],
)
def test_a_damaged_file_is_named(
    options: EngineOptions, voices_dir: Path, tmp_path: Path, pack: str, name: str, damage: str
) -> None:
    file = copy_of(voices_dir, pack, tmp_path) / name
    content = file.read_bytes()
    file.unlink()
    if damage != "gone":
        file.write_bytes(content[: len(content) // 2] if damage == "cut" else b"rubbish")
    voice = a_voice(pack, speaker="Ayla Kaya") if pack == "xtts" else a_voice(pack)
    error = refusal(options, tmp_path, voice)
    assert error.code == "voice_model"
    assert file.name in str(error) or str(file.parent) in str(error)


@pytest.mark.parametrize("damage", ["cut", "rubbish", "gone"])
def test_a_damaged_speaker_encoder_is_named(
    options: EngineOptions, voices_dir: Path, tmp_path: Path, damage: str
) -> None:
    copy_of(voices_dir, "single", tmp_path)
    file = copy_of(voices_dir, "freevc-spk", tmp_path) / "speaker_encoder.pt"
    content = file.read_bytes()
    file.unlink()
    if damage != "gone":
        file.write_bytes(content[: len(content) // 2] if damage == "cut" else b"rubbish")
    reference = str(voices_dir / "references" / "low.wav")
    error = refusal(options, tmp_path, a_voice("single", converter="freevc-spk", reference=reference))
    assert error.code == "voice_model"
    assert "speaker_encoder.pt" in str(error)


def test_weights_of_another_shape_are_refused(options: EngineOptions, voices_dir: Path, tmp_path: Path) -> None:
    folder = copy_of(voices_dir, "single", tmp_path)
    shutil.copyfile(voices_dir / "several" / "best_model.pth", folder / "best_model.pth")
    assert "best_model.pth: cannot be loaded" in str(refusal(options, tmp_path, a_voice("single")))


class Harmful:
    """Unpickled, it writes a file."""

    def __init__(self, file: Path) -> None:
        self.file = file

    def __reduce__(self) -> tuple[Any, ...]:
        return Path.touch, (self.file,)


@pytest.mark.parametrize("name", ["best_model.pth", "model.pth", "G_100000.pth", "speakers_xtts.pth"])
def test_no_program_in_a_checkpoint_is_run(options: EngineOptions, voices_dir: Path, tmp_path: Path, name: str) -> None:
    pack = {"best_model.pth": "single", "G_100000.pth": "mms"}.get(name, "xtts")
    file, proof = copy_of(voices_dir, pack, tmp_path) / name, tmp_path / "proof"
    torch.save({"model": Harmful(proof)}, file)
    voice = a_voice(pack, speaker="Ayla Kaya") if pack == "xtts" else a_voice(pack)
    assert name in str(refusal(options, tmp_path, voice))
    assert not proof.exists()


def test_a_licence_is_accepted_by_name_before_anything_is_loaded(
    options: EngineOptions, voices_dir: Path, tmp_path: Path
) -> None:
    makers.describe(copy_of(voices_dir, "single", tmp_path), "vits", "CC-BY-NC-4.0")
    error = refusal(options, tmp_path, a_voice("single"))
    assert isinstance(error, LicenceNotAccepted)
    assert error.names == ("CC-BY-NC-4.0",)
    accepting = EngineOptions(
        options.data_dir, None, 1, "cpu", voices_dir=tmp_path, accepted_licences=frozenset({"CC-BY-NC-4.0"})
    )
    engine = load("coqui", accepting)
    assert engine.speak("Merhaba.", a_voice("single")).duration > 0
    engine.close()


def test_a_pack_that_is_not_installed_is_named(options: EngineOptions, voices_dir: Path) -> None:
    assert "nobody" in str(refusal(options, voices_dir, a_voice("nobody")))


def test_a_converter_is_no_model_and_a_model_no_converter(options: EngineOptions, voices_dir: Path) -> None:
    voice = a_voice("single", converter="mms", reference="references/low.wav")
    assert "is not one of voice converters" in str(refusal(options, voices_dir, voice))
    assert "freevc" in str(refusal(options, voices_dir, a_voice("freevc")))


@pytest.mark.parametrize(
    ("key", "value"),
    [("characters_class", "os.system"), ("stats_path", "scale_stats.npy"), ("model", "nothing"), ("model", 3)],
)
def test_a_configuration_that_asks_for_more_is_refused(tmp_path: Path, key: str, value: object) -> None:
    file = tmp_path / "config.json"
    file.write_text(json.dumps({"model": "vits", key: value}), encoding="utf-8")
    with pytest.raises(EngineError, match=r"config\.json"):
        library.configuration(file)


# --- References ------------------------------------------------------------------------------------------------------


def test_a_reference_is_heard_once_and_again_when_it_changes(
    options: EngineOptions, voices_dir: Path, tmp_path: Path
) -> None:
    heard: list[str] = []
    recording = makers.recording(tmp_path / "one.wav")

    def work_out() -> dict[str, torch.Tensor]:
        heard.append("heard")
        return {"voice": torch.ones(3)}

    first = references.Impressions(tmp_path / "cache", "pack")
    for impressions in (first, first, references.Impressions(tmp_path / "cache", "pack")):
        assert torch.equal(impressions.get(references.reference(recording), work_out)["voice"], torch.ones(3))
    assert len(heard) == 1
    references.Impressions(tmp_path / "cache", "another").get(references.reference(recording), work_out)
    makers.recording(recording, hertz=300)
    first.get(references.reference(recording), work_out)
    assert len(heard) == 3


def test_a_damaged_cache_is_made_again(tmp_path: Path) -> None:
    recording = references.reference(makers.recording(tmp_path / "one.wav"))
    references.Impressions(tmp_path / "cache", "pack").get(recording, lambda: {"voice": torch.ones(3)})
    (file,) = (tmp_path / "cache").iterdir()
    file.write_bytes(b"rubbish")
    again = references.Impressions(tmp_path / "cache", "pack").get(recording, lambda: {"voice": torch.zeros(3)})
    assert torch.equal(again["voice"], torch.zeros(3))


@pytest.mark.parametrize("content", ["rubbish", "silence", "short", "gone"])
def test_a_recording_that_cannot_be_used_is_named(
    options: EngineOptions, voices_dir: Path, tmp_path: Path, content: str
) -> None:
    file = tmp_path / "person.wav"
    if content == "rubbish":
        file.write_bytes(b"rubbish")
    elif content == "silence":
        soundfile.write(file, np.zeros(48_000, dtype=np.float32), 24_000)
    elif content == "short":
        makers.recording(file, seconds=0.5)
    voice = a_voice("xtts", reference=str(file))
    assert "person.wav" in str(refusal(options, voices_dir, voice))


def test_a_reference_that_is_missing_says_how_to_make_it(options: EngineOptions, voices_dir: Path) -> None:
    error = refusal(options, voices_dir, a_voice("single", converter="openvoice", reference="references/325640.wav"))
    assert error.code == "voice_reference"
    assert f"no reference {voices_dir / 'references' / '325640.wav'}: `manage.py voices references`" in str(error)
