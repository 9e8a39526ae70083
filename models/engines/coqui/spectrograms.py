"""Models that paint a spectrogram, which a vocoder makes audible: GlowTTS, FastPitch, Tacotron 2 and their kin."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import torch
from TTS.tts.models import setup_model as network_for
from TTS.utils.audio import AudioProcessor
from TTS.vocoder.models import setup_model as vocoder_for
from TTS.vocoder.utils.generic_utils import interpolate_vocoder_input

from models.engines.coqui.checkpoints import bad_file, find, naming, weights
from models.engines.coqui.device import Device
from models.engines.coqui.library import Reader, configuration
from models.engines.coqui.model import Line, Wave
from models.engines.coqui.settings import Settings
from models.engines.coqui.vits import CHECKPOINTS, fold_weight_norm
from models.engines.errors import EngineError

FAMILIES = frozenset(
    {
        *("glow_tts", "speedy_speech", "fast_speech", "fastspeech2", "fast_pitch", "forward_tts", "align_tts"),
        *("tacotron", "tacotron2", "overflow", "neuralhmm_tts"),
    }
)
VOCODER = "vocoder"
"""The folder in the pack where the vocoder's config.json and checkpoint are."""


class Vocoder:
    """Spectrograms to samples."""

    def __init__(self, network: Any, audio: AudioProcessor, device: Device) -> None:
        self.audio = audio
        self._network = network
        self._device = device

    def sound(self, spectrogram: torch.Tensor) -> Wave:
        """Samples for a spectrogram of this vocoder's own scale, shape (1, bands, frames)."""
        return Wave(
            self._network.inference(spectrogram.to(self._device.torch)).float().reshape(-1), self.audio.sample_rate
        )


class SpectrogramModel:
    """One acoustic model with its vocoder."""

    batch_gains = False
    is_independent = False  # torch's own random numbers

    def __init__(self, network: Any, reader: Reader, vocoder: Vocoder, device: Device) -> None:
        self._network = network
        self._reader = reader
        self._vocoder = vocoder
        self._device = device
        self._length_scale: float | None = getattr(network, "length_scale", None)

    def speak(self, lines: Sequence[Line]) -> list[Wave]:
        """See Model."""
        return [self._one(line.text, line.settings, line.seed) for line in lines]

    def _one(self, text: str, settings: Settings, seed: int) -> Wave:
        ids = self._reader.ids(text, settings.language)
        if not ids:
            raise EngineError("nothing in the text can be spoken", code="nothing_to_speak", permanent=True)
        network, device = self._network, self._device.torch
        try:
            speaker, vector = network._get_speaker_id_or_dvector(settings.speaker)
        except (KeyError, ValueError) as error:
            names = ", ".join(map(str, list(network.speaker_manager.name_to_id)[:20]))
            raise EngineError(
                f"voice pack {settings.model}: speaker {settings.speaker!r} is not one of {names}",
                code="voice_not_supported",
                permanent=True,
            ) from error
        torch.manual_seed(seed)
        self._set_tempo(settings)
        painted = network.inference(
            torch.tensor([ids], device=device),
            aux_input={
                "x_lengths": torch.tensor([len(ids)], device=device),
                "speaker_ids": speaker,
                "d_vectors": vector,
                "style_mel": None,
                "style_text": None,
            },
        )["model_outputs"][0]
        steps = getattr(getattr(network, "decoder", None), "max_decoder_steps", None)
        if steps is not None and len(painted) >= steps * network.decoder.r:
            raise EngineError("the network would not stop speaking", code="runaway_audio")
        return self._audible(painted.float().cpu())

    def _set_tempo(self, settings: Settings) -> None:
        if self._length_scale is not None:
            self._network.length_scale = self._length_scale / settings.speed
        elif settings.speed != 1:
            raise EngineError(
                f"voice pack {settings.model}: this kind of model has one tempo only; speed must be 1",
                code="voice_not_supported",
                permanent=True,
            )

    def _audible(self, painted: torch.Tensor) -> Wave:
        """Samples of a spectrogram (frames, bands) in the acoustic model's scale."""
        own = self._network.ap
        heard = self._vocoder.audio.normalize(own.denormalize(painted.numpy().T))
        rate = self._vocoder.audio.sample_rate / own.sample_rate
        if rate != 1:
            return self._vocoder.sound(interpolate_vocoder_input([1, rate], heard))
        return self._vocoder.sound(torch.from_numpy(heard).float().unsqueeze(0))


def load(folder: Path, device: Device) -> SpectrogramModel:
    """A folder with config.json and model.pth or the like, and ``vocoder/`` with the same of the vocoder."""
    config_file = find(folder, "config.json")
    config, file = configuration(config_file), find(folder, *CHECKPOINTS)
    with naming(config_file):
        network = network_for(config)
        reader = Reader(network.tokenizer)
    weights(file)
    with naming(file):
        network.load_checkpoint(config, file, eval=True)
        network.requires_grad_(requires_grad=False).to(device.torch)
    vocoder = load_vocoder(folder / VOCODER, device)
    if vocoder.audio.num_mels != network.ap.num_mels:
        raise bad_file(
            folder / VOCODER, f"hears {vocoder.audio.num_mels} bands, the model paints {network.ap.num_mels}"
        )
    return SpectrogramModel(network, reader, vocoder, device)


def load_vocoder(folder: Path, device: Device) -> Vocoder:
    """A folder with a vocoder's config.json and checkpoint."""
    config_file = find(folder, "config.json")
    config, file = configuration(config_file), find(folder, *CHECKPOINTS)
    with naming(config_file):
        audio = AudioProcessor(config.audio)
        network = vocoder_for(config)
    with naming(file):
        network.load_checkpoint(config, str(file), eval=True)
        fold_weight_norm(network)
        network.eval().requires_grad_(requires_grad=False).to(device.torch)
    return Vocoder(network, audio, device)
