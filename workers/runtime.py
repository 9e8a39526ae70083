"""The composition root of a worker: settings become an engine pool, voices and an encoder."""

import contextlib
import logging
import weakref
from collections.abc import Hashable, Iterable, Iterator
from dataclasses import replace
from itertools import groupby
from pathlib import Path

from django.conf import settings

from models.catalogue import UnknownVoice, Voice
from models.engines.base import ChoosesRuntime, Engine, EngineError, SpeaksTogether
from models.engines.loader import EngineOptions
from models.engines.pool import EnginePool
from synthesis import recordings
from synthesis.metrics import counters
from synthesis.services import voices
from synthesis.services.queue import Batch
from workers import memory
from workers.lexicons import Lexicons, everybodys
from workers.pipeline import render
from workers.pipeline.normalise import How

logger = logging.getLogger("voicen.worker")

_WARM_UP = {"az": "Salam.", "tr": "Merhaba.", "ru": "Привет."}
# What was used within the last minute will be used in the next one too.
_IDLE_SECONDS = 60
# What VOICEN_BATCH_CHUNKS=0 means on a GPU. On a CPU texts take as long together as one after the other.
_BATCH_ON_GPU = 8


class Runtime:
    """What a worker process needs to speak."""

    def __init__(self) -> None:
        self.engines: tuple[str, ...] = tuple(settings.WORKER_ENGINES)
        self.bitrate_kbps: int = settings.MP3_BITRATE_KBPS
        self.temporary_folder = Path(settings.FILE_UPLOAD_TEMP_DIR)
        options = EngineOptions(
            data_dir=settings.DATA_DIR,
            weights_dir=settings.WEIGHTS_DIR,
            threads=settings.ENGINE_THREADS,
            device=settings.DEVICE,
            voices_dir=settings.VOICES_DIR,
            accepted_licences=settings.ACCEPTED_LICENCES,
            kokoro_runtime=settings.KOKORO_RUNTIME,
        )
        self._without = frozenset(settings.READING_WITHOUT)
        self._lexicons = Lexicons()
        # The voices that gain by being spoken together here, as they were then, and how many chunks.
        self._batches: dict[int, tuple[Voice, int]] = {}
        # What each voice has in common with those that are spoken in one go with it, of the voices that gain.
        self._keys: dict[int, tuple[Voice, str]] = {}
        # Weakly: what the pool unloads is to go.
        self._told: weakref.WeakValueDictionary[str, Engine] = weakref.WeakValueDictionary()
        self._pool = EnginePool(options, maximum=settings.ENGINE_LIMIT, ttl=settings.ENGINE_TTL or None)

    def voice(self, voice_id: int) -> Voice:
        """The voice as it is now. Raises UnknownVoice."""
        return voices.catalogue().get(voice_id)

    def cannot_speak(self) -> frozenset[int]:
        """The voices whose engine this process does not have, as of now."""
        return voices.not_spoken_by(self.engines)

    def how(self, owner_id: int | None, language: str) -> How:
        """How this user's texts are read; None: with the entries for everybody only."""
        lexicon = everybodys(language) if owner_id is None else self._lexicons.of(owner_id, language)
        return How(lexicon, self._without)

    @contextlib.contextmanager
    def engine(self, voice: Voice) -> Iterator[Engine]:
        """The engine that speaks the voice, loaded. Raises EngineError."""
        name = voices.engine_of(voice)
        if name not in self.engines:  # changed since the step was claimed: another worker will speak it
            raise EngineError(f"engine {name} is not spoken here", code="engine_elsewhere")
        recordings.fetch(voice, name)
        with self._pool.engine(name) as engine:
            self._tell_runtime(engine)
            yield engine

    def _tell_runtime(self, engine: Engine) -> None:
        """Count what computes the engine, once for each time that it is loaded."""
        if self._told.get(engine.name) is not engine and isinstance(engine, ChoosesRuntime):
            self._told[engine.name] = engine
            counters.engine_loads.labels(engine.name, engine.runtime, engine.reason).inc()

    def computed_by(self) -> list[str]:
        """What computes each loaded engine that has several ways, and why: "kokoro by winograd (fastest)"."""
        return [
            f"{name} by {engine.runtime} ({engine.reason})"
            for name, engine in sorted(self._told.items())
            if isinstance(engine, ChoosesRuntime)
        ]

    def batch_of(self, voice_id: int) -> Batch:
        """What is worth claiming with a chunk of this voice: nothing before it was spoken here. No query."""
        count = self._batches[voice_id][1] if voice_id in self._batches else 1
        if count == 1 or voice_id not in self._keys:
            return Batch(count)
        key = self._keys[voice_id][1]
        return Batch(count, frozenset(other for other, (_, its) in self._keys.items() if its == key) - {voice_id})

    def spoken_with(self, voice: Voice) -> Hashable:
        """Voices for which this is the same are spoken in one go, whatever their tempo."""
        known, key = self._keys.get(voice.id, (None, ""))
        return key if known == replace(voice, speed=1.0) else voice

    def learn_batch(self, voice: Voice, engine: Engine) -> None:
        """Find out how many that are: the voice has just been spoken, so what it needs is loaded."""
        if self._batches.get(voice.id, (None, 0))[0] == voice:
            return
        count = 1
        if isinstance(engine, SpeaksTogether):
            count = settings.BATCH_CHUNKS or (_BATCH_ON_GPU if engine.on_gpu else 1)
            with contextlib.suppress(EngineError):  # unloaded in the meantime
                count = count if count > 1 and engine.batch_gains(voice) else 1
        self._batches[voice.id] = voice, count
        if count > 1 and isinstance(engine, SpeaksTogether):
            self._learn_keys(engine, voices.engine_of(voice))

    def _learn_keys(self, engine: SpeaksTogether, name: str) -> None:
        """Of all voices of the engine: the first chunk of another one may come along with those of this one."""
        for voice in voices.catalogue():
            if voices.engine_of(voice) == name:
                self._keys.pop(voice.id, None)
                with contextlib.suppress(EngineError):  # its settings make no sense: it fails alone
                    self._keys[voice.id] = voice, f"{name} {engine.batch_key(voice)}"

    def warm_up(self) -> None:
        """Speak one word in each voice that is to be warm: only then is the process ready for work.

        Without VOICEN_WARM_VOICES these are the first voices of each language and engine that can be spoken here.
        Raises EngineError when one of the named ones cannot be spoken, or none at all.
        """
        if settings.WARM_VOICES:
            for voice_id in settings.WARM_VOICES:
                try:
                    self._speak_a_word(self.voice(voice_id))
                except UnknownVoice as error:
                    raise EngineError(f"VOICEN_WARM_VOICES: {error}", code="unknown_voice", permanent=True) from error
            return
        here = [voice for voice in voices.catalogue() if voices.engine_of(voice) in self.engines]
        failures = [self._warm_first(group) for group in _by_language_and_engine(here)]
        if failures and all(failures):
            raise next(failure for failure in failures if failure)

    def _warm_first(self, candidates: Iterable[Voice]) -> EngineError | None:
        """Warm the first that can be spoken; why the first one could not, when none can.

        Packs may be installed for some voices only: that is no reason not to speak the others.
        """
        failure = None
        for voice in candidates:
            try:
                self._speak_a_word(voice)
            except EngineError as error:
                logger.warning("voice %d cannot be spoken here: %s", voice.id, error)
                failure = failure or error
            else:
                return None
        return failure

    def _speak_a_word(self, voice: Voice) -> None:
        with counters.model_load.labels(voices.engine_of(voice)).time(), self.engine(voice) as engine:
            for chunk in render.chunks(_WARM_UP[voice.language], voice, engine):
                render.speak_chunk(chunk, voice, engine)

    def unload_idle(self) -> None:
        """Give memory back that nothing has needed for a minute: engines, and models of those that hold several."""
        self._pool.unload_idle(_IDLE_SECONDS)
        memory.give_back()

    def close(self) -> None:
        self._pool.close()


def _by_language_and_engine(of: list[Voice]) -> list[list[Voice]]:
    def key(voice: Voice) -> tuple[str, str]:
        return voice.language, voices.engine_of(voice)

    return [list(group) for _, group in groupby(sorted(of, key=key), key)]
