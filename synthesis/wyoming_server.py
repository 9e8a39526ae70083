"""Wyoming, the protocol of Home Assistant's voice assistants: events over TCP, each a line of JSON with some bytes.

The protocol knows no keys: whoever reaches the port speaks on one account of the service. Texts become jobs like those
of every other door; rows and files are looked at in threads, so that the loop only moves bytes.
"""

import asyncio
import contextlib
import logging
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import Any, ParamSpec, TypeVar

from django.conf import settings
from django.contrib.auth.models import User
from django.db import Error as DatabaseFault
from django.db import connections
from wyoming.audio import AudioChunk, AudioStart, AudioStop
from wyoming.error import Error
from wyoming.event import Event, Eventable
from wyoming.info import Attribution, Describe, Info, TtsProgram, TtsVoice
from wyoming.ping import Ping, Pong
from wyoming.server import AsyncEventHandler, AsyncTcpServer
from wyoming.tts import (
    Synthesize,
    SynthesizeChunk,
    SynthesizeStart,
    SynthesizeStop,
    SynthesizeStopped,
    SynthesizeTextFormat,
    SynthesizeVoice,
)

from models.catalogue import Voice
from synthesis import live, speaking
from synthesis.domain import language, text
from synthesis.domain.errors import InvalidInput, VoicenError
from synthesis.domain.status import Source
from synthesis.services import voice_names
from synthesis.services.voices import catalogue

logger = logging.getLogger("voicen.wyoming")

Boundaries = Callable[[str, str], Sequence[tuple[int, int]]]
"""The sentences of a text in a language, as [start, end)."""

_WIDTH, _CHANNELS = 2, 1
# Small, or players wait for a whole sentence: 85 ms at 24 kHz.
_PIECE = 2048 * _WIDTH
# Sentences of a streamed text that are spoken ahead of the one that is heard.
_AHEAD = 2
# A sentence without an end is cut here, between words.
_LONGEST_SENTENCE = 2000

_P = ParamSpec("_P")
_T = TypeVar("_T")


class NoAccount(VoicenError):
    """The account that clients use is not there, or is disabled."""

    code = "no_account"


class Server:
    """Serves until it is cancelled, or told to end by SIGTERM."""

    def __init__(self, host: str, port: int, boundaries: Boundaries) -> None:
        self._address = (host, port)
        self._boundaries = boundaries

    async def run(self) -> None:
        """Raises OSError when the port cannot be listened on."""
        # Each client that is served takes one thread at a time; those beyond are told that it is busy.
        with ThreadPoolExecutor(settings.WEB_STREAMS + 2, thread_name_prefix="wyoming") as threads:
            await AsyncTcpServer(*self._address).run(
                lambda reader, writer: _Client(reader, writer, threads, self._boundaries)
            )


def account() -> User:
    """Whose jobs the texts become. Raises NoAccount."""
    user = User.objects.filter(username=settings.WYOMING_USER, is_active=True).first()
    if user is None:
        raise NoAccount(f"VOICEN_WYOMING_USER={settings.WYOMING_USER!r} is no active account.")
    return user


def info() -> Info:
    """What the service has: one program, since Home Assistant looks at the first one only."""
    ours = Attribution(name="Voicen Server", url="")
    voices = [
        TtsVoice(
            name=str(voice.id),
            description=f"{voice.name} ({voice.language}, {voice.gender})",
            attribution=ours,
            installed=True,
            version=None,
            languages=[voice.language],
        )
        for voice in catalogue()
    ]
    program = TtsProgram(
        name="voicen",
        description="Azerbaijani, Turkish and Russian",
        attribution=ours,
        installed=True,
        version=settings.VERSION,
        voices=voices,
        supports_synthesize_streaming=True,
    )
    return Info(tts=[program])


def voice_for(wanted: SynthesizeVoice | None) -> Voice:
    """Raises UnknownVoiceName."""
    if wanted is None or (wanted.name is None and wanted.language is None):
        return voice_names.find()
    if wanted.name is not None:
        return voice_names.find(wanted.name)
    tag = wanted.language or ""
    return voice_names.find("", language.primary(tag) or tag)


class Sentences:
    """A text that arrives in pieces, cut into its sentences as soon as their ends are sure."""

    def __init__(self, boundaries: Boundaries, code: str) -> None:
        self._boundaries = boundaries
        self._language = code
        self._rest = ""

    def add(self, piece: str) -> list[str]:
        """The sentences that are complete now. The last one never is: what comes next may belong to it."""
        self._rest += piece
        spans = self._boundaries(self._rest, self._language)
        whole = [self._rest[start:end] for start, end in spans[:-1]]
        if whole:
            self._rest = self._rest[spans[-1][0] :]
        if len(self._rest) > _LONGEST_SENTENCE and (end := self._rest.rfind(" ")) > 0:
            whole.append(self._rest[:end])
            self._rest = self._rest[end:]
        return [sentence for sentence in whole if text.speakable(sentence)]

    def finish(self) -> list[str]:
        """What is left."""
        rest, self._rest = self._rest, ""
        return [rest] if text.speakable(rest) else []


def _on_own_connection(call: Callable[[], _T]) -> _T:
    try:
        return call()
    finally:
        connections.close_all()


class _Client(AsyncEventHandler):
    """One connection."""

    def __init__(
        self,
        reader: asyncio.StreamReader,
        writer: asyncio.StreamWriter,
        threads: ThreadPoolExecutor,
        boundaries: Boundaries,
    ) -> None:
        super().__init__(reader, writer)
        self._threads = threads
        self._boundaries = boundaries
        self._streamed: _Streamed | None = None

    async def run(self) -> None:
        """Whatever a client sends or leaves out ends its own connection and nothing else."""
        try:
            await super().run()
        except (ConnectionError, asyncio.IncompleteReadError):
            logger.info("a client has gone")
        except (ValueError, KeyError, TypeError, AttributeError, RecursionError) as error:
            logger.info("a client sent no event: %s", type(error).__name__)  # the message may quote it

    async def handle_event(self, event: Event) -> bool:
        """False: the connection ends; a client that waits for audio would wait for ever after an error."""
        try:
            await self._handle(event)
        except VoicenError as error:
            await self._refuse(error.message, error.code)
        except live.Failed as error:
            await self._refuse(error.message, error.code)
        except (DatabaseFault, OSError) as error:
            if isinstance(error, ConnectionError):
                raise
            logger.error("%s", type(error).__name__)
            await self._refuse("The service is short of disk or database. Try again later.", "unavailable")
        else:
            return True
        return False

    async def _handle(self, event: Event) -> None:
        if Describe.is_type(event.type):
            await self.send(await self.away(info))
        elif Ping.is_type(event.type):
            await self.send(Pong(text=Ping.from_event(event).text))
        elif Synthesize.is_type(event.type):
            # In the middle of a streamed text it repeats the whole for servers that cannot stream.
            if self._streamed is None:
                await self._synthesize(Synthesize.from_event(event))
        elif SynthesizeStart.is_type(event.type):
            await self._start(SynthesizeStart.from_event(event))
        elif SynthesizeChunk.is_type(event.type) and self._streamed is not None:
            await self._streamed.add(SynthesizeChunk.from_event(event).text)
        elif SynthesizeStop.is_type(event.type) and self._streamed is not None:
            streamed, self._streamed = self._streamed, None
            try:
                await streamed.finish()
            finally:
                await streamed.close()
            await self.send(SynthesizeStopped())

    async def _synthesize(self, wanted: Synthesize) -> None:
        _check_form(wanted.text_format)
        voice = await self.away(voice_for, wanted.voice)
        await self.speak(await self.submit(text.check(wanted.text, settings.MAX_CHARACTERS), voice))

    async def _start(self, wanted: SynthesizeStart) -> None:
        _check_form(wanted.text_format)
        if self._streamed is not None:
            await self._streamed.close()
        voice = await self.away(voice_for, wanted.voice)
        self._streamed = _Streamed(self, voice, Sentences(self._boundaries, voice.language))

    async def submit(self, said: str, voice: Voice) -> speaking.Speech:
        def begin() -> speaking.Speech:
            return speaking.begin(account(), voice, said, Source.WYOMING)

        return await self.away(begin)

    async def speak(self, speech: speaking.Speech) -> None:
        """Send the audio as it is spoken, and close the speech."""
        try:
            frames, rate = await self.away(speech.frames)
            form = {"rate": rate, "width": _WIDTH, "channels": _CHANNELS}
            await self.send(AudioStart(**form))
            while piece := await self.away(next, frames, b""):
                for start in range(0, len(piece), _PIECE):
                    await self.send(AudioChunk(audio=piece[start : start + _PIECE], **form))
            await self.send(AudioStop())
        finally:
            await self.away(speech.close)

    async def send(self, event: Eventable) -> None:
        await self.write_event(event.event())

    async def away(self, call: Callable[_P, _T], *args: _P.args, **kwargs: _P.kwargs) -> _T:
        """What looks at rows or waits, in a thread."""
        loop = asyncio.get_running_loop()
        return await loop.run_in_executor(self._threads, _on_own_connection, lambda: call(*args, **kwargs))

    async def _refuse(self, message: str, code: str) -> None:
        await self.send(Error(text=message, code=code))

    async def disconnect(self) -> None:
        if self._streamed is not None:
            streamed, self._streamed = self._streamed, None
            await streamed.close()


class _Streamed:
    """A text that arrives while its beginning is already heard."""

    def __init__(self, client: _Client, voice: Voice, sentences: Sentences) -> None:
        self._client = client
        self._voice = voice
        self._sentences = sentences
        self._spoken: asyncio.Queue[speaking.Speech | None] = asyncio.Queue(_AHEAD)
        self._player = asyncio.create_task(self._play())

    async def add(self, piece: str) -> None:
        for sentence in self._sentences.add(piece):
            await self._say(sentence)

    async def finish(self) -> None:
        """Returns when everything is sent. Raises what has failed on the way."""
        for sentence in self._sentences.finish():
            await self._say(sentence)
        await self._put(None)
        await self._player

    async def close(self) -> None:
        """What has not been heard is not spoken."""
        self._player.cancel()
        with contextlib.suppress(asyncio.CancelledError, Exception):
            await self._player  # whoever waits for it hears of its error
        while not self._spoken.empty():
            speech = self._spoken.get_nowait()
            if speech is not None:
                await self._client.away(speech.close)

    async def _say(self, sentence: str) -> None:
        said = text.check(sentence, settings.MAX_CHARACTERS)
        await self._put(await self._client.submit(said, self._voice))

    async def _put(self, speech: speaking.Speech | None) -> None:
        """Wait for room, unless the player has ended: then nobody makes any."""
        putting = asyncio.ensure_future(self._spoken.put(speech))
        await asyncio.wait({putting, self._player}, return_when=asyncio.FIRST_COMPLETED)
        if putting.done():
            return
        putting.cancel()
        if speech is not None:
            await self._client.away(speech.close)
        await self._player

    async def _play(self) -> None:
        while (speech := await self._spoken.get()) is not None:
            await self._client.speak(speech)


def _check_form(form: Any) -> None:
    if form not in (None, SynthesizeTextFormat.TEXT):
        raise InvalidInput("text_format: Only plain text is spoken here.")
