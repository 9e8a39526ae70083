"""A running service with JSON logs, its texts and audio in a bucket, and its metrics: what comes out of each."""

import json
import time
from collections.abc import Iterator
from typing import Any

import boto3
import pytest
import requests
from moto.server import ThreadedMotoServer

from tests import servers
from tests.live.service import Service, running

pytestmark = pytest.mark.live

MARKER = "Gizli zebra"
TOKEN = "a-long-token-for-metrics"


@pytest.fixture(scope="module")
def bucket() -> Iterator[str]:
    server = ThreadedMotoServer(ip_address="127.0.0.1", port=servers.free_port(), verbose=False)
    server.start()
    host, port = server.get_host_and_port()
    url = f"http://{host}:{port}"
    _client(url).create_bucket(Bucket="voicen")
    yield url
    server.stop()


@pytest.fixture(scope="module")
def service(bucket: str) -> Iterator[Service]:
    with running(
        VOICEN_LOG_FORMAT="json",
        VOICEN_METRICS_TOKEN=TOKEN,
        VOICEN_WORKER_PROCESSES="2",
        VOICEN_S3_BUCKET="voicen",
        VOICEN_S3_ENDPOINT_URL=bucket,
        VOICEN_S3_REGION="us-east-1",
        VOICEN_S3_ADDRESSING="path",
        VOICEN_S3_ACCESS_KEY="k",
        VOICEN_S3_SECRET_KEY="very-secret",
    ) as started:
        yield started


def _client(url: str) -> Any:
    return boto3.client(
        "s3", endpoint_url=url, region_name="us-east-1", aws_access_key_id="k", aws_secret_access_key="s"
    )


def _events(service: Service) -> list[dict[str, object]]:
    return [json.loads(line) for line in service.log.read_text().splitlines() if line.startswith("{")]


def test_chunks_of_two_workers_meet(service: Service, bucket: str) -> None:
    job = service.submit(f"{MARKER}, bu cümlə kifayət qədər uzundur. " * 40)
    assert service.wait(job) == "ready"
    assert service.audio(job)
    folders = {entry["Key"].split("/")[1] for entry in _client(bucket).list_objects_v2(Bucket="voicen")["Contents"]}
    assert folders
    assert not list(service.data_dir.rglob("*.pcm"))
    assert not list((service.data_dir / "media").rglob("*.mp3"))
    assert service.call("DELETE", f"jobs/{job}/").status_code == 200


def test_logs(service: Service) -> None:
    """Every way in which an API is called, rightly and wrongly; then every line is looked at."""
    job = service.submit(MARKER)
    assert service.wait(job) == "ready"
    own = {**service.headers, "X-Request-ID": "mine-1"}
    answer = requests.get(f"{service.url}/api/v1/jobs/{job}/", headers=own, timeout=20)
    assert answer.headers["X-Request-ID"] == "mine-1"
    for wild in ("a b", "x" * 65, "ə", f"id-{service.key}", '{"a":1}', "a;b"):
        headers = {**service.headers, "X-Request-ID": wild.encode()}
        answer = requests.get(f"{service.url}/api/v1/jobs/", headers=headers, timeout=20)  # type: ignore[arg-type]
        assert answer.status_code == 200
        assert len(answer.headers["X-Request-ID"]) == 32
    for path in (f"/{MARKER}", f"/api/v1/{service.key}/", f"/api/v1/jobs/{MARKER}/", f"/admin/?q={MARKER}"):
        requests.get(service.url + path, headers=service.headers, timeout=20)
    requests.request(MARKER.split()[0].upper(), f"{service.url}/api/v1/jobs/", headers=service.headers, timeout=20)
    service.call("POST", "jobs/text/", json={"text": f"{MARKER}\0", "lang": "az", "voice_id": 325640})
    service.call("POST", "jobs/file/", files={"file": (f"{MARKER}.txt", b"\xff\xfe")}, data={"lang": "az"})
    requests.get(f"{service.url}/api/v1/jobs/", headers={"Authorization": f"Token {service.key}x"}, timeout=20)
    service.call("DELETE", f"jobs/{job}/")
    everything = service.log.read_text()
    lines = [line for line in everything.splitlines() if line.startswith("{")]
    for line in lines:
        for word in ("izli", "zebra", "IZLI", service.key, service.key[4:20], "very-secret", TOKEN):
            assert word not in line
    events = _events(service)
    assert {"time", "level", "logger", "process", "message"} <= set(events[0])
    mine = [event for event in events if event.get("request_id") == "mine-1"]
    assert [(event["method"], event["status"], event["job_id"]) for event in mine] == [("GET", 200, job)]
    assert "job_id" in str(mine[0]["route"])
    accepted = [event for event in events if event.get("job_id") == job and "accepted" in str(event["message"])]
    assert accepted
    assert accepted[0]["request_id"]


def test_metrics(service: Service) -> None:
    job = service.submit("Salam.")
    assert service.wait(job) == "ready"
    assert requests.get(f"{service.url}/metrics", timeout=20).status_code == 404
    end = time.monotonic() + 60
    # Two workers, a voice of each language; each adds its counts every ten seconds.
    while 'tts_model_load_duration_seconds_count{engine="tone"} 6.0' not in (page := _metrics(service)):
        assert time.monotonic() < end, page
        time.sleep(0.5)
    assert "tts_workers_alive 2.0" in page


def _metrics(service: Service) -> str:
    answer = requests.get(f"{service.url}/metrics", headers={"Authorization": f"Bearer {TOKEN}"}, timeout=20)
    assert answer.status_code == 200
    return answer.text


def test_ready(service: Service) -> None:
    state = requests.get(f"{service.url}/readyz", timeout=20).json()
    assert state["status"] == "ok"
    assert state["workers"] == 2
