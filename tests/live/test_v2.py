"""The v2 API over real HTTP: streams that arrive while the job is made, readers that leave, addresses without a key."""

import json
import subprocess
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import requests

from tests.live.service import Service, running
from workers.pipeline.encoding import find_ffmpeg

pytestmark = pytest.mark.live

LONG = "Bu, birinci cümlədir, kifayət qədər uzundur. " * 40


@pytest.fixture(scope="module")
def site() -> Iterator[Service]:
    with running(VOICEN_WEB_PROCESSES="1", VOICEN_WEB_STREAMS="2") as service:
        yield service


def call(site: Service, method: str, path: str, **options: Any) -> requests.Response:
    return requests.request(method, f"{site.url}/api/v2/{path}", headers=site.headers, timeout=60, **options)


def make(site: Service, **fields: Any) -> dict[str, Any]:
    response = call(site, "POST", "jobs/", json={"voice_id": 325640, "text": "Salam, dünya!", **fields})
    assert response.status_code == 201, response.text
    made: dict[str, Any] = response.json()
    return made


def seconds_of(content: bytes, folder: Path) -> float:
    path = folder / "heard"
    path.write_bytes(content)
    command = [find_ffmpeg(), "-v", "error", "-i", str(path), "-ar", "24000", "-f", "s16le", "-"]
    return len(subprocess.run(command, capture_output=True, check=True).stdout) / 48_000


def test_events_and_audio_while_a_job_is_made(site: Service, tmp_path: Path) -> None:
    job = make(site, text=LONG, format="flac", subtitles=True, loudness=-20)
    with call(site, "GET", f"jobs/{job['id']}/stream/?format=wav", stream=True) as stream:
        assert stream.status_code == 200
        assert stream.headers["Content-Type"] == "audio/wav"
        pieces = stream.iter_content(4096)
        heard = next(pieces)
        assert heard[:4] == b"RIFF"
        with call(site, "GET", f"jobs/{job['id']}/events/", stream=True) as events:
            told = [line.removeprefix("data: ") for line in events.iter_lines(decode_unicode=True) if "data: " in line]
        heard += b"".join(pieces)
    last = json.loads(told[-1])
    assert (last["status"], last["progress"]) == ("ready", 1)
    assert (len(heard) - 44) / 48_000 == pytest.approx(last["duration"], abs=0.01)
    file = requests.get(last["audio"]["url"], timeout=60)  # no key
    assert file.headers["Content-Type"] == "audio/flac"
    assert seconds_of(file.content, tmp_path) == pytest.approx(last["duration"], abs=0.01)
    telephone = requests.get(f"{last['audio']['url']}?format=wav&sample_rate=8000", timeout=60)
    assert seconds_of(telephone.content, tmp_path) == pytest.approx(last["duration"], abs=0.01)
    sentences = call(site, "GET", f"jobs/{job['id']}/subtitles.json").json()
    assert len(sentences) == 40
    assert requests.get(last["subtitles"]["vtt"], headers=site.headers, timeout=60).text.startswith("WEBVTT")


def test_readers_that_leave_give_their_place_back(site: Service) -> None:
    """No byte is due for 15 seconds: that they have gone is seen by their connection."""
    first = call(site, "GET", "events/", stream=True)
    second = call(site, "GET", "events/", stream=True)
    refused = call(site, "GET", "events/")
    assert refused.status_code == 503
    assert int(refused.headers["Retry-After"]) > 0
    assert refused.json()["error"]["reason"] == "busy"
    assert call(site, "GET", "voices/").status_code == 200, "short requests find a thread"
    first.close()
    end = time.monotonic() + 60
    again = call(site, "GET", "events/", stream=True)
    while again.status_code == 503:
        assert time.monotonic() < end
        time.sleep(0.2)
        again = call(site, "GET", "events/", stream=True)
    assert again.status_code == 200
    again.close()
    second.close()


def test_a_voice_is_heard_by_anybody(site: Service, tmp_path: Path) -> None:
    url = call(site, "GET", "voices/").json()["data"][0]["sample"]
    end = time.monotonic() + 120
    sample = requests.get(url, timeout=60)
    while sample.status_code == 503:  # the places of the test before may not be free yet
        assert time.monotonic() < end
        time.sleep(float(sample.headers["Retry-After"]) / 10)
        sample = requests.get(url, timeout=60)
    assert sample.headers["Content-Type"] == "audio/mpeg"
    assert seconds_of(sample.content, tmp_path) > 2


def test_how_it_will_be_read(site: Service) -> None:
    read = call(site, "POST", "read/", json={"text": "12 alma.", "lang": "az"})
    assert read.json() == {"sentences": [{"offset": 0, "length": 8, "original": "12 alma.", "spoken": "on iki alma."}]}


def test_nothing_of_it_is_in_the_log(site: Service) -> None:
    make(site, title="gizli başlıq", text="gizli mətn")
    call(site, "POST", "jobs/", json={"voice_id": 325640, "text": "gizli mətn", "gizli_sahə": "gizli"})
    call(site, "GET", "jobs/?q=gizli")
    assert "gizli" not in site.log.read_text()


def test_ssml(site: Service, tmp_path: Path) -> None:
    """Two voices in one job, a break of its length, a mark with its time; and what is not supported named."""
    text = (
        f"<speak>{LONG}<mark name='before'/><break time='3s'/>"
        "<voice name='Anna'><mark name='after'/>Здравствуйте, как дела?</voice></speak>"
    )
    job = make(site, text=text, ssml=True, subtitles=True, format="wav")
    assert site.wait(job["id"]) == "ready"
    done = call(site, "GET", f"jobs/{job['id']}/").json()
    assert (done["options"]["ssml"], done["character_count"]) == (True, len(text))
    content = requests.get(done["audio"]["url"], timeout=60).content
    assert seconds_of(content, tmp_path) == pytest.approx(done["duration"], abs=0.01)
    assert call(site, "GET", f"jobs/{job['id']}/text/").text == text
    sentences = call(site, "GET", f"jobs/{job['id']}/subtitles.json").json()
    assert len(sentences) == 41
    assert sentences[-1]["text"] == "Здравствуйте, как дела?"
    (before,), (after,) = sentences[-2]["marks"], sentences[-1]["marks"]
    assert (before["name"], after["name"]) == ("before", "after")
    assert after["time"] - before["time"] == pytest.approx(3, abs=0.2)
    assert "<" not in call(site, "GET", f"jobs/{job['id']}/subtitles.srt").text
    refused = call(site, "POST", "jobs/", json={"voice_id": 325640, "ssml": True, "text": "<speak>\n<audio/></speak>"})
    assert refused.status_code == 400
    assert refused.json()["error"]["message"].startswith("text: SSML line 2, column 1: <audio> is not supported.")
