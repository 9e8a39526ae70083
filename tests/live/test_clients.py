"""Replicas of the clients in the wild: what they expect pins the contract harder than the document does."""

import time

import pytest
import requests

from tests.live.audio import samples
from tests.live.service import Service

pytestmark = pytest.mark.live


def speech_plugin(url: str, key: str, text: str) -> bytes:
    """Polls seven times, doubling 0.2 s, and fetches whatever the status; anything but exactly 200 is an error."""
    headers = {"Content-Type": "application/json", "Authorization": f"Token {key}"}
    body = {"text": text, "lang": "az", "voice_id": "325641"}
    created = requests.post(f"{url}/api/v1/jobs/text/", json=body, headers=headers, timeout=20)
    assert created.status_code == 200
    job_id = created.json()["data"]["id"]
    wait = 0.2
    for _ in range(7):
        time.sleep(wait)
        status = requests.get(f"{url}/api/v1/jobs/{job_id}/", headers=headers, timeout=20).json()["data"]["status"]
        assert status != "failed"
        if status == "ready":
            break
        wait *= 2
    audio = requests.get(f"{url}/api/v1/jobs/{job_id}/synthesize/", headers=headers, timeout=20)
    assert audio.status_code == 200
    return audio.content


def test_speech_plugin(service: Service) -> None:
    assert samples(speech_plugin(service.url, service.key, "Sabahınız xeyir!")).size > 0


def test_speech_plugin_while_a_book_is_read(service: Service) -> None:  # contract row 33
    book = service.submit("Bu, uzun bir kitabın bir cümləsidir. " * 500)
    assert samples(speech_plugin(service.url, service.key, "Salam. " * 42)).size > 0
    assert service.wait(book) == "ready"


def test_small_script(service: Service) -> None:
    """Sends the key as Bearer and the voice as a number, and reads `data` of whatever comes."""
    headers = {"Authorization": f"bearer {service.key}"}
    body = {"text": "Merhaba", "lang": "tr-TR", "voice_id": 325646}
    job = requests.post(f"{service.url}/api/v1/jobs/text", json=body, headers=headers, timeout=20).json()["data"]
    assert job["language"] == "tr"
    assert service.wait(job["id"]) == "ready"
    accept = headers | {"Accept": "audio/mpeg"}
    audio = requests.get(f"{service.url}/api/v1/jobs/{job['id']}/synthesize", headers=accept, timeout=20)
    assert audio.headers["Content-Type"] == "audio/mpeg"
    assert int(audio.headers["Content-Length"]) == len(audio.content)
