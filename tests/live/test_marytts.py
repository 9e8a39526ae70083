"""MaryTTS' clients against the running service: Speech Dispatcher's own command line, and a form."""

import io
import shutil
import subprocess
import wave
from collections.abc import Iterator
from pathlib import Path

import pytest
import requests

from tests.live.service import Service, running

pytestmark = pytest.mark.live

TEXT = "Salam! “Sabah” hava 5°C olacaq & yağmur yağmayacaq."
# What stands between the quotation marks of GenericExecuteSynth in docs/clients/marytts.md.
PAGE = Path(__file__).parents[2] / "docs/clients/marytts.md"


@pytest.fixture(scope="module")
def mary() -> Iterator[Service]:
    """A service that serves those who come from this host as its administrator."""
    with running(VOICEN_MARYTTS_USER="admin") as service:
        yield service


def seconds(content: bytes) -> float:
    with wave.open(io.BytesIO(content)) as file:
        assert (file.getnchannels(), file.getsampwidth()) == (1, 2)
        assert len(content) == 44 + 2 * file.getnframes(), "it states its true length"
        return float(file.getnframes() / file.getframerate())


def test_get_and_post(mary: Service) -> None:
    fields = {"INPUT_TEXT": TEXT, "INPUT_TYPE": "TEXT", "OUTPUT_TYPE": "AUDIO", "AUDIO": "WAVE_FILE", "LOCALE": "az"}
    got = requests.get(f"{mary.url}/process", params=fields, timeout=120)
    assert (got.status_code, got.headers["Content-Type"]) == (200, "audio/wav")
    posted = requests.post(f"{mary.url}/process", data=fields, timeout=120)
    assert seconds(posted.content) == seconds(got.content) > 1
    # Programs that were written for MaryTTS send much more.
    more = {**fields, "VOICE_SELECTIONS": "Ramin az male neural", "VOICE": "Ramin", "AUDIO_OUT": "WAVE_FILE"}
    assert seconds(requests.get(f"{mary.url}/process", params=more, timeout=120).content) > 1


def test_ssml(mary: Service) -> None:
    text = '<speak>Salam <break time="3s"/> <voice name="Anna">да</voice></speak>'
    fields = {"INPUT_TEXT": text, "INPUT_TYPE": "SSML", "OUTPUT_TYPE": "AUDIO", "AUDIO": "WAVE_FILE", "VOICE": "Ramin"}
    spoken = requests.post(f"{mary.url}/process", data=fields, timeout=120)
    assert spoken.status_code == 200, spoken.text
    assert 3 < seconds(spoken.content) < 5


def test_speed_and_mp3(mary: Service) -> None:
    fields = {"INPUT_TEXT": TEXT * 3, "VOICE": "Aytac"}
    usual = requests.get(f"{mary.url}/process", params=fields, timeout=120).content
    fast = requests.get(f"{mary.url}/process", params={**fields, "SPEED": "9"}, timeout=120).content
    assert seconds(fast) < 0.75 * seconds(usual)
    mp3 = requests.get(f"{mary.url}/process", params={**fields, "AUDIO": "MP3_FILE"}, timeout=120)
    assert mp3.headers["Content-Type"] == "audio/mpeg"


def test_with_a_key(service: Service) -> None:
    assert requests.get(f"{service.url}/process", params={"INPUT_TEXT": TEXT}, timeout=60).status_code == 401
    basic = requests.get(f"{service.url}/process", params={"INPUT_TEXT": TEXT}, auth=("mary", service.key), timeout=120)
    assert seconds(basic.content) > 1


@pytest.mark.skipif(not shutil.which("curl") or not shutil.which("xxd"), reason="needs curl and xxd, as its users do")
@pytest.mark.parametrize("text", ["Salam, dünya!", "50 % endirim & “hədiyyə” + 1"])
def test_the_command_of_speech_dispatcher(mary: Service, tmp_path: Path, text: str) -> None:
    """As the module gives it to sh: its variables are replaced and the text stands between single quotation marks."""
    page = PAGE.read_text(encoding="utf-8")
    written = page.split('GenericExecuteSynth \\\n"', 1)[1].split('"\n', 1)[0]
    # In the file of the module a backslash protects the one after it and quotation marks.
    command = written.replace('\\"', '"').replace("\\'", "'").replace("\\\\", "\\")
    values = {"$DATA": text, "$LANGUAGE": "az", "$VOICE": "Aytac", "$RATE": "1.0", "$TMPDIR": str(tmp_path)}
    values |= {"$PLAY_COMMAND": "true", "http://localhost:8000": mary.url}
    for name, value in values.items():
        command = command.replace(name, value)
    done = subprocess.run(["sh", "-c", command], capture_output=True, text=True, timeout=120)
    assert done.returncode == 0, done.stderr
    assert seconds((tmp_path / "voicen.wav").read_bytes()) > 0.5
