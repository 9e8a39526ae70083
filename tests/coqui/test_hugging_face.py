"""A folder of Hugging Face's ``VitsModel``, written by that library, becomes a Coqui checkpoint that sounds alike."""

import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch
from transformers import VitsConfig, VitsModel

from models.engines.base import EngineError
from models.engines.coqui import convert_hugging_face, device, vits
from models.engines.coqui.settings import Settings
from tests.coqui import makers

LETTERS = "aəbcçdeğfgxhıijkqlmnoöprsştuüvyz -'"


def made(folder: Path, **changes: Any) -> VitsModel:
    """A small model saved as on the hub; nothing in it is left to chance when it speaks.

    Its width is the real one: the Coqui library has no setting for that of the duration predictor.
    """
    config = VitsConfig(
        vocab_size=len(LETTERS) + 1,
        hidden_size=192,
        num_hidden_layers=1,
        ffn_dim=32,
        flow_size=192,
        spectrogram_bins=513,
        upsample_initial_channel=32,
        upsample_rates=[8, 8, 4],
        upsample_kernel_sizes=[16, 16, 8],
        resblock_kernel_sizes=[3],
        resblock_dilation_sizes=[[1, 3, 5]],
        prior_encoder_num_wavenet_layers=4,
        posterior_encoder_num_wavenet_layers=1,
        noise_scale=0.0,
        noise_scale_duration=0.0,
        sampling_rate=16_000,
        **changes,
    )
    torch.manual_seed(5)
    model = VitsModel(config).eval()
    makers.liven(model)
    model.save_pretrained(folder)
    vocabulary = {letter: number for number, letter in enumerate(LETTERS)}
    vocabulary["<unk>"] = len(LETTERS)
    (folder / "vocab.json").write_text(json.dumps(vocabulary, ensure_ascii=False), encoding="utf-8")
    stated = {"add_blank": True, "normalize": True, "phonemize": False, "is_uroman": False, "language": "azj"}
    (folder / "tokenizer_config.json").write_text(json.dumps(stated), encoding="utf-8")
    return model


def ids(text: str) -> torch.Tensor:
    """What the tokenizer of `transformers` makes of it: the first symbol of the vocabulary between all others."""
    rows = [0]
    for letter in text:
        rows += [LETTERS.index(letter), 0]
    return torch.tensor([rows])


@pytest.mark.parametrize("stochastic", [True, False])
@pytest.mark.parametrize("speakers", [1, 3])
def test_it_sounds_as_under_transformers(tmp_path: Path, stochastic: bool, speakers: int) -> None:
    changes: dict[str, Any] = {"use_stochastic_duration_prediction": stochastic}
    if speakers > 1:
        changes |= {"num_speakers": speakers, "speaker_embedding_size": 8}
    source, target = tmp_path / "source", tmp_path / "target"
    theirs = made(source, **changes)
    speaker = 2 if speakers > 1 else None
    with torch.inference_mode():
        expected = theirs(ids("salam dünya"), speaker_id=speaker).waveform[0].numpy()
        convert_hugging_face(source, target)
        ours = vits.load(target, device.choose("cpu"))
        wanted = Settings("pack", "az", speaker=None if speaker is None else str(speaker))
        (wave,) = ours.speak(makers.lines(["Salam, Dünya!"], wanted, [0]))
    assert wave.rate == 16_000
    np.testing.assert_allclose(wave.samples.numpy(), expected, atol=1e-4)


@pytest.mark.parametrize("name", ["config.json", "vocab.json", "model.safetensors"])
@pytest.mark.parametrize("damage", ["gone", "rubbish"])
def test_a_damaged_file_is_named(tmp_path: Path, name: str, damage: str) -> None:
    made(tmp_path / "source")
    file = tmp_path / "source" / name
    file.unlink() if damage == "gone" else file.write_bytes(b"rubbish")
    with pytest.raises(EngineError, match=name.replace(".", r"\.")) as caught:
        convert_hugging_face(tmp_path / "source", tmp_path / "target")
    assert caught.value.permanent
    assert not (tmp_path / "target" / "model.pth").exists()


@pytest.mark.parametrize("key", ["phonemize", "is_uroman"])
def test_a_model_that_reads_no_plain_text_is_refused(tmp_path: Path, key: str) -> None:
    made(tmp_path / "source")
    (tmp_path / "source" / "tokenizer_config.json").write_text(json.dumps({key: True}), encoding="utf-8")
    with pytest.raises(EngineError, match=f"{key} is true"):
        convert_hugging_face(tmp_path / "source", tmp_path / "target")


def test_a_shape_that_the_library_has_no_setting_for_is_refused(tmp_path: Path) -> None:
    made(tmp_path / "source", hidden_act="gelu")
    with pytest.raises(EngineError, match="hidden_act is 'gelu'"):
        convert_hugging_face(tmp_path / "source", tmp_path / "target")
