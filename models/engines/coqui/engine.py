"""Coqui voices behind the protocol of the other engines: packs are models, a voice is a model and its settings."""

import hashlib
import threading
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
import torch
import torchaudio

from models import packs
from models.audio import Pcm
from models.catalogue import Voice
from models.engines.base import EngineError
from models.engines.coqui import settings, vits
from models.engines.coqui.checkpoints import bad_file, find, read_json
from models.engines.coqui.device import Device, Lanes, choose, in_halves, release, set_threads
from models.engines.coqui.library import model_name
from models.engines.coqui.model import Converter, Line, Model, Wave
from models.engines.coqui.references import Impressions, Reference, reference
from models.engines.coqui.ruler import CoquiRuler
from models.engines.coqui.settings import Settings

SAMPLE_RATE = 24_000
_LARGEST_BATCH = 16

# torch draws its random numbers from one place in a process, and two networks at once would share the threads anyway.
_one_at_a_time = threading.Lock()


@dataclass(slots=True, eq=False)
class _Slot:
    """A pack's network, or the place where it is being loaded."""

    loading: threading.Lock = field(default_factory=threading.Lock)
    loaded: Any = None
    last_used: float = 0.0


class Coqui(CoquiRuler):
    """Every voice whose packs are installed. A pack is loaded when a voice first needs it, and once for all voices."""

    name = "coqui"
    sample_rate = SAMPLE_RATE

    def __init__(
        self,
        voices_dir: Path,
        cache_dir: Path,
        kernels_dir: Path | None,
        device: str,
        threads: int,
        accepted_licences: frozenset[str],
    ) -> None:
        """`cache_dir` keeps what models make of recordings, `kernels_dir` what is compiled to decode faster on a CPU.

        EngineError when the device is not there.
        """
        set_threads(threads)
        self._device: Device = choose(device, kernels_dir)
        self._lanes = Lanes(threads)
        self._voices_dir = voices_dir
        self._cache_dir = cache_dir
        self._accepted = accepted_licences
        self._lock = threading.Lock()  # guards the two tables
        self._slots: dict[str, _Slot] = {}
        self._references: dict[Path, tuple[int, Reference]] = {}
        self._resamplers: dict[int, torchaudio.transforms.Resample] = {}
        self._closed = False

    @property
    def on_gpu(self) -> bool:
        """Whether the models compute on a GPU."""
        return self._device.is_cuda

    def version(self, voice: Voice) -> str:
        """The content of the voice's packs and of the recording it imitates; numbers differ between kinds of device."""
        wanted = settings.of(voice)
        used = [packs.get(self._voices_dir, name) for name in (wanted.model, wanted.converter) if name]
        heard = self._reference(wanted.reference).sha256 if wanted.reference else ""
        kind = "cuda" if self._device.is_cuda else "cpu" if self._device.kernels is None else "cpu, tiles"
        return " ".join((*map(_content, used), heard, kind, torch.__version__))

    def speak(self, text: str, voice: Voice) -> Pcm:
        """See the contract. The voice's seed and the text decide all that is left to chance."""
        return self.speak_batch([text], [voice])[0]

    def speak_batch(self, texts: Sequence[str], voices: Sequence[Voice]) -> list[Pcm]:
        """What `speak` gives for each text in its voice, up to rounding; faster together where `batch_gains`.

        ValueError when the voices have more than one `batch_key`.
        """
        self._check(texts, voices)
        if not texts:
            return []
        lines = [self._line(text, voice) for text, voice in zip(texts, voices, strict=True)]
        packs_used = {line.settings.model for line in lines}
        if len(packs_used) > 1:
            raise ValueError("these voices are not spoken in one go")
        (pack,) = packs_used
        model: Model = self._get(pack, self._load_model)
        converters = {line.settings.converter for line in lines if line.settings.converter}
        loaded: dict[str, Converter] = {name: self._get(name, self._load_converter) for name in converters}
        # Of one length as far as it goes: what a short text waits for a long one is lost. The longest first, so that no
        # thread is left alone with one at the end.
        order = sorted(range(len(texts)), key=lambda index: len(texts[index]), reverse=True)
        size = _LARGEST_BATCH if model.batch_gains else len(texts) if self._in_lanes(model) else 1
        spoken: dict[int, Pcm] = {}

        def speak_some(indices: Sequence[int]) -> list[Pcm]:
            some = [lines[index] for index in indices]
            with _one_at_a_time, torch.inference_mode():
                waves = self._waves(model, some)
                return [self._pcm(_converted(wave, line, loaded)) for wave, line in zip(waves, some, strict=True)]

        for start in range(0, len(order), size):
            some = order[start : start + size]
            spoken.update(zip(some, _guarded(speak_some, some, pack), strict=True))
        return [spoken[index] for index in range(len(texts))]

    def batch_key(self, voice: Voice) -> str:
        """The pack of its model: speakers, tempos and converters may differ within a batch."""
        return settings.of(voice).model

    def batch_gains(self, voice: Voice) -> bool:
        """Whether `speak_batch` is faster for this voice than one text after another. Loads the voice's model."""
        model: Model = self._get(settings.of(voice).model, self._load_model)
        return model.batch_gains or self._in_lanes(model)

    def loaded(self) -> tuple[str, ...]:
        """The packs in memory, the one unused for longest first."""
        with self._lock:
            slots = [(slot.last_used, name) for name, slot in self._slots.items() if slot.loaded is not None]
        return tuple(name for _, name in sorted(slots))

    def unload(self, pack: str) -> bool:
        """Forget a pack; whether it was loaded. Who speaks with it at this moment ends first, then its memory goes."""
        with self._lock:
            slot = self._slots.get(pack)
            if slot is None or slot.loaded is None:  # not there, or only just being loaded
                return False
            slot.loaded = None  # the slot stays: whoever is about to load the pack again does so once
        release()
        return True

    def unload_idle(self, seconds: float) -> tuple[str, ...]:
        """Forget the packs that nobody has used for so long, and return their names."""
        limit = time.monotonic() - seconds
        with self._lock:
            idle = [name for name, slot in self._slots.items() if slot.loaded is not None and slot.last_used <= limit]
        return tuple(name for name in idle if self.unload(name))

    def close(self) -> None:
        """Forget everything."""
        with self._lock:
            self._closed = True
            self._slots.clear()
            self._references.clear()
        self._lanes.close()
        release()

    def _line(self, text: str, voice: Voice) -> Line:
        wanted = settings.of(voice)
        return Line(text, wanted, _seed(text, wanted), self._reference(wanted.reference) if wanted.reference else None)

    def _check(self, texts: Sequence[str], voices: Sequence[Voice]) -> None:
        if self._closed:
            raise EngineError("the engine is closed", code="engine_closed")
        for text, voice in zip(texts, voices, strict=True):
            length = self.measure(text, voice)
            if length == 0:
                raise EngineError("nothing in the text can be spoken", code="nothing_to_speak", permanent=True)
            if length > self.limits.maximum:
                raise EngineError(
                    f"{length} characters are more than {self.limits.maximum}", code="text_too_long", permanent=True
                )

    def _in_lanes(self, model: Model) -> bool:
        """Whether threads speak a text each instead of sharing one: they do not wait for each other then."""
        return self._lanes.count > 1 and model.is_independent and not self._device.is_cuda

    def _waves(self, model: Model, lines: list[Line]) -> list[Wave]:
        if len(lines) == 1 or not self._in_lanes(model):
            return model.speak(lines)

        def one(line: Line) -> Wave:
            with torch.inference_mode():  # holds for its own thread only
                return model.speak([line])[0]

        return self._lanes.map(one, lines)

    def _get(self, pack: str, load: Callable[[packs.Pack], Any]) -> Any:
        """The pack's network, loaded at its first use. Nobody waits for the loading of another one."""
        with self._lock:
            slot = self._slots.setdefault(pack, _Slot())
            slot.last_used = time.monotonic()
        loaded = slot.loaded
        if loaded is None:
            with slot.loading:
                if slot.loaded is None:
                    found = packs.get(self._voices_dir, pack)
                    packs.check_licence(found, self._accepted)
                    slot.loaded = load(found)
                    release()  # what only training needs, and the file
                loaded = slot.loaded
        return loaded

    # The other families are imported with their first pack: XTTS alone brings 230 MB of libraries along.

    def _load_model(self, pack: packs.Pack) -> Model:
        folder = pack.folder
        if vits.is_mms(folder):
            return vits.load_mms(folder, self._device)
        config_file = find(folder, "config.json")
        kind = model_name(read_json(config_file), config_file)
        if kind == "vits":
            return vits.load(folder, self._device)
        if kind == "xtts":
            from models.engines.coqui import xtts

            return xtts.load(folder, self._device, self._impressions(pack))
        from models.engines.coqui import spectrograms

        if kind in spectrograms.FAMILIES:
            return spectrograms.load(folder, self._device)
        raise bad_file(config_file, f"a model of kind {kind!r} cannot speak here")

    def _load_converter(self, pack: packs.Pack) -> Converter:
        from models.engines.coqui import conversion

        if pack.family not in conversion.FAMILIES:
            raise bad_file(pack.folder, f"its family {pack.family!r} is not one of voice converters")
        converter: Converter = conversion.load(pack.folder, pack.family, self._device, self._impressions(pack))
        return converter

    def _impressions(self, pack: packs.Pack) -> Impressions:
        """Another content of the pack makes other impressions."""
        return Impressions(self._cache_dir, f"{pack.name}-{_content(pack)[:12]}")

    def _reference(self, name: str) -> Reference:
        """The recording, hashed again only when the file has changed. Relative paths begin at the voice packs."""
        path = self._voices_dir / name
        try:
            stamp = path.stat().st_mtime_ns
        except OSError:
            return reference(path)  # says what is wrong with it
        with self._lock:
            known = self._references.get(path)
        if known is None or known[0] != stamp:
            known = (stamp, reference(path))
            with self._lock:
                self._references[path] = known
        return known[1]

    def _pcm(self, wave: Wave) -> Pcm:
        samples = wave.samples.float().cpu()
        if wave.rate != SAMPLE_RATE:
            if wave.rate not in self._resamplers:
                self._resamplers[wave.rate] = torchaudio.transforms.Resample(wave.rate, SAMPLE_RATE)
            samples = self._resamplers[wave.rate](samples)
        array = np.ascontiguousarray(samples.numpy(), dtype=np.float32)
        if array.size == 0 or not np.isfinite(array).all():
            raise EngineError("the network gave no usable sound", code="bad_output")
        return Pcm(array, SAMPLE_RATE)


def _content(pack: packs.Pack) -> str:
    content = "".join(f"{file.path}:{file.sha256}\n" for file in pack.files)
    return hashlib.sha256(content.encode()).hexdigest()


def _seed(text: str, wanted: Settings) -> int:
    """63 bits of everything that decides how the text is said."""
    return int.from_bytes(hashlib.sha256(repr((text, wanted)).encode()).digest()[:8], "big") >> 1


def _converted(wave: Wave, line: Line, converters: dict[str, Converter]) -> Wave:
    if line.settings.converter is None or line.reference is None:
        return wave
    return converters[line.settings.converter].convert(wave, line.reference, line.seed)


def _guarded(work: Callable[[Sequence[int]], list[Pcm]], indices: Sequence[int], pack: str) -> list[Pcm]:
    """Batches are halved when memory ends; what torch raises otherwise becomes an EngineError without the text."""
    try:
        return in_halves(work, indices)
    except (RuntimeError, ValueError, LookupError, TypeError, AssertionError) as error:
        raise EngineError(f"voice pack {pack} failed: {type(error).__name__}") from error
