"""The real `openai` package against the running service."""

import base64
import io
import json
import shutil
import subprocess
import threading
import time
import wave
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import openai
import pytest
import requests
from numpy.typing import NDArray

from synthesis import ffmpeg
from tests.live.service import ROOT, Service

pytestmark = pytest.mark.live

RATE = 24_000
TEXT = "Salam! Bu cümlə sınaq üçündür. Sabah hava yaxşı olacaq. " * 6
FORMATS = ["mp3", "opus", "aac", "flac", "wav", "pcm"]
TYPES = {"mp3": "audio/mpeg", "opus": "audio/ogg"}


@pytest.fixture
def client(service: Service) -> Iterator[openai.OpenAI]:
    with openai.OpenAI(base_url=f"{service.url}/v1", api_key=service.key, max_retries=0, timeout=120) as client:
        yield client


def heard(content: bytes, form: str = "mp3", rate: int = RATE) -> NDArray[np.int16]:
    raw = ["-f", "s16le", "-ar", str(rate), "-ac", "1"] if form == "pcm" else []
    command = [*ffmpeg.quiet(), *raw, "-i", "pipe:0", "-ac", "1", "-ar", str(RATE), "-f", "s16le", "pipe:1"]
    return np.frombuffer(subprocess.run(command, input=content, capture_output=True, check=True).stdout, dtype="<i2")


def seconds(content: bytes, form: str = "mp3", rate: int = RATE) -> float:
    return len(heard(content, form, rate)) / RATE


@pytest.fixture(scope="module")
def expected(service: Service) -> float:
    """How long the text is that is heard while it is spoken, by the finished file of such a job.

    Its first chunks are short: it has more rests than the API of the original makes.
    """
    body = {"model": "tts-1", "voice": "alloy", "input": TEXT, "response_format": "pcm"}
    answer = requests.post(f"{service.url}/v1/audio/speech", json=body, headers=service.headers, timeout=120)
    assert answer.status_code == 200, answer.text
    return seconds(service.audio(int(answer.headers["X-Voicen-Job"])))


@pytest.mark.parametrize("form", FORMATS)
def test_every_format_holds_the_whole_text(client: openai.OpenAI, service: Service, form: str) -> None:
    answer = client.audio.speech.create(model="tts-1", voice="alloy", input=TEXT, response_format=form)  # type: ignore[arg-type]
    assert answer.response.headers["Content-Type"] == TYPES.get(form, f"audio/{form}")
    assert "Content-Length" not in answer.response.headers
    whole = service.audio(int(answer.response.headers["X-Voicen-Job"]))
    assert seconds(answer.content, form) == pytest.approx(seconds(whole), abs=0.3)


@pytest.mark.parametrize("text", [TEXT * 20, "Biz dünən axşam onlara getdik, " * 200 + "və qayıtdıq."])
def test_it_is_heard_before_it_is_finished(client: openai.OpenAI, service: Service, text: str) -> None:
    """The first audio of a long text, or of one long sentence, is there while others of its chunks are spoken."""
    with client.audio.speech.with_streaming_response.create(
        model="gpt-4o-mini-tts", voice="325640", input=text, response_format="pcm"
    ) as answer:
        pieces = answer.iter_bytes(4096)
        first = next(pieces)
        job_id = int(answer.headers["X-Voicen-Job"])
        assert service.status(job_id) == "synthesizing"
        total = len(first) + sum(map(len, pieces))
    assert service.wait(job_id) == "ready"
    assert total / 2 / RATE == pytest.approx(seconds(service.audio(job_id)), abs=0.1)


def test_events(service: Service, client: openai.OpenAI, expected: float) -> None:
    with client.audio.speech.with_streaming_response.create(
        model="tts-1", voice="alloy", input=TEXT, response_format="pcm", stream_format="sse"
    ) as answer:
        assert answer.headers["Content-Type"] == "text/event-stream"
        events = [json.loads(line.removeprefix("data: ")) for line in answer.iter_lines() if line]
    assert {event["type"] for event in events[:-1]} == {"speech.audio.delta"}
    assert events[-1] == {
        "type": "speech.audio.done",
        "usage": {"input_tokens": len(TEXT), "output_tokens": 0, "total_tokens": len(TEXT)},
    }
    audio = b"".join(base64.b64decode(event["audio"]) for event in events[:-1])
    assert len(audio) / 2 / RATE == pytest.approx(expected, abs=0.1)


def test_a_whole_file_states_its_length(client: openai.OpenAI, service: Service) -> None:
    answer = client.audio.speech.create(
        model="tts-1", voice="alloy", input=TEXT, response_format="wav", extra_body={"stream": False}
    )
    assert int(answer.response.headers["Content-Length"]) == len(answer.content)
    with wave.open(io.BytesIO(answer.content)) as file:
        assert file.getnframes() / file.getframerate() == pytest.approx(seconds(service.speak(TEXT)), abs=0.1)


def test_speed(client: openai.OpenAI, expected: float) -> None:
    for speed in (0.25, 0.5, 2.0, 4.0):
        answer = client.audio.speech.create(
            model="tts-1", voice="alloy", input=TEXT, response_format="pcm", speed=speed
        )
        # Pauses between sentences stay as they are where the voice itself is faster.
        assert seconds(answer.content, "pcm") == pytest.approx(expected / speed, rel=0.5)
    assert seconds(answer.content, "pcm") < expected / 2


def test_telephone(client: openai.OpenAI, expected: float) -> None:
    answer = client.audio.speech.create(
        model="tts-1", voice="alloy", input=TEXT, response_format="wav", extra_body={"sample_rate": 8000}
    )
    assert int.from_bytes(answer.content[24:28], "little") == 8000
    assert seconds(answer.content) == pytest.approx(expected, abs=0.1)


def test_the_language_is_that_of_the_voice(client: openai.OpenAI, service: Service) -> None:
    for voice, language in {"shimmer": "tr", "sage": "ru", "Elchin": "az"}.items():
        answer = client.audio.speech.create(model="tts-1", voice=voice, input="2 + 2", response_format="pcm")
        job = service.call("GET", f"jobs/{answer.response.headers['X-Voicen-Job']}/").json()["data"]
        assert job["language"] == language


def test_errors_are_those_of_the_package(client: openai.OpenAI, service: Service) -> None:
    with pytest.raises(openai.BadRequestError, match="Unknown voice") as refused:
        client.audio.speech.create(model="tts-1", voice="nobody", input="salam")
    assert (refused.value.param, refused.value.code) == ("voice", "voice_not_found")
    with pytest.raises(openai.NotFoundError, match="Unknown model"):
        client.audio.speech.create(model="nothing", voice="alloy", input="salam")
    stranger = client.with_options(api_key="sk-wrong")
    with pytest.raises(openai.AuthenticationError):
        stranger.audio.speech.create(model="tts-1", voice="alloy", input="salam")


def test_models(client: openai.OpenAI) -> None:
    assert "tts-1" in {model.id for model in client.models.list()}
    assert client.models.retrieve("tts-1").owned_by == "voicen"


def test_clients_that_leave_voice_and_format_out(service: Service) -> None:
    """LibreChat: no response_format, and no voice where none is configured; the token as Bearer."""
    headers = {"Authorization": f"Bearer {service.key}"}
    body = {"input": "Salam!", "model": "tts-1", "backend": "x"}
    response = requests.post(f"{service.url}/v1//audio/speech/", json=body, headers=headers, timeout=60)
    assert (response.status_code, response.headers["Content-Type"]) == (200, "audio/mpeg")
    assert seconds(response.content) > 0.2


def test_jambonz(service: Service, expected: float) -> None:
    """Its own words at the same address."""
    body = {"language": "az-AZ", "voice": "Aytac", "type": "text", "text": TEXT}
    headers = {"Authorization": f"Bearer {service.key}"}
    response = requests.post(f"{service.url}/v1/audio/speech", json=body, headers=headers, timeout=60)
    assert (response.status_code, response.headers["Content-Type"]) == (200, "audio/mpeg")
    assert seconds(response.content) == pytest.approx(expected, abs=0.3)


def test_open_webui(service: Service) -> None:
    """Lists without a key, then a body with its own voice among the listed."""
    models = requests.get(f"{service.url}/v1/audio/models", timeout=60).json()["models"]
    voices = requests.get(f"{service.url}/v1/audio/voices", timeout=60).json()["voices"]
    headers = {"Authorization": f"Bearer {service.key}", "X-OpenWebUI-User-Id": "1"}
    body = {"input": "Salam!", "model": models[0]["id"], "voice": voices[0]["id"]}
    response = requests.post(f"{service.url}/v1/audio/speech", json=body, headers=headers, timeout=60)
    assert seconds(response.content) > 0.2


@pytest.mark.skipif(not shutil.which("curl") or not shutil.which("jq"), reason="needs curl and jq, as its users do")
def test_the_script_of_the_asterisk_page(service: Service, tmp_path: Path) -> None:
    """Word for word as the page has it, but for the two places that every site has its own of."""
    page = (ROOT / "docs/clients/asterisk.md").read_text(encoding="utf-8")
    script = page.split("```sh\n", 1)[1].split("```", 1)[0]
    script = script.replace("/var/lib/asterisk/sounds/voicen", str(tmp_path)).replace(
        "http://127.0.0.1:8000", service.url
    )
    script = script.replace("$(cat /etc/asterisk/voicen.key)", service.key)
    for _ in range(2):  # the second time from the cache
        command = ["sh", "-c", script, "voicen-say", "Aytac", 'Salam "dünya", $HOME!']
        done = subprocess.run(command, capture_output=True, text=True, timeout=120, check=True)
        with wave.open(f"{done.stdout.strip()}.wav") as file:
            assert (file.getframerate(), file.getnchannels(), file.getsampwidth()) == (8000, 1, 2)
            assert file.getnframes() > 1000
    assert len(list(tmp_path.iterdir())) == 1
    refused = subprocess.run(["sh", "-c", script, "voicen-say", "nobody", "salam"], capture_output=True, text=True)
    assert refused.returncode != 0
    assert refused.stdout == ""
    assert len(list(tmp_path.iterdir())) == 1


def test_a_client_that_leaves_takes_its_job_along(client: openai.OpenAI, service: Service) -> None:
    with client.audio.speech.with_streaming_response.create(
        model="tts-1", voice="alloy", input=TEXT * 300, response_format="pcm"
    ) as answer:
        next(answer.iter_bytes(4096))
        job_id = answer.headers["X-Voicen-Job"]
    end = time.monotonic() + 60
    while service.call("GET", f"jobs/{job_id}/").status_code != 404:
        assert time.monotonic() < end, "it is spoken for nobody"
        time.sleep(0.2)


def test_several_at_once(client: openai.OpenAI, expected: float) -> None:
    lengths: list[float] = []

    def speak() -> None:
        answer = client.audio.speech.create(model="tts-1", voice="alloy", input=TEXT, response_format="opus")
        lengths.append(seconds(answer.content))

    threads = [threading.Thread(target=speak) for _ in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert lengths == pytest.approx([expected] * 6, abs=0.3)


def test_no_text_in_the_log(service: Service, client: openai.OpenAI) -> None:
    client.audio.speech.create(model="tts-1", voice="alloy", input="gizlimətn burada")
    assert "gizlimətn" not in Path(service.log).read_text(encoding="utf-8")
