"""What an engine raises. A module of its own: the web process may know it, and ``base`` brings numpy."""


class EngineError(Exception):
    """An engine could not do what it was asked.

    ``code`` is stable and machine-readable. ``permanent`` says that the same call will fail again anywhere,
    so a retry is pointless. The text never quotes what was to be spoken: it may be logged.
    """

    def __init__(self, message: str, *, code: str = "engine_failed", permanent: bool = False) -> None:
        super().__init__(message)
        self.code = code
        self.permanent = permanent
