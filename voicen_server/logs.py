"""How log lines look, and what they leave out."""

import logging
import traceback
from types import TracebackType

_ExcInfo = tuple[type[BaseException], BaseException, TracebackType | None] | tuple[None, None, None]


class LineFormatter(logging.Formatter):
    """One line for each event; a traceback without the messages of its exceptions, since those may quote a text."""

    def formatException(self, ei: _ExcInfo) -> str:  # noqa: N802 - the interface of logging
        parts = []
        error = ei[1]
        while error is not None:
            parts.append(
                "".join(traceback.format_tb(error.__traceback__)) + f"{type(error).__qualname__} (message left out)"
            )
            error = error.__cause__ or error.__context__
        return "\ncaused by\n".join(parts)


class NotOurRefusals(logging.Filter):
    """A 503 is our own answer, with a log line of its own where there is a fault: no second one for each request."""

    def filter(self, record: logging.LogRecord) -> bool:
        return getattr(record, "status_code", None) != 503
