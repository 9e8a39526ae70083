"""Errors that carry their decision: a stable code, the HTTP status, a message for the client."""

from collections.abc import Mapping
from typing import Any, ClassVar


class VoicenError(Exception):
    """Refuses a request. `extra` holds further keys of the error object that the API document shows."""

    http_status: ClassVar[int] = 400
    code: ClassVar[str] = "bad_request"

    def __init__(self, message: str, *, extra: Mapping[str, Any] | None = None, retry_after: int | None = None) -> None:
        super().__init__(message)
        self.message = message
        self.extra = dict(extra or {})
        self.retry_after = retry_after


class InvalidInput(VoicenError):
    """The request is not what it should be; the message names the field."""

    code = "invalid_input"


class JobNotFound(VoicenError):
    """Unknown, deleted or somebody else's: the same answer, so that ids tell nothing."""

    http_status = 404
    code = "not_found"

    def __init__(self) -> None:
        super().__init__("ID not found.")


class WrongStatus(VoicenError):
    """The job is not in a state that allows this."""

    http_status = 406
    code = "wrong_status"

    def __init__(self, *, allowed: str | list[str], current: str, **extra: Any) -> None:
        super().__init__("Not acceptable", extra={"allowedStatuses": allowed, "currentStatus": current, **extra})


class IdempotencyConflict(VoicenError):
    http_status = 409
    code = "idempotency_conflict"

    def __init__(self) -> None:
        super().__init__("Idempotency-Key: this key was used for another request within the last 24 hours.")


class UnsupportedMediaType(VoicenError):
    http_status = 415
    code = "unsupported_media_type"


class TooManyJobs(VoicenError):
    http_status = 429
    code = "too_many_jobs"


class StorageUnavailable(VoicenError):
    http_status = 503
    code = "unavailable"

    def __init__(self) -> None:
        super().__init__("The service is short of disk or database. Try again later.", retry_after=10)
