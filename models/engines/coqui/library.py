"""The Coqui library, kept quiet and kept inside the voice pack: its configurations and its tokenizers."""

import logging
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from TTS.config import register_config

from models.engines.coqui import text
from models.engines.coqui.checkpoints import bad_file, naming, present, read_json

# The library logs texts: every character that a model lacks, and the beginning of what is too long.
for _name in ("TTS", "trainer"):
    logging.getLogger(_name).setLevel(logging.CRITICAL + 1)
logging.getLogger("transformers").setLevel(logging.ERROR)

# Files that a configuration names by the path they had where the model was trained, and what they are called in the
# archives of Coqui's model list.
_FILES = {
    "speakers_file": ("speaker_ids.json", "speaker_ids.pth", "speakers.pth", "speakers.json"),
    "speaker_file": ("speaker_ids.json", "speaker_ids.pth", "speakers.pth", "speakers.json"),
    "d_vector_file": ("speakers.json", "speakers.pth"),
    "language_ids_file": ("language_ids.json",),
    "tokenizer_file": ("vocab.json",),
}
# They serve training, or voice cloning by a second network: no part of speaking.
_UNUSED = {
    *("speaker_encoder_model_path", "speaker_encoder_config_path", "mel_norm_file", "output_path", "restore_path"),
    *("phoneme_cache_path", "dvae_checkpoint", "xtts_checkpoint", "gpt_checkpoint", "decoder_checkpoint"),
    "clvp_checkpoint",
}
_OFF = {"use_speaker_encoder_as_loss", "init_discriminator"}


def model_name(content: dict[str, Any], file: Path) -> str:
    """What the configuration calls its kind of model, in small letters: vits, glow_tts, hifigan, freevc, …"""
    name = content.get("model") or content.get("generator_model")
    if not isinstance(name, str):
        raise bad_file(file, "does not name a kind of model")
    return name.lower().removesuffix("_generator")


def configuration(file: Path) -> Any:
    """The library's configuration object; files that it names are those of the pack, whatever their path was."""
    content = read_json(file)
    name = model_name(content, file)
    kept = _kept_inside(content, file)
    with naming(file):
        config = register_config(name)()
        config.from_dict(kept)
    return config


def _kept_inside(content: dict[str, Any], file: Path) -> dict[str, Any]:
    kept: dict[str, Any] = {}
    for key, value in content.items():
        if key in _UNUSED or value is None:
            continue
        if key == "stats_path" and value:
            raise bad_file(file, "needs its stats_path, a pickle, which is not loaded")
        if key == "characters_class" and value and not str(value).startswith("TTS.tts."):
            raise bad_file(file, f"names a class outside the library, {value!r}")
        if key in _FILES:
            kept[key] = _in_pack(value, key, file)
        elif isinstance(value, dict):
            kept[key] = _kept_inside(value, file)
        else:
            kept[key] = False if key in _OFF else value
    return kept


def _in_pack(value: Any, key: str, file: Path) -> Any:
    """The file's path in the pack, in a list when the configuration has a list."""
    names = value if isinstance(value, list) else [value]
    found = [present(file.parent, Path(str(name)).name, *_FILES[key]) for name in names if name]
    if None in found:
        raise bad_file(file.parent, f"there is no {Path(str(names[0])).name}, the {key} of {file.name}")
    paths = [str(path) for path in found]
    return paths if isinstance(value, list) else (paths or [""])[0]


class Reader:
    """Text to the ids that a model has learnt, by the model's own tokenizer."""

    def __init__(self, tokenizer: Any) -> None:
        self._tokenizer = tokenizer
        vocabulary = tokenizer.characters
        special = {vocabulary.pad, vocabulary.blank, vocabulary.bos, vocabulary.eos}
        # MMS uses a letter or the space for these, and means the letter when it stands in a text
        special = {symbol for symbol in special if symbol and not symbol.isalnum() and symbol != " "}
        self._known = {symbol for symbol in vocabulary.vocab if len(symbol) == 1} - special
        self._cleaner = tokenizer.text_cleaner
        self._lowers = self._cleaner is not None and self._cleaner("A", lang=None) == "a"

    @property
    def has_phonemizer(self) -> bool:
        """Whether the model reads sounds instead of letters."""
        return self._tokenizer.phonemizer is not None

    def ids(self, spoken: str, language: str) -> list[int]:
        """The ids; empty when nothing of the text can be spoken. EngineError for letters that cannot be written."""
        # Before the cleaner: it would make i of I, and two characters of İ
        cleaned = text.lower(spoken, language) if self._lowers else spoken
        if self._cleaner is not None:
            cleaned = self._cleaner(cleaned, lang=language)
        if self._tokenizer.phonemizer is None:
            written = text.readable(cleaned, self._known, language)
        else:
            sounds = self._tokenizer.phonemizer.phonemize(cleaned, separator="", language=language)
            written = "".join(symbol for symbol in sounds if symbol in self._known)
        if not any(character.isalnum() for character in written):
            return []
        ids: list[int] = self._tokenizer.encode(written)
        if self._tokenizer.add_blank:
            ids = self._tokenizer.intersperse_blank_char(ids)
        return self._tokenizer.pad_with_bos_eos(ids) if self._tokenizer.use_eos_bos else ids


@contextmanager
def replaced(module: Any, name: str, value: Any) -> Iterator[None]:
    """`module.name` is `value` for the length of the block: for functions of the library that would download."""
    original = getattr(module, name)
    setattr(module, name, value)
    try:
        yield
    finally:
        setattr(module, name, original)
