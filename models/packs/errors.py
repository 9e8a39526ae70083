"""What goes wrong with voice packs."""

from models.engines.errors import EngineError


class PackError(EngineError):
    """A pack is missing, damaged or refused. One line that names the pack or the file and what to do."""

    def __init__(self, message: str, *, code: str = "voice_pack") -> None:
        super().__init__(message, code=code, permanent=True)


class PackMissing(PackError):
    """No pack of this name is installed."""


class PackBroken(PackError):
    """A file of an installed pack is not what the manifest says."""
