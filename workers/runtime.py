"""The composition root of a worker: settings become an engine pool, voices and an encoder."""

import contextlib
from collections.abc import Iterator
from pathlib import Path

from django.conf import settings

from models.catalogue import Voice, catalogue
from models.engines.base import Engine
from models.engines.loader import EngineOptions
from models.engines.pool import EnginePool
from workers.lexicons import Lexicons
from workers.pipeline import render
from workers.pipeline.normalise import How

_WARM_UP = {"az": "Salam.", "tr": "Merhaba.", "ru": "Привет."}


class Runtime:
    """What a worker process needs to speak."""

    def __init__(self) -> None:
        self.engine_name: str = settings.ENGINE
        self.bitrate_kbps: int = settings.MP3_BITRATE_KBPS
        self.temporary_folder = Path(settings.FILE_UPLOAD_TEMP_DIR)
        self._without = frozenset(settings.READING_WITHOUT)
        self._lexicons = Lexicons()
        self._pool = EnginePool(
            EngineOptions(data_dir=settings.DATA_DIR, weights_dir=settings.WEIGHTS_DIR, threads=settings.ENGINE_THREADS)
        )

    def voice(self, voice_id: int) -> Voice:
        return catalogue().get(voice_id)

    def how(self, owner_id: int, language: str) -> How:
        """How this user's texts are read."""
        return How(self._lexicons.of(owner_id, language), self._without)

    @contextlib.contextmanager
    def engine(self) -> Iterator[Engine]:
        with self._pool.engine(self.engine_name) as engine:
            yield engine

    def warm_up(self) -> None:
        """Load the engine and speak one word in each language: only then is the process ready for work."""
        with self.engine() as engine:
            first = {voice.language: voice for voice in reversed(list(catalogue()))}
            for language, voice in first.items():
                for chunk in render.chunks(_WARM_UP[language], voice, engine):
                    render.speak_chunk(chunk, voice, engine)

    def close(self) -> None:
        self._pool.close()
