"""What every answer of v1 has to look like."""

from datetime import datetime
from typing import Any

NO_VALID_KEY = {"error": {"code": 401, "message": "No valid API key provided."}}
NOT_FOUND = {"error": {"code": 404, "message": "ID not found."}}


def refused(response: Any, code: int, *, naming: str = "") -> str:
    """Check the error envelope and nothing but it (row 20); the message, which has to name something."""
    assert response.status_code == code, response.content
    assert response["Content-Type"] == "application/json"
    body = response.json()
    assert list(body) == ["error"]
    assert list(body["error"]) == ["code", "message"]
    assert body["error"]["code"] == code
    message = body["error"]["message"]
    assert isinstance(message, str)
    assert message
    assert naming in message
    return message


def accepted(response: Any) -> dict[str, Any]:
    """Check the envelope of one job (rows 1 and 15); the job."""
    assert response.status_code == 200, response.content
    assert response["Content-Type"] == "application/json"
    body = response.json()
    assert list(body) == ["data"]
    job: dict[str, Any] = body["data"]
    assert list(job) == ["id", "voice_id", "language", "character_count", "status", "created"]
    assert type(job["id"]) is int
    assert type(job["voice_id"]) is int
    datetime.strptime(job["created"], "%Y-%m-%dT%H:%M:%S.%fZ")
    return job
