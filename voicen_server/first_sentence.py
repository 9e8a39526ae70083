"""The proof that the service speaks: one sentence through its own REST API."""

import json
import time
import urllib.error
import urllib.request
from pathlib import Path
from typing import Any

SENTENCE = "Salam! Xidmət hazırdır və Azərbaycan dilində danışır."
VOICE_ID = 325640


class NotSpoken(Exception):
    """The service runs and did not speak; the message says how far it came."""


def speak(base_url: str, key: str, target: Path, seconds: float = 120) -> None:
    """Submit the sentence, wait for it, and save the mp3. Raises NotSpoken."""
    body = {"text": SENTENCE, "lang": "az", "voice_id": str(VOICE_ID)}
    try:
        job_id = _json(base_url, "jobs/text/", key, body)["id"]
        end = time.monotonic() + seconds
        status = "waiting"
        while status != "ready":
            if status == "failed" or time.monotonic() > end:
                raise NotSpoken(f"Job {job_id} is {status}: the admin pages show the reason.")
            time.sleep(0.1)
            status = _json(base_url, f"jobs/{job_id}/", key)["status"]
        target.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        target.write_bytes(_call(base_url, f"jobs/{job_id}/synthesize/", key))
        _call(base_url, f"jobs/{job_id}/", key, method="DELETE")
    except (urllib.error.URLError, OSError, KeyError, ValueError) as error:
        raise NotSpoken(f"The first sentence was not spoken ({type(error).__name__}): see the lines above.") from error


def _json(base_url: str, path: str, key: str, body: object = None) -> dict[str, Any]:
    answer: dict[str, Any] = json.loads(_call(base_url, path, key, body))["data"]
    return answer


def _call(base_url: str, path: str, key: str, body: object = None, method: str | None = None) -> bytes:
    data = None if body is None else json.dumps(body).encode()
    # As the proxy in front would say it, for an installation that redirects to https.
    headers = {"Authorization": f"Token {key}", "Content-Type": "application/json", "X-Forwarded-Proto": "https"}
    url = f"{base_url}/api/v1/{path}"
    request = urllib.request.Request(url, data, headers, method=method)  # noqa: S310 - our own address
    with urllib.request.urlopen(request, timeout=20) as response:  # noqa: S310
        content: bytes = response.read()
        return content
