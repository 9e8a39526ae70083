"""Coqui voices: VITS, MMS, GlowTTS, FastPitch, Tacotron 2, XTTS v2, and voice conversion after any of them.

``engine.py`` is the engine, ``ruler.py`` measures texts without torch. Importing this package loads neither.
"""

from pathlib import Path

from models.engines.errors import EngineError


def convert_hugging_face(folder: Path, target: Path) -> None:
    """Make a Coqui VITS folder of a Hugging Face ``VitsModel`` folder. EngineError names the file that is wrong."""
    try:
        from models.engines.coqui.hugging_face import convert
    except ModuleNotFoundError as error:
        raise not_installed(error) from error
    convert(folder, target)


def not_installed(error: ModuleNotFoundError) -> EngineError:
    """What to say when the libraries of requirements-coqui.txt are missing."""
    return EngineError(
        f"the coqui engine needs {error.name}: pip install -r requirements-coqui.txt",
        code="engine_not_installed",
        permanent=True,
    )
