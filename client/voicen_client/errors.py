"""What can go wrong, by what the caller can do about it. No message holds a key or a text."""

from __future__ import annotations


class VoicenError(Exception):
    """Anything that this package raises; its text is one line for people."""


class Unreachable(VoicenError):
    """No answer, or not one of a Voicen server: the address, the network or the server."""


class Refused(VoicenError):
    """The server answered with an error: `status` is its HTTP code, `reason` v2's short name for it, if any."""

    def __init__(self, message: str, status: int, reason: str = "") -> None:
        super().__init__(message)
        self.status, self.reason = status, reason


class Unauthorized(Refused):
    """The key is missing, wrong, disabled or expired."""


class NotFound(Refused):
    """No such job or voice of this account."""


class Unsupported(VoicenError):
    """This server has only the v1 API, which cannot do that."""


class Failed(VoicenError):
    """The job ended without audio."""

    def __init__(self, job_id: int, message: str) -> None:
        super().__init__(f"Job {job_id} failed: {message}")
        self.job_id = job_id
