"""What v1 answers: the documented keys in the documented order, and no others."""

from datetime import UTC, datetime
from typing import Any

from synthesis.models import Job


def job(row: Job) -> dict[str, Any]:
    return {
        "id": row.pk,
        "voice_id": row.voice_id,
        "language": row.language,
        "character_count": row.character_count,
        "status": str(row.status),
        "created": timestamp(row.created),
    }


def timestamp(moment: datetime) -> str:
    """UTC with a Z and always six digits; isoformat() would drop them at a full second."""
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ")


def data(content: dict[str, Any]) -> dict[str, Any]:
    return {"data": content}
