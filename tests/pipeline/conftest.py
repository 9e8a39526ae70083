"""What the pipeline's tests share: a voice, the engine without weights, a decoder."""

import subprocess
from collections.abc import Callable, Iterator
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray

from models.catalogue import Voice, catalogue
from models.engines.base import Engine
from models.engines.loader import EngineOptions, load
from workers.pipeline.encoding import find_ffmpeg

Decode = Callable[[Path], NDArray[np.int16]]


def voice_of(language: str) -> Voice:
    return next(voice for voice in catalogue() if voice.language == language)


@pytest.fixture
def voice() -> Voice:
    return voice_of("az")


@pytest.fixture(scope="session")
def tone(tmp_path_factory: pytest.TempPathFactory) -> Engine:
    options = EngineOptions(data_dir=tmp_path_factory.mktemp("data"), weights_dir=None, threads=1)
    return load("tone", options)


@pytest.fixture(scope="session")
def kokoro(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Engine]:
    options = EngineOptions(data_dir=tmp_path_factory.mktemp("data"), weights_dir=None, threads=1)
    engine = load("kokoro", options)
    yield engine
    engine.close()


@pytest.fixture(scope="session")
def decode() -> Decode:
    """An mp3's samples, as a player hears them: without the encoder's delay and padding."""

    def run(path: Path) -> NDArray[np.int16]:
        command = [find_ffmpeg(), "-nostdin", "-v", "error", "-i", str(path), "-f", "s16le", "pipe:1"]
        return np.frombuffer(subprocess.run(command, capture_output=True, check=True).stdout, dtype="<i2")

    return run
