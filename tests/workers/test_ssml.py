"""Jobs in SSML from the row to the file: who speaks what, how fast, how loud, after which rest, and when."""

import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from django.contrib.auth.models import User
from django.test import Client
from numpy.typing import NDArray
from pytest_django import Settings

from models.audio import Pcm
from models.catalogue import Voice, catalogue
from models.engines.kokoro import Kokoro
from models.engines.loader import EngineOptions, load
from models.engines.tone import Tone
from synthesis import storage
from synthesis.domain.options import AudioFormat, Options
from synthesis.domain.status import Status, StepKind
from synthesis.models import Job
from synthesis.services import jobs
from tests.pipeline.test_formats import decoded
from tests.workers.conftest import Worker
from tests.workers.test_batches import Together
from tests.workers.test_batches import take_all as take_batches
from workers.ssml import subtitles

pytestmark = pytest.mark.django_db(transaction=True)

AYTAC, RAMIN, ANNA = 325640, 325642, 325645
RATE = 24_000
SENTENCE = "bu bir uzun sözdür"


def submit(user: User, body: str, voice_id: int = AYTAC, **options: Any) -> Job:
    options = {"format": AudioFormat.WAV, "ssml": True, **options}
    return jobs.submit(user, catalogue().get(voice_id), f"<speak>{body}</speak>", order=jobs.Order(Options(**options)))


def spoken(worker: Worker, job: Job) -> NDArray[np.float64]:
    worker.take_all()
    job.refresh_from_db()
    assert job.status == Status.READY, (job.error_code, job.error_message)
    return decoded(Path(storage.speech_storage().path(job.audio)), RATE).astype(float)


def stretches(samples: NDArray[np.float64]) -> list[tuple[float, float, float, float]]:
    """What is heard between silences: from and to in seconds, the pitch in Hz, and the level in dBFS."""
    loud = np.flatnonzero(np.abs(samples) > 30)
    breaks = np.flatnonzero(np.diff(loud) > RATE // 20)
    found = []
    for first, last in zip([loud[0], *loud[breaks + 1]], [*loud[breaks], loud[-1]], strict=True):
        piece = samples[first : last + 1]
        middle = piece[len(piece) // 4 : -len(piece) // 4]
        spectrum = np.abs(np.fft.rfft(middle * np.hanning(len(middle))))
        hertz = float(np.argmax(spectrum)) * RATE / len(middle)
        level = 20 * np.log10(np.sqrt(np.mean((middle / 32768) ** 2)))
        found.append((first / RATE, (last + 1) / RATE, hertz, float(level)))
    return found


def pitch(voice_id: int) -> float:
    return float(catalogue().get(voice_id).engines["tone"]["hertz"])


def test_each_voice_speaks_its_part(user: User, worker: Worker) -> None:
    job = submit(
        user, f'{SENTENCE}<voice name="Anna">это длинное слово</voice><voice name="{RAMIN}">{SENTENCE}</voice>'
    )
    heard = stretches(spoken(worker, job))
    assert [round(hertz) for _, _, hertz, _ in heard] == pytest.approx([pitch(AYTAC), pitch(ANNA), pitch(RAMIN)], abs=3)
    assert len({pitch(AYTAC), pitch(ANNA), pitch(RAMIN)}) == 3
    assert job.chunk_count == 3


def test_breaks_rate_and_volume(user: User, worker: Worker) -> None:
    body = (
        f'<break time="300ms"/>{SENTENCE}<break time="500ms"/><prosody rate="200%">{SENTENCE}</prosody>'
        f'<break time="1.5s"/><prosody volume="-12dB">{SENTENCE}</prosody><break time="2s"/>'
        f'{SENTENCE}<break time="1s"/>'
    )
    samples = spoken(worker, submit(user, body))
    plain, fast, soft, last = stretches(samples)
    assert plain[0] == pytest.approx(0.3, abs=0.02)
    gaps = [after[0] - before[1] for before, after in ((plain, fast), (fast, soft), (soft, last))]
    assert gaps == pytest.approx([0.5, 1.5, 2.0], abs=0.03)
    assert len(samples) / RATE - last[1] == pytest.approx(1.0, abs=0.05)
    length = plain[1] - plain[0]
    assert [end - start for start, end, *_ in (fast, soft, last)] == pytest.approx(
        [length / 2, length, length], abs=0.05
    )
    assert [level - plain[3] for *_, level in (fast, soft, last)] == pytest.approx([0, -12, 0], abs=0.3)


@pytest.mark.parametrize("body", ['<prosody volume="-6dB" rate="0.5">salam</prosody>', f"{'salam ' * 80}<s>son</s>"])
def test_with_the_options_of_the_job(user: User, worker: Worker, body: str) -> None:
    slow = spoken(worker, submit(user, body, speed=1.0))
    fast = spoken(worker, submit(user, body, speed=2.0))
    first, second = stretches(slow)[0], stretches(fast)[0]
    assert (first[1] - first[0]) / (second[1] - second[0]) == pytest.approx(2, abs=0.1)


def test_the_rows_keep_what_differs(user: User, worker: Worker) -> None:
    body = (
        f'<break time="1s"/>{SENTENCE}<voice name="Anna">да <lang xml:lang="tr">evet</lang></voice>'
        f'<lang xml:lang="ru">нет</lang><prosody rate="150%" volume="-3dB">{SENTENCE}</prosody><s>{SENTENCE}</s>'
    )
    job = submit(user, body, speed=0.8)
    worker.take()
    rows = job.steps.filter(kind=StepKind.SPEAK).order_by("index").values_list("delivery", flat=True)
    assert list(rows) == [
        {"lead_ms": 970},
        {"voice_id": ANNA, "language": "ru"},
        {"voice_id": ANNA, "language": "tr"},
        {"language": "ru"},
        {"speed": 1.2, "gain_db": -3.0},
        None,
    ]
    spoken(worker, job)


def test_a_plain_text_is_plain(user: User, worker: Worker) -> None:
    """Signs of markup in a text that is no document are read as ever, and its rows keep nothing more."""
    text = "<speak>Bir &amp; iki</speak> " * 30
    job = jobs.submit(user, catalogue().get(AYTAC), text)
    worker.take()
    assert set(job.steps.filter(kind=StepKind.SPEAK).values_list("delivery", flat=True)) == {None}


def test_together_by_voice(user: User, worker: Worker) -> None:
    """Chunks that are claimed in one go are spoken by the voice, speed and volume of each."""
    parts = [f'<voice name="{name}">{SENTENCE}</voice><s>{SENTENCE}</s>' for name in ("Ramin", "Aynur") * 3]
    body = "".join(parts) + f'<prosody volume="-12dB">{SENTENCE}</prosody>'
    alone = stretches(spoken(worker, submit(user, body)))
    engine = worker.engine = Together()
    job = submit(user, body)
    take_batches(worker)
    assert max(engine.calls) > 1
    job.refresh_from_db()
    heard = stretches(decoded(Path(storage.speech_storage().path(job.audio)), RATE).astype(float))
    assert [part[2:] for part in heard] == [part[2:] for part in alone]
    assert len(heard) == 13


def test_the_cache_tells_deliveries_apart(user: User, worker: Worker, settings: Settings) -> None:
    settings.SPEECH_CACHE_MB = 256
    said: list[str] = []

    def speak(text: str) -> Any:
        said.append(text)
        return Tone().speak(text, catalogue().get(AYTAC))

    worker.engine.on_speak = speak
    parts = [SENTENCE, f'<prosody volume="-6dB">{SENTENCE}</prosody>', f'<lang xml:lang="tr">{SENTENCE}</lang>']
    for body in (*parts, *parts, f"<break/>{SENTENCE}"):
        spoken(worker, submit(user, body))
    assert len(said) == 4


@pytest.mark.parametrize("filler", ["", "Bu, kifayət qədər uzun bir cümlədir. " * 12])
def test_subtitles_and_marks(user: User, worker: Worker, filler: str, api: Client) -> None:
    body = (
        f'{filler}<mark name="first"/>R&amp;D <sub alias="yüz on iki">112</sub>.<mark name="end"/><break time="1s"/>\n'
        f'<voice name="Anna"><s>Это <mark name="inner"/>да.</s></voice><mark name="last"/>'
    )
    job = submit(user, body, subtitles=True)
    samples = spoken(worker, job)
    document = f"<speak>{body}</speak>"
    with storage.speech_storage().open(job.timings) as file:
        sentences = json.load(file)
    assert [sentence["text"] for sentence in sentences[-2:]] == ["R&D 112.", "Это да."]
    first, second = sentences[-2:]
    assert document[first["offset"] :][: first["length"]].startswith("R&amp;D <sub")
    assert [document[word["offset"] :][: word["length"]] for word in first["words"]] == ["R&amp;D", "112"]
    assert [mark["name"] for mark in first["marks"]] == ["first", "end"]
    assert first["marks"][0]["time"] == first["words"][0]["start"]
    assert first["marks"][1]["time"] == first["words"][1]["end"]
    assert [(mark["name"], mark["time"]) for mark in second["marks"]] == [
        ("inner", second["words"][1]["start"]),
        ("last", second["words"][1]["end"]),
    ]
    assert all("marks" not in sentence for sentence in sentences[:-2])
    heard = stretches(samples)
    assert second["start"] == pytest.approx(heard[-1][0], abs=0.1), "the break is counted"
    for mark in (*first["marks"], *second["marks"]):
        assert document[mark["offset"] :].startswith(f'<mark name="{mark["name"]}"/>')
    vtt = api.get(f"/api/v2/jobs/{job.pk}/subtitles.vtt").content.decode()
    assert "R&amp;D 112.\n" in vtt
    assert "<" not in vtt.replace("-->", "")
    assert "sub alias" not in vtt
    assert api.get(f"/api/v2/jobs/{job.pk}/text/").content.decode() == document


def test_marks_where_no_word_is() -> None:
    assert list(subtitles([], [])) == []


def test_the_lexicon_of_each_language(user: User, worker: Worker) -> None:
    said: list[str] = []

    def speak(text: str) -> Any:
        said.append(text.strip())
        return Tone().speak(text, catalogue().get(AYTAC))

    worker.engine.on_speak = speak
    body = '5 <lang xml:lang="tr">5</lang> <voice name="Anna">5</voice> <phoneme ph="bɑˈkɯ">Bakı</phoneme> 5'
    spoken(worker, submit(user, body))
    assert sorted(said) == sorted(["beş", "beş", "пять", "{bakı|bɑˈkɯ} beş"])


@pytest.mark.model
def test_kokoro_speaks_sounds_and_two_voices_in_one_job(
    user: User, worker: Worker, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Each part sounds exactly as the voice speaks it alone, and the sounds of a word are those that it was given."""
    kokoro = load("kokoro", EngineOptions(data_dir=tmp_path, weights_dir=None, threads=1))
    worker.engine = kokoro  # type: ignore[assignment]
    heard: list[Pcm] = []
    speak = Kokoro.speak

    def listened(self: Kokoro, text: str, voice: Voice) -> Pcm:
        heard.append(speak(self, text, voice))
        return heard[-1]

    monkeypatch.setattr(Kokoro, "speak", listened)
    aytac, anna = catalogue().get(AYTAC), catalogue().get(ANNA)
    try:
        for body in ("Mən Lankaran gedirəm.", 'Mən <phoneme ph="læŋkæˈɾɑn">Lankaran</phoneme> gedirəm.'):
            job = submit(user, f'{body} <voice name="Anna">Я еду домой.</voice>')
            spoken(worker, job)
            assert job.chunk_count == 2
        plain, _, given, russian = heard
        expected = speak(kokoro, "mən {lankaran|læŋkæˈɾɑn} gedirəm.\n", aytac)  # type: ignore[arg-type]
        assert np.array_equal(given.samples, expected.samples)
        assert given.samples.shape != plain.samples.shape or not np.allclose(given.samples, plain.samples, atol=0.01)
        alone = speak(kokoro, "я еду домой.\n", anna)  # type: ignore[arg-type]
        assert np.array_equal(russian.samples, alone.samples)
        assert np.sqrt(np.mean(russian.samples**2)) > 0.005
    finally:
        kokoro.close()


def test_a_voice_that_is_gone_since(user: User, worker: Worker) -> None:
    job = submit(user, '<voice name="Nobody">salam</voice>')  # the API would refuse it
    worker.take_all()
    job.refresh_from_db()
    assert (job.status, job.error_code) == (Status.FAILED, "invalid_ssml")
    assert "Nobody" not in job.error_message


def test_nothing_to_speak(user: User, worker: Worker) -> None:
    job = submit(user, "…<break/>!")
    worker.take_all()
    job.refresh_from_db()
    assert job.status == Status.FAILED
