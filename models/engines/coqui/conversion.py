"""Voice conversion: FreeVC, kNN-VC and OpenVoice say in another voice what a model has spoken."""

import re
from pathlib import Path
from typing import Any

import torch
import torchaudio
from TTS.vc.configs.freevc_config import FreeVCConfig
from TTS.vc.configs.knnvc_config import KNNVCConfig
from TTS.vc.configs.openvoice_config import OpenVoiceConfig
from TTS.vc.layers.freevc.wavlm.wavlm import WavLM, WavLMConfig
from TTS.vc.models import freevc, knnvc
from TTS.vc.models.openvoice import OpenVoice

from models.engines.coqui.checkpoints import bad_file, fill, find, naming, read_json, weights
from models.engines.coqui.checkpoints import load as load_tensors
from models.engines.coqui.device import Device
from models.engines.coqui.library import configuration, replaced
from models.engines.coqui.model import Wave
from models.engines.coqui.references import Impressions, Reference
from models.engines.coqui.spectrograms import Vocoder, load_vocoder
from models.engines.coqui.vits import CHECKPOINTS, fold_weight_norm

FAMILIES = frozenset({"freevc", "knnvc", "openvoice"})
WAVLM = ("WavLM-Large.pt", "wavlm/WavLM-Large.pt")
"""WavLM, which FreeVC and kNN-VC listen with. The library fetches it from its own releases; here it is in the pack."""

# The library evaluates this text of the file as a program. WavLM's own is "[(512,10,5)] + [(512,3,2)] * 4 + …".
_LIST = r"\[[(),\d\s]{1,200}\](?:\s*\*\s*\d{1,2})?"
_LAYERS = re.compile(rf"{_LIST}(?:\s*\+\s*{_LIST}){{0,9}}")


class OpenVoiceConverter:
    """Changes the colour of a voice, keeps its tune."""

    def __init__(self, network: OpenVoice, impressions: Impressions) -> None:
        self._network = network
        self._impressions = impressions
        self._in = int(network.config.audio.input_sample_rate)
        self._out = int(network.config.audio.output_sample_rate)

    def convert(self, wave: Wave, reference: Reference, seed: int) -> Wave:
        """See Converter."""
        network = self._network
        target = self._impressions.get(reference, lambda: {"voice": network.extract_se(reference.samples(self._in))[0]})
        own, spectrum = network.extract_se(_at(wave, self._in))
        torch.manual_seed(seed)
        made = network.inference(spectrum, {"g_src": own, "g_tgt": target["voice"].to(own)})["model_outputs"]
        return Wave(made[0, 0].float(), self._out)


class FreeVcConverter:
    """What is said by WavLM, who says it by a speaker encoder."""

    def __init__(self, network: freevc.FreeVC, impressions: Impressions) -> None:
        self._network = network
        self._impressions = impressions
        self._in = int(network.config.audio.input_sample_rate)
        self._out = int(network.config.audio.output_sample_rate)

    def convert(self, wave: Wave, reference: Reference, seed: int) -> Wave:
        """See Converter."""
        network = self._network
        device = next(network.parameters()).device
        target = self._impressions.get(reference, lambda: {"voice": self._listen(reference)})
        said = network.extract_wavlm_features(_at(wave, self._in).unsqueeze(0).to(device))
        torch.manual_seed(seed)
        return Wave(network.inference(said, g=target["voice"].to(device))[0, 0].float(), self._out)

    def _listen(self, reference: Reference) -> torch.Tensor:
        return self._network._extract_target_se([reference.samples(self._in)])


class KnnConverter:
    """Puts each moment together from the moments of the reference that are most like it."""

    def __init__(self, network: knnvc.KNNVC, vocoder: Vocoder, impressions: Impressions) -> None:
        self._network = network
        self._vocoder = vocoder
        self._impressions = impressions
        self._rate = int(network.config.audio.sample_rate)

    def convert(self, wave: Wave, reference: Reference, seed: int) -> Wave:
        """See Converter. Nothing is left to chance here."""
        del seed
        network = self._network
        # The library would cut silence off with sox; references have none, and a little does no harm.
        known = self._impressions.get(
            reference, lambda: {"moments": network.get_features(reference.samples(self._rate))}
        )
        said = network.get_features(_at(wave, self._rate))
        return self._vocoder.sound(network.match(said, known["moments"]))


def load(folder: Path, family: str, device: Device, impressions: Impressions) -> Any:
    """The converter of this family in the folder."""
    loaders = {"openvoice": _openvoice, "freevc": _freevc, "knnvc": _knnvc}
    return loaders[family](folder, device, impressions)


def _openvoice(folder: Path, device: Device, impressions: Impressions) -> OpenVoiceConverter:
    config_file, file = find(folder, "config.json"), find(folder, "checkpoint.pth", *CHECKPOINTS)
    config = OpenVoiceConfig()
    stated = read_json(config_file)
    with naming(config_file):
        data = stated["data"]
        config.audio.input_sample_rate = config.audio.output_sample_rate = int(data["sampling_rate"])
        config.audio.fft_size = int(data["filter_length"])
        config.audio.hop_length, config.audio.win_length = int(data["hop_length"]), int(data["win_length"])
        for name, value in stated.get("model", {}).items():
            if name in config.model_args:
                config.model_args[name] = value
        network = OpenVoice(config)
    fill(network, weights(file), file)
    return OpenVoiceConverter(_ready(network, device), impressions)


def _freevc(folder: Path, device: Device, impressions: Impressions) -> FreeVcConverter:
    config_file, file = find(folder, "config.json"), find(folder, *CHECKPOINTS)
    config = configuration(config_file)
    if not isinstance(config, FreeVCConfig):
        raise bad_file(config_file, "is not of FreeVC")
    listener = _wavlm(folder)
    make = freevc.SpeakerEncoderEx
    encoder = find(folder, "speaker_encoder.pt") if config.model_args.use_spk else folder

    def from_pack(_: str) -> Any:
        with naming(encoder):
            return make(encoder)

    with (
        naming(config_file),
        replaced(freevc, "get_wavlm", lambda: listener),
        replaced(freevc, "SpeakerEncoderEx", from_pack),
    ):
        network = freevc.FreeVC(config)
    fill(network, weights(file), file)
    return FreeVcConverter(_ready(network, device), impressions)


def _knnvc(folder: Path, device: Device, impressions: Impressions) -> KnnConverter:
    listener = _wavlm(folder)
    with replaced(knnvc, "get_wavlm", lambda: listener):
        network = knnvc.KNNVC(KNNVCConfig())
    return KnnConverter(_ready(network, device), load_vocoder(folder, device), impressions)


def _wavlm(folder: Path) -> WavLM:
    file = find(folder, *WAVLM)
    content = load_tensors(file)
    with naming(file):
        stated = dict(content["cfg"])
        if not _LAYERS.fullmatch(str(stated.get("conv_feature_layers", ""))):
            raise bad_file(file, "its conv_feature_layers are not a list of numbers")
        listener = WavLM(WavLMConfig(stated))
    fill(listener, content["model"], file)
    return listener.eval()


def _ready(network: Any, device: Device) -> Any:
    fold_weight_norm(network)
    return network.eval().requires_grad_(requires_grad=False).to(device.torch)


def _at(wave: Wave, rate: int) -> torch.Tensor:
    return torchaudio.functional.resample(wave.samples, wave.rate, rate)
