"""Recordings that voices are imitated from, and what a model has made of them."""

import hashlib
import os
import tempfile
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import soundfile
import torch
import torchaudio

from models.engines.coqui.checkpoints import Tensors, bad_file, load
from models.engines.errors import EngineError

LONGEST = 60.0
"""Seconds of a recording that are used; no model gains from more."""
SHORTEST = 1.0
_REMEMBERED = 64


@dataclass(frozen=True, slots=True)
class Reference:
    """A recording on disk, known by what is in it."""

    path: Path
    sha256: str

    def samples(self, rate: int) -> torch.Tensor:
        """Mono float32 at `rate` Hz, shape (samples,). EngineError names the file when it is no usable recording."""
        try:
            with soundfile.SoundFile(self.path) as file:
                own_rate = file.samplerate
                frames = file.read(frames=round(LONGEST * own_rate), dtype="float32", always_2d=True)
        except (soundfile.SoundFileError, OSError, RuntimeError) as error:
            raise bad_file(self.path, "is not a recording that can be read") from error
        mono = torch.from_numpy(np.ascontiguousarray(frames.mean(axis=1)))
        if len(mono) < SHORTEST * own_rate or not torch.isfinite(mono).all() or not mono.abs().max() > 0.001:
            raise bad_file(self.path, f"is silent or shorter than {SHORTEST:g} s")
        return torchaudio.functional.resample(mono, own_rate, rate)


def reference(path: Path) -> Reference:
    """The recording at this path, its content hashed. EngineError names a file that is missing."""
    try:
        with path.open("rb") as file:
            return Reference(path, hashlib.file_digest(file, "sha256").hexdigest())
    except FileNotFoundError as error:
        raise EngineError(
            f"there is no reference {path}: `manage.py voices references` records those of the nine voices",
            code="voice_reference",
            permanent=True,
        ) from error
    except OSError as error:
        raise EngineError(
            f"the reference {path} cannot be read: {error.strerror or error}", code="voice_reference", permanent=True
        ) from error


class Impressions:
    """What a model has worked out about recordings: kept in memory and in files, so that each is heard once.

    Files are called by the recording's hash and by `kind`, which changes whenever the model does; a file that is
    damaged is made again.
    """

    def __init__(self, folder: Path, kind: str) -> None:
        self._folder = folder
        self._kind = kind
        self._kept: OrderedDict[str, Tensors] = OrderedDict()

    def get(self, recording: Reference, work_out: Callable[[], Tensors]) -> Tensors:
        """The tensors for this recording, from memory, from disk, or from `work_out`."""
        key = recording.sha256
        if key not in self._kept:
            self._kept[key] = self._from_disk(key) or self._worked_out(key, work_out)
            if len(self._kept) > _REMEMBERED:
                self._kept.popitem(last=False)
        self._kept.move_to_end(key)
        return self._kept[key]

    def _file(self, key: str) -> Path:
        return self._folder / f"{self._kind}-{key}.pt"

    def _from_disk(self, key: str) -> Tensors | None:
        if not (file := self._file(key)).is_file():
            return None
        try:
            content = load(file)
        except EngineError:
            return None
        return content if all(isinstance(value, torch.Tensor) for value in content.values()) else None

    def _worked_out(self, key: str, work_out: Callable[[], Tensors]) -> Tensors:
        tensors = {name: value.detach().cpu() for name, value in work_out().items()}
        # Without the file the next process listens to the recording again: no reason not to speak.
        try:
            self._folder.mkdir(mode=0o700, parents=True, exist_ok=True)
            descriptor, temporary = tempfile.mkstemp(dir=self._folder, prefix=".", suffix=".part")
            try:
                with os.fdopen(descriptor, "wb") as target:
                    torch.save(tensors, target)
                Path(temporary).replace(self._file(key))
            except BaseException:
                Path(temporary).unlink(missing_ok=True)
                raise
        except (OSError, RuntimeError):
            pass
        return tensors
