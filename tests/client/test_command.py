"""`voicen` as people type it."""

import json
import re
import signal
import stat
import subprocess
import time
from pathlib import Path

import pytest
from voicen_client import Client

from tests import servers
from tests.client.conftest import Run, command
from tests.live.audio import samples
from tests.live.service import Service

pytestmark = pytest.mark.live


def test_say(voicen: Run, logged_in: dict[str, str], tmp_path: Path) -> None:
    done = voicen("say", "Salam, dünya!", "-v", "Ramin", "-o", "salam.mp3", env=logged_in)
    assert done.returncode == 0, done.stderr
    assert done.stdout == b""
    assert re.fullmatch(rb"salam\.mp3( \(\d:\d\d\))?\n", done.stderr)
    assert samples((tmp_path / "salam.mp3").read_bytes()).size > 0
    assert [path.name for path in tmp_path.iterdir()] == ["salam.mp3"], "no half of a file is left behind"


def test_say_ssml(voicen: Run, logged_in: dict[str, str], tmp_path: Path) -> None:
    text = '<speak>Salam <break time="2s"/> <voice name="Anna">да</voice></speak>'
    done = voicen("say", text, "--ssml", "-o", "a.mp3", env=logged_in)
    assert done.returncode == 0, done.stderr
    assert samples((tmp_path / "a.mp3").read_bytes()).size > 2 * 24_000
    refused = voicen("say", "<speak><audio/></speak>", "--ssml", "-o", "b.mp3", env=logged_in)
    assert refused.returncode == 1
    assert b"<audio> is not supported" in refused.stderr


def test_subtitles(voicen: Run, logged_in: dict[str, str], tmp_path: Path) -> None:
    job_id = int(voicen("say", "Salam! Necəsən?", "--subtitles", "--no-wait", env=logged_in).stdout)
    done = voicen("subtitles", str(job_id), env=logged_in)
    assert (done.returncode, done.stdout, done.stderr) == (0, b"", f"Aytac_{job_id}.srt\n".encode())
    srt = (tmp_path / f"Aytac_{job_id}.srt").read_text(encoding="utf-8")
    assert re.match(r"1\n00:00:00,\d{3} --> 00:00:\d\d,\d{3}\nSalam!\n", srt)
    assert voicen("subtitles", str(job_id), "-o", "a.vtt", env=logged_in).returncode == 0
    assert (tmp_path / "a.vtt").read_text(encoding="utf-8").startswith("WEBVTT")
    told = voicen("subtitles", str(job_id), "--format", "json", "-o", "-", env=logged_in)
    assert [sentence["text"] for sentence in json.loads(told.stdout)] == ["Salam!", "Necəsən?"]


def test_subtitles_that_there_are_not(voicen: Run, logged_in: dict[str, str], service: Service, tmp_path: Path) -> None:
    job_id = service.submit("Salam!")
    done = voicen("subtitles", str(job_id), "-o", "a.srt", env=logged_in)
    assert (done.returncode, done.stderr.count(b"\n")) == (1, 1)
    assert b"without subtitles" in done.stderr
    assert list(tmp_path.iterdir()) == []


def test_say_a_file_under_a_name_of_its_own(voicen: Run, logged_in: dict[str, str], tmp_path: Path) -> None:
    (tmp_path / "kitap.txt").write_text("Günaydın. " * 20, encoding="cp1254")
    done = voicen("say", "-f", "kitap.txt", "-v", "325647", env=logged_in)
    assert done.returncode == 0, done.stderr
    (made,) = tmp_path.glob("Zeynep_*.mp3")
    assert samples(made.read_bytes()).size > 0


def test_from_standard_input_to_standard_output(voicen: Run, logged_in: dict[str, str]) -> None:
    done = voicen("say", "-f", "-", "-v", "anna", "-o", "-", env=logged_in, stdin="Добрый день!".encode())
    assert done.returncode == 0, done.stderr
    assert samples(done.stdout).size > 0


def test_not_waiting_prints_the_number(
    voicen: Run, logged_in: dict[str, str], service: Service, tmp_path: Path
) -> None:
    job_id = int(voicen("say", "Salam!", "--no-wait", env=logged_in).stdout)
    done = voicen("jobs", "download", str(job_id), "-o", "a.mp3", env=logged_in)
    assert done.returncode == 0, done.stderr
    assert service.status(job_id) == "ready"
    assert samples((tmp_path / "a.mp3").read_bytes()).size > 0


def test_voices(voicen: Run, logged_in: dict[str, str]) -> None:
    lines = voicen("voices", env=logged_in).stdout.decode().splitlines()
    assert lines[0].split() == ["id", "name", "language"]
    assert ["325640", "Aytac", "az", "female"] in [line.split() for line in lines]


def test_jobs(voicen: Run, logged_in: dict[str, str], service: Service) -> None:
    job_id = service.submit("Salam!")
    assert service.wait(job_id) == "ready"
    newest = voicen("jobs", env=logged_in).stdout.decode().splitlines()[1].split()
    assert newest[:3] == [str(job_id), "ready", "6"]
    assert len(voicen("jobs", "list", "--limit", "1", env=logged_in).stdout.splitlines()) == 2
    assert f"id: {job_id}\n".encode() in voicen("jobs", "show", str(job_id), env=logged_in).stdout
    deleted = voicen("jobs", "delete", "9999999", str(job_id), env=logged_in)
    assert deleted.returncode == 1
    assert deleted.stderr.decode() == f"Job 9999999: ID not found.\nJob {job_id} is deleted.\n"
    gone = voicen("jobs", "show", str(job_id), env=logged_in)
    assert (gone.returncode, gone.stderr) == (1, b"ID not found.\n")


def test_login(voicen: Run, environment: dict[str, str], service: Service, tmp_path: Path) -> None:
    done = voicen("login", service.url + "/", env=environment, stdin=service.key.encode() + b"\n")
    assert done.returncode == 0, done.stderr
    kept = tmp_path / "config/voicen/login.json"
    assert stat.S_IMODE(kept.stat().st_mode) == 0o600
    assert json.loads(kept.read_text()) == {"url": service.url, "key": service.key}
    assert voicen("jobs", env=environment).returncode == 0
    elsewhere = voicen("jobs", env={**environment, "VOICEN_URL": "http://127.0.0.1:1"})
    assert elsewhere.returncode == 4, "the key is not for that server"
    assert voicen("logout", env=environment).returncode == 0
    assert voicen("jobs", env=environment).returncode == 4


def test_a_wrong_key_is_not_kept(voicen: Run, environment: dict[str, str], service: Service, tmp_path: Path) -> None:
    done = voicen("login", service.url, env=environment, stdin=b"vcn_wrong\n")
    assert (done.returncode, done.stderr) == (4, b"No valid API key provided.\n")
    assert not (tmp_path / "config").exists()


def test_no_server(voicen: Run, logged_in: dict[str, str]) -> None:
    url = f"http://127.0.0.1:{servers.free_port()}"
    done = voicen("voices", env={**logged_in, "VOICEN_URL": url})
    assert (done.returncode, done.stderr) == (3, f"No answer from {url} (cannot connect).\n".encode())


@pytest.mark.parametrize(
    ("arguments", "code"),
    [
        (("say",), 2),
        (("say", "salam", "-f", "a.txt"), 2),
        (("say", "-f", "none.txt"), 1),
        (("say", "   "), 1),
        (("say", "salam", "-v", "Nobody"), 1),
        (("say", "salam", "-o", "no/such/folder/a.mp3"), 1),
        (("jobs", "show", "9" * 15), 1),
        (("jobs", "show", "abc"), 2),
        (("subtitles", "1", "--format", "doc"), 2),
        (("subtitles", "9" * 15), 1),
    ],
)
def test_what_cannot_be_done_is_said_in_a_line(
    arguments: tuple[str, ...], code: int, voicen: Run, logged_in: dict[str, str]
) -> None:
    done = voicen(*arguments, env=logged_in)
    assert done.returncode == code, done.stderr
    assert done.stderr
    if code == 1:
        assert done.stderr.count(b"\n") == 1


def _heed_interrupts() -> None:
    """Also where the tests run in the background of a shell, which has its jobs ignore them."""
    signal.signal(signal.SIGINT, signal.SIG_DFL)


def test_interrupted_the_job_goes_on(
    logged_in: dict[str, str], client: Client, service: Service, tmp_path: Path
) -> None:
    before = next(client.jobs(), None)
    book = "Bu, uzun bir kitabın bir cümləsidir. " * 2000
    process = subprocess.Popen(
        [command(), "say", book], env=logged_in, cwd=tmp_path, stderr=subprocess.PIPE, preexec_fn=_heed_interrupts
    )
    assert process.stderr is not None
    try:
        while (newest := next(client.jobs(), None)) is None or newest == before or newest.status == "waiting":
            assert process.poll() is None
            time.sleep(0.1)
        time.sleep(1)  # until it has the answer to its submission
        process.send_signal(signal.SIGINT)
        told = process.stderr.read().decode()
        assert process.wait(30) == 130
    finally:
        process.kill()
    assert told == f"Job {newest.id} goes on. Fetch it with: voicen jobs download {newest.id}\n"
    assert service.status(newest.id) != "failed"
