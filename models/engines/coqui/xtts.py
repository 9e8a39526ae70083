"""XTTS v2: a language model of sounds that speaks as a studio speaker or as the person of a recording."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import torch
from tokenizers import Tokenizer
from TTS.tts.models.xtts import Xtts

from models.engines.coqui import text
from models.engines.coqui.checkpoints import Tensors, bad_file, find, naming, present, weights
from models.engines.coqui.checkpoints import load as load_tensors
from models.engines.coqui.device import Device
from models.engines.coqui.library import configuration
from models.engines.coqui.model import Line, Wave
from models.engines.coqui.references import Impressions, Reference
from models.engines.coqui.settings import Settings
from models.engines.errors import EngineError

_LISTENS_AT = 22_050


class XttsModel:
    """One checkpoint on one device."""

    batch_gains = False
    is_independent = False  # torch's own random numbers

    def __init__(self, network: Xtts, speakers: dict[str, dict[str, torch.Tensor]], impressions: Impressions) -> None:
        self._network = network
        self._speakers = speakers
        self._impressions = impressions

    def speak(self, lines: Sequence[Line]) -> list[Wave]:
        """See Model."""
        return [self._one(line.text, line.settings, line.seed, line.reference) for line in lines]

    def _one(self, spoken: str, settings: Settings, seed: int, reference: Reference | None) -> Wave:
        network, config = self._network, self._network.config
        if settings.language not in config.languages:
            raise _refused(settings, f"does not speak {settings.language!r} but {', '.join(config.languages)}")
        latents = self._latents(settings, reference)
        # The library makes i of I in every language
        written = text.lower(spoken, settings.language)
        if len(network.tokenizer.encode(written.strip(), lang=settings.language)) >= network.args.gpt_max_text_tokens:
            raise EngineError("the text is too long for XTTS", code="text_too_long", permanent=True)
        torch.manual_seed(seed)
        made = network.inference(
            written,
            settings.language,
            latents["gpt_cond_latent"],
            latents["speaker_embedding"],
            temperature=config.temperature,
            length_penalty=config.length_penalty,
            repetition_penalty=config.repetition_penalty,
            top_k=config.top_k,
            top_p=config.top_p,
            speed=settings.speed,
        )
        if made["gpt_latents"].shape[1] >= network.gpt.max_gen_mel_tokens - 1:
            raise EngineError("XTTS did not come to an end", code="runaway_audio")
        return Wave(torch.from_numpy(made["wav"]).reshape(-1), int(network.args.output_sample_rate))

    def _latents(self, settings: Settings, reference: Reference | None) -> Tensors:
        if settings.speaker is not None:
            try:
                return self._speakers[settings.speaker]
            except KeyError:
                names = ", ".join(list(self._speakers)[:20]) or "none"
                raise _refused(settings, f"has no speaker {settings.speaker!r}; it has {names}") from None
        if reference is None:
            raise _refused(settings, "needs a speaker or a reference")
        return self._impressions.get(reference, lambda: self._listen(reference))

    def _listen(self, reference: Reference) -> Tensors:
        network, config = self._network, self._network.config
        heard = reference.samples(_LISTENS_AT).unsqueeze(0)[:, : _LISTENS_AT * config.max_ref_len]
        if config.sound_norm_refs:
            heard = heard / heard.abs().max() * 0.75
        heard = heard.to(network.device)
        with naming(reference.path):
            return {
                "gpt_cond_latent": network.get_gpt_cond_latents(
                    heard, _LISTENS_AT, length=config.gpt_cond_len, chunk_length=config.gpt_cond_chunk_len
                ),
                "speaker_embedding": network.get_speaker_embedding(heard, _LISTENS_AT),
            }


def load(folder: Path, device: Device, impressions: Impressions) -> XttsModel:
    """A folder with config.json, model.pth, vocab.json and, for the studio speakers, speakers_xtts.pth."""
    config_file, file = find(folder, "config.json"), find(folder, "model.pth", "best_model.pth")
    _check_vocabulary(find(folder, "vocab.json"))
    config = configuration(config_file)
    with naming(config_file):
        network = Xtts(config)
    tensors = weights(file)
    # The library would read the file again, and write over one that holds more than tensors.
    network._load_checkpoint = lambda _: dict(tensors)
    with naming(file):
        network.load_checkpoint(
            config, checkpoint_dir=str(folder), checkpoint_path=str(file), eval=True, speaker_file_path=""
        )
        network.requires_grad_(requires_grad=False).to(device.torch)
    del network._load_checkpoint
    return XttsModel(network, _studio(present(folder, "speakers_xtts.pth")), impressions)


def _check_vocabulary(file: Path) -> None:
    try:
        Tokenizer.from_file(str(file))
    except Exception as error:
        raise bad_file(file, "is not a vocabulary of XTTS") from error


def _studio(file: Path | None) -> dict[str, dict[str, torch.Tensor]]:
    content: dict[str, Any] = load_tensors(file) if file else {}
    for name, latents in content.items():
        if not isinstance(latents, dict) or not {"gpt_cond_latent", "speaker_embedding"} <= latents.keys():
            raise bad_file(file or Path(), f"has no latents for {name!r}")
    return content


def _refused(settings: Settings, reason: str) -> EngineError:
    return EngineError(f"voice pack {settings.model} {reason}", code="voice_not_supported", permanent=True)
