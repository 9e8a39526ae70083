"""VITS spoken part by part: the library's own result, batches without a difference, nothing loaded that is not used."""

import logging
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch
from TTS.config import load_config
from TTS.tts.models.vits import Vits

from models.engines.coqui import device, vits
from models.engines.coqui.engine import Coqui
from models.engines.coqui.model import Line
from models.engines.coqui.settings import Settings
from tests.coqui import makers
from tests.coqui.conftest import a_voice

CPU = device.choose("cpu")
TEXTS = ("Bu biraz daha uzun, iki parçalı bir cümledir.", "Evet.", "Yarın sabah İzmir'e gidiyorum.")


@pytest.fixture(scope="module", autouse=True)
def no_gradients() -> Iterator[None]:
    with torch.inference_mode():
        yield


@pytest.mark.parametrize("use_sdp", [False, True])
@pytest.mark.parametrize("speakers", [(), ("ayla", "can")])
@pytest.mark.parametrize("blocks", ["1", "2"])
def test_without_chance_it_is_what_the_library_says(
    tmp_path: Path, use_sdp: bool, speakers: tuple[str, ...], blocks: str
) -> None:
    still = {"inference_noise_scale": 0.0, "inference_noise_scale_dp": 0.0}
    torch.manual_seed(3)
    makers.vits(tmp_path, speakers=speakers, use_sdp=use_sdp, resblock_type_decoder=blocks, **still)
    config = load_config(tmp_path / "config.json")
    theirs = Vits(config)
    state = torch.load(tmp_path / "best_model.pth", weights_only=True)["model"]
    theirs.load_state_dict({key: value for key, value in state.items() if not key.startswith("disc.")})
    theirs.eval()
    expected = theirs.synthesize("bir iki üç", speaker="can" if speakers else None)["wav"]

    ours = vits.load(tmp_path, CPU)
    (wave,) = ours.speak(makers.lines(["bir iki üç"], Settings("pack", "tr", speaker="can" if speakers else None), [0]))
    assert wave.rate == 22_050
    np.testing.assert_allclose(wave.samples.numpy(), expected, atol=1e-5)


@pytest.mark.parametrize("pack", ["single", "sdp", "several", "mms"])
def test_a_batch_sounds_like_one_after_another(voices_dir: Path, pack: str) -> None:
    folder = voices_dir / pack
    model = vits.load_mms(folder, CPU) if vits.is_mms(folder) else vits.load(folder, CPU)
    wanted = Settings(pack, "tr", speaker="ayla" if pack == "several" else None)
    together = model.speak(makers.lines(TEXTS, wanted, [1, 2, 3]))
    for text, seed, wave in zip(TEXTS, [1, 2, 3], together, strict=True):
        (alone,) = model.speak(makers.lines([text], wanted, [seed]))
        assert wave.samples.shape == alone.samples.shape
        assert float((wave.samples - alone.samples).abs().max()) < 1e-5 * max(1.0, float(alone.samples.abs().max()))


def test_voices_of_one_model_sound_in_a_batch_as_alone(voices_dir: Path) -> None:
    """Each row has a speaker and a tempo of its own."""
    model = vits.load(voices_dir / "several", CPU)
    said = [("ayla", 1.0), ("can", 1.0), ("can", 1.7), ("ayla", 0.6)]
    texts = [*TEXTS, TEXTS[1]]
    lines = [
        Line(text, Settings("several", "tr", speaker=speaker, speed=speed), seed)
        for seed, (text, (speaker, speed)) in enumerate(zip(texts, said, strict=True))
    ]
    together = model.speak(lines)
    for line, wave in zip(lines, together, strict=True):
        (alone,) = model.speak([line])
        assert wave.samples.shape == alone.samples.shape
        assert float((wave.samples - alone.samples).abs().max()) < 1e-5 * max(1.0, float(alone.samples.abs().max()))
    assert together[3].samples.shape != together[1].samples.shape, "the tempo is heard"
    other = replace(lines[0], settings=replace(lines[0].settings, speaker="can"))
    assert not torch.equal(model.speak([other])[0].samples[:1000], together[0].samples[:1000]), "the speaker is heard"


def test_voices_of_one_pack_with_and_without_a_converter(shared_engine: Coqui) -> None:
    voices = [
        a_voice("several", speaker="ayla"),
        a_voice("several", speaker="can", converter="openvoice", reference="references/low.wav"),
        a_voice("several", speaker="can", converter="openvoice", reference="references/high.wav", speed=1.5),
    ]
    assert {shared_engine.batch_key(voice) for voice in voices} == {"several"}
    together = shared_engine.speak_batch(TEXTS, voices)
    for text, voice, pcm in zip(TEXTS, voices, together, strict=True):
        alone = shared_engine.speak(text, voice)
        assert pcm.samples.shape == alone.samples.shape
        np.testing.assert_allclose(pcm.samples, alone.samples, atol=1e-5)


def test_voices_of_two_packs_are_not_one_batch(shared_engine: Coqui) -> None:
    voices = [a_voice("single"), a_voice("sdp")]
    assert len({shared_engine.batch_key(voice) for voice in voices}) == 2
    with pytest.raises(ValueError, match="in one go"):
        shared_engine.speak_batch(TEXTS[:2], voices)


def test_a_batch_keeps_its_order(shared_engine: Coqui) -> None:
    voice = a_voice("sdp")
    for text, pcm in zip(TEXTS, shared_engine.speak_batch(TEXTS, [voice] * 3), strict=True):
        assert np.array_equal(pcm.samples, shared_engine.speak(text, voice).samples)
    assert shared_engine.speak_batch([], []) == []


def test_only_what_speaks_is_kept(voices_dir: Path) -> None:
    model = vits.load(voices_dir / "single", CPU)
    names = {name.split(".")[0] for name, _ in model._network.named_parameters()}
    assert names == {"text_encoder", "duration_predictor", "flow", "waveform_decoder"}
    assert not any("parametrizations" in name for name, _ in model._network.named_parameters())


def test_an_old_checkpoint_with_separate_names_of_weight_norm_is_read(tmp_path: Path) -> None:
    torch.manual_seed(3)
    makers.vits(tmp_path)
    file = tmp_path / "best_model.pth"
    content: dict[str, Any] = torch.load(file, weights_only=True)
    new = {"parametrizations.weight.original0": "weight_g", "parametrizations.weight.original1": "weight_v"}
    lines = makers.lines(["bir"], Settings("pack", "tr"), [1])
    expected = vits.load(tmp_path, CPU).speak(lines)[0].samples
    for name, old in new.items():
        content["model"] = {key.replace(name, old): value for key, value in content["model"].items()}
    torch.save(content, file)
    assert torch.equal(
        vits.load(tmp_path, CPU).speak(makers.lines(["bir"], Settings("pack", "tr"), [1]))[0].samples, expected
    )


@pytest.mark.parametrize("name", ["fairseq", "OpenVoice", "başka klasör"])
def test_the_path_says_nothing_about_the_family(tmp_path: Path, name: str) -> None:
    for family, fill, load in (("mms", makers.mms, vits.load_mms), ("vits", makers.vits, vits.load)):
        folder = tmp_path / name / family
        folder.mkdir(parents=True)
        fill(folder)
        assert vits.is_mms(folder) == (family == "mms")
        assert load(folder, CPU).speak(makers.lines(["bir"], Settings("pack", "tr"), [1]))


def test_mms_loaded_here_is_what_the_library_loads(tmp_path: Path) -> None:
    """The library loads MMS with the sizes of the real files only, so this one has them but for its depth."""
    sizes: dict[str, Any] = {
        "hidden_channels": 192,
        "hidden_channels_ffn_text_encoder": 768,
        "num_layers_text_encoder": 6,
        "num_layers_posterior_encoder": 16,
        "upsample_rates_decoder": [8, 8, 2, 2],
        "upsample_kernel_sizes_decoder": [16, 16, 4, 4],
        "upsample_initial_channel_decoder": 512,
        "resblock_kernel_sizes_decoder": [3, 7, 11],
        "resblock_dilation_sizes_decoder": [[1, 3, 5]] * 3,
    }
    makers.mms(tmp_path, **sizes)
    (tmp_path / "config.json").write_text(
        '{"data": {"training_files": "train.ltr", "sampling_rate": 16000, "add_blank": true}}', encoding="utf-8"
    )
    from TTS.tts.configs.vits_config import VitsConfig

    config = VitsConfig()
    config.model_args.inference_noise_scale = config.model_args.inference_noise_scale_dp = 0.0
    config.model_args.init_discriminator = False
    theirs = Vits(config)
    theirs.load_fairseq_checkpoint(config, tmp_path / "G_100000.pth", eval=True)
    expected = theirs.synthesize("salam")["wav"]

    ours = vits.load_mms(tmp_path, CPU)
    ours._network.inference_noise_scale = ours._network.inference_noise_scale_dp = 0.0
    (wave,) = ours.speak(makers.lines(["salam"], Settings("pack", "az"), [0]))
    assert wave.rate == 16_000
    np.testing.assert_allclose(wave.samples.numpy(), expected, atol=1e-5)


@pytest.mark.parametrize("pack", ["single", "mms"])
def test_both_capitals_of_i_are_read(voices_dir: Path, pack: str) -> None:
    """Python makes i of I, and of İ an i with a loose dot; either would be another word in Turkish."""
    folder = voices_dir / pack
    reader = (vits.load_mms(folder, CPU) if vits.is_mms(folder) else vits.load(folder, CPU))._reader
    assert reader.ids("IRAK, İzmir", "tr") == reader.ids("ırak, izmir", "tr") != reader.ids("irak, izmir", "tr")


def test_the_decoder_bears_half_precision(voices_dir: Path) -> None:
    """As on a GPU; the CPU can do it too, only slowly."""
    whole = vits.load(voices_dir / "sdp", CPU).speak(makers.lines(["bir iki"], Settings("sdp", "tr"), [1]))[0].samples
    half = vits.load(voices_dir / "sdp", device.Device(torch.device("cpu"), decoding=torch.bfloat16))
    samples = half.speak(makers.lines(["bir iki"], Settings("sdp", "tr"), [1]))[0].samples
    assert samples.dtype == torch.float32
    assert samples.shape == whole.shape
    assert float((samples - whole).abs().max()) < 0.05 * float(whole.abs().max())


def test_the_library_is_kept_quiet_about_texts(shared_engine: Coqui, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level("DEBUG")
    shared_engine.speak("gizli ☃ kelime", a_voice("single"))
    shared_engine.speak("gizli ☃ kelime", a_voice("xtts", speaker="Ayla Kaya"))
    assert "gizli" not in caplog.text
    assert logging.getLogger("TTS").getEffectiveLevel() > 50
