import tracemalloc
from dataclasses import replace
from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest

from models.audio import Pcm
from models.catalogue import Voice, catalogue
from models.engines.base import Engine, EngineError
from tests.pipeline.conftest import Decode, voice_of
from workers.pipeline.encoding import Tags
from workers.pipeline.errors import NothingToSpeak
from workers.pipeline.mp3 import stated_samples
from workers.pipeline.render import Rendered, chunks, render, speak_chunk

TEXT = "Salam, dünya! Bu gün hava 25 dərəcədir. " * 12 + "\n\nİkinci abzas: son.\n"


def test_it_works(tmp_path: Path, voice: Voice, tone: Engine, decode: Decode) -> None:
    path = tmp_path / "a.mp3"
    rendered = render(TEXT, voice, tone, path, Tags(title="Salam", artist=voice.name, language="az"))
    parts = [speak_chunk(chunk, voice, tone) for chunk in chunks(TEXT, voice, tone)]
    assert len(parts) > 2
    samples = sum(len(part) // 2 for part in parts)
    assert rendered == Rendered(samples=samples, sample_rate=tone.sample_rate, chunks=len(parts))
    assert stated_samples(path) == len(decode(path)) == samples


def test_joints_do_not_click(
    tmp_path: Path, voice: Voice, tone: Engine, decode: Decode, monkeypatch: pytest.MonkeyPatch
) -> None:
    rate = tone.sample_rate
    wave = (0.5 * np.cos(2 * np.pi * 200 * np.arange(rate) / rate)).astype(np.float32)
    # An engine that leaves no silence at all: each chunk begins at its peak.
    monkeypatch.setattr(tone, "speak", lambda text, voice: Pcm(wave, rate))
    path = tmp_path / "a.mp3"
    rendered = render(TEXT, replace(voice, gain_db=0.0), tone, path)
    heard = decode(path).astype(int)
    slope = 2 * np.pi * 200 / rate * 0.5 * 32767
    assert rendered.chunks > 2
    assert np.abs(heard).max() > 0.45 * 32767
    # A hard joint would be a step of 16,000, twenty times the wave's own slope.
    assert np.abs(np.diff(heard)).max() < 2 * slope


def test_the_rest_between_chunks_is_what_the_chunk_says(voice: Voice, tone: Engine) -> None:
    for chunk, following in pairwise(chunks(TEXT, voice, tone)):
        with_rest = speak_chunk(chunk, voice, tone)
        without = speak_chunk(replace(chunk, pause_ms=0), voice, tone)
        assert len(with_rest) - len(without) == 2 * chunk.pause_ms * tone.sample_rate // 1000
        assert following.index == chunk.index + 1


@pytest.mark.parametrize("text", ["", "\n\n", "…", "😀"])
def test_nothing_to_speak(tmp_path: Path, voice: Voice, tone: Engine, text: str) -> None:
    with pytest.raises(NothingToSpeak) as caught:
        render(text, voice, tone, tmp_path / "a.mp3")
    assert caught.value.permanent
    assert list(tmp_path.iterdir()) == []


def test_a_failing_chunk_leaves_no_file(
    tmp_path: Path, voice: Voice, tone: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    spoken: list[str] = []
    healthy = tone.speak

    def fail_at_the_third(text: str, voice: Voice) -> Pcm:
        spoken.append(text)
        if len(spoken) == 3:
            raise EngineError("broken", code="broken", permanent=False)
        return healthy(text, voice)

    monkeypatch.setattr(tone, "speak", fail_at_the_third)
    with pytest.raises(EngineError):
        render(TEXT, voice, tone, tmp_path / "a.mp3")
    assert list(tmp_path.iterdir()) == []


def test_memory_does_not_grow_with_the_text(tmp_path: Path, voice: Voice, tone: Engine) -> None:
    def peak(text: str) -> int:
        tracemalloc.start()
        render(text, voice, tone, tmp_path / "a.mp3")
        bytes_at_peak = tracemalloc.get_traced_memory()[1]
        tracemalloc.stop()
        return bytes_at_peak

    paragraph = "Salam, dünya! Bu gün hava yaxşıdır. " * 8 + "\n"
    short = peak(paragraph)
    assert peak(paragraph * 12) < short + 500_000  # eleven more paragraphs are 9 MB of samples


@pytest.mark.model
@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("az", "Salam! Qiymət 1.250,50 ₼ oldu."),
        ("tr", "Merhaba! Fiyat %12,5 arttı."),
        ("ru", "Привет! Windows 10 стоит $99."),
    ],
)
def test_kokoro_speaks_what_is_read(tmp_path: Path, kokoro: Engine, decode: Decode, language: str, text: str) -> None:
    voice = voice_of(language)
    rendered = render(text, voice, kokoro, tmp_path / "a.mp3")
    assert len(decode(tmp_path / "a.mp3")) == rendered.samples
    letters = sum(sum(map(str.isalpha, chunk.text)) for chunk in chunks(text, voice, kokoro))
    # The voices speak 13 to 17 phonemes a second; much more would mean that words are missing.
    assert 7 < letters / (rendered.samples / rendered.sample_rate) < 22


@pytest.mark.model
@pytest.mark.parametrize("voice", list(catalogue()), ids=lambda voice: str(voice.name))
def test_chunks_keep_kokoro_s_limits(voice: Voice, kokoro: Engine) -> None:
    for text in ("щxə" * 1_000, "1234567890 " * 100, "ğı ".join("abc") * 200, "Да, " * 300):
        for chunk in chunks(text, voice, kokoro):
            assert 0 < kokoro.measure(chunk.text, voice) <= kokoro.limits.maximum
