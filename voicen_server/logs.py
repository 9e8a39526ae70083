"""How log lines look, and what they leave out."""

import json
import logging
import traceback
from datetime import UTC, datetime
from types import TracebackType

from synthesis import logcontext

_ExcInfo = tuple[type[BaseException], BaseException, TracebackType | None] | tuple[None, None, None]


def without_messages(ei: _ExcInfo) -> str:
    """A traceback without the messages of its exceptions, since those may quote a text."""
    parts = []
    error = ei[1]
    while error is not None:
        parts.append(
            "".join(traceback.format_tb(error.__traceback__)) + f"{type(error).__qualname__} (message left out)"
        )
        error = error.__cause__ or error.__context__
    return "\ncaused by\n".join(parts)


class LineFormatter(logging.Formatter):
    """For people: one line for each event."""

    def formatException(self, ei: _ExcInfo) -> str:  # noqa: N802 - the interface of logging
        return without_messages(ei)


class JsonFormatter(logging.Formatter):
    """For programs: one JSON object on one line for each event.

    The fields are chosen here, so that nothing which a library attaches to its records gets out.
    """

    _FIELDS = ("request_id", "job_id", "method", "route", "status", "milliseconds")

    def format(self, record: logging.LogRecord) -> str:
        event = {
            "time": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname,
            "logger": record.name,
            "process": record.process,
            "message": record.getMessage(),
            **{name: value for name in self._FIELDS if (value := getattr(record, name, None)) is not None},
        }
        if record.exc_info:
            event["exception"] = without_messages(record.exc_info)
        return json.dumps(event, ensure_ascii=False, default=repr)


class Context(logging.Filter):
    """Adds the ids of the request and of the job that the line is about."""

    def filter(self, record: logging.LogRecord) -> bool:
        record.request_id = logcontext.request_id.get()
        record.job_id = logcontext.job_id.get()
        return True


class NotOurRefusals(logging.Filter):
    """A 503 is our own answer, with a log line of its own where there is a fault: no second one for each request."""

    def filter(self, record: logging.LogRecord) -> bool:
        return getattr(record, "status_code", None) != 503
