"""Make a Coqui VITS checkpoint of a Piper voice: ``python -m tools.piper_to_coqui VOICE.onnx FOLDER``.

Piper's voices are VITS too, exported to ONNX. They are trained on phonemes, which the service has for no language of
theirs, so this is no way to get a voice: it brings real weights to the tests of the engine.
"""

import argparse
import json
import re
from pathlib import Path
from typing import Any

import onnx
import torch
from onnx import numpy_helper
from TTS.tts.configs.shared_configs import CharactersConfig
from TTS.tts.configs.vits_config import VitsConfig

from models.engines.coqui.checkpoints import Tensors
from models.engines.coqui.writing import write

_NAMES = [
    (r"^enc_p\.", "text_encoder."),
    (r"^dec\.", "waveform_decoder."),
    (r"^dp\.", "duration_predictor."),
    (r"^emb_g\.", "emb_g."),
    (r"\.flows\.0\.m$", ".flows.0.translation"),
    (r"\.flows\.0\.logs$", ".flows.0.log_scale"),
]


def main() -> None:
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("voice", type=Path, help="the .onnx file; its .onnx.json lies beside it")
    arguments.add_argument("folder", type=Path, help="where config.json and model.pth are written")
    options = arguments.parse_args()
    convert(options.voice, options.folder)


def convert(voice: Path, folder: Path) -> None:
    """Write config.json and model.pth. Only voices with one speaker."""
    stated = json.loads(Path(f"{voice}.json").read_text(encoding="utf-8"))
    if stated.get("num_speakers", 1) > 1:
        raise SystemExit(f"{voice.name} has several speakers")
    model = onnx.load(voice)
    tensors = _tensors(model)
    symbols = {symbol: rows[0] for symbol, rows in stated["phoneme_id_map"].items()}
    write(folder, _config(stated, model, tensors, symbols), tensors, symbols, voice)


def _tensors(model: onnx.ModelProto) -> Tensors:
    """The weights under Coqui's names. Some have lost their own in the export: the nodes they go into have one."""
    values = {item.name: torch.from_numpy(numpy_helper.to_array(item).copy()) for item in model.graph.initializer}
    named = {name: value for name, value in values.items() if re.match(r"(enc_p|dec|dp|flow|emb_g)\.", name)}
    for name, node in _convolutions(model).items():
        if node.input[1].startswith("onnx::"):
            named[f"{name}.weight"] = values[node.input[1]]
    embedding = next(node for node in model.graph.node if node.name == "/enc_p/emb/Gather")
    named["enc_p.emb.weight"] = values[embedding.input[0]]
    if (scale := values.get("/dp/flows.0/Exp_output_0")) is not None:
        named["dp.flows.0.logs"] = -torch.log(scale)  # exported as what it is used for
    return {_ours(name): value for name, value in named.items()}


def _ours(name: str) -> str:
    for pattern, replacement in _NAMES:
        name = re.sub(pattern, replacement, name)
    # Every second flow there only turns the channels round, which the library does between the flows
    if match := re.match(r"flow\.flows\.(\d+)\.", name):
        return name.replace(match.group(), f"flow.flows.{int(match.group(1)) // 2}.")
    if (match := re.match(r"duration_predictor\.flows\.(\d+)\.", name)) and match.group(1) != "0":
        return name.replace(match.group(), f"duration_predictor.flows.{(int(match.group(1)) + 1) // 2}.")
    return name


def _config(stated: dict[str, Any], model: onnx.ModelProto, tensors: Tensors, symbols: dict[str, int]) -> VitsConfig:
    """The shape of the network, told by its decoder's layers; Piper never changes the rest."""
    config = VitsConfig(text_cleaner="no_cleaners", add_blank=True, enable_eos_bos_chars=True, languages=["en"])
    arguments = config.model_args
    layers = {_ours(name): node for name, node in _convolutions(model).items() if name.startswith("dec.")}
    ups = [layers[f"waveform_decoder.ups.{stage}"] for stage in range(_count(layers, "ups"))]
    blocks = range(_count(layers, "resblocks") // len(ups))
    part = "convs1" if "waveform_decoder.resblocks.0.convs1.0" in layers else "convs"
    inside = range(sum(name.startswith(f"waveform_decoder.resblocks.0.{part}.") for name in layers))
    arguments.resblock_type_decoder = "1" if part == "convs1" else "2"
    arguments.resblock_kernel_sizes_decoder = [
        _whole(layers[f"waveform_decoder.resblocks.{block}.{part}.0"], "kernel_shape") for block in blocks
    ]
    arguments.resblock_dilation_sizes_decoder = [
        [_whole(layers[f"waveform_decoder.resblocks.{block}.{part}.{layer}"], "dilations") for layer in inside]
        for block in blocks
    ]
    arguments.upsample_rates_decoder = [_whole(up, "strides") for up in ups]
    arguments.upsample_kernel_sizes_decoder = [_whole(up, "kernel_shape") for up in ups]
    arguments.upsample_initial_channel_decoder = int(tensors["waveform_decoder.conv_pre.weight"].shape[0])
    arguments.inference_noise_scale = float(stated["inference"]["noise_scale"])
    arguments.inference_noise_scale_dp = float(stated["inference"]["noise_w"])
    arguments.length_scale = float(stated["inference"]["length_scale"])
    config.audio.sample_rate = int(stated["audio"]["sample_rate"])
    config.audio.hop_length = int(torch.tensor(arguments.upsample_rates_decoder).prod())
    marks = "".join(symbol for symbol in symbols if not symbol.isalnum() and symbol not in "_^$")
    config.characters = CharactersConfig(
        characters_class="TTS.tts.utils.text.characters.IPAPhonemes",
        characters="".join(symbol for symbol in symbols if symbol.isalnum()),
        punctuations=marks,
        pad="<PAD>",
        bos="^",
        eos="$",
        blank="_",
        is_unique=False,
        is_sorted=False,
    )
    return config


def _convolutions(model: onnx.ModelProto) -> dict[str, onnx.NodeProto]:
    """The convolutions by the names that their modules had before the export."""
    nodes = [node for node in model.graph.node if node.op_type in ("Conv", "ConvTranspose")]
    return {node.name.rpartition("/")[0].strip("/").replace("/", "."): node for node in nodes}


def _count(layers: dict[str, onnx.NodeProto], kind: str) -> int:
    return len({name.split(".")[2] for name in layers if name.startswith(f"waveform_decoder.{kind}.")})


def _whole(node: onnx.NodeProto, attribute: str) -> int:
    return int(next(item.ints[0] for item in node.attribute if item.name == attribute))


if __name__ == "__main__":
    main()
