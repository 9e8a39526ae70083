"""What has to be in place before a worker starts; otherwise one line that says what to do."""

import importlib.util
import os
from pathlib import Path

from django.conf import settings

from models import weights
from models.engines.base import EngineError
from synthesis.services import voices
from workers.pipeline.encoding import find_ffmpeg
from workers.pipeline.errors import PipelineError
from workers.pipeline.normalise import LANGUAGES, stages


class NotReady(Exception):
    """A worker cannot start here. The message is one line for the operator."""


def check() -> None:
    """See that settings, engines, encoder and folders can be used. Raises NotReady.

    Whether voice packs are there and their licences accepted shows when a voice is warmed up: they belong to voices.
    No engine is loaded here: this process forks its children, and CUDA does not survive a fork.
    """
    known = {name for language in LANGUAGES for name, _ in stages(language)}
    if unknown := sorted(set(settings.READING_WITHOUT) - known):
        raise NotReady(f"VOICEN_READING_WITHOUT: no stage {', '.join(unknown)}; known: {', '.join(sorted(known))}.")
    try:
        find_ffmpeg()
        if "coqui" in settings.WORKER_ENGINES and importlib.util.find_spec("TTS") is None:
            raise NotReady("The coqui engine is not installed here: pip install -r requirements-coqui.txt.")
        if "kokoro" in settings.WORKER_ENGINES and "kokoro" in voices.engines_in_use():
            weights.kokoro_model(settings.DATA_DIR, settings.WEIGHTS_DIR)
    except (EngineError, PipelineError) as error:
        raise NotReady(_sentence(error)) from error
    for folder in (Path(settings.MEDIA_ROOT), Path(settings.FILE_UPLOAD_TEMP_DIR)):
        try:
            folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        except OSError as error:
            raise NotReady(f"The folder {folder} cannot be made: {error.strerror}.") from error
        if not os.access(folder, os.W_OK | os.X_OK):
            raise NotReady(f"The folder {folder} is not writable for this account.")


def _sentence(error: Exception) -> str:
    """The library's reason, with the setting that an operator can change."""
    reason = f"{str(error)[:1].upper()}{str(error)[1:]}"
    return f"{reason} (VOICEN_WEIGHTS_DIR)." if settings.WEIGHTS_DIR else f"{reason}."
