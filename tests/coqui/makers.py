"""Tiny voice packs of every family: random weights in the files that the real ones have, a few seconds to make.

What the library fixes (the duration predictor of VITS, the decoder and speaker encoder of XTTS) has its real size.
"""

import json
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import soundfile
import torch
from tokenizers import Tokenizer
from tokenizers import models as tokenizer_models
from TTS.tts.configs.fast_pitch_config import FastPitchConfig
from TTS.tts.configs.glow_tts_config import GlowTTSConfig
from TTS.tts.configs.shared_configs import CharactersConfig
from TTS.tts.configs.tacotron2_config import Tacotron2Config
from TTS.tts.configs.vits_config import VitsConfig
from TTS.tts.configs.xtts_config import XttsConfig
from TTS.tts.models.forward_tts import ForwardTTS
from TTS.tts.models.glow_tts import GlowTTS
from TTS.tts.models.tacotron2 import Tacotron2
from TTS.tts.models.vits import Vits
from TTS.tts.models.xtts import Xtts
from TTS.vc.configs.freevc_config import FreeVCConfig
from TTS.vc.configs.openvoice_config import OpenVoiceConfig
from TTS.vc.layers.freevc.speaker_encoder.hparams import (
    mel_n_channels,
    model_embedding_size,
    model_hidden_size,
    model_num_layers,
)
from TTS.vc.layers.freevc.wavlm.wavlm import WavLM, WavLMConfig
from TTS.vc.models import freevc
from TTS.vc.models.openvoice import OpenVoice
from TTS.vocoder.configs.hifigan_config import HifiganConfig
from TTS.vocoder.models.gan import GAN

from models.engines.coqui.library import replaced
from models.engines.coqui.model import Line
from models.engines.coqui.settings import Settings
from models.packs import manifest
from models.packs.library import sha256

LETTERS = "abcçdeəfgğhxıijkqlmnoöprsştuüvyzабвгдеёжзийклмнопрстуфхцчшщъыьэюя"
DECODER = {
    "upsample_rates_decoder": [8, 8, 4],
    "upsample_kernel_sizes_decoder": [16, 16, 8],
    "upsample_initial_channel_decoder": 32,
    "resblock_kernel_sizes_decoder": [3, 7],
    "resblock_dilation_sizes_decoder": [[1, 3, 5], [1, 3, 5]],
}
VOCODER = {
    "upsample_factors": [8, 8, 4],
    "upsample_kernel_sizes": [16, 16, 8],
    "upsample_initial_channel": 32,
    "resblock_kernel_sizes": [3],
    "resblock_dilation_sizes": [[1, 3, 5]],
    "resblock_type": "1",
}
WAVLM = {
    "extractor_mode": "layer_norm",
    "encoder_layers": 6,
    "encoder_embed_dim": 32,
    "encoder_ffn_embed_dim": 32,
    "encoder_attention_heads": 2,
    "conv_feature_layers": "[(32,10,5)] + [(32,3,2)] * 4 + [(32,2,2)] * 2",
    "normalize": True,
    "layer_norm_first": True,
    "conv_pos": 16,
    "conv_pos_groups": 2,
    "relative_position_embedding": True,
    "gru_rel_pos": True,
}
Fill = Callable[[Path], None]


def lines(texts: Sequence[str], settings: Settings, seeds: Sequence[int]) -> list[Line]:
    """What a model is asked for: each text said in the same way, each with its seed."""
    return [Line(text, settings, seed) for text, seed in zip(texts, seeds, strict=True)]


def pack(voices_dir: Path, name: str, family: str, fill: Fill, licence: str = "MIT") -> Path:
    """A pack's folder with what `fill` writes into it and a manifest of that."""
    folder = voices_dir / name
    folder.mkdir(parents=True)
    torch.manual_seed(1)
    fill(folder)
    describe(folder, family, licence)
    return folder


def describe(folder: Path, family: str, licence: str = "MIT") -> None:
    """Write the manifest for what is in the folder now."""
    paths = [path for path in sorted(folder.rglob("*")) if path.is_file() and path.name != manifest.MANIFEST]
    files = [manifest.PackFile(str(path.relative_to(folder)), path.stat().st_size, sha256(path)) for path in paths]
    stated = manifest.Manifest(folder.name, folder.name, family, (), licence, "made by a test", tuple(files))
    (folder / manifest.MANIFEST).write_bytes(manifest.to_toml(stated))


def characters() -> CharactersConfig:
    """The letters of the three languages in small type, and a few marks."""
    return CharactersConfig(
        characters_class="TTS.tts.models.vits.VitsCharacters",
        characters=LETTERS,
        punctuations=" !,-.?",
        phonemes="",
        pad="_",
        blank="<BLNK>",
    )


def vits_config(**arguments: Any) -> VitsConfig:
    """A configuration of a few hundred thousand parameters."""
    config = VitsConfig(characters=characters(), text_cleaner="basic_cleaners", languages=["tr"])
    small = {
        "hidden_channels": 16,
        "hidden_channels_ffn_text_encoder": 32,
        "num_layers_text_encoder": 2,
        "num_layers_posterior_encoder": 1,
        "init_discriminator": False,
        "use_sdp": False,
        **DECODER,
        **arguments,
    }
    for key, value in small.items():
        config.model_args[key] = value
    return config


def vits(folder: Path, speakers: tuple[str, ...] = (), **arguments: Any) -> None:
    """config.json and best_model.pth as the library's trainer leaves them, with a piece of the discriminator."""
    config = vits_config(**arguments)
    if speakers:
        config.speakers = list(speakers)
        for place in (config, config.model_args):
            place.use_speaker_embedding = True
            place.speaker_embedding_channels = 8
    save(Vits(config), config, folder, "best_model.pth", {"disc.nets.0.convs.0.bias": torch.zeros(4)})


def save(network: Any, config: Any, folder: Path, name: str, further: dict[str, torch.Tensor] | None = None) -> None:
    """A checkpoint as the trainer of the library writes it."""
    config.save_json(str(folder / "config.json"))
    liven(network)
    content = {"config": config.to_dict(), "model": {**network.state_dict(), **(further or {})}, "step": 7, "epoch": 1}
    torch.save(content, folder / name)


def mms(folder: Path, letters: str = "iaeənlrdmsktyubzgövşcxıohüpçfqğjw-' ", **arguments: Any) -> None:
    """G_100000.pth, config.json and vocab.txt as fairseq's MMS has them: its names, and weight norm's old ones."""
    (folder / "vocab.txt").write_text("".join(f"{letter}\n" for letter in letters), encoding="utf-8")
    config = vits_config(**{"use_sdp": True, **arguments})
    config.audio.sample_rate = 16_000
    stated = {
        "train": {"segment_size": 8192},
        "data": {
            "training_files": "train.ltr",
            "text_cleaners": ["transliteration_cleaners"],
            "sampling_rate": 16_000,
            "filter_length": 1024,
            "hop_length": 256,
            "win_length": 1024,
            "add_blank": True,
            "n_speakers": 0,
        },
        "model": {
            "inter_channels": 16,
            "hidden_channels": 16,
            "filter_channels": 32,
            "n_heads": 2,
            "n_layers": 2,
            "kernel_size": 3,
            "p_dropout": 0.1,
            "resblock": "1",
            "resblock_kernel_sizes": DECODER["resblock_kernel_sizes_decoder"],
            "resblock_dilation_sizes": DECODER["resblock_dilation_sizes_decoder"],
            "upsample_rates": DECODER["upsample_rates_decoder"],
            "upsample_initial_channel": DECODER["upsample_initial_channel_decoder"],
            "upsample_kernel_sizes": DECODER["upsample_kernel_sizes_decoder"],
            "n_layers_q": 3,
            "use_spectral_norm": False,
        },
    }
    (folder / "config.json").write_text(json.dumps(stated), encoding="utf-8")
    network = Vits(config)
    network.text_encoder.emb = torch.nn.Embedding(len(letters), config.model_args.hidden_channels)
    liven(network)
    torch.save(
        {"model": {_fairseq_name(key): value for key, value in network.state_dict().items()}}, folder / "G_100000.pth"
    )


def _fairseq_name(key: str) -> str:
    key = key.replace("parametrizations.weight.original0", "weight_g").replace(
        "parametrizations.weight.original1", "weight_v"
    )
    for ours, theirs in (("text_encoder.", "enc_p."), ("waveform_decoder.", "dec."), ("posterior_encoder.", "enc_q.")):
        key = key.replace(ours, theirs)
    for flow, number in ((3, 6), (2, 4), (1, 2)):
        if key.startswith(f"flow.flows.{flow}."):
            return key.replace(f"flow.flows.{flow}.", f"flow.flows.{number}.")
    key = key.replace("duration_predictor.", "dp.")
    for kind in ("flows", "post_flows"):
        key = key.replace(f"dp.{kind}.0.translation", f"dp.{kind}.0.m").replace(
            f"dp.{kind}.0.log_scale", f"dp.{kind}.0.logs"
        )
        for flow, number in ((4, 7), (3, 5), (2, 3)):
            if key.startswith(f"dp.{kind}.{flow}."):
                return key.replace(f"dp.{kind}.{flow}.", f"dp.{kind}.{number}.")
    return key


def liven(network: torch.nn.Module) -> None:
    """Layers that start at zero would make every text sound alike."""
    with torch.no_grad():
        for parameter in network.parameters():
            if not parameter.any():
                parameter.normal_(0, 0.05)


def _lengthen(predictor: Any) -> None:
    """Some five frames a letter instead of one, so that there is something to hurry."""
    layer = getattr(predictor, "proj", None) or predictor.layers[-1]
    with torch.no_grad():
        layer.bias.fill_(1.8)


def vocoder(folder: Path, **parameters: Any) -> None:
    """A HiFiGAN as the library's trainer leaves it, discriminator and all its keys left out but a few."""
    config = HifiganConfig(generator_model_params={**VOCODER, **parameters})
    network = GAN(config)
    config.save_json(str(folder / "config.json"))
    torch.save({"model_disc": {}, "model": network.model_g.state_dict()}, folder / "model.pth")


def glow_tts(folder: Path) -> None:
    """GlowTTS with a HiFiGAN in ``vocoder/``."""
    config = GlowTTSConfig(characters=characters(), text_cleaner="basic_cleaners", add_blank=True)
    config.characters.characters_class = "TTS.tts.utils.text.characters.Graphemes"
    config.hidden_channels_enc = config.hidden_channels_dec = config.hidden_channels_dp = 16
    config.encoder_params = {
        **{"kernel_size": 3, "dropout_p": 0.1, "num_layers": 2, "num_heads": 2, "hidden_channels_ffn": 32},
        "input_length": None,
    }
    config.num_flow_blocks_dec = 2
    network = GlowTTS(config)
    _lengthen(network.encoder.duration_predictor)
    save(network, config, folder, "model_file.pth")
    (folder / "vocoder").mkdir()
    vocoder(folder / "vocoder")


def fast_pitch(folder: Path) -> None:
    """FastPitch with a HiFiGAN in ``vocoder/``."""
    config = FastPitchConfig(characters=characters(), text_cleaner="basic_cleaners")
    config.characters.characters_class = "TTS.tts.utils.text.characters.Graphemes"
    arguments = config.model_args
    arguments.hidden_channels = 16
    for side in ("encoder", "decoder"):
        arguments[f"{side}_params"] = {"hidden_channels_ffn": 32, "num_heads": 1, "num_layers": 1, "dropout_p": 0.1}
    arguments.duration_predictor_hidden_channels = arguments.pitch_predictor_hidden_channels = 16
    network = ForwardTTS(config)
    _lengthen(network.duration_predictor)
    save(network, config, folder, "model.pth")
    (folder / "vocoder").mkdir()
    vocoder(folder / "vocoder")


def tacotron2(folder: Path, stopping: float = 1.0) -> None:
    """Tacotron 2 with a vocoder. The higher `stopping`, the sooner it comes to an end."""
    config = Tacotron2Config(characters=characters(), text_cleaner="basic_cleaners", r=2)
    config.characters.characters_class = "TTS.tts.utils.text.characters.Graphemes"
    config.max_decoder_steps = 30
    network = Tacotron2(config)
    with torch.no_grad():
        network.decoder.stopnet[1].linear_layer.bias.fill_(stopping)
    save(network, config, folder, "model.pth")
    (folder / "vocoder").mkdir()
    vocoder(folder / "vocoder")


def xtts(folder: Path, stopping: float = 0.5) -> None:
    """XTTS v2 with two languages and one studio speaker. The higher `stopping`, the sooner it comes to an end."""
    symbols = ["[STOP]", "[UNK]", "[SPACE]", "[START]", "[tr]", "[ru]", *LETTERS, ".", ",", "?", "!", "-"]
    bpe = Tokenizer(
        tokenizer_models.BPE({symbol: index for index, symbol in enumerate(symbols)}, [], unk_token="[UNK]")
    )
    bpe.add_special_tokens(symbols[:6])
    bpe.save(str(folder / "vocab.json"))
    config = XttsConfig(languages=["tr", "ru"])
    for key, value in {
        **{"gpt_layers": 1, "gpt_n_model_channels": 64, "gpt_n_heads": 2, "gpt_max_audio_tokens": 60},
        **{"gpt_num_audio_tokens": 34, "gpt_start_audio_token": 32, "gpt_stop_audio_token": 33},
        **{"gpt_use_perceiver_resampler": True, "decoder_input_dim": 64, "kv_cache": True},
        "tokenizer_file": str(folder / "vocab.json"),
    }.items():
        config.model_args[key] = value
    network = Xtts(config)
    from TTS.tts.layers.xtts.tokenizer import VoiceBpeTokenizer

    network.tokenizer = VoiceBpeTokenizer(vocab_file=folder / "vocab.json")
    network.init_models()
    with torch.no_grad():
        network.gpt.mel_head.bias[config.model_args.gpt_stop_audio_token] = stopping
    config.model_args.tokenizer_file = "/home/somebody/vocab.json"
    save(network, config, folder, "model.pth")
    latents = {"gpt_cond_latent": torch.randn(1, 32, 64), "speaker_embedding": torch.randn(1, 512, 1)}
    torch.save({"Ayla Kaya": latents}, folder / "speakers_xtts.pth")


def openvoice(folder: Path) -> None:
    """OpenVoice v2's converter: checkpoint.pth and a config.json of its own kind."""
    config = OpenVoiceConfig()
    shape = {
        "inter_channels": 16,
        "hidden_channels": 16,
        "gin_channels": 16,
        "upsample_initial_channel": 32,
        "resblock_kernel_sizes": [3],
        "resblock_dilation_sizes": [[1, 3, 5]],
        "zero_g": True,
    }
    for key, value in shape.items():
        config.model_args[key] = value
    data = {"sampling_rate": 22_050, "filter_length": 1024, "hop_length": 256, "win_length": 1024, "n_speakers": 0}
    stated = {"_version_": "v2", "data": data, "model": shape}
    (folder / "config.json").write_text(json.dumps(stated), encoding="utf-8")
    network = OpenVoice(config)
    liven(network)
    torch.save({"model": network.state_dict()}, folder / "checkpoint.pth")


def freevc24(folder: Path, *, use_spk: bool = False) -> None:
    """FreeVC24 with the WavLM that it listens with; `use_spk`: and with a speaker encoder, as torch 1.5 saved it."""
    config = FreeVCConfig()
    small = {
        **{"ssl_dim": 32, "inter_channels": 16, "hidden_channels": 16, "gin_channels": 16},
        **{"upsample_initial_channel": 64, "resblock_kernel_sizes": [3], "resblock_dilation_sizes": [[1, 3, 5]]},
    }
    if use_spk:
        small |= {"use_spk": True, "gin_channels": model_embedding_size}
    for key, value in small.items():
        config.model_args[key] = value
    listener = wavlm(folder)
    encoder = folder / "speaker_encoder.pt"
    if use_spk:
        _speaker_encoder(encoder)
    make = freevc.SpeakerEncoderEx
    with (
        replaced(freevc, "get_wavlm", lambda: listener),
        replaced(freevc, "SpeakerEncoderEx", lambda _: make(encoder)),
    ):
        save(freevc.FreeVC(config), config, folder, "model.pth")


def _speaker_encoder(file: Path) -> None:
    """The library's, which has one size only."""
    parts = {
        "lstm": torch.nn.LSTM(mel_n_channels, model_hidden_size, model_num_layers, batch_first=True),
        "linear": torch.nn.Linear(model_hidden_size, model_embedding_size),
    }
    state = {f"{name}.{key}": value for name, part in parts.items() for key, value in part.state_dict().items()}
    torch.save({"step": 1, "model_state": state}, file, _use_new_zipfile_serialization=False)


def knnvc(folder: Path) -> None:
    """kNN-VC: a vocoder of WavLM's features, and WavLM."""
    wavlm(folder)
    vocoder(folder, in_channels=16, pre_linear=32, inference_padding=0)


def wavlm(folder: Path) -> WavLM:
    """WavLM-Large.pt, much smaller."""
    network = WavLM(WavLMConfig(WAVLM))
    torch.save({"cfg": WAVLM, "model": network.state_dict()}, folder / "WavLM-Large.pt")
    return network.eval()


def recording(path: Path, hertz: float = 140.0, seconds: float = 4.0, rate: int = 24_000) -> Path:
    """Something like a voice: a buzzing tone in syllables, with a little noise."""
    t = np.arange(round(seconds * rate)) / rate
    tone = sum(np.sin(2 * np.pi * hertz * harmonic * t) / harmonic for harmonic in range(1, 12))
    envelope = 0.6 + 0.4 * np.sin(2 * np.pi * 4 * t)
    noise = np.random.default_rng(1).normal(0, 0.01, t.size)
    path.parent.mkdir(parents=True, exist_ok=True)
    soundfile.write(path, (0.15 * tone * envelope + noise).astype(np.float32), rate, subtype="PCM_16")
    return path
