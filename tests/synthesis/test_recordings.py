"""Recordings that voices imitate: what is taken, what is refused and why, and where they lie."""

import hashlib
import io
import os
import time
import wave
from array import array
from dataclasses import replace
from pathlib import Path

import pytest
from pytest_django import Settings

from models.catalogue import Voice, catalogue
from models.engines.errors import EngineError
from synthesis import recordings, storage
from synthesis.models import OperatorVoice, recording_path
from synthesis.recordings import BadRecording, check
from tests.synthesis.recordings_of import converted, silence, speech, tone, wav

pytestmark = pytest.mark.usefixtures("media")


def refusal(content: bytes) -> str:
    with pytest.raises(BadRecording) as caught:
        check(io.BytesIO(content))
    return str(caught.value)


def test_it_works() -> None:
    content = wav(speech(5))
    recording = check(io.BytesIO(content))
    assert recording.seconds == 5
    assert recording.content == content, "nothing is changed that is right already"
    assert recording.sha256 == hashlib.sha256(content).hexdigest()


@pytest.mark.parametrize(
    "options",
    [
        ("-f", "mp3"),
        ("-f", "ogg", "-c:a", "libvorbis"),
        ("-f", "ogg", "-c:a", "libopus"),
        ("-f", "wav", "-ac", "2", "-ar", "48000"),
        ("-f", "wav", "-ar", "8000", "-c:a", "pcm_mulaw"),
    ],
    ids=["mp3", "vorbis", "opus", "stereo", "telephone"],
)
def test_formats_become_uniform(options: tuple[str, ...]) -> None:
    recording = check(io.BytesIO(converted(wav(speech(4)), *options)))
    with wave.open(io.BytesIO(recording.content)) as file:
        assert (file.getnchannels(), file.getsampwidth(), file.getframerate()) == (1, 2, 24_000)
    assert recording.seconds == pytest.approx(4, abs=0.15)


@pytest.mark.parametrize(
    ("samples", "reason"),
    [
        (speech(2), "It takes 2.0 s: record 3 to 30 s."),
        (speech(40), "It takes more than 30 s: record 3 to 30 s."),
        (speech(5, level=0.005), "It is too quiet"),
        (speech(5, level=4), "It is clipped"),
        (silence(5), "It is too quiet"),
        (tone(5), "There is no speech in it: its loudness never changes."),
        (speech(2) + silence(6), "Only "),
    ],
    ids=["short", "long", "quiet", "clipped", "silent", "a tone", "mostly silence"],
)
def test_what_is_no_reference(samples: "array[int]", reason: str) -> None:
    assert refusal(wav(samples)).startswith(reason)


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"RIFF",
        b"no sound at all" * 100,
        b"#EXTM3U\n#EXT-X-MEDIA-SEQUENCE:0\n#EXTINF:10,\n/etc/passwd\n#EXT-X-ENDLIST\n",
        b"ffconcat version 1.0\nfile /etc/hostname\n",
        wav(array("h")),
    ],
    ids=["empty", "a stump", "text", "a playlist", "a list of files", "no samples"],
)
def test_what_is_no_recording(content: bytes) -> None:
    assert refusal(content) == "It is no wav, mp3 or ogg file with sound in it."


def test_what_is_too_large(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(recordings, "MOST_BYTES", 1024 * 1024)
    assert refusal(bytes(1024 * 1024 + 1)) == "The file is larger than 1 MB."


def test_nothing_stays_behind_when_it_is_checked(settings: Settings, tmp_path: Path) -> None:
    settings.FILE_UPLOAD_TEMP_DIR = str(tmp_path)
    check(io.BytesIO(wav(speech(4))))
    refusal(b"text")
    assert list(tmp_path.iterdir()) == []


# --- Where they lie --------------------------------------------------------------------------------------------------


@pytest.fixture
def voices_dir(settings: Settings, tmp_path: Path) -> Path:
    settings.VOICES_DIR = tmp_path / "voices"
    return tmp_path / "voices"


def imitating(sha256: str) -> Voice:
    settings = {"coqui": {"model": "xtts-v2", "reference": recording_path(sha256)}}
    return replace(catalogue().get(325640), engines=settings)


def row(sha256: str, number: int = 900_001) -> OperatorVoice:
    return OperatorVoice.objects.create(
        number=number, name="A", language="az", gender="female", licence="CC0-1.0", engine="coqui", recording=sha256
    )


def test_a_worker_copies_what_it_needs_once(voices_dir: Path) -> None:
    recording = check(io.BytesIO(wav(speech(4))))
    sha256 = recordings.save(recording)
    assert recordings.save(recording) == sha256, "the same recording twice is one"
    recordings.fetch(imitating(sha256), "coqui")
    copy = voices_dir / recording_path(sha256)
    assert copy.read_bytes() == recording.content
    assert copy.stat().st_mode & 0o777 == 0o600
    storage.speech_storage().delete(f"recordings/{sha256}.wav")
    recordings.fetch(imitating(sha256), "coqui")
    assert [path.name for path in copy.parent.iterdir()] == [copy.name]


def test_a_recording_that_is_gone_may_have_been_exchanged(voices_dir: Path) -> None:
    with pytest.raises(EngineError, match="is gone: upload it again") as caught:
        recordings.fetch(imitating("0" * 64), "coqui")
    assert not caught.value.permanent


def test_a_damaged_recording_is_not_used(voices_dir: Path, media: Path) -> None:
    sha256 = recordings.save(check(io.BytesIO(wav(speech(4)))))
    (media / f"recordings/{sha256}.wav").write_bytes(b"rotten")
    with pytest.raises(EngineError, match="damaged") as caught:
        recordings.fetch(imitating(sha256), "coqui")
    assert caught.value.permanent
    assert not (voices_dir / "references").exists()


@pytest.mark.parametrize(
    "reference", ["references/325640.wav", "/etc/passwd", f"../{'0' * 64}.wav", f"a/{'0' * 64}.wav"]
)
def test_other_references_are_none_of_ours(voices_dir: Path, reference: str) -> None:
    voice = replace(imitating("0" * 64), engines={"coqui": {"model": "a", "reference": reference}})
    recordings.fetch(voice, "coqui")
    recordings.fetch(voice, "kokoro")
    assert not voices_dir.exists()


@pytest.mark.django_db
def test_a_recording_goes_with_its_last_voice(media: Path) -> None:
    sha256 = recordings.save(check(io.BytesIO(wav(speech(4)))))
    first, second = row(sha256), row(sha256, 900_002)
    first.delete()
    recordings.forget(sha256)
    assert list((media / "recordings").iterdir())
    second.delete()
    recordings.forget(sha256)
    assert not list((media / "recordings").iterdir())


@pytest.mark.django_db
def test_tidying_removes_what_no_voice_has(voices_dir: Path, media: Path, settings: Settings, tmp_path: Path) -> None:
    settings.DATA_DIR = tmp_path
    kept = recordings.save(check(io.BytesIO(wav(speech(4)))))
    old = recordings.save(check(io.BytesIO(wav(speech(5)))))
    arriving = recordings.save(check(io.BytesIO(wav(speech(6)))))
    row(kept)
    impressions = tmp_path / "references"
    impressions.mkdir()
    for sha256 in (kept, old, arriving):
        recordings.fetch(imitating(sha256), "coqui")
        (impressions / f"xtts-v2-{sha256}.pt").write_bytes(b"latents")
    made_by_hand = voices_dir / "references/325640.wav"
    made_by_hand.write_bytes(b"of a Kokoro voice")
    two_hours_ago = time.time() - 7200
    for sha256 in (kept, old):
        os.utime(media / f"recordings/{sha256}.wav", (two_hours_ago, two_hours_ago))
    recordings.tidy()
    assert {path.stem for path in (media / "recordings").iterdir()} == {kept, arriving}
    assert {path.stem for path in made_by_hand.parent.iterdir()} == {kept, "325640"}
    assert {path.stem for path in impressions.iterdir()} == {f"xtts-v2-{kept}"}


@pytest.mark.django_db
def test_tidying_where_there_is_nothing(voices_dir: Path) -> None:
    recordings.tidy()
