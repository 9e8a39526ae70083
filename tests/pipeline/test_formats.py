"""Every format states and plays exactly what was written into it, at every rate it can have."""

import subprocess
from pathlib import Path

import numpy as np
import pytest

from synthesis.domain.options import LOUDNESS, SAMPLE_RATES, AudioFormat
from workers.pipeline import formats, levelling
from workers.pipeline.encoding import EncoderFailed, Tags, find_ffmpeg
from workers.pipeline.formats import Target, encoder
from workers.pipeline.mp3 import encodable_samples

RATE = 24_000


def speech(seconds: float, rate: int = RATE, level: float = 0.1) -> bytes:
    """Bursts of noise as long as words, with rests between them."""
    count = round(seconds * rate)
    noise = np.random.default_rng(3).normal(0, level, count)
    words = np.arange(count) // (rate // 4) % 4 < 3
    return (np.clip(noise * words, -1, 1) * 32767).astype("<i2").tobytes()


def decoded(path: Path, rate: int) -> np.ndarray:
    command = [find_ffmpeg(), "-nostdin", "-v", "error", "-i", str(path), "-ar", str(rate), "-f", "s16le", "-"]
    return np.frombuffer(subprocess.run(command, capture_output=True, check=True).stdout, "<i2")


def probe(path: Path) -> str:
    """What ffmpeg, as any player, says of the file."""
    command = [find_ffmpeg(), "-nostdin", "-hide_banner", "-i", str(path)]
    return subprocess.run(command, capture_output=True, check=False).stderr.decode()


def write(path: Path, frames: bytes, target: Target, rate: int = RATE) -> int:
    with encoder(path, rate, Tags(title="Başlıq"), target) as opened:
        for start in range(0, len(frames), 40_000):
            opened.write(frames[start : start + 40_000])
    return opened.samples


@pytest.mark.parametrize("audio_format", AudioFormat)
@pytest.mark.parametrize("samples", [2_000, 24_000, 24_001, 100_003])
@pytest.mark.parametrize("rate", [22_050, 24_000])
def test_the_engines_own_rate(tmp_path: Path, audio_format: AudioFormat, samples: int, rate: int) -> None:
    path = tmp_path / "a"
    frames = speech(5, rate)[: 2 * samples]
    stated = write(path, frames, Target(audio_format), rate)
    assert stated == (encodable_samples(samples, rate) if audio_format == AudioFormat.MP3 else samples)
    heard = len(decoded(path, rate))
    # Opus cannot be made from 22 050 Hz: it is resampled twice until it is heard here.
    slack = 60 if audio_format == AudioFormat.OGG and rate == 22_050 else 1 if audio_format == AudioFormat.OGG else 0
    assert abs(heard - stated) <= slack


@pytest.mark.parametrize(("audio_format", "rate"), [(f, rate) for f in AudioFormat for rate in SAMPLE_RATES[f]])
def test_another_rate(tmp_path: Path, audio_format: AudioFormat, rate: int) -> None:
    path = tmp_path / "a"
    for samples in (24_000, 50_021):
        write(path, speech(3)[: 2 * samples], Target(audio_format, sample_rate=rate))
        assert abs(len(decoded(path, rate)) / rate - samples / RATE) < 0.006
    played = 48_000 if audio_format == AudioFormat.OGG else rate
    assert f"{played} Hz, mono" in probe(path)


@pytest.mark.parametrize(("encoding", "codec"), [("pcm", "pcm_s16le"), ("alaw", "pcm_alaw"), ("ulaw", "pcm_mulaw")])
def test_wav_for_telephones(tmp_path: Path, encoding: str, codec: str) -> None:
    path = tmp_path / "a.wav"
    frames = speech(1, 8_000)
    write(path, frames, Target("wav", encoding, 8_000), 8_000)
    assert f"{codec} " in probe(path)
    assert "8000 Hz, mono" in probe(path)
    head = path.read_bytes()[:100]
    assert b"LIST" not in head, "no tag stands between the header and the sound"
    loss = decoded(path, 8_000).astype(float) - np.frombuffer(frames, "<i2")
    assert np.abs(loss).max() <= (0 if encoding == "pcm" else 600)


def test_flac_and_wav_lose_nothing(tmp_path: Path) -> None:
    frames = speech(2)
    for name in ("flac", "wav"):
        write(tmp_path / name, frames, Target(name))
        assert decoded(tmp_path / name, RATE).tobytes() == frames


def test_bit_rates(tmp_path: Path) -> None:
    frames = speech(20)
    for name, low, high in (("mp3", 32, 128), ("ogg", 12, 64)):
        sizes = []
        for kbps in (low, high):
            write(tmp_path / name, frames, Target(name, bitrate_kbps=kbps))
            sizes.append((tmp_path / name).stat().st_size)
        assert sizes[0] == pytest.approx(low * 125 * 20, rel=0.35)
        assert sizes[1] > 2 * sizes[0]


def test_titles_where_a_format_has_them(tmp_path: Path) -> None:
    for name in ("mp3", "ogg", "flac"):
        write(tmp_path / name, speech(1), Target(name))
        assert "Başlıq" in probe(tmp_path / name)


@pytest.mark.parametrize("name", ["wav", "ogg", "flac"])
def test_a_file_that_is_cut_short_is_not_taken_for_whole(tmp_path: Path, name: str) -> None:
    read = {"wav": formats.wav_seconds, "ogg": formats.opus_seconds, "flac": formats.flac_seconds}[name]
    path = tmp_path / name
    write(path, speech(3), Target(name))
    assert read(path) == pytest.approx(3, abs=1e-4)
    whole = path.read_bytes()
    path.write_bytes(whole[: len(whole) // 2] if name != "flac" else whole[:20])
    with pytest.raises(EncoderFailed):
        read(path)
    path.write_bytes(b"\0" * 100)
    with pytest.raises(EncoderFailed):
        read(path)


# --- Loudness -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("wanted", [-30.0, -23.0, -19.0])
def test_the_whole_is_as_loud_as_was_asked(tmp_path: Path, wanted: float) -> None:
    frames = speech(6, level=0.05)
    measured = levelling.integrated([frames], RATE)
    samples = write(tmp_path / "a.wav", frames, Target("wav", filters=levelling.filters(measured, wanted)))
    heard = decoded(tmp_path / "a.wav", RATE)
    assert len(heard) == samples == len(frames) // 2, "the limiter neither eats nor adds"
    assert levelling.integrated([heard.tobytes()], RATE) == pytest.approx(wanted, abs=0.5)
    before = np.frombuffer(frames, "<i2")
    assert np.corrcoef(before, heard)[0, 1] > 0.99, "nor does it delay"


def test_nothing_is_clipped(tmp_path: Path) -> None:
    frames = speech(4, level=0.2)
    filters = levelling.filters(levelling.integrated([frames], RATE), LOUDNESS[1])
    write(tmp_path / "a.wav", frames, Target("wav", filters=filters))
    assert (
        np.abs(decoded(tmp_path / "a.wav", RATE).astype(int)).max() <= 32767 * 10 ** (levelling.CEILING_DBFS / 20) + 33
    )


def test_what_is_too_short_to_measure_stays_as_it_is() -> None:
    assert levelling.integrated([bytes(2_000)], RATE) is None
    assert levelling.filters(None, -16.0) == ()
