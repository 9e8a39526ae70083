"""Hugging Face's ``VitsModel`` (mms-tts-* and what was made of them) as a checkpoint of the Coqui library."""

import re
from pathlib import Path
from typing import Any

import safetensors
import torch
from safetensors.torch import load_file
from TTS.tts.configs.shared_configs import CharactersConfig
from TTS.tts.configs.vits_config import VitsConfig

from models.engines.coqui.checkpoints import Tensors, bad_file, find, load, naming, present, read_json
from models.engines.coqui.writing import whole, write

# From their names to the library's, in this order; what fits nothing has the same name in both.
_NAMES = [
    (r"^text_encoder\.embed_tokens\.", "text_encoder.emb."),
    (r"^text_encoder\.project\.", "text_encoder.proj."),
    (r"\.layers\.(\d+)\.attention\.([qkv])_proj\.", r".attn_layers.\1.conv_\2."),
    (r"\.layers\.(\d+)\.attention\.out_proj\.", r".attn_layers.\1.conv_o."),
    (r"\.layers\.(\d+)\.attention\.", r".attn_layers.\1."),
    (r"\.layers\.(\d+)\.layer_norm\.weight$", r".norm_layers_1.\1.gamma"),
    (r"\.layers\.(\d+)\.layer_norm\.bias$", r".norm_layers_1.\1.beta"),
    (r"\.layers\.(\d+)\.final_layer_norm\.weight$", r".norm_layers_2.\1.gamma"),
    (r"\.layers\.(\d+)\.final_layer_norm\.bias$", r".norm_layers_2.\1.beta"),
    (r"\.layers\.(\d+)\.feed_forward\.", r".ffn_layers.\1."),
    (r"^decoder\.upsampler\.", "waveform_decoder.ups."),
    (r"^decoder\.cond\.", "waveform_decoder.cond_layer."),
    (r"^decoder\.", "waveform_decoder."),
    (r"^(flow\.flows\.\d+|posterior_encoder)\.wavenet\.", r"\1.enc."),
    (r"^(flow\.flows\.\d+)\.conv_(pre|post)\.", r"\1.\2."),
    (r"^posterior_encoder\.conv_(pre|proj)\.", r"posterior_encoder.\1."),
    (r"^duration_predictor\.post_conv_(pre|proj)\.", r"duration_predictor.post_\1."),
    (r"^duration_predictor\.post_conv_dds\.", "duration_predictor.post_convs."),
    (r"^(duration_predictor(?:\.(?:post_)?flows\.\d+)?)\.conv_(pre|proj)\.", r"\1.\2."),
    (r"^(duration_predictor(?:\.(?:post_)?flows\.\d+)?)\.conv_dds\.", r"\1.convs."),
    (r"\.convs_dilated\.", ".convs_sep."),
    (r"\.convs_pointwise\.", ".convs_1x1."),
    (r"\.translate$", ".translation"),
    (r"^(duration_predictor.*\.norms?_\d(?:\.\d+)?)\.weight$", r"\1.gamma"),
    (r"^(duration_predictor.*\.norms?_\d(?:\.\d+)?)\.bias$", r"\1.beta"),
    (r"^embed_speaker\.", "emb_g."),
]
_MATRICES = re.compile(r"\.conv_[qkvo]\.weight$")
_PLAIN_NORMS = re.compile(r"^duration_predictor\.norm_\d\.(gamma|beta)$")

_SHAPE = {
    "hidden_size": "hidden_channels",
    "ffn_dim": "hidden_channels_ffn_text_encoder",
    "num_attention_heads": "num_heads_text_encoder",
    "num_hidden_layers": "num_layers_text_encoder",
    "ffn_kernel_size": "kernel_size_text_encoder",
    "spectrogram_bins": "out_channels",
    "wavenet_kernel_size": "kernel_size_flow",
    "wavenet_dilation_rate": "dilation_rate_flow",
    "prior_encoder_num_wavenet_layers": "num_layers_flow",
    "posterior_encoder_num_wavenet_layers": "num_layers_posterior_encoder",
    "use_stochastic_duration_prediction": "use_sdp",
    "upsample_rates": "upsample_rates_decoder",
    "upsample_kernel_sizes": "upsample_kernel_sizes_decoder",
    "upsample_initial_channel": "upsample_initial_channel_decoder",
    "resblock_kernel_sizes": "resblock_kernel_sizes_decoder",
    "resblock_dilation_sizes": "resblock_dilation_sizes_decoder",
    "noise_scale": "inference_noise_scale",
    "noise_scale_duration": "inference_noise_scale_dp",
}
# What the library has no setting for, with the values that it takes for granted
_FIXED: dict[str, object] = {
    "window_size": 4,
    "hidden_act": "relu",
    "leaky_relu_slope": 0.1,
    "prior_encoder_num_flows": 4,
    "duration_predictor_num_flows": 4,
    "duration_predictor_flow_bins": 10,
    "duration_predictor_kernel_size": 3,
    "duration_predictor_tail_bound": 5.0,
    "depth_separable_num_layers": 3,
}


def convert(folder: Path, target: Path) -> None:
    """Write config.json and model.pth into `target`. EngineError names the file of `folder` that is wrong.

    `folder` holds config.json, vocab.json and model.safetensors or pytorch_model.bin; tokenizer_config.json when its
    values are not the usual ones. Speakers are called by their numbers, from "0".
    """
    config_file, vocabulary_file = find(folder, "config.json"), find(folder, "vocab.json")
    stated, vocabulary = read_json(config_file), read_json(vocabulary_file)
    tokenizer_file = present(folder, "tokenizer_config.json")
    tokenizer = read_json(tokenizer_file) if tokenizer_file else {}
    for key, value in _FIXED.items():
        if stated.get(key, value) != value:
            raise bad_file(config_file, f"{key} is {stated[key]!r}; the Coqui library knows {value!r} only")
    for key in ("phonemize", "is_uroman"):
        if tokenizer_file and tokenizer.get(key, False):
            raise bad_file(tokenizer_file, f"{key} is true: the model reads no plain text")
    with naming(vocabulary_file):
        symbols = {symbol: int(row) for symbol, row in vocabulary.items() if len(symbol) == 1}
    with naming(config_file):
        config = _config(stated, tokenizer, symbols)
    weights_file = find(folder, "model.safetensors", "pytorch_model.bin")
    write(target, config, _renamed(_read(weights_file)), symbols, weights_file)


def _config(stated: dict[str, Any], tokenizer: dict[str, Any], symbols: dict[str, int]) -> VitsConfig:
    config = VitsConfig(text_cleaner="basic_cleaners" if tokenizer.get("normalize", True) else "no_cleaners")
    arguments = config.model_args
    for theirs, ours in _SHAPE.items():
        if theirs in stated:
            arguments[ours] = stated[theirs]
    arguments.kernel_size_posterior_encoder = arguments.kernel_size_flow
    arguments.dilation_rate_posterior_encoder = arguments.dilation_rate_flow
    arguments.length_scale = 1.0 / float(stated.get("speaking_rate", 1.0))
    config.audio.sample_rate = int(stated["sampling_rate"])
    config.audio.hop_length = int(torch.tensor(arguments.upsample_rates_decoder).prod())
    config.add_blank = bool(tokenizer.get("add_blank", True))
    letters = "".join(symbol for symbol in symbols if symbol.isalnum())
    config.characters = CharactersConfig(
        characters_class="TTS.tts.models.vits.VitsCharacters",
        characters=letters,
        punctuations="".join(symbol for symbol in symbols if symbol not in letters),
        phonemes="",
        pad="<PAD>",
        blank="<BLNK>",
    )
    config.languages = [str(tokenizer.get("language") or "und")]
    if (speakers := int(stated.get("num_speakers", 1))) > 1:
        config.speakers = [str(number) for number in range(speakers)]
        for place in (config, arguments):
            place.use_speaker_embedding = True
            place.speaker_embedding_channels = int(stated["speaker_embedding_size"])
    return config


def _read(file: Path) -> Tensors:
    if file.suffix != ".safetensors":
        return {name: value for name, value in load(file).items() if isinstance(value, torch.Tensor)}
    try:
        tensors: Tensors = load_file(file)
    except (safetensors.SafetensorError, OSError) as error:
        raise bad_file(file, "is not a whole file of tensors") from error
    return tensors


def _renamed(theirs: Tensors) -> Tensors:
    ours: Tensors = {}
    for name, value in theirs.items():
        for pattern, replacement in _NAMES:
            name = re.sub(pattern, replacement, name)
        ours[name] = _reshaped(name, value)
    return whole({name: value.float() for name, value in ours.items()})


def _reshaped(name: str, value: torch.Tensor) -> torch.Tensor:
    """Attention is written with matrices there and with convolutions of width one here; these norms have other axes."""
    if _MATRICES.search(name) and value.ndim == 2:
        return value.unsqueeze(-1)
    if _PLAIN_NORMS.match(name) and value.ndim == 1:
        return value[None, :, None]
    return value
