"""How far a job is, on a terminal."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager

from rich.console import Console
from rich.progress import BarColumn, Progress, TaskProgressColumn, TextColumn, TimeElapsedColumn

from voicen_client.records import Job


@contextmanager
def shown(console: Console) -> Iterator[Callable[[Job], None]]:
    """A bar that is gone when it ends; call what is yielded with each look at the job. Silent on no terminal."""
    columns = (TextColumn("{task.description}"), BarColumn(), TaskProgressColumn(), TimeElapsedColumn())
    with Progress(*columns, console=console, transient=True, disable=not console.is_terminal) as bars:
        task = bars.add_task("sending", total=None)

        def show(job: Job) -> None:
            total = None if job.progress is None else 1.0  # v1 does not tell how far: the bar pulses
            bars.update(task, description=status(job), total=total, completed=job.progress or 0.0)

        yield show


def status(job: Job) -> str:
    """The status, with the chunks or the place in the queue where they say more."""
    if job.finished:
        return job.status
    if job.queue_position:
        return f"{job.status}, {job.queue_position} before it"
    if job.chunk_count and job.chunks_spoken is not None:
        if job.chunks_spoken == job.chunk_count:
            return f"{job.status}, joining"
        left = f", {clock(job.seconds_left)} left" if job.seconds_left else ""
        return f"{job.status}, {job.chunks_spoken} of {job.chunk_count}{left}"
    return job.status


def clock(seconds: float | None) -> str:
    """1:02:03; empty for None."""
    if seconds is None:
        return ""
    minutes, rest = divmod(round(seconds), 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours}:{minutes:02}:{rest:02}" if hours else f"{minutes}:{rest:02}"
