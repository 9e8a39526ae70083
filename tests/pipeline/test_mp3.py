import contextlib
import shutil
import stat
import subprocess
import time
from collections.abc import Iterator
from pathlib import Path

import imageio_ffmpeg
import numpy as np
import pytest

from tests.pipeline.conftest import Decode
from workers.pipeline import encoding
from workers.pipeline.encoding import EncoderFailed, Tags, find_ffmpeg
from workers.pipeline.mp3 import Mp3Encoder, encodable_samples, stated_samples

RATE = 24_000


def noise(samples: int) -> bytes:
    return np.random.default_rng(1).integers(-3_000, 3_000, samples).astype("<i2").tobytes()


def script(path: Path, text: str) -> str:
    path.write_text(f"#!/bin/sh\n{text}\n")
    path.chmod(path.stat().st_mode | stat.S_IXUSR)
    return str(path)


def encode(path: Path, seconds: int, ffmpeg: str | None = None) -> None:
    with Mp3Encoder(path, RATE, ffmpeg=ffmpeg) as encoder:
        for _ in range(seconds):
            encoder.write(noise(RATE))


@pytest.fixture(autouse=True)
def _forget_ffmpeg() -> Iterator[None]:
    find_ffmpeg.cache_clear()
    yield
    find_ffmpeg.cache_clear()


@pytest.mark.parametrize("rate", [16_000, 22_050, 24_000, 44_100, 48_000])
@pytest.mark.parametrize("samples", [2_000, 24_000, 24_001, 100_003])
def test_every_sample_is_stated_and_heard(tmp_path: Path, decode: Decode, rate: int, samples: int) -> None:
    path = tmp_path / "a.mp3"
    with Mp3Encoder(path, rate) as encoder:
        encoder.write(noise(samples))
    assert encoder.samples == stated_samples(path) == len(decode(path)) == samples


def test_many_small_writes_are_one_stream(tmp_path: Path) -> None:
    whole, parts, frames = tmp_path / "whole.mp3", tmp_path / "parts.mp3", noise(30_000)
    with Mp3Encoder(whole, RATE) as encoder:
        encoder.write(frames)
    with Mp3Encoder(parts, RATE) as encoder:
        for start in range(0, len(frames), 1_234):
            encoder.write(frames[start : start + 1_234])
    assert parts.read_bytes() == whole.read_bytes()


def test_constant_bit_rate(tmp_path: Path) -> None:
    path = tmp_path / "a.mp3"
    with Mp3Encoder(path, RATE, bitrate_kbps=32) as encoder:
        encoder.write(noise(10 * RATE))
    assert path.stat().st_size == pytest.approx(32_000 / 8 * 10, rel=0.02)


def test_tags(tmp_path: Path) -> None:
    path = tmp_path / "a.mp3"
    with Mp3Encoder(path, RATE, Tags(title="Başlıq = «ə»\n\0", artist="Aytac", language="az")) as encoder:
        encoder.write(noise(RATE))
    shown = subprocess.run(
        [find_ffmpeg(), "-v", "error", "-i", str(path), "-f", "ffmetadata", "-"], capture_output=True, check=True
    ).stdout.decode()
    assert "title=Başlıq \\= «ə»\n" in shown
    assert "artist=Aytac\n" in shown
    assert "language=aze\n" in shown


def test_the_path_is_never_an_option_or_a_protocol(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    for name in ("-y", "http:a%03d.mp3"):
        with Mp3Encoder(Path(name), RATE) as encoder:
            encoder.write(noise(RATE))
        assert stated_samples(tmp_path / name) == RATE


def test_half_a_sample_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="whole samples"), Mp3Encoder(tmp_path / "a.mp3", RATE) as encoder:
        encoder.write(b"123")
    assert list(tmp_path.iterdir()) == []


def test_nothing_written_is_no_mp3(tmp_path: Path) -> None:
    with pytest.raises(EncoderFailed), Mp3Encoder(tmp_path / "a.mp3", RATE):
        pass
    assert list(tmp_path.iterdir()) == []


def test_an_error_in_the_block_leaves_neither_file_nor_process(tmp_path: Path) -> None:
    encoder = Mp3Encoder(tmp_path / "a.mp3", RATE)

    def fail() -> None:
        with encoder:
            encoder.write(noise(20 * RATE))
            raise KeyError

    with pytest.raises(KeyError):
        fail()
    assert encoder._running.returncode is not None
    assert list(tmp_path.iterdir()) == []


def test_ffmpeg_killed_in_the_middle(tmp_path: Path) -> None:
    def run() -> None:
        with Mp3Encoder(tmp_path / "a.mp3", RATE) as encoder:
            encoder.write(noise(RATE))
            encoder._running.kill()
            for _ in range(50):
                encoder.write(noise(RATE))

    with pytest.raises(EncoderFailed) as caught:
        run()
    assert not caught.value.permanent
    assert list(tmp_path.iterdir()) == []


def test_ffmpeg_killed_at_the_end(tmp_path: Path) -> None:
    def run() -> None:
        with Mp3Encoder(tmp_path / "a.mp3", RATE) as encoder:
            encoder.write(noise(RATE))
            encoder._running.kill()
            encoder._running.wait()

    with pytest.raises(EncoderFailed):
        run()
    assert list(tmp_path.iterdir()) == []


def test_what_ffmpeg_says_is_in_the_error(tmp_path: Path) -> None:
    with pytest.raises(EncoderFailed, match="No such file or directory"):
        encode(tmp_path / "missing" / "a.mp3", seconds=50)


def test_a_full_disk_is_noticed(tmp_path: Path) -> None:
    if not Path("/dev/full").exists():
        pytest.skip("no /dev/full here")
    path = tmp_path / "a.mp3"
    path.symlink_to("/dev/full")
    with pytest.raises(EncoderFailed), Mp3Encoder(path, RATE) as encoder:
        encoder.write(noise(60 * RATE))


def test_ffmpeg_that_does_not_end(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(encoding, "CLOSE_TIMEOUT", 0.2)
    started = time.monotonic()
    lazy = script(tmp_path / "lazy", "exec sleep 60")
    with (
        pytest.raises(EncoderFailed, match=r"did not end within 0\.2 s"),
        Mp3Encoder(tmp_path / "a.mp3", RATE, ffmpeg=lazy) as encoder,
    ):
        encoder.write(b"\0\0")
    assert time.monotonic() - started < 30


def test_a_short_file_from_ffmpeg_is_noticed(tmp_path: Path) -> None:
    good = tmp_path / "good.mp3"
    with Mp3Encoder(good, RATE) as encoder:
        encoder.write(noise(RATE))
    liar = script(tmp_path / "liar", f"cat > /dev/null; cp {good} {tmp_path / 'a.mp3'}")
    with (
        pytest.raises(EncoderFailed, match=r"states 1\.000000 s, 1\.000042 s were written"),
        Mp3Encoder(tmp_path / "a.mp3", RATE, ffmpeg=liar) as encoder,
    ):
        encoder.write(noise(RATE + 1))
    assert not (tmp_path / "a.mp3").exists()


@pytest.mark.parametrize("keep", [0, 3, 20, 60, 300, -1, -200])
def test_an_mp3_cut_short_is_noticed(tmp_path: Path, keep: int) -> None:
    path = tmp_path / "a.mp3"
    with Mp3Encoder(path, RATE, Tags(title="t")) as encoder:
        encoder.write(noise(RATE))
    path.write_bytes(path.read_bytes()[:keep])
    with pytest.raises(EncoderFailed) as caught:
        stated_samples(path)
    assert caught.value.code == "mp3_invalid"


@pytest.mark.parametrize("data", [b"RIFF" * 100, b"ID3\x04\0\0\0\0\0\0" + b"\xff\xf3\x84\xc4" * 100, b"\xff" * 500])
def test_what_is_no_mp3_of_ours_is_refused(tmp_path: Path, data: bytes) -> None:
    path = tmp_path / "a.mp3"
    path.write_bytes(data)
    with pytest.raises(EncoderFailed):
        stated_samples(path)


def test_ffmpeg_of_the_path_is_used_when_it_has_lame(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    own = script(tmp_path / "ffmpeg", "echo 'Encoder libmp3lame [LAME]'")
    assert find_ffmpeg() == own


@pytest.mark.parametrize("answer", ["echo \"Codec 'libmp3lame' is not recognized by FFmpeg.\"", "exit 1"])
def test_else_the_bundled_one(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, answer: str) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    script(tmp_path / "ffmpeg", answer)
    assert find_ffmpeg() == imageio_ffmpeg.get_ffmpeg_exe() != shutil.which("ffmpeg")


def test_no_ffmpeg_at_all(monkeypatch: pytest.MonkeyPatch) -> None:
    def none() -> str:
        raise RuntimeError("No ffmpeg exe could be found.")

    monkeypatch.setenv("PATH", "")
    monkeypatch.setattr(imageio_ffmpeg, "get_ffmpeg_exe", none)
    with pytest.raises(EncoderFailed, match="install ffmpeg") as caught:
        find_ffmpeg()
    assert (caught.value.code, caught.value.permanent) == ("ffmpeg_missing", True)


def test_ffmpeg_that_cannot_start(tmp_path: Path) -> None:
    with pytest.raises(EncoderFailed) as caught, Mp3Encoder(tmp_path / "a.mp3", RATE, ffmpeg="/nowhere/ffmpeg"):
        pass
    assert caught.value.code == "ffmpeg_missing"


def peak_memory_kb(pid: int) -> int:
    """VmHWM of a living process."""
    lines = Path(f"/proc/{pid}/status").read_text().splitlines()
    return next(int(line.split()[1]) for line in lines if line.startswith("VmHWM"))


@pytest.mark.skipif(not Path("/proc/self/status").exists(), reason="needs /proc")
def test_memory_of_ffmpeg_does_not_grow_with_the_length(tmp_path: Path) -> None:
    second, peaks = bytes(2 * RATE), []
    with Mp3Encoder(tmp_path / "a.mp3", RATE) as encoder:
        for minutes in range(6):
            for _ in range(60):
                encoder.write(second)
            with contextlib.suppress(FileNotFoundError):
                peaks.append(peak_memory_kb(encoder._running.pid))
            assert minutes or peaks[0] > 0
    assert peaks[-1] - peaks[1] < 1_000


@pytest.mark.parametrize("rate", [22_050, 24_000, 44_100])
@pytest.mark.parametrize("over", [0, 1, 20, 47, 48, 575])
def test_every_length_is_stated_and_decoded_right(tmp_path: Path, decode: Decode, rate: int, over: int) -> None:
    samples = 20 * 1152 + over
    path = tmp_path / "length.mp3"
    with Mp3Encoder(path, rate) as encoder:
        encoder.write(bytes(2 * samples))
    assert stated_samples(path) == encoder.samples == encodable_samples(samples, rate)
    assert len(decode(path)) == encoder.samples
    assert samples <= encoder.samples < samples + 48
