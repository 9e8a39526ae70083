"""The same sentences without a service: normaliser, engine and trimming in this process."""

import io
import tempfile
import wave
from pathlib import Path

from models.audio import Pcm, to_int16
from models.catalogue import catalogue
from models.engines.loader import EngineOptions, load
from workers.pipeline import normalise, speech


class Direct:
    """Speaks with an engine of its own."""

    def __init__(self, data_dir: Path | None, threads: int = 2, runtime: str = "auto") -> None:
        """``data_dir`` keeps the assembled weights; the system's temporary folder when it is None."""
        folder = data_dir or Path(tempfile.gettempdir()) / "voicen-intelligibility"
        options = EngineOptions(data_dir=folder, weights_dir=None, threads=threads, kokoro_runtime=runtime)
        self._engine = load("kokoro", options)

    def speak(self, text: str, language: str, voice_id: int) -> bytes:
        """A wav file's bytes."""
        spoken = normalise.normalise(text, language).spoken
        return _wav(speech.speak(spoken, catalogue().get(voice_id), self._engine))


def _wav(pcm: Pcm) -> bytes:
    target = io.BytesIO()
    with wave.open(target, "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(2)
        file.setframerate(pcm.sample_rate)
        file.writeframes(to_int16(pcm.samples).tobytes())
    return target.getvalue()
