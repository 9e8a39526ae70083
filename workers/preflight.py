"""What has to be in place before a worker starts; otherwise one line that says what to do."""

import os
from pathlib import Path

from django.conf import settings

from models import weights
from models.engines.base import EngineError
from workers.pipeline.errors import PipelineError
from workers.pipeline.mp3 import find_ffmpeg
from workers.pipeline.normalise import LANGUAGES, stages


class NotReady(Exception):
    """A worker cannot start here. The message is one line for the operator."""


def check() -> None:
    """See that settings, engine, encoder and folders can be used. Raises NotReady."""
    known = {name for language in LANGUAGES for name, _ in stages(language)}
    if unknown := sorted(set(settings.READING_WITHOUT) - known):
        raise NotReady(f"VOICEN_READING_WITHOUT: no stage {', '.join(unknown)}; known: {', '.join(sorted(known))}.")
    try:
        find_ffmpeg()
        if settings.ENGINE == "kokoro":
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
