"""Files of a voice pack: found, read as data only, and named when they are wrong."""

import json
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from pickle import UnpicklingError
from typing import Any

# The library loads some files itself. With this variable torch refuses to run what a pickle says even there.
os.environ["TORCH_FORCE_WEIGHTS_ONLY_LOAD"] = "1"

import torch

from models.engines.errors import EngineError

Tensors = dict[str, torch.Tensor]

# What the library and torch raise on files that are not what they expect. None of them has a base class of its own.
_FILE_ERRORS = (
    *(ArithmeticError, AssertionError, AttributeError, EOFError, ImportError, LookupError, OSError, RuntimeError),
    *(TypeError, ValueError, UnpicklingError),
)


def bad_file(path: Path, reason: str) -> EngineError:
    """A file of a voice pack is missing, damaged, or not what the model needs: permanent, and named."""
    return EngineError(f"{path}: {reason}", code="voice_model", permanent=True)


@contextmanager
def naming(path: Path) -> Iterator[None]:
    """Errors that come of the content of this file leave as bad_file, lack of memory as a passing EngineError."""
    try:
        yield
    except EngineError:
        raise
    except (torch.OutOfMemoryError, MemoryError) as error:
        raise EngineError(f"not enough memory to load {path.name}", code="out_of_memory") from error
    except _FILE_ERRORS as error:
        raise bad_file(path, f"cannot be loaded ({_reason(error)})") from error


def present(folder: Path, *names: str) -> Path | None:
    """The first of these files that is in the folder."""
    return next((folder / name for name in names if (folder / name).is_file()), None)


def find(folder: Path, *names: str) -> Path:
    """The first of these files that is there; bad_file names the folder when none is."""
    if (path := present(folder, *names)) is None:
        raise bad_file(folder, f"there is no {' or '.join(names)}")
    return path


def load(path: Path) -> dict[str, Any]:
    """What torch.save has written there: tensors, numbers and texts in dicts and lists, nothing that can run."""
    with naming(path):
        with path.open("rb") as file:
            is_archive = file.read(2) == b"PK"  # what torch before 1.6 wrote is none, and cannot be mapped
        content = torch.load(path, map_location="cpu", weights_only=True, mmap=is_archive)
    if not isinstance(content, dict):
        raise bad_file(path, "is not a checkpoint")
    return content


def weights(path: Path) -> Tensors:
    """The tensors under "model" in a checkpoint."""
    content = load(path).get("model")
    if not isinstance(content, dict) or not all(isinstance(value, torch.Tensor) for value in content.values()):
        raise bad_file(path, 'has no tensors under "model"')
    return content


def read_json(path: Path) -> dict[str, Any]:
    """A JSON object. Old Coqui configurations hold comments, which are left out."""
    with naming(path):
        try:
            content = json.loads(path.read_text(encoding="utf-8"))
        except json.JSONDecodeError:
            from TTS.config import read_json_with_comments

            content = read_json_with_comments(str(path))
    if not isinstance(content, dict):
        raise bad_file(path, "is not a JSON object")
    return content


def fill(module: torch.nn.Module, tensors: Tensors, path: Path) -> None:
    """Put the tensors into the module; bad_file when names or shapes differ."""
    with naming(path):
        module.load_state_dict(tensors, strict=True)


def _reason(error: Exception) -> str:
    """One line: the kind of error and the beginning of what it says."""
    text = " ".join(str(error).split())
    return f"{type(error).__name__}: {text[:160]}" if text else type(error).__name__
