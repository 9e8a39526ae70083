"""Coqui voices through the whole service: an HTTP request, a worker process with the real library, an mp3."""

from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest

from tests.live.audio import RATE, samples
from tests.live.service import Service, running

pytestmark = pytest.mark.live

# Random weights speak at no human tempo
BAND = "band = [0.001, 2.0]"
VOICES = f"""
[[change]]
id = 325640  # speaks the sample that `serve` begins with
engines.coqui = {{ model = "mms", {BAND} }}

[[change]]
id = 325647
engines.coqui = {{ model = "sdp", {BAND} }}

[[voice]]
id = 900001
name = "Ayla"
language = "tr"
gender = "female"
licence = "MIT"
engines.coqui = {{ model = "several", speaker = "ayla", {BAND} }}

[[voice]]
id = 900002
name = "Can"
language = "az"
gender = "male"
licence = "MIT"
engines.coqui = {{ model = "mms", converter = "openvoice", reference = "references/low.wav", {BAND} }}
"""


@pytest.fixture(scope="module")
def service(voices_dir: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Service]:
    file = tmp_path_factory.mktemp("operator") / "voices.toml"
    file.write_text(VOICES, encoding="utf-8")
    with running(
        "coqui",
        VOICEN_VOICES_DIR=str(voices_dir),
        VOICEN_VOICES_FILE=str(file),
        VOICEN_WARM_VOICES="325647",
        VOICEN_DEVICE="cpu",
    ) as started:
        yield started


@pytest.mark.parametrize(
    ("voice_id", "language", "text"),
    [
        (325647, "tr", "Merhaba, bugün hava çok güzel."),
        (900001, "tr", "Saat 12:30'da IĞDIR'dayım."),
        (900002, "az", "Salam, bu gün hava çox gözəldir."),
    ],
    ids=["VITS", "VITS of several speakers", "MMS through OpenVoice"],
)
def test_a_text_becomes_an_mp3(service: Service, voice_id: int, language: str, text: str) -> None:
    audio = samples(service.speak(text, language, voice_id))
    assert audio.size > 0.1 * RATE
    assert np.abs(audio).max() > 0.001


def test_a_text_of_many_chunks_becomes_one_mp3(service: Service) -> None:
    one = samples(service.speak("Yarın sabah erkenden yola çıkıyoruz.", "tr", 325647))
    many = samples(service.speak("Yarın sabah erkenden yola çıkıyoruz. " * 20, "tr", 325647))
    assert many.size > 10 * one.size


def test_a_voice_whose_pack_is_missing_fails_its_job_and_says_which(service: Service) -> None:
    job_id = service.submit("Привет.", "ru", 325645)
    assert service.wait(job_id) == "failed"
    script = f"from synthesis.models import Job; print(Job.objects.get(pk={job_id}).error_message)"
    assert "mms-rus" in service.manage("shell", "--command", script)


def test_no_text_is_in_the_log(service: Service) -> None:
    service.speak("Gizlisaklı kelime.", "tr", 325647)
    assert "gizlisaklı" not in service.log.read_text(encoding="utf-8").lower()
