"""VITS: checkpoints of the Coqui library, and MMS checkpoints as fairseq wrote them.

The library's network is used part by part instead of by its ``inference``: each text gets noise of its own, which
depends on its seed only, and texts that are spoken together are masked where they end, so that each sounds as if it
had been spoken alone.
"""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import torch
from torch.nn.utils import parametrize
from TTS.tts.configs.vits_config import VitsConfig
from TTS.tts.models.vits import FairseqVocab, Vits
from TTS.tts.utils.fairseq import rehash_fairseq_vits_checkpoint
from TTS.tts.utils.text.cleaners import basic_cleaners, uroman_cleaners
from TTS.tts.utils.text.tokenizer import TTSTokenizer

from models.engines.coqui import checkpoints, decoder
from models.engines.coqui.checkpoints import Tensors, find, naming, present, read_json
from models.engines.coqui.device import Device
from models.engines.coqui.library import Reader, configuration
from models.engines.coqui.model import Line, Wave
from models.engines.coqui.settings import Settings
from models.engines.errors import EngineError

CHECKPOINTS = ("model.pth", "best_model.pth", "model_file.pth", "model_file.pth.tar", "checkpoint.pth")
FAIRSEQ = ("G_100000.pth", "G_100000.pt")
# Training needs them, speaking does not: half of the checkpoint's parameters
_NOT_SPOKEN_WITH = ("disc.", "posterior_encoder.", "speaker_encoder.", "audio_transform.")
# Beyond this a network that has lost its way would fill the memory: some 100 ids take 10 s at most
_LONGEST_FRAMES_PER_ID = 60


class VitsModel:
    """One checkpoint on one device."""

    def __init__(self, network: Vits, reader: Reader, device: Device) -> None:
        self._network = network
        self._reader = reader
        self._device = device
        self._rate = int(network.config.audio.sample_rate)
        # The library resamples between encoder and decoder in one checkpoint of its list, for a batch of one only
        self._interpolates = bool(network.args.encoder_sample_rate)
        self._batches = not self._interpolates and decoder.keeps_lengths(network.waveform_decoder)
        self._decode = decoder.build(network.waveform_decoder, device)

    @property
    def batch_gains(self) -> bool:
        """On a GPU. On two CPU cores a batch of eight mixed sentences took as long as one after another."""
        return self._device.is_cuda and self._batches

    @property
    def is_independent(self) -> bool:
        """But for a phonemizer, which is a program of its own or keeps one."""
        return not self._reader.has_phonemizer

    def speak(self, lines: Sequence[Line]) -> list[Wave]:
        """See Model. The voices are those that the network was trained with: references say nothing to it."""
        if not self._batches:
            return [wave for line in lines for wave in self._run([line])]
        return self._run(lines)

    def _conditions(self, settings: Settings) -> tuple[torch.Tensor | None, torch.Tensor | None]:
        """What makes the speaker and the language, shapes (1, channels, 1)."""
        network = self._network
        try:
            speaker, vector = network._get_speaker_id_or_dvector(settings.speaker)
            language = network._get_language_id(settings.language) if network.args.use_language_embedding else None
        except (KeyError, ValueError) as error:
            raise EngineError(
                f"voice pack {settings.model}: speaker {settings.speaker!r} or language {settings.language!r}"
                f" is not one of the model's; it has {_choices(network)}",
                code="voice_not_supported",
                permanent=True,
            ) from error
        g = network._get_speaker_conditioning(
            {"speaker_ids": speaker, "d_vectors": vector}, "emb_g", normalize_embedding=False
        )
        spoken = None
        if language is not None:
            spoken = network.emb_l(torch.tensor([language], device=self._device.torch)).unsqueeze(-1)
        return g, spoken

    def _run(self, lines: Sequence[Line]) -> list[Wave]:
        network, device = self._network, self._device
        ids = [self._reader.ids(line.text, line.settings.language) for line in lines]
        if not all(ids):
            raise EngineError("nothing in the text can be spoken", code="nothing_to_speak", permanent=True)
        aims = {settings: self._conditions(settings) for settings in {line.settings for line in lines}}
        g, language = (_rows([aims[line.settings][part] for line in lines]) for part in (0, 1))
        speeds = torch.tensor([line.settings.speed for line in lines], device=device.torch)
        generators = [torch.Generator().manual_seed(line.seed) for line in lines]
        lengths = torch.tensor([len(one) for one in ids], device=device.torch)
        rows = torch.nn.utils.rnn.pad_sequence([torch.tensor(one) for one in ids], batch_first=True).to(device.torch)
        hidden, mean, deviation, mask = network.text_encoder(rows, lengths, lang_emb=language)
        durations = self._durations(hidden, mask, g, language, generators, lengths, speeds)
        frames = [int(one.sum()) for one in durations]
        if any(count > _LONGEST_FRAMES_PER_ID * len(one) for count, one in zip(frames, ids, strict=True)):
            raise EngineError("the network would not stop speaking", code="runaway_audio")
        latent = mean.new_zeros(len(ids), mean.shape[1], max(frames))
        for row, (one, generator) in enumerate(zip(durations, generators, strict=True)):
            m = mean[row, :, : len(one)].repeat_interleave(one, dim=1)
            s = deviation[row, :, : len(one)].repeat_interleave(one, dim=1)
            noise = torch.randn(m.shape, generator=generator).to(m)
            latent[row, :, : m.shape[1]] = m + noise * torch.exp(s) * network.inference_noise_scale
        sizes = torch.tensor(frames, device=device.torch)
        kept = (torch.arange(max(frames), device=device.torch) < sizes[:, None]).unsqueeze(1).to(latent)
        z = network.flow(latent, kept, g=g, reverse=True)
        if self._interpolates:
            z, _, _, kept = network.upsampling_z(z, y_lengths=sizes, y_mask=kept)
            z = z.reshape(1, -1, z.shape[-1])
            frames = [z.shape[-1]]
        sound = self._decode(z * kept, g, frames)
        return [Wave(one.float(), self._rate) for one in sound]

    def _durations(
        self,
        hidden: torch.Tensor,
        mask: torch.Tensor,
        g: torch.Tensor | None,
        language: torch.Tensor | None,
        generators: Sequence[torch.Generator],
        lengths: torch.Tensor,
        speeds: torch.Tensor,
    ) -> list[torch.Tensor]:
        """Frames that each id lasts, one row of whole numbers for each text."""
        network = self._network
        predictor = network.duration_predictor
        to = g if network.args.condition_dp_on_speaker else None
        if network.args.use_sdp:
            noise = hidden.new_zeros(len(generators), 2, hidden.shape[2])
            for row, (length, generator) in enumerate(zip(lengths.tolist(), generators, strict=True)):
                noise[row, :, :length] = torch.randn((2, length), generator=generator).to(noise)
            logarithm = _spread(predictor, hidden, mask, to, language, noise * network.inference_noise_scale_dp)
        else:
            logarithm = predictor(hidden, mask, g=to, lang_emb=language)
        frames = torch.ceil(torch.exp(logarithm.float()) * mask * network.length_scale / speeds[:, None, None]).squeeze(
            1
        )
        rows = [row[:length].long() for row, length in zip(frames, lengths.tolist(), strict=True)]
        for row in rows:
            if not row.any():
                row[0] = 1
        return rows


def _rows(parts: Sequence[torch.Tensor | None]) -> torch.Tensor | None:
    """One tensor of a row each; None for a network that has nothing of the kind."""
    present = [part for part in parts if part is not None]
    return torch.cat(present) if present else None


def _spread(
    predictor: Any,
    hidden: torch.Tensor,
    mask: torch.Tensor,
    g: torch.Tensor | None,
    language: torch.Tensor | None,
    noise: torch.Tensor,
) -> torch.Tensor:
    """The stochastic duration predictor backwards, from noise that is given: logarithms of durations, (B, 1, T)."""
    x = predictor.pre(hidden)
    if g is not None:
        x = x + predictor.cond(g)
    if language is not None:
        x = x + predictor.cond_lang(language)
    x = predictor.proj(predictor.convs(x, mask)) * mask
    # All but one of the flows, as in training's last step: the second one only carries noise
    last, _, *others = predictor.flows
    for flow in (*reversed(others), last):
        noise = flow(torch.flip(noise, [1]), mask, g=x, reverse=True)
    return noise[:, :1]


def load(folder: Path, device: Device) -> VitsModel:
    """A folder with config.json and model.pth or the like, of one speaker or several."""
    config_file = find(folder, "config.json")
    config = configuration(config_file)
    file = find(folder, *CHECKPOINTS)
    with naming(config_file):
        network = Vits(config)
        reader = Reader(network.tokenizer)
    return _filled(network, checkpoints.weights(file), file, reader, device)


def load_mms(folder: Path, device: Device) -> VitsModel:
    """A folder of MMS: G_100000.pth, config.json and vocab.txt, wherever it is and whatever it is called."""
    config_file, vocabulary_file = find(folder, "config.json"), find(folder, "vocab.txt")
    file = find(folder, *FAIRSEQ)
    stated = read_json(config_file)
    with naming(config_file):
        data, shape = stated["data"], stated.get("model", {})
        config = _mms_config(data, shape)
        cleaner = uroman_cleaners if str(data["training_files"]).endswith("uroman") else basic_cleaners
        with naming(vocabulary_file):
            vocabulary = FairseqVocab.init_from_vocab_file(vocabulary_file)
        network = Vits(config)
        network.text_encoder.emb = torch.nn.Embedding(vocabulary.num_chars, config.model_args.hidden_channels)
        tokenizer = TTSTokenizer(
            use_phonemes=False, text_cleaner=cleaner, characters=vocabulary, add_blank=bool(data["add_blank"])
        )
        reader = Reader(tokenizer)
    checkpoints.weights(file)  # names the file when it is wrong; the next line loads it by the library's table of names
    with naming(file):
        tensors = rehash_fairseq_vits_checkpoint(file)
    return _filled(network, tensors, file, reader, device)


def is_mms(folder: Path) -> bool:
    """Whether the folder looks like one of MMS."""
    return present(folder, *FAIRSEQ) is not None


def _mms_config(data: dict[str, Any], shape: dict[str, Any]) -> VitsConfig:
    config = VitsConfig()
    config.audio.sample_rate = int(data["sampling_rate"])
    config.audio.hop_length = int(data.get("hop_length", config.audio.hop_length))
    arguments = config.model_args
    arguments.init_discriminator = False
    for theirs, ours in _FAIRSEQ_NAMES.items():
        if theirs in shape:
            arguments[ours] = shape[theirs]
    if "filter_length" in data:
        arguments.out_channels = int(data["filter_length"]) // 2 + 1
    return config


_FAIRSEQ_NAMES = {
    "hidden_channels": "hidden_channels",
    "filter_channels": "hidden_channels_ffn_text_encoder",
    "n_heads": "num_heads_text_encoder",
    "n_layers": "num_layers_text_encoder",
    "kernel_size": "kernel_size_text_encoder",
    "resblock": "resblock_type_decoder",
    "resblock_kernel_sizes": "resblock_kernel_sizes_decoder",
    "resblock_dilation_sizes": "resblock_dilation_sizes_decoder",
    "upsample_rates": "upsample_rates_decoder",
    "upsample_initial_channel": "upsample_initial_channel_decoder",
    "upsample_kernel_sizes": "upsample_kernel_sizes_decoder",
    "use_sdp": "use_sdp",
}


def _filled(network: Vits, tensors: Tensors, file: Path, reader: Reader, device: Device) -> VitsModel:
    """The network with the checkpoint's tensors, without what only training needs, ready to speak."""
    network.disc = None
    network.posterior_encoder = None
    spoken_with = {name: value for name, value in tensors.items() if not name.startswith(_NOT_SPOKEN_WITH)}
    checkpoints.fill(network, spoken_with, file)
    fold_weight_norm(network)
    network.eval().requires_grad_(requires_grad=False).to(device.torch)
    return VitsModel(network, reader, device)


def fold_weight_norm(network: torch.nn.Module) -> None:
    """Work out the weights once; the library does at every call."""
    for module in network.modules():
        if parametrize.is_parametrized(module):
            for name in list(module.parametrizations):
                parametrize.remove_parametrizations(module, name)


def _choices(network: Vits) -> str:
    speakers = list(network.speaker_manager.name_to_id) if network.speaker_manager else []
    languages = network.language_manager.language_names if network.args.use_language_embedding else []
    return f"speakers {', '.join(map(str, speakers[:20])) or 'none'} and languages {', '.join(languages) or 'none'}"
