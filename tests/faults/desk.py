"""A process with a service's own settings: looks at its rows and files, and does what an operator does.

One JSON list a line in (what, arguments), one JSON value a line out.
"""

import json
import os
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any, cast

import django

os.environ["DJANGO_SETTINGS_MODULE"] = "voicen_server.settings"
django.setup()

from django.conf import settings  # noqa: E402 - after the set-up
from django.db import connection  # noqa: E402

from synthesis import dispatch  # noqa: E402
from synthesis.models import Job, Step, WorkerProcess  # noqa: E402
from synthesis.services import housekeeping, jobs, queue  # noqa: E402
from voicen_server.celery import app  # noqa: E402


def look() -> dict[str, Any]:
    """Every row and every file that the service keeps."""
    media = Path(settings.MEDIA_ROOT)
    return {
        "jobs": [_job(job) for job in Job.objects.order_by("id")],
        "steps": list(Step.objects.order_by("id").values("job_id", "kind", "index", "state", "attempts", "audio")),
        "workers": list(WorkerProcess.objects.values_list("pid", flat=True)),
        "files": sorted(str(path.relative_to(media)) for path in media.rglob("*") if path.is_file()),
        "temporary": sorted(path.name for path in Path(settings.FILE_UPLOAD_TEMP_DIR).iterdir()),
        "queue": sorted(path.name for path in (settings.DATA_DIR / "queue").glob("**/*") if _is_remains(path)),
    }


def _job(job: Job) -> dict[str, Any]:
    names = ("id", "status", "spoken", "audio", "chunk_count", "chunks_spoken", "error_code", "error_message")
    return {name: getattr(job, name) for name in names} | {"folder": job.folder.hex}


def _is_remains(path: Path) -> bool:
    return path.suffix in {".taken", ".draft"}


def progress() -> dict[str, Any]:
    """Little enough to be asked for many times a second."""
    running = Step.objects.filter(state="running")
    return {
        "unfinished": Job.objects.exclude(status__in=["ready", "failed"]).count(),
        "running": list(running.values_list("kind", flat=True)),
        "spoken": sum(map(queue.chunks_spoken, Job.objects.all())),
    }


def tidy() -> None:
    """Housekeeping as it runs every hour, for which everything is old already."""
    housekeeping._OLD_SECONDS = housekeeping._ARRIVING_SECONDS = -(10**9)
    housekeeping.tidy()


def nudge(count: int, times: int) -> None:
    """So many messages, each delivered that many times."""
    with app.producer_pool.acquire(block=True) as producer:
        for number in range(count):
            for _ in range(times):
                dispatch.nudge(producer=producer, retry=False, task_id=f"nudge-{number}")


def waiting_nudges() -> int:
    with app.connection_for_read() as connection_, connection_.channel() as channel:
        try:
            return int(cast("Any", channel).queue_declare("speech", passive=True).message_count)
        except Exception:  # noqa: BLE001 - an empty queue does not exist in Redis
            return 0


_ANSWERS: dict[str, Callable[..., Any]] = {
    "look": look,
    "progress": progress,
    "tidy": tidy,
    "now": time.time,
    "nudge": nudge,
    "waiting_nudges": waiting_nudges,
    "cancel": jobs.cancel,
    "cancel_and_delete": jobs.cancel_and_delete,
    "retry": jobs.retry,
}

if __name__ == "__main__":
    for line in sys.stdin:
        what, *arguments = json.loads(line)
        try:
            answer: Any = {"answer": _ANSWERS[what](*arguments)}
        except Exception as error:  # noqa: BLE001 - told to the test
            answer = {"error": f"{type(error).__name__}: {error}"}
        connection.close()
        sys.stdout.write(json.dumps(answer) + "\n")
        sys.stdout.flush()
