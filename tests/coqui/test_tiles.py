"""The decoder by tiles against torch's: the same samples up to rounding, whatever the generator's shape."""

from pathlib import Path
from typing import Any

import pytest
import torch

from models.engines.coqui import device, vits
from models.engines.coqui.engine import Coqui
from models.engines.coqui.settings import Settings
from models.engines.coqui.tiles import Tiles
from models.engines.loader import EngineOptions, load
from tests.coqui import makers
from tests.coqui.conftest import a_voice

TEXTS = ("Bu biraz daha uzun, iki parçalı bir cümledir.", "Evet.", "Yarın sabah İzmir'e gidiyorum.")
# The last stage has 32 channels, the fewest that make a group.
WIDE: dict[str, Any] = {"upsample_initial_channel_decoder": 256}
V1: dict[str, Any] = {
    "upsample_rates_decoder": [8, 8, 2, 2],
    "upsample_kernel_sizes_decoder": [16, 16, 4, 4],
    "upsample_initial_channel_decoder": 512,
    "resblock_kernel_sizes_decoder": [3, 7, 11],
    "resblock_dilation_sizes_decoder": [[1, 3, 5]] * 3,
}
PIPER: dict[str, Any] = {
    "resblock_type_decoder": "2",
    "resblock_kernel_sizes_decoder": [3, 5, 7],
    "resblock_dilation_sizes_decoder": [[1, 2], [2, 6], [3, 12]],
}


@pytest.fixture(scope="module")
def tiled(tmp_path_factory: pytest.TempPathFactory) -> device.Device:
    chosen = device.choose("cpu", tmp_path_factory.mktemp("kernels") / "new")
    assert chosen.kernels is not None
    return chosen


def is_tiled(model: vits.VitsModel) -> bool:
    return isinstance(getattr(model._decode, "__self__", None), Tiles)


def decibels(found: torch.Tensor, wanted: torch.Tensor) -> float:
    """How far the difference is below the sound."""
    return float(10 * torch.log10(wanted.square().mean() / (found - wanted).square().mean()))


@pytest.mark.parametrize(
    ("shape", "speakers", "threads"),
    [(WIDE, (), 1), (WIDE, ("ayla", "can"), 2), ({**WIDE, **PIPER}, (), 2), (V1, (), 2)],
    ids=["wide", "speakers", "piper", "v1"],
)
def test_the_samples_are_those_of_torch(
    tmp_path: Path, tiled: device.Device, shape: dict[str, Any], speakers: tuple[str, ...], threads: int
) -> None:
    torch.manual_seed(3)
    makers.vits(tmp_path, speakers=speakers, **shape)
    plain, ours = vits.load(tmp_path, device.choose("cpu")), vits.load(tmp_path, tiled)
    assert (is_tiled(plain), is_tiled(ours)) == (False, True)
    wanted = Settings("pack", "tr", speaker="can" if speakers else None)
    device.set_threads(threads)
    try:
        with torch.inference_mode():
            expected = plain.speak(makers.lines(TEXTS[1:], wanted, [1, 2]))
            found = ours.speak(makers.lines(TEXTS[1:], wanted, [1, 2]))
    finally:
        device.set_threads(1)
    for one, other in zip(found, expected, strict=True):
        assert one.samples.shape == other.samples.shape
        assert decibels(one.samples, other.samples) > 70


def test_other_shapes_are_left_to_torch(tmp_path: Path, tiled: device.Device) -> None:
    torch.manual_seed(3)
    makers.vits(tmp_path, upsample_initial_channel_decoder=128)  # 16 channels at last
    model = vits.load(tmp_path, tiled)
    assert not is_tiled(model)
    with torch.inference_mode():
        found = model.speak(makers.lines(TEXTS, Settings("pack", "tr"), [1, 2, 3]))
        expected = vits.load(tmp_path, device.choose("cpu")).speak(
            makers.lines(TEXTS, Settings("pack", "tr"), [1, 2, 3])
        )
    for one, other in zip(found, expected, strict=True):
        assert torch.equal(one.samples, other.samples)


def test_the_weights_are_held_once(tmp_path: Path, tiled: device.Device) -> None:
    torch.manual_seed(3)
    makers.vits(tmp_path, **WIDE)
    model = vits.load(tmp_path, tiled)
    names = {name for name, _ in model._network.waveform_decoder.named_parameters()}
    assert names == {"conv_pre.weight", "conv_pre.bias"}


def test_threads_with_a_text_each(tmp_path: Path) -> None:
    makers.pack(tmp_path, "wide", "vits", lambda folder: makers.vits(folder, use_sdp=True, **WIDE))
    engine = load("coqui", EngineOptions(tmp_path / "data", None, 2, device="cpu", voices_dir=tmp_path))
    assert isinstance(engine, Coqui)
    voice = a_voice("wide")
    try:
        together = engine.speak_batch(TEXTS * 3, [voice] * 9)
        assert is_tiled(engine._slots["wide"].loaded)
        alone = [engine.speak(text, voice) for text in TEXTS * 3]
    finally:
        engine.close()
        device.set_threads(1)
    for one, other in zip(together, alone, strict=True):
        assert one.samples.shape == other.samples.shape
        assert decibels(torch.from_numpy(one.samples), torch.from_numpy(other.samples)) > 70


def test_without_a_compiler_torch_decodes(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    assert device.choose("cpu", tmp_path / "kernels").kernels is None
    assert "no C compiler" in caplog.text
