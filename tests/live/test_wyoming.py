"""The real `wyoming` package against the running service, as Home Assistant uses it."""

import asyncio
import socket
import time
from collections.abc import AsyncIterator, Iterator
from dataclasses import dataclass, field
from typing import Any

import pytest
from wyoming.audio import AudioChunk, AudioStart, AudioStop
from wyoming.client import AsyncTcpClient
from wyoming.error import Error
from wyoming.event import Event
from wyoming.info import Describe, Info
from wyoming.ping import Ping, Pong
from wyoming.tts import (
    Synthesize,
    SynthesizeChunk,
    SynthesizeStart,
    SynthesizeStop,
    SynthesizeStopped,
    SynthesizeVoice,
)

from tests.live.service import Service, running
from tests.servers import free_port

pytestmark = pytest.mark.live

TEXT = "Salam! Bu cümlə sınaq üçündür. Sabah hava yaxşı olacaq."
ANNA = SynthesizeVoice(name="325645")
_SECONDS = 120


@pytest.fixture(scope="module")
def port() -> int:
    return free_port()


@pytest.fixture(scope="module")
def home(port: int) -> Iterator[Service]:
    with running(VOICEN_WYOMING_USER="admin", VOICEN_WYOMING_PORT=str(port)) as service:
        end = time.monotonic() + _SECONDS
        while socket.socket().connect_ex(("127.0.0.1", port)):
            assert time.monotonic() < end, service.log.read_text()[-2000:]
            time.sleep(0.2)
        yield service


@dataclass
class Heard:
    audio: bytes = b""
    rate: int = 0
    starts: int = 0
    stops: int = 0
    chunks: list[int] = field(default_factory=list)

    @property
    def seconds(self) -> float:
        return len(self.audio) / 2 / self.rate

    def add(self, event: Event) -> None:
        if AudioStart.is_type(event.type):
            start = AudioStart.from_event(event)
            assert (start.width, start.channels) == (2, 1)
            self.rate, self.starts = start.rate, self.starts + 1
        elif AudioChunk.is_type(event.type):
            assert self.starts == self.stops + 1
            self.audio += AudioChunk.from_event(event).audio
            self.chunks.append(len(AudioChunk.from_event(event).audio))
        elif AudioStop.is_type(event.type):
            self.stops += 1


def talk(port: int, conversation: Any) -> Any:
    async def connected() -> Any:
        async with AsyncTcpClient("127.0.0.1", port) as client:
            return await conversation(client)

    return asyncio.run(asyncio.wait_for(connected(), _SECONDS))


async def events(client: AsyncTcpClient) -> AsyncIterator[Event]:
    while (event := await client.read_event()) is not None:
        yield event


async def _spoken(client: AsyncTcpClient, last: Any) -> Heard:
    heard = Heard()
    async for event in events(client):
        assert not Error.is_type(event.type), Error.from_event(event).text
        heard.add(event)
        if last.is_type(event.type):
            return heard
    raise AssertionError("the connection ended")


def speak(port: int, text: str, voice: SynthesizeVoice | None = None) -> Heard:
    async def conversation(client: AsyncTcpClient) -> Heard:
        await client.write_event(Synthesize(text=text, voice=voice).event())
        return await _spoken(client, AudioStop)

    heard: Heard = talk(port, conversation)
    return heard


def test_describe(home: Service, port: int) -> None:
    async def conversation(client: AsyncTcpClient) -> tuple[Info, str | None]:
        await client.write_event(Describe().event())
        described = await client.read_event()
        await client.write_event(Ping(text="x").event())
        answered = await client.read_event()
        assert described is not None
        assert answered is not None
        return Info.from_event(described), Pong.from_event(answered).text

    info, pong = talk(port, conversation)
    assert info.tts[0].voices[0].name == "325640"
    assert pong == "x"


def test_synthesize(home: Service, port: int) -> None:
    heard = speak(port, TEXT)
    assert (heard.starts, heard.stops) == (1, 1)
    assert max(heard.chunks) <= 4096
    assert heard.seconds > 1
    assert speak(port, TEXT * 3).seconds == pytest.approx(3 * heard.seconds, rel=0.2)


def test_a_long_text_is_heard_before_it_is_finished(home: Service, port: int) -> None:
    async def conversation(client: AsyncTcpClient) -> str:
        await client.write_event(Synthesize(text=TEXT * 40, voice=ANNA).event())
        async for event in events(client):
            if AudioChunk.is_type(event.type):
                jobs = home.call("GET", "jobs/?limit=1").json()["results"]
                return str(jobs[0]["status"])
        raise AssertionError("nothing was heard")

    assert talk(port, conversation) == "synthesizing"


def test_streamed_text(home: Service, port: int) -> None:
    """As Home Assistant passes on what a language model writes, with the copy for servers that cannot stream."""
    text = "Привет! Сегодня хорошая погода. Завтра будет дождь. До свидания"

    async def conversation(client: AsyncTcpClient) -> Heard:
        await client.write_event(SynthesizeStart(voice=ANNA).event())
        for start in range(0, len(text), 6):
            await client.write_event(SynthesizeChunk(text=text[start : start + 6]).event())
        await client.write_event(Synthesize(text=text, voice=ANNA).event())
        await client.write_event(SynthesizeStop().event())
        return await _spoken(client, SynthesizeStopped)

    heard = talk(port, conversation)
    assert (heard.starts, heard.stops) == (4, 4), "one for each sentence, and none for the copy"
    assert heard.seconds == pytest.approx(speak(port, text, ANNA).seconds, rel=0.5)


def test_the_first_sentence_is_heard_while_the_text_still_arrives(home: Service, port: int) -> None:
    async def conversation(client: AsyncTcpClient) -> Heard:
        await client.write_event(SynthesizeStart(voice=ANNA).event())
        await client.write_event(SynthesizeChunk(text="Первое предложение. Второе").event())
        first = await _spoken(client, AudioStop)
        await client.write_event(SynthesizeChunk(text=" предложение.").event())
        await client.write_event(SynthesizeStop().event())
        await _spoken(client, SynthesizeStopped)
        return first

    assert talk(port, conversation).seconds > 0.3


@pytest.mark.parametrize(
    ("event", "code"),
    [
        (Synthesize(text="salam", voice=SynthesizeVoice(name="nobody")), "voice_not_found"),
        (Synthesize(text="!?"), "invalid_input"),
        (Synthesize(text="<speak>salam</speak>", text_format="ssml"), "invalid_input"),
        (SynthesizeStart(voice=SynthesizeVoice(language="de")), "voice_not_found"),
    ],
    ids=["voice", "nothing", "ssml", "language"],
)
def test_refusals(home: Service, port: int, event: Any, code: str) -> None:
    async def conversation(client: AsyncTcpClient) -> list[Event]:
        await client.write_event(event.event())
        return [event async for event in events(client)]

    answers = talk(port, conversation)
    assert [Error.from_event(answer).code for answer in answers] == [code], "and the connection ends"


@pytest.mark.parametrize("line", [b"{\n", b"salam gizlimetn\n", b'{"type": "synthesize", "data": {}}\n', b"[]\n"])
def test_what_is_no_event_harms_nobody(home: Service, port: int, line: bytes) -> None:
    with socket.create_connection(("127.0.0.1", port), timeout=_SECONDS) as connection:
        connection.sendall(line)
        assert connection.recv(1000) == b""
    assert speak(port, "Salam!").seconds > 0.2
    assert "gizlimetn" not in home.log.read_text()
    assert "never retrieved" not in home.log.read_text()


def test_a_client_that_leaves_takes_its_job_along(home: Service, port: int) -> None:
    def newest() -> list[dict[str, Any]]:
        return list(home.call("GET", "jobs/?limit=1").json()["results"])

    async def conversation(client: AsyncTcpClient) -> int:
        await client.write_event(Synthesize(text=TEXT * 400, voice=ANNA).event())
        async for event in events(client):
            if AudioChunk.is_type(event.type):
                break
        return int(newest()[0]["id"])

    job_id = talk(port, conversation)
    end = time.monotonic() + _SECONDS
    while home.call("GET", f"jobs/{job_id}/").status_code != 404:
        assert time.monotonic() < end, "it is spoken for nobody"
        time.sleep(0.2)


def test_several_at_once(home: Service, port: int) -> None:
    async def one() -> float:
        async with AsyncTcpClient("127.0.0.1", port) as client:
            await client.write_event(Synthesize(text=TEXT).event())
            return (await _spoken(client, AudioStop)).seconds

    async def all_of_them() -> list[float]:
        return await asyncio.gather(*(one() for _ in range(6)))

    lengths = asyncio.run(asyncio.wait_for(all_of_them(), _SECONDS))
    assert max(lengths) - min(lengths) < 0.1
