"""Which request and which job the present thread works for: every log line carries them."""

import contextlib
from collections.abc import Iterator
from contextvars import ContextVar

request_id: ContextVar[str | None] = ContextVar("request_id", default=None)
job_id: ContextVar[int | None] = ContextVar("job_id", default=None)


@contextlib.contextmanager
def of_job(number: int) -> Iterator[None]:
    """The block works for this job."""
    token = job_id.set(number)
    try:
        yield
    finally:
        job_id.reset(token)
