"""The client's rules that need no server."""

import dataclasses
import io
import json
from pathlib import Path

import pytest
from rich.console import Console
from urllib3 import HTTPConnectionPool, HTTPResponse
from urllib3.exceptions import MaxRetryError
from voicen_client import Job, Options, config
from voicen_client.config import Login, NotLoggedIn
from voicen_client.progress import clock, shown, status
from voicen_client.transport import _Patience

JOB = Job(7, 325640, "az", "synthesizing", "2026-03-31T11:13:51.942419Z", 5)


def test_a_job_of_v1() -> None:
    answer = {
        **{"id": 7, "voice_id": 325640, "language": "az", "character_count": 5},
        **{"status": "synthesizing", "created": "2026-03-31T11:13:51.942419Z"},
    }
    assert Job.from_answer(answer) == JOB


def test_a_job_of_v2_with_more_than_is_known() -> None:
    answer = {
        **vars(JOB),
        "status": "failed",
        "novel": 1,
        "audio": None,
        "error": {"code": "cancelled", "message": "No."},
    }
    job = Job.from_answer(answer)
    assert (job.status, job.error, job.format, job.finished) == ("failed", "No.", None, True)
    ready = Job.from_answer({**answer, "status": "ready", "error": None, "audio": {"format": "ogg", "url": "/a"}})
    assert (ready.format, ready.error) == ("ogg", None)


def test_only_chosen_options_are_sent() -> None:
    assert Options(speed=1.5, lexicon=False).given() == {"speed": 1.5, "lexicon": False}


@pytest.mark.parametrize(
    ("change", "shown_as"),
    [
        ({"status": "waiting", "queue_position": 3}, "waiting, 3 before it"),
        ({"status": "waiting", "queue_position": 0}, "waiting"),
        ({"chunk_count": 8, "chunks_spoken": 2}, "synthesizing, 2 of 8"),
        ({"chunk_count": 8, "chunks_spoken": 2, "seconds_left": 61.2}, "synthesizing, 2 of 8, 1:01 left"),
        ({"chunk_count": 8, "chunks_spoken": 8, "seconds_left": 0}, "synthesizing, joining"),
        ({"status": "ready", "chunk_count": 8, "chunks_spoken": 8}, "ready"),
    ],
)
def test_status(change: dict[str, object], shown_as: str) -> None:
    assert status(dataclasses.replace(JOB, **change)) == shown_as  # type: ignore[arg-type]


@pytest.mark.parametrize(("seconds", "told"), [(None, ""), (0.2, "0:00"), (61, "1:01"), (3725.4, "1:02:05")])
def test_clock(seconds: float | None, told: str) -> None:
    assert clock(seconds) == told


@pytest.mark.parametrize("progress", [None, 0.0, 0.5, 1.0])
def test_the_bar_is_for_terminals(progress: float | None) -> None:
    for terminal in (True, False):
        console = Console(file=io.StringIO(), force_terminal=terminal)
        with shown(console) as show:
            show(dataclasses.replace(JOB, progress=progress))
        assert bool(console.file.getvalue()) is terminal  # type: ignore[attr-defined]


def answer(**headers: str) -> HTTPResponse:
    return HTTPResponse(status=429, headers=headers)


@pytest.mark.parametrize("rest", ["31", "86400", "Thu, 01 Jan 2099 00:00:00 GMT"])
def test_a_long_rest_is_told_and_not_taken(rest: str) -> None:
    with pytest.raises(MaxRetryError):
        _Patience(5).increment(response=answer(**{"Retry-After": rest}), _pool=HTTPConnectionPool("127.0.0.1"))


@pytest.mark.parametrize("headers", [{}, {"Retry-After": "5"}, {"Retry-After": "soon"}])
def test_a_short_rest_is_taken(headers: dict[str, str]) -> None:
    again = _Patience(5).increment(response=answer(**headers), _pool=HTTPConnectionPool("127.0.0.1"))
    assert again.total == 4


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path))
    for name in (config.URL, config.KEY):
        monkeypatch.delenv(name, raising=False)
    return tmp_path / "voicen"


def test_the_environment_wins(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    config.save(Login("https://a.example", "kept"))
    assert config.load() == Login("https://a.example", "kept")
    monkeypatch.setenv(config.KEY, "given")
    assert config.load() == Login("https://a.example", "given")
    monkeypatch.setenv(config.URL, "https://b.example/")
    assert config.load() == Login("https://b.example", "given")


def test_a_kept_key_is_for_its_own_server(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    config.save(Login("https://a.example", "kept"))
    monkeypatch.setenv(config.URL, "https://a.example/")
    assert config.load().key == "kept"
    monkeypatch.setenv(config.URL, "https://a.example.org")
    with pytest.raises(NotLoggedIn, match=r"a\.example\.org"):
        config.load()


@pytest.mark.parametrize("content", ["", "[]", '{"url": "https://a.example"}', "\0"])
def test_a_damaged_login(folder: Path, content: str) -> None:
    folder.mkdir()
    (folder / "login.json").write_text(content)
    with pytest.raises(NotLoggedIn, match="login"):
        config.load()


def test_a_login_shows_no_key(folder: Path) -> None:
    assert "secret" not in repr(Login("https://a.example", "secret"))
    assert json.loads(config.save(Login("https://a.example", "secret")).read_text())["key"] == "secret"
    assert [path.name for path in folder.iterdir()] == ["login.json"]
