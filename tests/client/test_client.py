"""The Python package: what callers get, and what it does when the network is bad."""

import io
from pathlib import Path

import pytest
from voicen_client import Client, Failed, NotFound, Options, Unauthorized, Unreachable, Unsupported, VoicenError
from voicen_client.records import Job

from tests.live.audio import samples
from tests.live.service import Service
from tests.proxy import Fault, FaultyProxy

pytestmark = pytest.mark.live


def newest(client: Client) -> int:
    return next((job.id for job in client.jobs()), 0)


def test_say(client: Client, tmp_path: Path) -> None:
    job = client.say("Salam, dünya!", "Aytac", tmp_path / "a.mp3")
    assert (job.status, job.voice_id, job.language, job.character_count) == ("ready", 325640, "az", 13)
    assert samples((tmp_path / "a.mp3").read_bytes()).size > 0


def test_every_look_is_shown(client: Client) -> None:
    looks: list[Job] = []
    job = client.wait(client.submit("Salam!", 325641).id, looks.append)
    assert looks[-1] == job
    assert {look.id for look in looks} == {job.id}


def test_jobs_come_page_by_page(client: Client) -> None:
    made = [client.submit("salam", "Aytac").id for _ in range(3)]
    listed = client.jobs()
    assert [next(listed).id for _ in made] == made[::-1]
    client.wait(made[-1])
    assert made[-1] in {job.id for job in client.jobs("ready")}


def test_deleted(client: Client) -> None:
    job_id = client.wait(client.submit("salam", "Aytac").id).id
    client.delete(job_id)
    with pytest.raises(NotFound):
        client.job(job_id)


def test_a_wrong_key(service: Service) -> None:
    with Client(service.url, "vcn_wrong") as stranger, pytest.raises(Unauthorized, match="No valid API key"):
        stranger.voices()


@pytest.mark.parametrize("url", ["", "tts.example.az", "ftp://tts.example.az", "http://", "http://[", "http://a:b@c"])
def test_no_address(url: str) -> None:
    with pytest.raises(VoicenError, match=r"https://tts\.example\.az"):
        Client(url, "vcn_key")


@pytest.mark.parametrize("key", ["", " ", "a\nb", "ключ"])
def test_no_key(key: str) -> None:
    with pytest.raises(VoicenError, match="key"):
        Client("http://127.0.0.1", key)


@pytest.mark.parametrize("fault", [Fault.LOST, Fault.REFUSE, Fault.SLOW_DOWN])
def test_what_is_lost_is_sent_again_and_spoken_once(fault: Fault, service: Service, client: Client) -> None:
    with FaultyProxy(service.url) as proxy, Client(proxy.url, service.key) as shaken:
        shaken.voices()
        before = newest(client)
        proxy.plan(fault, times=2)
        job = shaken.submit("salam", "Aytac")
        assert proxy.faults_given == 2
    assert [made.id for made in client.jobs() if made.id > before] == [job.id]


def test_audio_that_breaks_off_leaves_no_file(service: Service, client: Client, tmp_path: Path) -> None:
    job_id = client.wait(client.submit("Salam, dünya! " * 50, "Aytac").id).id
    with FaultyProxy(service.url) as proxy, Client(proxy.url, service.key) as shaken:
        shaken.voices()
        proxy.plan(Fault.CUT)
        with pytest.raises(Unreachable, match="broke off"):
            shaken.download(job_id, tmp_path / "a.mp3")
        assert list(tmp_path.iterdir()) == []
        assert shaken.download(job_id, tmp_path / "a.mp3") == (tmp_path / "a.mp3").stat().st_size


def test_it_gives_up_in_the_end(service: Service) -> None:
    with FaultyProxy(service.url) as proxy, Client(proxy.url, service.key, tries=1) as shaken:
        proxy.plan(Fault.REFUSE, times=10)
        with pytest.raises(Unreachable, match="cannot connect"):
            shaken.voices()
        assert proxy.faults_given == 2


# --- What only v2 can do --------------------------------------------------------------------------------------------


@pytest.fixture
def newer(client: Client) -> Client:
    assert client.api_version >= 2
    return client


def test_options(newer: Client) -> None:
    options = Options(format="wav", sample_rate=8000, speed=1.5, title="Zəng", priority="high")
    job = newer.wait(newer.submit("Salam, dünya!", "Aytac", options=options).id)
    assert (job.title, job.format, job.chunk_count, job.progress) == ("Zəng", "wav", 1, 1)
    assert job.duration is not None
    audio = io.BytesIO()
    newer.write_audio(job.id, audio)
    assert audio.getvalue()[:4] == b"RIFF"
    assert int.from_bytes(audio.getvalue()[24:28], "little") == 8000


def test_subtitles(newer: Client, tmp_path: Path) -> None:
    job = newer.wait(newer.submit("Salam, dünya!", "Aytac", options=Options(subtitles=True)).id)
    assert newer.download_subtitles(job.id, tmp_path / "a.vtt", "vtt") == (tmp_path / "a.vtt").stat().st_size
    assert "Salam, dünya!" in (tmp_path / "a.vtt").read_text(encoding="utf-8")
    with pytest.raises(VoicenError, match="srt, vtt, json"):
        newer.download_subtitles(job.id, tmp_path / "a.doc", "doc")
    assert [path.name for path in tmp_path.iterdir()] == ["a.vtt"]


def test_a_file_with_options(newer: Client, tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text("Salam!", encoding="utf-8")
    job = newer.wait(newer.submit_file(tmp_path / "a.txt", "Aytac", options=Options(format="flac", speed=0.8)).id)
    assert job.format == "flac"


def test_cancelled_and_taken_up_again(newer: Client) -> None:
    job_id = newer.submit("Bu, uzun bir kitabın bir cümləsidir. " * 2000, "Aytac").id
    assert newer.cancel(job_id).status == "failed"
    with pytest.raises(Failed, match=str(job_id)):
        newer.wait(job_id)
    assert not newer.retry(job_id).finished
    newer.delete(job_id)


# --- A server that has only v1 --------------------------------------------------------------------------------------


@pytest.fixture
def older(client: Client) -> Client:
    """The client as it is with such a server."""
    from voicen_client.apis import V1

    client._known = V1(client._transport)
    return client


def test_say_by_v1(older: Client, tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text("Merhaba!", encoding="utf-8")
    job = older.wait(older.submit_file(tmp_path / "a.txt", "zeynep").id)
    assert (job.status, job.voice_id, job.language) == ("ready", 325647, "tr")
    assert older.download(job.id, tmp_path / "a.mp3") > 0
    older.delete(job.id)


def test_v1_speaks_unknown_voices_by_number_and_language(older: Client) -> None:
    with pytest.raises(Unsupported, match="number and its language"):
        older.submit("salam", "Nobody")
    with pytest.raises(VoicenError, match="voice_id"):
        older.submit("salam", 7, language="az")


@pytest.mark.parametrize("options", [Options(speed=2), Options(format="wav"), Options(title="a")])
def test_v1_has_no_options(options: Options, older: Client) -> None:
    before = newest(older)
    with pytest.raises(Unsupported, match="v1"):
        older.submit("salam", "Aytac", options=options)
    assert newest(older) == before


def test_v1_cannot_cancel(older: Client) -> None:
    with pytest.raises(Unsupported, match="cancel"):
        older.cancel(1)
    with pytest.raises(Unsupported, match="again"):
        older.retry(1)


def test_v1_has_no_subtitles(older: Client) -> None:
    with pytest.raises(Unsupported, match="subtitles"):
        older.write_subtitles(1, io.BytesIO())
