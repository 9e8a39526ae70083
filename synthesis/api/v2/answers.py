"""What v2 tells of a job."""

from collections.abc import Collection
from datetime import datetime
from typing import Any

from django.conf import settings
from django.urls import reverse
from rest_framework.request import Request

from synthesis import audio_links
from synthesis.api.v1.answers import timestamp
from synthesis.domain.options import AudioFormat, Options, Priority
from synthesis.domain.status import Status
from synthesis.models import Job
from synthesis.services import progress
from synthesis.services.progress import Progress

_OPUS_PLAYS_AT = 48_000


def root(request: Request) -> str:
    """Where this service is for the caller: https://tts.example.az, without a path."""
    if settings.PUBLIC_URL:
        return settings.PUBLIC_URL.removesuffix(settings.PATH_PREFIX)
    return f"{request.scheme}://{request.get_host()}"


def job(row: Job, base: str) -> dict[str, Any]:
    """One job; `base` as `root` gives it."""
    return jobs([row], base)[0]


def jobs(rows: Collection[Job], base: str) -> list[dict[str, Any]]:
    """Some jobs; no query for each."""
    known = progress.of(rows)
    return [_job(row, known[row.pk], base) for row in rows]


def _job(row: Job, known: Progress, base: str) -> dict[str, Any]:
    options = Options.stored(row.options)
    return {
        "id": row.pk,
        "title": row.title,
        "voice_id": row.voice_id,
        "language": row.language,
        "status": str(row.status),
        "created": timestamp(row.created),
        "started": _moment(row.started),
        "finished": _moment(row.finished),
        "expires": _moment(row.expires),
        "source": row.source,
        "priority": Priority(row.priority).name.lower(),
        "character_count": row.character_count,
        "chunk_count": row.chunk_count,
        "chunks_spoken": row.chunks_spoken,
        "progress": known.share,
        "queue_position": known.before,
        "seconds_left": known.seconds_left,
        "duration": None if row.duration_ms is None else row.duration_ms / 1000,
        "audio": _audio(row, options, base) if row.status == Status.READY else None,
        "subtitles": _subtitles(row, base) if row.timings else None,
        "stream": reverse("v2-stream", kwargs={"job_id": row.pk}),
        "options": options.chosen(),
        "error": {"code": row.error_code, "message": row.error_message} if row.error_code else None,
    }


def _audio(row: Job, options: Options, base: str) -> dict[str, Any]:
    link = audio_links.link(row)
    audio_format = audio_links.audio_format(row)
    rate = _OPUS_PLAYS_AT if audio_format == AudioFormat.OGG else options.sample_rate or row.sample_rate
    return {
        "url": f"{base}{link.path}",
        "expires": timestamp(link.expires),
        "format": str(audio_format),
        "media_type": audio_format.media_type,
        "bytes": row.audio_bytes,
        "sample_rate": rate,
    }


def _subtitles(row: Job, base: str) -> dict[str, str]:
    return {
        form: base + reverse("v2-subtitles", kwargs={"job_id": row.pk, "form": form}) for form in ("srt", "vtt", "json")
    }


def _moment(moment: datetime | None) -> str | None:
    return None if moment is None else timestamp(moment)
