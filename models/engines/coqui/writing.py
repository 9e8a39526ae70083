"""Writes VITS checkpoints of the Coqui library from weights that came in other files."""

import os
from collections.abc import Mapping
from pathlib import Path

import torch
from TTS.tts.configs.vits_config import VitsConfig
from TTS.tts.models.vits import Vits

from models.engines.coqui.checkpoints import Tensors, bad_file, fill

# Not in files that are made for speaking. They stay as a new network has them, and this engine does not load them.
_MAY_BE_MISSING = ("posterior_encoder.", "duration_predictor.post_", "duration_predictor.flows.1.")


def write(folder: Path, config: VitsConfig, plain: Tensors, symbols: Mapping[str, int], origin: Path) -> None:
    """config.json and model.pth of a network with these weights.

    `plain` has Coqui's names, and whole weights where the library splits them into direction and length.
    ``text_encoder.emb.weight`` in it has a row for each symbol, as `symbols` counts them; a symbol of the
    configuration that is not there gets row 0. `origin` is the file that an EngineError names when a weight is
    missing or has another shape than the configuration says.
    """
    config.model_args.init_discriminator = False
    network = Vits(config)
    rows = [symbols.get(symbol, 0) for symbol in network.tokenizer.characters.vocab]
    tensors = dict(plain)
    tensors["text_encoder.emb.weight"] = plain["text_encoder.emb.weight"][rows]
    fill(network, {name: _split(name, value, tensors, origin) for name, value in network.state_dict().items()}, origin)
    folder.mkdir(parents=True, exist_ok=True)
    config.save_json(str(folder / "config.json"))
    target = folder / "model.pth"
    temporary = target.with_suffix(".part")
    with temporary.open("wb") as file:
        torch.save({"model": network.state_dict()}, file)
        file.flush()
        os.fsync(file.fileno())
    temporary.replace(target)


def whole(tensors: Tensors) -> Tensors:
    """The weights of a checkpoint with weight norm, in torch's old names or its new ones, worked out."""
    pairs = ((".weight_g", ".weight_v"), (".parametrizations.weight.original0", ".parametrizations.weight.original1"))
    found = dict(tensors)
    for length_name, direction_name in pairs:
        for name in [name for name in tensors if name.endswith(length_name)]:
            base = name.removesuffix(length_name)
            length, direction = found.pop(name), found.pop(base + direction_name)
            found[f"{base}.weight"] = direction * (length / _length(direction))
    return found


def _split(name: str, value: torch.Tensor, plain: Tensors, origin: Path) -> torch.Tensor:
    """The tensor that the library keeps under this name."""
    base, norm, part = name.partition(".parametrizations.weight.")
    weight = plain.get(f"{base}.weight" if norm else name)
    if weight is None:
        if name.startswith(_MAY_BE_MISSING):
            return value
        raise bad_file(origin, f"has no weights for {name}")
    return _length(weight) if part == "original0" else weight


def _length(weight: torch.Tensor) -> torch.Tensor:
    return torch.linalg.vector_norm(weight, dim=tuple(range(1, weight.ndim)), keepdim=True)
