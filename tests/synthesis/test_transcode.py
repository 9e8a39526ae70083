"""Streams of audio: every form decodes to what went in, leaves before its end is known, and leaves nothing behind."""

import array
import io
import math
import subprocess
import threading
import time
import wave
from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path

import pytest

from synthesis import ffmpeg, transcode
from synthesis.transcode import StreamFormat, TranscodingFailed

RATE = 24_000
LEVEL = 8000


def tone(seconds: float, rate: int = RATE) -> bytes:
    """440 Hz, s16le."""
    count = round(seconds * rate)
    samples = (round(LEVEL * math.sin(2 * math.pi * 440 * number / rate)) for number in range(count))
    return array.array("h", samples).tobytes()


def pieces(content: bytes, size: int = 9600) -> Iterator[bytes]:
    for start in range(0, len(content), size):
        yield content[start : start + size]


def decoded(content: bytes, *form: str) -> "array.array[int]":
    """As samples at `RATE`; `form` says what it is where the bytes do not."""
    # A wav of unknown length ends in the middle of what it states.
    strictly = [] if content[4:8] == b"\xff\xff\xff\xff" else ["-xerror"]
    command = [*ffmpeg.quiet(), *strictly, *form, "-i", "pipe:0", "-ac", "1", "-ar", str(RATE), "-f", "s16le", "pipe:1"]
    done = subprocess.run(command, input=content, capture_output=True, check=True)
    return array.array("h", done.stdout)


def level(samples: "array.array[int]") -> float:
    return math.sqrt(sum(sample * sample for sample in samples) / len(samples)) * math.sqrt(2)


def crossings(samples: "array.array[int]") -> int:
    """How often the tone rises through zero: its periods."""
    return sum(1 for before, after in pairwise(samples) if before < 0 <= after)


def raw(form: StreamFormat, rate: int = RATE) -> tuple[str, ...]:
    return ("-f", "s16le", "-ar", str(rate), "-ac", "1") if form == StreamFormat.PCM else ()


@pytest.mark.parametrize("form", list(StreamFormat))
def test_every_form_holds_all_of_it(form: StreamFormat) -> None:
    content = b"".join(transcode.stream(pieces(tone(3)), RATE, form))
    samples = decoded(content, *raw(form))
    # Coders add a frame or two of silence at the edges of a stream that states no length.
    assert len(samples) / RATE == pytest.approx(3, abs=0.15)
    assert level(samples[RATE : 2 * RATE]) == pytest.approx(LEVEL, rel=0.1)
    assert crossings(samples[RATE : 2 * RATE]) == pytest.approx(440, abs=2)


@pytest.mark.parametrize("form", list(StreamFormat))
@pytest.mark.parametrize("rate", [8000, 48000])
def test_another_rate(form: StreamFormat, rate: int) -> None:
    content = b"".join(transcode.stream(pieces(tone(2)), RATE, form, output_rate=rate))
    samples = decoded(content, *raw(form, rate))
    assert len(samples) / RATE == pytest.approx(2, abs=0.2)
    assert crossings(samples[RATE // 2 : RATE + RATE // 2]) == pytest.approx(440, abs=2)


def test_an_engine_of_another_rate() -> None:
    """22 050 Hz is none of Opus', and pcm is at 24 kHz whatever the engine speaks at."""
    for form in (StreamFormat.OPUS, StreamFormat.PCM):
        content = b"".join(transcode.stream(pieces(tone(2, 22_050)), 22_050, form))
        samples = decoded(content, *raw(form))
        assert crossings(samples[RATE // 2 : RATE + RATE // 2]) == pytest.approx(440, abs=2)


@pytest.mark.parametrize("tempo", [0.25, 0.4, 0.5, 1.5, 4.0])
def test_tempo_keeps_the_pitch(tempo: float) -> None:
    content = b"".join(transcode.stream(pieces(tone(4)), RATE, StreamFormat.PCM, tempo=tempo))
    samples = decoded(content, *raw(StreamFormat.PCM))
    assert len(samples) / RATE == pytest.approx(4 / tempo, rel=0.03)
    half = RATE // 2
    assert crossings(samples[len(samples) // 4 :][:half]) == pytest.approx(220, abs=4)


def test_samples_that_need_no_change_get_none() -> None:
    frames = tone(1)
    assert b"".join(transcode.stream(pieces(frames), RATE, StreamFormat.PCM)) == frames
    content = b"".join(transcode.stream(pieces(frames), RATE, StreamFormat.WAV))
    assert content[44:] == frames
    assert content[4:8] == content[40:44] == b"\xff\xff\xff\xff"


@pytest.mark.parametrize("form", list(StreamFormat))
def test_the_first_audio_leaves_before_the_second_chunk_is_there(form: StreamFormat) -> None:
    """Otherwise this would wait for ever: the second chunk is given only after the first bytes were read."""
    heard = threading.Event()

    def chunks() -> Iterator[bytes]:
        yield tone(2)
        assert heard.wait(60)
        yield tone(1)

    stream = transcode.stream(chunks(), RATE, form)
    content = next(stream)
    while len(content) < 2000:
        content += next(stream)
    heard.set()
    samples = decoded(content + b"".join(stream), *raw(form))
    assert len(samples) / RATE == pytest.approx(3, abs=0.15)


def test_streams_of_mp3_can_be_put_one_after_another() -> None:
    one, other = (b"".join(transcode.stream(pieces(tone(3)), RATE, StreamFormat.MP3)) for _ in range(2))
    assert b"Xing" not in one
    assert b"Info" not in one
    assert not one.startswith(b"ID3")
    assert len(decoded(one + other)) / RATE == pytest.approx(6, abs=0.2)


@pytest.mark.parametrize("form", list(StreamFormat))
def test_a_file_states_its_length(form: StreamFormat, tmp_path: Path) -> None:
    path = tmp_path / "speech"
    transcode.to_file(pieces(tone(3)), RATE, form, path)
    content = path.read_bytes()
    assert len(decoded(content, *raw(form))) / RATE == pytest.approx(3, abs=0.1)
    if form == StreamFormat.WAV:
        with wave.open(io.BytesIO(content)) as file:
            assert (file.getframerate(), file.getnframes()) == (RATE, 3 * RATE)
    if form == StreamFormat.MP3:
        assert b"Info" in content[:500] or b"Xing" in content[:500]


class _Broken(Exception):
    pass


@pytest.mark.parametrize("form", [StreamFormat.MP3, StreamFormat.PCM])
def test_what_the_frames_raise_comes_after_the_audio_before_it(form: StreamFormat) -> None:
    def frames() -> Iterator[bytes]:
        yield tone(1)
        raise _Broken

    heard: list[bytes] = []
    with pytest.raises(_Broken):
        heard.extend(transcode.stream(frames(), RATE, form))
    assert len(decoded(b"".join(heard), *raw(form))) / RATE == pytest.approx(1, abs=0.15)


def _ffmpegs() -> int:
    """How many children of this process are ffmpeg."""
    count = 0
    for task in Path("/proc/self/task").iterdir():
        for child in (task / "children").read_text().split():
            count += b"ffmpeg" in Path(f"/proc/{child}/cmdline").read_bytes()
    return count


def _within(seconds: float, condition: threading.Event) -> bool:
    end = time.monotonic() + seconds
    while time.monotonic() < end and not condition.is_set():
        time.sleep(0.01)
    return condition.is_set()


def test_closing_ends_everything() -> None:
    closed = threading.Event()

    def endless() -> Iterator[bytes]:
        try:
            while True:
                yield tone(0.1)
        finally:
            closed.set()

    stream = transcode.stream(endless(), RATE, StreamFormat.MP3)
    next(stream)
    assert _ffmpegs() == 1
    stream.close()  # type: ignore[attr-defined]
    assert _ffmpegs() == 0
    assert _within(30, closed), "the frames go on without a listener"


def test_a_stream_that_nobody_reads_starts_nothing() -> None:
    stream = transcode.stream(pieces(tone(1)), RATE, StreamFormat.MP3)
    stream.close()  # type: ignore[attr-defined]
    assert _ffmpegs() == 0


def test_ffmpeg_that_fails_says_why(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(transcode._ENCODERS, StreamFormat.MP3, ["-codec:a", "no_such_codec", "-f", "mp3"])
    with pytest.raises(TranscodingFailed, match="no_such_codec"):
        list(transcode.stream(pieces(tone(1)), RATE, StreamFormat.MP3))


def test_without_ffmpeg(monkeypatch: pytest.MonkeyPatch) -> None:
    def none() -> str:
        raise RuntimeError

    monkeypatch.setenv("PATH", "")
    monkeypatch.setattr("imageio_ffmpeg.get_ffmpeg_exe", none)
    with pytest.raises(ffmpeg.NoFfmpeg, match="install it"):
        transcode.stream(pieces(tone(1)), RATE, StreamFormat.MP3)


@pytest.mark.parametrize(("rate", "tempo"), [(11_025, 1.0), (44_100, 1.0), (None, 0.2), (None, 5.0), (None, math.nan)])
def test_what_cannot_be(rate: int | None, tempo: float) -> None:
    with pytest.raises(ValueError, match=r"11025|44100|tempo"):
        transcode.stream(pieces(tone(1)), RATE, StreamFormat.OPUS, output_rate=rate, tempo=tempo)
